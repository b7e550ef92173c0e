import { Anchor, Badge, Button, Group, Paper, Table, Text, Title } from '@mantine/core'
import { IconMailForward, IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi, useChange, useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { tell, tellProblem } from '../../components/problem-alert.tsx'
import { useRight } from '../../session/session.tsx'
import type { Endpoint } from './endpoint-list.tsx'

type Attempt = Item<'/v1/webhook-endpoints/{id}/attempts'>

/** Whether a try was of an event, and not of a test, which is step 0 of no payment. */
const isEvent = (event: string): boolean => !event.endsWith('0000')

/** How often the attempts are looked at again by themselves. */
const LOOK_MS = 3_000

/** What came of one try: the status of the answer, or why there is none. */
export function Result({ attempt: { status, error } }: { readonly attempt: Pick<Attempt, 'status' | 'error'> }) {
  const { t } = useTranslation('developers')
  const good = status !== null && status >= 200 && status < 300
  return (
    <Badge variant="light" color={good ? 'green' : 'red'} radius="sm" tt="none">
      {status === null ? t(`attempt.error.${error}`, { defaultValue: error ?? '' }) : `HTTP ${status}`}
    </Badge>
  )
}

/** A link to an event, by the end of its id; of a test there is none. */
export function EventLink({ id }: { readonly id: string }) {
  return (
    <Anchor component={Link} to={`/developers/events/${id}`} inherit className="mono" title={id}>
      evt_…{id.slice(-12)}
    </Anchor>
  )
}

/** Has an event told again to one endpoint, or to all. @param touches  paths whose answers are another then */
export function Redeliver({
  event,
  endpoint,
  touches = [],
}: {
  readonly event: string
  readonly endpoint?: string
  readonly touches?: readonly string[]
}) {
  const { t } = useTranslation('developers')
  const may = useRight('webhooks:write')
  const again = useChange('post', '/v1/events/{id}/redeliver', { touches })
  if (!may) return null
  return (
    <Button
      size="compact-sm"
      variant="light"
      leftSection={<IconRefresh size={14} />}
      loading={again.isPending}
      onClick={() =>
        again.mutate(
          { params: { id: event }, body: endpoint === undefined ? {} : { endpoint } },
          {
            onSuccess: ({ endpoints }) => tell(t('event.redelivered', { count: endpoints.length })),
            onError: (problem) => tellProblem(t, problem),
          },
        )
      }
    >
      {t('event.redeliver')}
    </Button>
  )
}

/** Every try of the last thirty days, newest first. */
export function AttemptTable({ endpoint }: { readonly endpoint: Endpoint }) {
  const { t } = useTranslation('developers')
  const mayTellAgain = useRight('webhooks:write')
  const list = useList('/v1/webhook-endpoints/{id}/attempts', { params: { id: endpoint.id } }, { everyMs: LOOK_MS })
  const columns: readonly Column<Attempt>[] = [
    { id: 'at', header: t('attempt.at'), cell: ({ at }) => <Instant at={at} />, text: ({ at }) => at },
    {
      id: 'result',
      header: t('attempt.result'),
      cell: (attempt) => <Result attempt={attempt} />,
      text: ({ status, error }) => String(status ?? error),
    },
    {
      id: 'ms',
      header: t('attempt.took'),
      align: 'end',
      cell: ({ durationMs }) => t('attempt.ms', { ms: durationMs }),
      text: ({ durationMs }) => String(durationMs),
    },
    {
      id: 'event',
      header: t('attempt.event'),
      cell: ({ event }) => (isEvent(event) ? <EventLink id={event} /> : t('attempt.test')),
      text: ({ event }) => event,
    },
    {
      id: 'body',
      header: t('attempt.body'),
      cell: ({ body }) => (
        <Text span inherit className="mono" title={body ?? ''}>
          {body === null || body === '' ? t('common:none') : body}
        </Text>
      ),
      text: ({ body }) => body ?? '',
    },
    ...(mayTellAgain
      ? [
          {
            id: 'again',
            header: t('actions'),
            cell: ({ event }: Attempt) => (isEvent(event) ? <Redeliver event={event} endpoint={endpoint.id} /> : null),
          },
        ]
      : []),
  ]
  return (
    <section>
      <Title order={3} size="h4" mb="xs">
        {t('attempt.title')}
      </Title>
      <DataTable
        name="webhook-attempts"
        label={t('attempt.title')}
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        height="28rem"
        empty={<EmptyState icon={IconMailForward} title={t('attempt.none')} text={t('attempt.noneText')} />}
      />
    </section>
  )
}

/** What was given up after three days; nothing is shown when nothing was. */
export function DeadLetters({ endpoint }: { readonly endpoint: Endpoint }) {
  const { t } = useTranslation('developers')
  const params = { id: endpoint.id }
  const found = useApi('/v1/webhook-endpoints/{id}/dead-letters', { params, query: { limit: 100 } })
  const letters = found.data?.data ?? []
  if (letters.length === 0) return null
  return (
    <Paper withBorder p="md">
      <Title order={3} size="h4">
        {t('dead.title')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('dead.text')}
      </Text>
      <Table aria-label={t('dead.title')}>
        <Table.Tbody>
          {letters.map(({ event, tries, givenUpAt }) => (
            <Table.Tr key={event}>
              <Table.Td>
                <EventLink id={event} />
              </Table.Td>
              <Table.Td>{t('dead.tries', { count: tries })}</Table.Td>
              <Table.Td>
                <Instant at={givenUpAt} form="short" />
              </Table.Td>
              <Table.Td>
                <Group justify="flex-end">
                  <Redeliver event={event} endpoint={endpoint.id} />
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}
