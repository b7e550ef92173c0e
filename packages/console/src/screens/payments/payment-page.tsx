import { Alert, Badge, Button, Card, Grid, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconArrowLeft, IconInfoCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useApi } from '../../api/hooks.ts'
import type { Answer } from '../../api/shapes.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { Instant } from '../../components/instant.tsx'
import { rupees } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { ReasonText } from '../../components/reason-text.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { Actions } from './actions.tsx'
import { Disputes } from './disputes.tsx'
import { Facts } from './facts.tsx'
import { Parts } from './parts.tsx'
import { Steps } from './steps.tsx'
import { wordOf } from './word-of.ts'

export type Payment = Answer<'get', '/v1/payments/{id}'>

/** States that nothing changes by itself any more. */
const over = new Set(['succeeded', 'declined', 'returned', 'cancelled', 'refused'])
/** How often a payment is looked at that goes on, milliseconds. */
const LIVE_MS = 1_000

/** One payment: what it is, what became of it and why, what happens next, and what can be done. */
export function PaymentPage() {
  const { t } = useTranslation('payments')
  const { id = '' } = useParams()
  const found = useApi('/v1/payments/{id}', { params: { id } })
  const payment = found.data
  const isOver = payment !== undefined && over.has(payment.state)
  useApi('/v1/payments/{id}', { params: { id } }, { enabled: payment !== undefined && !isOver, everyMs: LIVE_MS })
  const mayReadSettlement = useRight('settlement:read')
  if (found.error !== null && payment === undefined)
    return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (payment === undefined) return <Skeleton height={300} />
  return (
    <>
      <Button
        component={Link}
        to="/payments"
        variant="subtle"
        size="compact-sm"
        leftSection={<IconArrowLeft size={14} />}
        mb="xs"
        className="noprint"
      >
        {t('page.back')}
      </Button>
      <PageHeader
        title={t('page.title', { amount: rupees(payment.amount), direction: t(`direction.${payment.direction}`) })}
        about={
          <Group gap="xs" component="span">
            <StatusBadge status={payment.status} />
            {!isOver && (
              <Badge variant="dot" color="blue" tt="none">
                {t('page.live')}
              </Badge>
            )}
            <Labelled label="RRN" value={payment.rrn} />
            <Labelled label={t('column.id')} value={payment.id} />
          </Group>
        }
        actions={<Actions payment={payment} />}
      />
      <Grid>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <WhatItMeans payment={payment} />
            <Section title={t('section.steps')}>
              <Steps payment={payment} />
            </Section>
            <Parts payment={payment} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Section title={t('section.facts')}>
              <Facts payment={payment} />
            </Section>
            {mayReadSettlement && (
              <Section title={t('section.disputes')}>
                <Disputes payment={payment.id} />
              </Section>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  )
}

function Labelled({ label, value }: { readonly label: string; readonly value: string | null }) {
  if (value === null) return null
  return (
    <Group gap={4} wrap="nowrap" component="span">
      <Text span size="xs" c="dimmed">
        {label}
      </Text>
      <Text span size="xs" className="mono">
        {value}
      </Text>
      <CopyButton value={value} what={label} />
    </Group>
  )
}

export function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Card>
  )
}

const colours: Readonly<Record<Payment['state'], string>> = {
  held: 'blue',
  sent: 'blue',
  unconfirmed: 'yellow',
  deemed: 'yellow',
  succeeded: 'green',
  declined: 'red',
  refused: 'red',
  returned: 'gray',
  cancelled: 'gray',
}

/** The state in plain words, the reason that was given, and by when it is settled. */
function WhatItMeans({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments')
  const { state, direction, reason, resolvesBy } = payment
  const word = wordOf(payment)
  return (
    <Alert color={colours[state]} icon={<IconInfoCircle />} title={t(`means.${word}.title`)}>
      <Stack gap={6}>
        <Text size="sm">{t(`means.${word}.${direction}`, { defaultValue: t(`means.${word}.outward`) })}</Text>
        {reason !== null && (
          <Text size="sm">
            {t('page.reason', { source: t(`source.${reason.source}`) })} <span className="mono">{reason.code}</span>:{' '}
            <ReasonText reason={reason} />
          </Text>
        )}
        {reason !== null && over.has(state) && state !== 'succeeded' && (
          <Text size="sm">{reason.retryable ? t('page.retryable') : t('page.notRetryable')}</Text>
        )}
        {resolvesBy !== null && (
          <Text size="sm">
            {t('page.resolvesBy')} <Instant at={resolvesBy} />
          </Text>
        )}
      </Stack>
    </Alert>
  )
}
