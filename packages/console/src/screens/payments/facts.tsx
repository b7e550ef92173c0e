import { Anchor, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { call } from '../../api/client.ts'
import { Instant } from '../../components/instant.tsx'
import { Masked } from '../../components/masked.tsx'
import { Money } from '../../components/money.tsx'
import { useRight } from '../../session/session.tsx'
import type { Payment } from './payment-page.tsx'

/** What a payment is made of: who, to whom, how much, when. Personal details are masked, in full for whoever may look. */
export function Facts({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments')
  const { id, to, remitter, from, account } = payment
  const mayOpenAccounts = useRight('accounts:read')
  const look = async (pick: (whole: Payment) => string | null): Promise<string | null> =>
    pick(await call('get', '/v1/payments/{id}', { params: { id }, query: { reveal: true } }))
  const own = from ?? account
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    [t('fact.amount'), <Money key="amount" paise={payment.amount} strong />],
    [
      t('fact.account'),
      own === null ? (
        '—'
      ) : mayOpenAccounts ? (
        <Anchor key="own" component={Link} to={`/accounts/${own}`} size="sm">
          {own}
        </Anchor>
      ) : (
        own
      ),
    ],
    [
      t('fact.remitter'),
      <Masked
        key="name"
        value={remitter.name}
        what={t('fact.remitter')}
        read={() => look((one) => one.remitter.name)}
      />,
    ],
    ...(remitter.account === null
      ? []
      : [
          [
            t('fact.remitterAccount'),
            <Masked
              key="account"
              value={remitter.account}
              what={t('fact.remitterAccount')}
              read={() => look((one) => one.remitter.account)}
            />,
          ] as const,
        ]),
    [t('fact.remitterIfsc'), remitter.ifsc ?? '—'],
    [
      t('fact.registeredName'),
      <Masked
        key="registered"
        value={to.registeredName}
        what={t('fact.registeredName')}
        read={() => look((one) => one.to.registeredName)}
      />,
    ],
    ...(to.kind === 'account'
      ? [
          [
            t('fact.beneficiary'),
            <Masked
              key="given"
              value={to.name}
              what={t('fact.beneficiary')}
              read={() => look((one) => (one.to.kind === 'account' ? one.to.name : null))}
            />,
          ] as const,
          [
            t('fact.beneficiaryAccount'),
            <Masked
              key="number"
              value={to.account}
              what={t('fact.beneficiaryAccount')}
              read={() => look((one) => (one.to.kind === 'account' ? one.to.account : null))}
            />,
          ] as const,
          [
            'IFSC',
            <span key="ifsc" className="mono">
              {to.ifsc}
            </span>,
          ] as const,
        ]
      : [
          [
            t('fact.mobile'),
            <Masked
              key="mobile"
              value={to.mobile}
              what={t('fact.mobile')}
              read={() => look((one) => (one.to.kind === 'account' ? null : one.to.mobile))}
            />,
          ] as const,
          [to.kind === 'mmid' ? 'MMID' : t('fact.bank'), to.kind === 'mmid' ? to.mmid : to.bank] as const,
        ]),
    [
      t('fact.remarks'),
      <Masked key="remarks" value={payment.remarks} what={t('fact.remarks')} read={() => look((one) => one.remarks)} />,
    ],
    [t('fact.reference'), payment.reference ?? '—'],
    [t('fact.channel'), t(`channel.${payment.channel}`)],
    [t('fact.way'), t(payment.withinBank ? 'fact.withinBank' : 'fact.overImps')],
    [t('fact.responseCode'), payment.responseCode ?? '—'],
    [t('fact.createdAt'), <Instant key="created" at={payment.createdAt} />],
    [t('fact.updatedAt'), <Instant key="updated" at={payment.updatedAt} />],
  ]
  return (
    <Table variant="vertical" fz="sm" verticalSpacing={6} layout="fixed">
      <Table.Tbody>
        {rows.map(([label, value]) => (
          <Table.Tr key={label}>
            <Table.Th w="42%">{label}</Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
