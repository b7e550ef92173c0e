// A payment that has left, as it stands: live, and in words that say what to do, above all when that is nothing.
import { call, follow, isFinal } from './api.js'
import { alarm, button, copied, facts, h, rupees, t, time, timeText } from './dom.js'
import { kindOf, partyOf, statusOf } from './home.js'
import { factorScreen } from './pay.js'

/** What the state means to its owner. An open outcome is never worded as a failure. */
function meaning({ status, state, reason, resolvesBy, direction, withinBank }) {
  const by = resolvesBy === null ? '' : timeText(resolvesBy)
  if (direction === 'inward' && status === 'succeeded') return t('means.received')
  if (withinBank && status === 'succeeded') return t('means.within')
  if (state === 'unconfirmed') return t('means.unconfirmed', { by })
  if (status === 'deemed') return t('means.deemed', { by })
  if (status === 'failed' || status === 'returned' || status === 'cancelled') {
    const known = t(`reason.${reason?.code}`)
    const why = known.startsWith('reason.') ? (reason?.message ?? '') : known
    return `${t(`means.${status}`)} ${why}`
  }
  return t(`means.${status}`, { by })
}

/** A step is told when the state is another one: what waits for its owner and then for the line is taken once. */
const isNew = ({ state }, i, all) => state !== all[i - 1]?.state

/** @returns what ends the following when somebody leaves the screen */
export async function paymentScreen(put, id) {
  const first = await call('GET', `payments/${id}`)
  if (first.status === 'requires_authentication') {
    factorScreen(put, first)
    return undefined
  }
  const seen = h('div', { 'aria-live': 'polite' })
  const rest = h('div', {})
  const show = (payment) => {
    const { to, remitter, timeline, status, direction } = payment
    seen.replaceChildren(
      h(
        'div',
        { class: `note big ${kindOf(payment)}`, 'data-status': status, 'data-state': payment.state },
        h('p', { class: 'balance' }, rupees(payment.amount)),
        h('p', { class: 'strong' }, `${statusOf(payment)} · ${partyOf(payment)}`),
        h('p', {}, meaning(payment)),
      ),
    )
    const other = direction === 'inward' ? remitter : to
    rest.replaceChildren(
      facts([
        payment.rrn && [t('rrn'), copied(payment.rrn)],
        to.registeredName && direction === 'outward' && [t('name.registered'), to.registeredName],
        other.account && [t('account.number'), other.account],
        other.ifsc && [t('ifsc'), other.ifsc],
        other.mobile && [t('mobile'), other.mobile],
        payment.remarks && [t('remarks'), payment.remarks],
        [t('made'), time(payment.createdAt)],
        !isFinal(payment) && payment.resolvesBy && [t('resolves-by'), time(payment.resolvesBy)],
        [t('payment.id'), h('code', {}, payment.id)],
      ]),
      h('h2', {}, t('timeline')),
      h(
        'ol',
        { class: 'steps' },
        ...timeline.filter(isNew).map(({ at, state }) => h('li', {}, `${t(`state.${state}`)} · `, time(at))),
      ),
      h(
        'div',
        { class: 'row' },
        payment.state === 'held' &&
          button(t('cancel'), async () => {
            try {
              show(await call('POST', `payments/${id}/cancel`))
            } catch (error) {
              rest.prepend(alarm(error.message))
            }
          }),
        h('a', { class: 'button', href: '#home' }, t('home.back')),
        button(t('print'), () => globalThis.print()),
      ),
    )
  }
  put(t('payment'), seen, rest)
  show(first)
  return isFinal(first) ? undefined : follow(id, show)
}
