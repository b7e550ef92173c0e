// A payment before it leaves: to whom, how much, whose name the bank tells, and the two factors over exactly that.
import { call, hasPasskeys, pending, Refused, sendPayment, session, usePasskey } from './api.js'
import { alarm, button, complain, digits, facts, field, form, h, paiseOf, rupees, t } from './dom.js'
import { account } from './home.js'

const upper = { autocapitalize: 'characters', spellcheck: 'false' }
const fieldsOf = {
  account: () => [
    field('account', t('account.number'), { maxlength: 30, ...digits }),
    field('ifsc', t('ifsc'), { maxlength: 11, ...upper }, t('ifsc.hint')),
    field('name', t('payee.name'), { maxlength: 50 }),
  ],
  mmid: () => [
    field('mobile', t('mobile'), { type: 'tel', maxlength: 14 }),
    field('mmid', t('mmid'), { maxlength: 7, ...digits }, t('mmid.hint')),
  ],
  mobile: () => [
    field('mobile', t('mobile'), { type: 'tel', maxlength: 14 }),
    field('bank', t('bank'), { maxlength: 4, ...upper }, t('bank.hint')),
  ],
}

/** What is wrong with each field, as the hub would say it, before it is asked. */
const forms = {
  account: /^[A-Za-z0-9]{1,30}$/,
  ifsc: /^[A-Z]{4}0[A-Z0-9]{6}$/,
  name: /^[ -~]{1,50}$/,
  mobile: /^[6-9][0-9]{9}$/,
  mmid: /^[0-9]{7}$/,
  bank: /^[A-Z]{4}$/,
  remarks: /^[ -~]{0,50}$/,
}

export function payScreen(put) {
  const lost = pending.read()
  if (lost !== null) return lostScreen(put, lost)
  const fields = h('div', {}, ...fieldsOf.account())
  const kinds = ['account', 'mmid', 'mobile'].map((kind) =>
    h(
      'label',
      { class: 'choice' },
      h('input', {
        type: 'radio',
        name: 'kind',
        value: kind,
        checked: kind === 'account',
        onchange: () => fields.replaceChildren(...fieldsOf[kind]()),
      }),
      t(`kind.${kind}`),
    ),
  )
  const read = (made) => {
    const value = (name) => made.elements[name]?.value.trim() ?? ''
    const kind = made.elements.kind.value
    const to = { kind }
    let isRight = true
    const names = [...fields.querySelectorAll('input')].map(({ name }) => name)
    for (const name of [...names, 'remarks'].toReversed()) {
      const text = ['ifsc', 'bank'].includes(name) ? value(name).toUpperCase() : value(name)
      const clean = ['mobile', 'account', 'mmid'].includes(name)
        ? text.replaceAll(/[\s-]/g, '').replace(/^\+91/, '')
        : text
      const fits = forms[name].test(clean)
      complain(made, name, fits ? undefined : t(`${name}.bad`))
      isRight &&= fits
      if (name !== 'remarks') to[name] = clean
    }
    const amount = paiseOf(value('amount'))
    complain(made, 'amount', amount === undefined ? t('amount.bad') : undefined)
    if (!isRight || amount === undefined) return undefined
    const remarks = value('remarks')
    return { amount, from: account().id, to, ...(remarks === '' ? {} : { remarks }) }
  }
  const amount = field('amount', t('amount'), { inputmode: 'decimal', maxlength: 16, placeholder: '1,500.00' })
  const shown = h('p', { class: 'hint', 'aria-live': 'polite' })
  amount.append(shown)
  amount.querySelector('input').addEventListener('input', ({ target }) => {
    const paise = paiseOf(target.value)
    shown.textContent = paise === undefined ? '' : rupees(paise)
  })
  put(
    t('pay'),
    h('p', { class: 'hint' }, t('pay.from', { account: account().accountNumber, amount: rupees(account().available) })),
    form(
      [
        h('fieldset', {}, h('legend', {}, t('kind')), ...kinds),
        fields,
        amount,
        field('remarks', t('remarks'), { maxlength: 50, required: false }),
      ],
      async (made) => {
        const body = read(made)
        if (body !== undefined) await reviewScreen(put, body)
      },
      t('review'),
    ),
  )
}

/** A payment link that somebody gave: what it asks for, and for whom, is filled in already. */
export async function payLinkScreen(put, token) {
  const lost = pending.read()
  if (lost !== null) return lostScreen(put, lost)
  const link = await call('POST', 'links', { link: token })
  const { payee, status, amountRemaining, description, virtualAccount } = link
  const name = /^[ -~]{1,50}$/.test(payee) ? { name: payee } : {}
  const to = { kind: 'account', ifsc: virtualAccount.ifsc, account: virtualAccount.accountNumber, ...name }
  const bodyOf = (amount) => ({ amount, from: account().id, to })
  const shown = [h('p', { class: 'strong' }, payee), description && h('p', {}, description)]
  if (status !== 'open') return put(t('pay'), ...shown, alarm(t(`link.${status}`), 'open'))
  if (amountRemaining !== null) return reviewScreen(put, bodyOf(amountRemaining))
  put(
    t('pay'),
    ...shown,
    form(
      [field('amount', t('amount'), { inputmode: 'decimal', maxlength: 16 })],
      async (made) => {
        const amount = paiseOf(made.elements.amount.value)
        complain(made, 'amount', amount === undefined ? t('amount.bad') : undefined)
        if (amount !== undefined) await reviewScreen(put, bodyOf(amount))
      },
      t('review'),
    ),
  )
}

const addressOf = ({ to }) => [
  to.name && [t('payee.name'), to.name],
  to.account && [t('account.number'), to.account],
  to.ifsc && [t('ifsc'), to.ifsc],
  to.mobile && [t('mobile'), to.mobile],
  to.mmid && [t('mmid'), to.mmid],
  to.bank && [t('bank'), to.bank],
]

/** The name that the beneficiary bank tells, or why it cannot be told here. */
async function nameOf({ from, to }) {
  try {
    const { registeredName, status, reason, nameMatch } = await call('POST', 'name-enquiries', { from, to })
    if (status === 'refused') return alarm(t('name.refused', { why: reason.message }))
    if (registeredName === null) return alarm(t('name.untold'), 'open')
    const isOther = nameMatch !== null && nameMatch.verdict === 'mismatch'
    return alarm(t(isOther ? 'name.other' : 'name.is', { name: registeredName }), isOther ? 'bad' : 'good')
  } catch (error) {
    if (error.code === 'offline') throw error
    return alarm(t('name.untold'), 'open')
  }
}

async function reviewScreen(put, body) {
  const name = h('div', { 'aria-live': 'polite' }, h('p', { class: 'hint' }, t('name.asking')))
  put(
    t('review'),
    h('p', { class: 'balance' }, rupees(body.amount)),
    facts([...addressOf(body), body.remarks && [t('remarks'), body.remarks]]),
    name,
    form([], () => takeScreen(put, body), t('pay.amount', { amount: rupees(body.amount) }), [
      h('a', { class: 'button', href: '#pay', onclick: () => payScreen(put) }, t('change')),
    ]),
  )
  name.replaceChildren(await nameOf(body))
}

/** Sends the payment; a connection that breaks leaves its key, and the same payment is sent again. */
async function takeScreen(put, body) {
  try {
    factorScreen(put, await sendPayment(body))
  } catch (error) {
    if (pending.read() === null) throw error
    lostScreen(put, pending.read(), error)
  }
}

function lostScreen(put, { body }, error) {
  put(
    t('pay'),
    alarm(t('lost'), 'open'),
    error instanceof Refused && error.code !== 'offline' && h('p', {}, error.message),
    h('p', { class: 'balance' }, rupees(body.amount)),
    facts(addressOf(body)),
    form([], () => takeScreen(put, body), t('lost.again'), [
      button(t('lost.forget'), () => {
        pending.clear()
        location.hash = '#home'
      }),
    ]),
    h('p', { class: 'hint' }, t('lost.why')),
  )
}

/** Asks for the two factors: the MPIN, and a code or a passkey that is for this payment alone. */
export function factorScreen(put, payment) {
  if (payment.status !== 'requires_authentication') {
    location.hash = `#payment/${payment.id}`
    return
  }
  const path = `payments/${payment.id}/authenticate`
  const done = () => {
    location.hash = `#payment/${payment.id}`
  }
  /** A lost answer says nothing: what became of the payment is looked up. */
  const prove = async (factors) => {
    try {
      await call('POST', path, factors)
      done()
    } catch (error) {
      if (error.code === 'offline' || error.code === 'not_awaiting_authentication') done()
      else throw error
    }
  }
  const mpin = () => field('mpin', t('mpin'), { ...digits, type: 'password', maxlength: 6, autocomplete: 'off' })
  const six = (made, name) => {
    const isSix = /^[0-9]{6}$/.test(made.elements[name].value)
    complain(made, name, isSix ? undefined : t('six-digits'))
    return isSix
  }
  const shown = [
    h('p', { class: 'balance' }, rupees(payment.amount)),
    facts([...addressOf(payment), payment.to.registeredName && [t('name.registered'), payment.to.registeredName]]),
  ]
  const cancel = button(t('pay.not'), async () => {
    await call('POST', `payments/${payment.id}/cancel`)
    done()
  })
  const codeForm = async (kind) => {
    const begun = await call('POST', path, { send: kind })
    const hint =
      kind === 'sms' ? t('code.for', { mobile: begun.sentTo, amount: rupees(payment.amount) }) : t('totp.hint')
    put(
      t('prove'),
      ...shown,
      form(
        [field('code', t('code'), { ...digits, maxlength: 6, autocomplete: 'one-time-code' }, hint), mpin()],
        async (made) => {
          if (![six(made, 'mpin'), six(made, 'code')].every(Boolean)) return
          await prove({ [kind]: made.elements.code.value, mpin: made.elements.mpin.value })
        },
        t('pay.amount', { amount: rupees(payment.amount) }),
        [button(t('code.again'), () => factorScreen(put, payment)), cancel],
      ),
    )
  }
  const passkeyForm = () =>
    put(
      t('prove'),
      ...shown,
      form(
        [mpin()],
        async (made) => {
          if (!six(made, 'mpin')) return
          const { passkey } = await call('POST', path, { send: 'passkey' })
          await prove({ mpin: made.elements.mpin.value, passkey: await usePasskey(passkey) })
        },
        t('passkey.sign'),
        [cancel],
      ),
    )
  const kinds = payment.authentication?.factors ?? session.me.factors.map(({ kind }) => kind)
  const ways = [
    kinds.includes('passkey') && hasPasskeys() && button(t('passkey.sign'), passkeyForm, { class: 'main' }),
    kinds.includes('totp') && button(t('totp.use'), () => again(() => codeForm('totp'))),
    kinds.includes('sms') && button(t('sms.use'), () => again(() => codeForm('sms'))),
  ].filter(Boolean)
  const problem = h('div', {})
  const again = async (act) => {
    try {
      await act()
    } catch (error) {
      problem.replaceChildren(alarm(error.message))
    }
  }
  put(t('prove'), ...shown, h('p', {}, t('prove.why')), problem, h('div', { class: 'row' }, ...ways, cancel))
}
