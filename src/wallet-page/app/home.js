// What somebody has, and what happened to it.
import { call, follow, isFinal, pending, session } from './api.js'
import { alarm, button, complain, copied, facts, field, form, h, paiseOf, rupees, t, time } from './dom.js'

/** The account that is looked at: the first, or the one that was chosen. */
export const account = () => {
  const { accounts } = session.me
  return accounts.find(({ id }) => id === localStorage.getItem('wallet-account')) ?? accounts[0]
}

const chooser = (again) =>
  session.me.accounts.length < 2
    ? h('p', { class: 'hint' }, `${account().name} · ${account().accountNumber}`)
    : h(
        'select',
        {
          'aria-label': t('account'),
          onchange: (event) => {
            localStorage.setItem('wallet-account', event.target.value)
            again()
          },
        },
        ...session.me.accounts.map((one) =>
          h('option', { value: one.id, selected: one.id === account().id }, `${one.name} · ${one.accountNumber}`),
        ),
      )

/** Whom a payment is with, as its owner knows them. */
export const partyOf = ({ direction, to, remitter }) =>
  direction === 'inward'
    ? (remitter.name ?? remitter.account ?? remitter.mobile ?? t('somebody'))
    : (to.name ?? to.registeredName ?? to.account ?? to.mobile)

/** A payment's state in a word; open ones say so. */
export const statusOf = ({ status, state }) => t(`status.${state === 'unconfirmed' ? 'unconfirmed' : status}`)
export const kindOf = ({ status }) =>
  ({ succeeded: 'good', failed: 'bad', returned: 'bad', cancelled: 'plain' })[status] ?? 'open'

const lineOf = (payment) =>
  h(
    'li',
    {},
    h(
      'a',
      { href: `#payment/${payment.id}` },
      h('span', { class: 'who' }, partyOf(payment)),
      h('span', { class: 'amount' }, `${payment.direction === 'inward' ? '+' : '−'}${rupees(payment.amount)}`),
      h('span', { class: 'when' }, time(payment.createdAt)),
      h('span', { class: `chip ${kindOf(payment)}` }, statusOf(payment)),
    ),
  )

/** Open payments whose lines are followed at once: a browser keeps six connections to one hub. */
const FOLLOWED = 3

/** @returns what ends the following when somebody leaves the screen */
export async function homeScreen(put, again) {
  session.me = await call('GET', 'me')
  if (session.me.accounts.length === 0) {
    put(t('home'), h('p', {}, t('no-account')))
    return undefined
  }
  const { id, balance, available } = account()
  const stops = []
  const leave = () => {
    for (const stop of stops) stop()
  }
  /** A line that is another one when its payment has moved. */
  const liveLineOf = (payment) => {
    let line = lineOf(payment)
    if (!isFinal(payment) && payment.status !== 'requires_authentication' && stops.length < FOLLOWED)
      stops.push(
        follow(payment.id, (now) => {
          const next = lineOf(now)
          if (next.textContent === line.textContent) return
          line.replaceWith(next)
          line = next
          said.textContent = `${rupees(now.amount)} · ${partyOf(now)} · ${statusOf(now)}`
        }),
      )
    return line
  }
  const said = h('p', { class: 'unseen', role: 'status' })
  const list = h('ul', { class: 'lines' })
  const more = h('div', {})
  const fill = async (cursor) => {
    const page = await call('GET', `payments?account=${id}&limit=10${cursor ? `&cursor=${cursor}` : ''}`)
    list.append(...page.data.map(liveLineOf))
    more.replaceChildren(page.hasMore ? button(t('more'), () => fill(page.nextCursor)) : '')
    if (list.childElementCount === 0) more.replaceChildren(h('p', { class: 'hint' }, t('history.empty')))
  }
  const lost = pending.read()
  put(
    t('home'),
    session.me.stoppedAt !== null && alarm(t('stopped'), 'open'),
    lost !== null &&
      h(
        'div',
        { class: 'note open', role: 'alert' },
        h('p', {}, t('pending', { amount: rupees(lost.body.amount) })),
        h('a', { class: 'button', href: '#pay' }, t('pending.look')),
      ),
    h(
      'section',
      { class: 'card', 'aria-label': t('balance') },
      chooser(again),
      h('p', { class: 'hint' }, t('available')),
      h('p', { class: 'balance' }, rupees(available)),
      balance !== available && h('p', { class: 'hint' }, t('held', { amount: rupees(balance) })),
      h(
        'div',
        { class: 'row' },
        h('a', { class: 'button main', href: '#pay' }, t('pay')),
        h('a', { class: 'button', href: '#receive' }, t('receive')),
        h('a', { class: 'button', href: '#statement' }, t('statement')),
      ),
    ),
    h('h2', {}, t('history')),
    list,
    more,
    said,
  )
  await fill()
  return leave
}

/** How others pay into the account: its numbers, in full only once that was asked for; or a link that asks for an amount. */
export async function receiveScreen(put) {
  const { id, ifsc, accountNumber, mmid, mobile } = account()
  const shown = h(
    'div',
    {},
    facts([[t('account.number'), accountNumber], [t('ifsc'), ifsc], mmid && [t('mmid'), mmid]]),
  )
  const link = h('div', { 'aria-live': 'polite' })
  const amount = field('amount', t('amount.open'), { inputmode: 'decimal', maxlength: 16, required: false })
  const request = form(
    [amount, field('description', t('request.for'), { maxlength: 100, required: false })],
    async (made) => {
      const text = made.elements.amount.value.trim()
      const paise = paiseOf(text)
      complain(made, 'amount', text !== '' && paise === undefined ? t('amount.bad') : undefined)
      if (text !== '' && paise === undefined) return
      const description = made.elements.description.value.trim()
      const asked = { ...(paise ? { amount: paise } : {}), ...(description ? { description } : {}) }
      const headers = { 'idempotency-key': crypto.randomUUID() }
      const { url } = await call('POST', 'requests', { account: id, ...asked }, headers)
      const share = () => navigator.share({ url, title: t('request') }).catch(() => undefined)
      link.replaceChildren(
        alarm(t('request.made'), 'good'),
        copied(url),
        navigator.share === undefined ? '' : button(t('share'), share),
      )
    },
    t('request.make'),
  )
  put(
    t('receive'),
    h('h2', {}, t('request')),
    h('p', {}, t('request.why')),
    request,
    link,
    h('h2', {}, t('receive.numbers')),
    h('p', {}, t('receive.why')),
    shown,
    button(t('receive.show'), async (made) => {
      const full = await call('GET', `accounts/${id}?full=true`)
      shown.replaceChildren(
        facts([
          [t('name'), full.name],
          [t('account.number'), copied(full.accountNumber)],
          [t('ifsc'), copied(full.ifsc)],
          mobile !== null && mmid !== null && [t('mobile'), copied(full.mobile)],
          mobile !== null && mmid !== null && [t('mmid'), copied(full.mmid)],
        ]),
      )
      made.remove()
    }),
  )
}

/** One entry: what it was, how much, when, and what could be spent after it. */
const entryOf = ({ at, kind, amount, balanceAfter, paymentId }) => {
  const parts = [
    h('span', { class: 'who' }, t(`entry.${kind}`)),
    h('span', { class: 'amount' }, rupees(amount)),
    h('span', { class: 'when' }, time(at)),
    h('span', { class: 'amount when' }, t('balance.after', { amount: rupees(balanceAfter) })),
  ]
  const line = paymentId === null ? h('div', {}, ...parts) : h('a', { href: `#payment/${paymentId}` }, ...parts)
  return h('li', {}, line)
}

export async function statementScreen(put) {
  const { id } = account()
  const list = h('ul', { class: 'lines' })
  const more = h('div', {})
  const fill = async (cursor) => {
    const page = await call('GET', `accounts/${id}/entries?limit=20${cursor ? `&cursor=${cursor}` : ''}`)
    list.append(...page.data.map(entryOf))
    more.replaceChildren(page.hasMore ? button(t('more'), () => fill(page.nextCursor)) : '')
    if (list.childElementCount === 0) more.replaceChildren(h('p', { class: 'hint' }, t('history.empty')))
  }
  const files = ['csv', 'pdf'].map((format) => {
    const href = `/v1/wallet/accounts/${id}/statement?format=${format}`
    return h('a', { class: 'button', href, download: true }, format.toUpperCase())
  })
  put(t('statement'), h('div', { class: 'row' }, ...files), list, more)
  await fill()
}
