import { Alert, Anchor, Button, CopyButton, Table } from '@mantine/core'
import { IconCheck, IconCopy, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi, useChange } from '../../api/hooks.ts'
import type { Answer } from '../../api/shapes.ts'
import { Money, rupees } from '../../components/money.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { Card } from './card.tsx'

/** Paise, as api.md §4 has them; 100000 stands for every other amount. */
const amounts = [
  '100000',
  '10191',
  '10291',
  '10300',
  '10400',
  '10500',
  '10600',
  '10700',
  '10800',
  '10900',
  '11000',
  '11100',
  '11200',
  '11300',
  '11400',
  '11500',
  '11600',
] as const
const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' } as const

/** What the beneficiary side does by amount, and each tried by one press for whoever may pay. */
export function Outcomes() {
  const { t } = useTranslation('developers')
  const mayPay = useRight('payments:create')
  const accounts = useApi('/v1/accounts', { query: { limit: 25 } })
  const from = accounts.data?.data.find(
    ({ status, available }) => status === 'open' && BigInt(available) > 200_000n,
  )?.id
  const pay = useChange('post', '/v1/payments', { touches: ['/v1/payments', '/v1/events', '/v1/overview'] })
  const [made, setMade] = useState<Answer<'post', '/v1/payments'>>()
  const command = (amount: string): string =>
    [
      `curl ${location.origin}/v1/payments -H "Authorization: Bearer $TURANT_API_KEY" -H "Idempotency-Key: $(uuidgen)"`,
      `-H 'Content-Type: application/json' -d '${JSON.stringify({ amount, from, to })}'`,
    ].join(' ')
  return (
    <Card title={t('outcome.title')} about={t(mayPay ? 'outcome.aboutPaying' : 'outcome.about')}>
      {pay.error !== null && <ProblemAlert problem={pay.error} />}
      {made !== undefined && (
        <Alert color="green" mb="sm" role="status">
          {t('outcome.made', { amount: rupees(made.amount) })}{' '}
          <Anchor component={Link} to={`/payments/${made.id}`} inherit>
            {t('outcome.look')}
          </Anchor>{' '}
          <StatusBadge status={made.status} />
        </Alert>
      )}
      <Table.ScrollContainer minWidth={520} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table aria-label={t('outcome.title')} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th ta="end">{t('event.amount')}</Table.Th>
              <Table.Th>{t('outcome.happens')}</Table.Th>
              <Table.Th>{t('actions')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {amounts.map((amount) => (
              <Table.Tr key={amount}>
                <Table.Td ta="end">
                  <Money paise={amount} strong />
                </Table.Td>
                <Table.Td>{t(`outcome.by.${amount}`)}</Table.Td>
                <Table.Td>
                  {mayPay ? (
                    <Button
                      size="compact-sm"
                      variant="light"
                      leftSection={<IconSend size={14} />}
                      disabled={from === undefined}
                      loading={pay.isPending && pay.variables.body?.amount === amount}
                      onClick={() => {
                        if (from === undefined) return
                        pay.mutate(
                          { body: { amount, from, to }, idempotencyKey: crypto.randomUUID() },
                          { onSuccess: setMade },
                        )
                      }}
                    >
                      {t('outcome.pay', { amount: rupees(amount) })}
                    </Button>
                  ) : (
                    <CopyButton value={command(amount)} timeout={1_500}>
                      {({ copied, copy }) => (
                        <Button
                          size="compact-sm"
                          variant="light"
                          color={copied ? 'green' : 'gray'}
                          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                          aria-label={t('common:copy', { what: t('outcome.command', { amount: rupees(amount) }) })}
                          onClick={copy}
                        >
                          {copied ? t('common:copied') : t('outcome.copy')}
                        </Button>
                      )}
                    </CopyButton>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  )
}
