import { Text } from '@mantine/core'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../../components/facts.tsx'
import { Instant } from '../../components/instant.tsx'
import { Money } from '../../components/money.tsx'
import { type Approval, changeOf } from './words.ts'

type Payment = NonNullable<Approval['payment']>

/** The payment that waits, and what the beneficiary bank said of the name. */
export function PaymentFacts({
  payment,
  enquiry,
}: {
  readonly payment: Payment
  readonly enquiry: Approval['nameEnquiry']
}) {
  const { t } = useTranslation('approvals')
  const { to } = payment
  const said = Object(enquiry)
  const name = to.kind === 'account' ? to.name : null
  const given: readonly (readonly [string, ReactNode])[] = [
    [t('field.amount'), <Money key="amount" paise={payment.amount} strong />],
    [
      t('field.to'),
      <span key="to" className="mono">
        {to.kind === 'account' ? to.account : to.mobile}
      </span>,
    ],
    to.kind === 'account'
      ? [t('field.ifsc'), to.ifsc]
      : to.kind === 'mmid'
        ? [t('field.mmid'), to.mmid]
        : [t('field.bank'), to.bank],
    [t('field.name'), name ?? t('common:none')],
    [t('field.account'), payment.from ?? t('common:none')],
    [t('field.reference'), payment.reference ?? t('common:none')],
    [t('field.createdAt'), <Instant key="created" at={payment.createdAt} />],
  ]
  const looked: readonly (readonly [string, ReactNode])[] =
    enquiry === null
      ? []
      : [
          [t('field.registeredName'), said.registeredName ?? t('common:none')],
          [
            t('field.nameMatch'),
            said.nameMatch ? t(`match.${said.nameMatch.verdict}`, { score: said.nameMatch.score }) : t('common:none'),
          ],
        ]
  return <Facts items={[...given, ...looked]} />
}

/** Of what is not about money or people's business. */
const unsaid = new Set(['make', 'by', 'madeBy', 'version', 'finding', 'id'])
const paise = new Set([
  'amount',
  'overAmount',
  'fee',
  'cap',
  'perPayment',
  'day',
  'week',
  'month',
  'reviewOver',
  'over',
  'least',
  'probe',
])

/** What is to be changed, word for word as it was asked for. */
export function ChangeFacts({ approval }: { readonly approval: Approval }) {
  const { t } = useTranslation('approvals')
  const items = linesOf(t, changeOf(approval))
  return items.length === 0 ? <Text size="sm">{t('noContent')}</Text> : <Facts items={items} />
}

/** Each value with its name; what lies deeper is named with what it lies in. */
function linesOf(
  t: TFunction,
  change: Readonly<Record<string, unknown>>,
  within = '',
): (readonly [string, ReactNode])[] {
  return Object.entries(change).flatMap(([key, value]): (readonly [string, ReactNode])[] => {
    if (unsaid.has(key) || value === null || value === undefined) return []
    const word = t(`approvals:field.${key}`, { defaultValue: key })
    const label = within === '' ? word : `${within} · ${word}`
    if (Array.isArray(value)) return [[label, listOf(t, value)]]
    if (typeof value === 'object') return linesOf(t, Object(value), label)
    return [[label, valueWords(t, key, value)]]
  })
}

const listOf = (t: TFunction, values: readonly unknown[]): string =>
  values
    .map((one) =>
      typeof one === 'object'
        ? linesOf(t, Object(one))
            .map(([label, value]) => `${label}: ${String(value)}`)
            .join(', ')
        : String(one),
    )
    .join('; ')

function valueWords(t: TFunction, key: string, value: unknown): ReactNode {
  if (typeof value === 'string' && paise.has(key) && /^-?\d+$/.test(value)) return <Money paise={value} strong />
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return <Instant at={value} />
  if (typeof value === 'boolean') return t(value ? 'approvals:yes' : 'approvals:no')
  return t(`approvals:outcome.${String(value)}`, { defaultValue: String(value) })
}
