// Who is at the page: a mobile number, then the code that was sent there and the MPIN; or a passkey.
import { call, hasPasskeys, session, usePasskey } from './api.js'
import { alarm, button, complain, digits, field, form, h, t } from './dom.js'

const tenantOf = () => new URLSearchParams(location.search).get('tenant') ?? localStorage.getItem('wallet-tenant')

/** @param done  called once somebody is signed in */
export function signInScreen(put, done, why) {
  const begun = async (body) => {
    const { csrfToken } = await call('POST', 'sessions', body)
    session.csrf = csrfToken
    await done()
  }
  const ask = async (made) => {
    const mobile = made.elements.mobile.value.replaceAll(/\D/g, '').replace(/^91(?=\d{10}$)/, '')
    const isMobile = /^[6-9][0-9]{9}$/.test(mobile)
    complain(made, 'mobile', isMobile ? undefined : t('mobile.bad'))
    if (!isMobile) return
    const tenant = tenantOf()
    const { id } = await call('POST', 'codes', { mobile, ...(tenant ? { tenant: Number(tenant) } : {}) })
    if (tenant) localStorage.setItem('wallet-tenant', tenant)
    put(t('sign-in'), codeForm(id, mobile))
  }
  const codeForm = (id, mobile) =>
    form(
      [
        h('p', {}, t('code.sent', { mobile: `XXXXXX${mobile.slice(-4)}` })),
        field('code', t('code'), { ...digits, maxlength: 6, autocomplete: 'one-time-code' }, t('code.hint')),
        field('mpin', t('mpin'), { ...digits, type: 'password', maxlength: 6, autocomplete: 'current-password' }),
      ],
      async (made) => {
        for (const name of ['mpin', 'code'])
          complain(made, name, /^[0-9]{6}$/.test(made.elements[name].value) ? undefined : t('six-digits'))
        if (made.querySelector('[aria-invalid]') !== null) return
        await begun({ kind: 'code', id, code: made.elements.code.value, mpin: made.elements.mpin.value })
      },
      t('sign-in'),
      [button(t('code.again'), () => signInScreen(put, done))],
    )
  const passkey = async () => {
    try {
      const { ceremony, options } = await call('POST', 'passkey-options')
      await begun({ kind: 'passkey', ceremony, answer: await usePasskey(options) })
    } catch (error) {
      signInScreen(put, done, error.message)
    }
  }
  put(
    t('sign-in'),
    why && alarm(why),
    h('p', {}, t('sign-in.why')),
    form(
      [field('mobile', t('mobile'), { type: 'tel', inputmode: 'tel', autocomplete: 'tel-national' })],
      ask,
      t('code.send'),
      hasPasskeys() ? [button(t('passkey.use'), passkey)] : [],
    ),
    h('p', { class: 'hint' }, t('sign-in.safe')),
  )
}
