// What somebody changes about themselves. What is sensitive wants a proof of the last five minutes: then they sign in again.
import { call, hasPasskeys, makePasskey, pending, session } from './api.js'
import { alarm, button, complain, field, form, h, language, t, time } from './dom.js'

/** @param signIn  shows the way in, and why */
export async function settingsScreen(put, signIn) {
  session.me = await call('GET', 'me')
  const said = h('div', { 'aria-live': 'polite' })
  const act = async (run, done) => {
    try {
      await run()
      await settingsScreen(put, signIn)
      if (done !== undefined) document.querySelector('[data-said]')?.append(alarm(done, 'good'))
    } catch (error) {
      if (error.code === 'reauthentication_required') signIn(t('prove.again'))
      else said.replaceChildren(alarm(error.message))
    }
  }
  said.dataset.said = ''
  const { stoppedAt, stoppedBy, factors, name, mobile } = session.me
  const passkeys = factors.filter(({ kind }) => kind === 'passkey')
  const mpinProps = { type: 'password', inputmode: 'numeric', maxlength: 6 }
  const addPasskey = () =>
    act(async () => {
      const { id, passkey } = await call('POST', 'passkeys')
      await call('POST', `passkeys/${id}/prove`, { passkey: await makePasskey(passkey) })
    }, t('passkey.made'))
  const speak = (code, label) =>
    button(label, () => location.assign(`/wallet?lang=${code}#settings`), {
      lang: code,
      'aria-pressed': String(language === code),
    })
  put(
    t('settings'),
    said,
    h('p', {}, `${name} · ${mobile ?? ''}`),
    h('h2', {}, t('language')),
    h('div', { class: 'row' }, speak('en', 'English'), speak('hi', 'हिन्दी')),
    h('h2', {}, t('mpin.change')),
    form(
      [
        field('mpin', t('mpin.now'), { ...mpinProps, autocomplete: 'current-password' }),
        field('next', t('mpin.next'), { ...mpinProps, autocomplete: 'new-password' }, t('mpin.hint')),
      ],
      async (made) => {
        for (const one of ['next', 'mpin'])
          complain(made, one, /^[0-9]{6}$/.test(made.elements[one].value) ? undefined : t('six-digits'))
        if (made.querySelector('[aria-invalid]') !== null) return
        const body = { mpin: made.elements.mpin.value, next: made.elements.next.value }
        await act(() => call('POST', 'mpin', body), t('mpin.changed'))
      },
      t('mpin.change'),
    ),
    h('h2', {}, t('passkeys')),
    h('p', { class: 'hint' }, t('passkeys.why')),
    h(
      'ul',
      { class: 'plain' },
      ...passkeys.map(({ id, enrolledAt }) =>
        h(
          'li',
          {},
          time(enrolledAt),
          ' ',
          button(t('remove'), () => act(() => call('DELETE', `passkeys/${id}`))),
        ),
      ),
    ),
    hasPasskeys() ? button(t('passkey.add'), addPasskey) : h('p', { class: 'hint' }, t('passkey.none')),
    h('h2', {}, t('freeze')),
    h('p', {}, t(stoppedAt === null ? 'freeze.why' : stoppedBy === 'operations' ? 'freeze.theirs' : 'freeze.on')),
    stoppedAt === null
      ? button(t('freeze'), () => act(() => call('POST', 'stop'), t('frozen')), { class: 'danger' })
      : stoppedBy === 'customer' && button(t('unfreeze'), () => act(() => call('POST', 'resume'), t('unfrozen'))),
    h('h2', {}, t('sign-out')),
    button(t('sign-out'), async () => {
      await call('DELETE', 'sessions/current').catch(() => undefined)
      pending.clear()
      session.me = undefined
      signIn()
    }),
  )
}
