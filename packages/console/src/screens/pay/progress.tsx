import { Alert, Button, Card, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconCheck, IconFileTypePdf, IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { addressOf } from '../../api/client.ts'
import { useApi } from '../../api/hooks.ts'
import { amountInWords } from '../../components/amount-words.ts'
import { Instant } from '../../components/instant.tsx'
import { rupees } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { ReasonText } from '../../components/reason-text.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { Steps } from '../payments/steps.tsx'
import { wordOf } from '../payments/word-of.ts'

const LIVE_MS = 700
const over = new Set(['succeeded', 'declined', 'returned', 'cancelled', 'refused'])
const colours: Readonly<Record<string, string>> = { succeeded: 'green', declined: 'red', refused: 'red' }

/** A payment that was sent, until it is over; then its receipt. */
export function Progress({ id, onAnother }: { readonly id: string; readonly onAnother: () => void }) {
  const { t, i18n } = useTranslation(['pay', 'payments'])
  const found = useApi('/v1/payments/{id}', { params: { id } })
  const payment = found.data
  const isOver = payment !== undefined && over.has(payment.state)
  useApi('/v1/payments/{id}', { params: { id } }, { enabled: !isOver, everyMs: LIVE_MS })
  if (found.error !== null && payment === undefined)
    return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (payment === undefined) return <Skeleton height={240} />
  const { to, status, state, reason, resolvesBy } = payment
  const word = wordOf(payment)
  const rows = [
    [t('receipt.amount'), rupees(payment.amount)],
    [t('receipt.words'), amountInWords(payment.amount, i18n.language)],
    [t('receipt.to'), (to.registeredName ?? (to.kind === 'account' ? to.name : null)) || '—'],
    [
      t('receipt.account'),
      to.kind === 'account'
        ? `${to.account} · ${to.ifsc}`
        : to.kind === 'mmid'
          ? `${to.mobile} · ${to.mmid}`
          : `${to.mobile} · ${to.bank}`,
    ],
    ['RRN', payment.rrn ?? '—'],
    ...(payment.withinBank ? [[t('payments:fact.way'), t('payments:fact.withinBank')] as const] : []),
    [t('receipt.reference'), payment.reference ?? '—'],
    [t('receipt.id'), payment.id],
  ] as const
  return (
    <>
      <PageHeader title={t(state === 'succeeded' ? 'receipt.title' : isOver ? 'receipt.over' : 'receipt.going')} />
      <Card withBorder maw={640}>
        <Stack>
          <Alert
            color={colours[state] ?? (isOver ? 'gray' : 'blue')}
            {...(state === 'succeeded' ? { icon: <IconCheck /> } : {})}
            title={t(`payments:means.${word}.title`)}
            role="status"
          >
            <Text size="sm">{t(`payments:means.${word}.outward`)}</Text>
            {reason !== null && (
              <Text size="sm">
                <ReasonText reason={reason} />
              </Text>
            )}
            {resolvesBy !== null && (
              <Text size="sm">
                {t('payments:page.resolvesBy')} <Instant at={resolvesBy} />
              </Text>
            )}
          </Alert>
          <Group justify="space-between">
            <StatusBadge status={status} />
            <Text size="sm">
              <Instant at={payment.updatedAt} />
            </Text>
          </Group>
          <Table variant="vertical" layout="fixed" fz="sm">
            <Table.Tbody>
              {rows.map(([label, value]) => (
                <Table.Tr key={label}>
                  <Table.Th w={140}>{label}</Table.Th>
                  <Table.Td className="tabular">{value}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <div className="noprint">
            <Steps payment={payment} />
          </div>
          <Group className="noprint">
            <Button onClick={onAnother}>{t('receipt.another')}</Button>
            <Button component={Link} to={`/payments/${id}`} variant="light">
              {t('receipt.open')}
            </Button>
            <Button
              component="a"
              href={addressOf('/v1/payments/{id}/receipt', { id }, {})}
              download
              variant="default"
              leftSection={<IconFileTypePdf size={16} />}
            >
              {t('payments:action.receipt')}
            </Button>
            <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => print()}>
              {t('receipt.print')}
            </Button>
          </Group>
        </Stack>
      </Card>
    </>
  )
}
