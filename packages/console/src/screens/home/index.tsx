import { Alert, Anchor, Card, SimpleGrid, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconHandStop } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../api/hooks.ts'
import type { Answer } from '../../api/shapes.ts'
import { counted } from '../../components/counted.ts'
import { Instant } from '../../components/instant.tsx'
import { rupees } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { StopBanner } from '../../components/stop-banner.tsx'
import { Figure } from './figure.tsx'
import { Positions } from './positions.tsx'
import { Unconfirmed } from './unconfirmed.tsx'

const Hours = lazy(async () => ({ default: (await import('./hours.tsx')).Hours }))

export type Overview = Answer<'get', '/v1/overview'>
const LIVE_MS = 3_000

/** Home: how the day goes, counted by the hub every two seconds. */
export function Screen() {
  const { t } = useTranslation('home')
  const { data: day, error, refetch } = useApi('/v1/overview', {}, { everyMs: LIVE_MS })
  if (error !== null && day === undefined) return <ProblemAlert problem={error} again={() => void refetch()} />
  if (day === undefined) return <Skeleton height={400} aria-label={t('title')} />
  return (
    <>
      <PageHeader
        title={t('title')}
        about={
          <>
            {t('about')} {t('countedAt')} <Instant at={day.countedAt} form="short" />
          </>
        }
      />
      <Stack>
        {error !== null && <ProblemAlert problem={error} again={() => void refetch()} />}
        <StopBanner stoppedAt={day.stoppedAt} />
        <CapStops positions={day.positions ?? []} />
        <Troubles banks={day.banksInTrouble} />
        {day.countedAt === null ? (
          <Alert variant="light" title={t('notCounted.title')}>
            {t('notCounted.text')}
          </Alert>
        ) : (
          <Figures day={day} />
        )}
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Panel title={t('hours.title')}>
            <Suspense fallback={<Skeleton height={220} />}>
              <Hours hours={day.hours} />
            </Suspense>
          </Panel>
          <Panel title={t('unconfirmed.title')}>
            <Unconfirmed unconfirmed={day.unconfirmed} />
          </Panel>
          <Panel title={t('links.title')}>
            <Links links={day.links} />
          </Panel>
          {day.positions !== null && (
            <Panel title={t('cap.title')}>
              <Positions positions={day.positions} />
            </Panel>
          )}
        </SimpleGrid>
      </Stack>
    </>
  )
}

export function Panel({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Card>
  )
}

const percent = (rate: number | null): string => (rate === null ? '—' : `${rate} %`)
/** @param ms  milliseconds */
const seconds = (ms: number | null): string =>
  ms === null ? '—' : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 0)} s`

function Figures({ day }: { readonly day: Overview }) {
  const { t } = useTranslation('home')
  const { outward, inward, rates, timeToFinal } = day
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }}>
      <Figure
        label={t('out')}
        value={rupees(day.out)}
        note={t('payments', { count: outward.succeeded.payments + outward.deemed.payments })}
      />
      <Figure label={t('in')} value={rupees(day.in)} note={t('payments', { count: inward.succeeded.payments })} />
      <Figure
        label={t('success')}
        value={percent(rates.success)}
        note={t('payments', { count: outward.succeeded.payments })}
      />
      <Figure
        label={t('businessDecline')}
        value={percent(rates.businessDecline)}
        note={t('payments', { count: outward.businessDeclines.payments })}
        help={t('businessDeclineHelp')}
      />
      <Figure
        label={t('technicalDecline')}
        value={percent(rates.technicalDecline)}
        note={t('payments', { count: outward.technicalDeclines.payments })}
        help={t('technicalDeclineHelp')}
      />
      <Figure
        label={t('deemed')}
        value={percent(rates.deemed)}
        note={t('payments', { count: outward.deemed.payments })}
        help={t('deemedHelp')}
      />
      <Figure label={t('p50')} value={seconds(timeToFinal.p50)} note={t('timeToFinal')} />
      <Figure label={t('p95')} value={seconds(timeToFinal.p95)} note={t('timeToFinal')} />
      <Figure label={t('p99')} value={seconds(timeToFinal.p99)} note={t('timeToFinal')} />
      <Figure
        label={t('open')}
        value={counted(outward.open.payments)}
        note={rupees(outward.open.amount)}
        help={t('openHelp')}
      />
    </SimpleGrid>
  )
}

/** Banks whose net debit cap is used up, so that new payments wait or are refused. */
function CapStops({ positions }: { readonly positions: NonNullable<Overview['positions']> }) {
  const { t } = useTranslation('home')
  return positions.map(
    ({ institution, stopped }) =>
      stopped !== null && (
        <Alert
          key={institution}
          color="red"
          variant="filled"
          icon={<IconHandStop />}
          role="alert"
          title={`${institution} · ${t('cap.title')}`}
        >
          <Text size="sm">{t(`cap.stopped.${stopped}`)}</Text>
          <Anchor component={Link} to="/settlement/positions" size="sm" c="inherit" underline="always">
            {t('cap.open')}
          </Anchor>
        </Alert>
      ),
  )
}

/** Banks to which payments go wrong now; that there are none is said too. */
function Troubles({ banks }: { readonly banks: Overview['banksInTrouble'] }) {
  const { t } = useTranslation('home')
  if (banks.length === 0)
    return (
      <Alert color="green" variant="light" icon={<IconCircleCheck />} p="xs">
        <Text size="sm">{t('banks.none')}</Text>
      </Alert>
    )
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={t('banks.title')}>
      <Stack gap={4}>
        {banks.map(({ bank, name, since, payments, percent: wrong }) => (
          <Text size="sm" key={bank}>
            <b>{name ?? bank}</b>
            {': '}
            {t('banks.wrong', { percent: wrong, payments })} <Instant at={since} form="short" />
          </Text>
        ))}
      </Stack>
    </Alert>
  )
}

function Links({ links }: { readonly links: Overview['links'] }) {
  const { t } = useTranslation('home')
  if (links.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('links.none')}
      </Text>
    )
  return (
    <Table.ScrollContainer
      minWidth={380}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('links.title') } }}
    >
      <Table fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('links.link')}</Table.Th>
            <Table.Th>{t('links.state')}</Table.Th>
            <Table.Th ta="end">{t('links.inFlight')}</Table.Th>
            <Table.Th>{t('links.lastAnswer')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {links.map(({ id, role, state, usable, inFlight, lastAnswerAt }) => (
            <Table.Tr key={id}>
              <Table.Td>
                {id}{' '}
                <Text span size="xs" c="dimmed">
                  {t(`role.${role}`, { defaultValue: role })}
                </Text>
              </Table.Td>
              <Table.Td>
                <StatusBadge status={state} tone={usable ? 'good' : 'bad'} />
              </Table.Td>
              <Table.Td ta="end">{counted(inFlight)}</Table.Td>
              <Table.Td>
                <Instant at={lastAnswerAt} form="short" />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
