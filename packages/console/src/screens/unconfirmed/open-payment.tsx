import { Alert, Anchor, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconGavel, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useApi, useChange, useList } from '../../api/hooks.ts'
import { BackLink } from '../../components/back-link.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Facts } from '../../components/facts.tsx'
import { durationOf, Instant } from '../../components/instant.tsx'
import { Money } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { ReasonText } from '../../components/reason-text.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { Story } from '../../components/story.tsx'
import { useRight } from '../../session/session.tsx'
import { isOpen } from './ages.ts'
import { ageMs, toWords } from './queue.tsx'
import { ResolveForm } from './resolve-form.tsx'

const EVERY_MS = 5_000
/** Seconds that an answer of the switch is waited for. */
const WAIT_S = 10

/** One payment whose outcome is open: what is known of it, and the two things that people can do. */
export function OpenPayment() {
  const { t } = useTranslation('unconfirmed')
  const { id = '' } = useParams()
  const [resolving, setResolving] = useState(false)
  const found = useApi('/v1/payments/{id}', { params: { id } }, { everyMs: EVERY_MS })
  const waiting = useList('/v1/approvals', { query: { limit: 100 } }, { enabled: useRight('approvals:read') })
  const verify = useChange('post', '/v1/payments/{id}/verify', { touches: ['/v1/payments', '/v1/explanations'] })
  const mayVerify = useRight('payments:verify')
  const mayResolve = useRight('payments:resolve')
  const maySeeStory = useRight('settlement:read')

  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton h={320} />
  const payment = found.data
  const pending = waiting.rows.find(({ subject }) => subject.kind === 'resolution' && subject.id === id)
  const { state } = payment
  const ask = () =>
    verify.mutate(
      { params: { id }, wait: WAIT_S },
      {
        onSuccess: (answer) => tell(isOpen(answer.state) ? t('verify.stillOpen') : t('verify.decided')),
        onError: (problem) => tellProblem(t, problem),
      },
    )
  return (
    <Stack>
      <BackLink to="/unconfirmed">{t('title')}</BackLink>
      <PageHeader
        title={t('one.title', { rrn: payment.rrn ?? t('common:none') })}
        actions={
          <Group gap="xs">
            {mayVerify && isOpen(state) && (
              <Button
                leftSection={<IconRefresh size={16} />}
                loading={verify.isPending}
                variant="default"
                onClick={ask}
              >
                {t('verify.act')}
              </Button>
            )}
            {mayResolve && isOpen(state) && pending === undefined && (
              <Button leftSection={<IconGavel size={16} />} onClick={() => setResolving(true)}>
                {t('resolve.act')}
              </Button>
            )}
          </Group>
        }
      />
      {isOpen(state) ? (
        <Alert variant="light" title={t(`why.${state}.title`)}>
          {t(`why.${state}.text`)}
        </Alert>
      ) : (
        <Alert variant="light" color="green" title={t('closed.title')}>
          {t('closed.text')}
        </Alert>
      )}
      {pending !== undefined && (
        <Alert variant="light" color="yellow" title={t('pending.title')}>
          {t('pending.text')}{' '}
          <Anchor component={Link} to={`/approvals/${pending.id}`} underline="always" inherit>
            {t('pending.link')}
          </Anchor>
        </Alert>
      )}
      <Paper withBorder p="md">
        <Facts
          items={[
            [t('column.amount'), <Money key="amount" paise={payment.amount} strong />],
            [t('one.status'), <StatusBadge key="status" status={payment.status} />],
            [t('column.age'), durationOf(ageMs(payment))],
            [
              t('column.rrn'),
              <Group key="rrn" gap={4}>
                <span className="mono">{payment.rrn ?? t('common:none')}</span>
                {payment.rrn !== null && <CopyButton value={payment.rrn} what={t('column.rrn')} />}
              </Group>,
            ],
            [t('column.from'), payment.from ?? t('common:none')],
            [
              t('column.to'),
              <span key="to" className="mono">
                {toWords(payment.to)}
              </span>,
            ],
            [t('column.createdAt'), <Instant key="created" at={payment.createdAt} />],
            [t('one.resolvesBy'), <Instant key="by" at={payment.resolvesBy} />],
            [
              t('one.page'),
              <Anchor key="page" component={Link} to={`/payments/${id}`} inherit>
                <span className="mono">{id}</span>
              </Anchor>,
            ],
          ]}
        />
        {payment.reason !== null && (
          <Text size="sm" mt="md">
            <ReasonText reason={payment.reason} />
          </Text>
        )}
      </Paper>
      {payment.rrn !== null && maySeeStory && (
        <Paper withBorder p="md">
          <Title order={2} size="h4" mb="sm">
            {t('one.evidence')}
          </Title>
          <Story rrn={payment.rrn} payment={id} />
        </Paper>
      )}
      {isOpen(state) && (
        <ResolveForm
          payment={{ id, state, amount: payment.amount }}
          opened={resolving}
          onClose={() => setResolving(false)}
        />
      )}
    </Stack>
  )
}
