import type { TFunction } from 'i18next'
import type { Item } from '../../api/shapes.ts'
import { rupees } from '../../components/money.tsx'

export type Approval = Item<'/v1/approvals'>

/** What is to be done, as the hub keeps it: JSON that each kind of change has its own of. */
export const changeOf = ({ change }: Pick<Approval, 'change'>): Readonly<Record<string, unknown>> =>
  Object(change ?? {})

const wordIn = (change: Readonly<Record<string, unknown>>, key: string): string => {
  const value = change[key]
  return typeof value === 'string' ? value : ''
}

/** What is asked for, in one sentence: "Pay ₹1,500.00 to XXXX5678". */
export function sentenceOf(t: TFunction, approval: Approval): string {
  const { subject, payment } = approval
  if (payment !== null) {
    const to = payment.to.kind === 'account' ? payment.to.account : payment.to.mobile
    return t('approvals:what.payment', { amount: rupees(payment.amount), to })
  }
  const change = changeOf(approval)
  const amount = amountOf(approval)
  const words = {
    amount: amount === undefined ? '' : rupees(amount),
    name: wordIn(change, 'name') || wordIn(change, 'label'),
    outcome: t(`approvals:outcome.${wordIn(change, 'outcome')}`, { defaultValue: wordIn(change, 'outcome') }),
    resolution: t(`approvals:outcome.${wordIn(change, 'resolution')}`, { defaultValue: wordIn(change, 'resolution') }),
    type: wordIn(change, 'type'),
    rrn: wordIn(change, 'rrn'),
    id: subject.id,
  }
  const make = wordIn(change, 'make')
  return t([`approvals:what.${subject.kind}_${make}`, `approvals:what.${subject.kind}`], words)
}

/** What it is worth, where it is worth something. Paise. */
export function amountOf(approval: Approval): string | undefined {
  if (approval.payment !== null) return approval.payment.amount
  const { amount } = changeOf(approval)
  return typeof amount === 'string' && /^-?\d+$/.test(amount) ? amount : undefined
}

/** How many people must agree at least, and how many have. */
export const progressOf = ({ steps, votes }: Approval): { readonly done: number; readonly needed: number } => ({
  done: votes.filter(({ verdict }) => verdict === 'approve').length,
  needed: steps.reduce((sum, { anyOf }) => sum + Math.min(...anyOf.map(({ count }) => count)), 0),
})

/** Why whoever looks cannot decide; undefined: they can, as far as can be seen here. The hub judges it again. */
export function barredBy(
  { maker, steps, votes }: Approval,
  who: { readonly id: string; readonly roles: readonly string[] },
): 'own' | 'role' | 'voted' | undefined {
  if (maker === who.id) return 'own'
  if (votes.some(({ voter }) => voter === who.id)) return 'voted'
  const asked = steps.flatMap(({ anyOf }) => anyOf.map(({ role }) => role))
  return asked.some((role) => who.roles.includes(role)) ? undefined : 'role'
}

/** How a wait ended, or that it goes on: what colour it has. */
export const decisionTones = {
  pending: 'waiting',
  approved: 'good',
  rejected: 'bad',
  cancelled: 'over',
  lapsed: 'over',
  void: 'over',
} as const
