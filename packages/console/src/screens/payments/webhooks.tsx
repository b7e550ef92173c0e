import { Alert, Card, Code, Group, List, Skeleton, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useApi, useList } from '../../api/hooks.ts'
import type { Answer, Item } from '../../api/shapes.ts'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { useRight } from '../../session/session.tsx'
import { EventLink, Redeliver, Result } from '../developers/attempts.tsx'

type Event = Item<'/v1/events'>
type Deliveries = Answer<'get', '/v1/payments/{id}/deliveries'>

/** How often it is looked at whether more was told, milliseconds. */
const LOOK_MS = 3_000

/** The events that were told of a payment: each with every try to tell it, what is still to be told, and what was given up. */
export function Webhooks({ id }: { readonly id: string }) {
  const { t } = useTranslation('payments')
  const events = useList('/v1/events', { query: { payment: id, limit: 100 } }, { everyMs: LOOK_MS })
  const told = useApi('/v1/payments/{id}/deliveries', { params: { id }, query: { limit: 100 } }, { everyMs: LOOK_MS })
  if (events.problem !== null) return <ProblemAlert problem={events.problem} again={events.again} />
  if (told.error !== null) return <ProblemAlert problem={told.error} again={() => void told.refetch()} />
  if (events.isLoading || told.data === undefined) return <Skeleton height={120} />
  if (events.rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('webhooks.none')}
      </Text>
    )
  return (
    <Stack gap="sm">
      {events.rows.map((event) => (
        <OneEvent
          key={event.id}
          event={event}
          deliveries={told.data}
          isOwn={event.id.startsWith(`evt_${id.slice('pay_'.length)}`)}
        />
      ))}
      {told.data.hasMore && (
        <Text size="xs" c="dimmed">
          {t('webhooks.more')}
        </Text>
      )}
    </Stack>
  )
}

function OneEvent({
  event: { id, type, timestamp },
  deliveries,
  isOwn,
}: {
  readonly event: Event
  readonly deliveries: Deliveries
  /** False: it is of a link or a dispute that the payment is part of, whose tries are told with theirs. */
  readonly isOwn: boolean
}) {
  const { t } = useTranslation('payments')
  const mayOpen = useRight('webhooks:read')
  const tries = deliveries.data.filter(({ event }) => event === id)
  const pending = deliveries.pending.filter(({ events }) => events.includes(id))
  const givenUp = deliveries.givenUp.filter(({ event }) => event === id)
  const nobody = tries.length === 0 && pending.length === 0 && givenUp.length === 0
  return (
    <Card withBorder component="section" aria-label={type} p="sm">
      <Group justify="space-between" gap="xs" mb={6}>
        <Group gap="xs">
          <Code>{type}</Code>
          <Text span size="xs" c="dimmed">
            <Instant at={timestamp} form="time" />
          </Text>
          {mayOpen && (
            <Text span size="xs">
              <EventLink id={id} />
            </Text>
          )}
        </Group>
        <Redeliver event={id} touches={['/v1/payments/{id}/deliveries']} />
      </Group>
      {nobody && (
        <Text size="sm" c="dimmed">
          {t(isOwn ? 'webhooks.nobody' : 'webhooks.ofOther')}
        </Text>
      )}
      {givenUp.map(({ endpoint, host, tries: count, givenUpAt }) => (
        <Alert key={endpoint} color="red" p="xs" mb={6}>
          {t('webhooks.givenUp', { host: host ?? endpoint, count })} <Instant at={givenUpAt} form="short" />
        </Alert>
      ))}
      {pending.map(({ endpoint, host, events: [first], tries: count, nextTryAt }) => (
        <Alert key={endpoint} color="yellow" p="xs" mb={6}>
          {nextTryAt === null ? (
            t('webhooks.disabled', { host: host ?? endpoint })
          ) : first === id ? (
            <>
              {t('webhooks.pending', { host: host ?? endpoint, count })} <Instant at={nextTryAt} form="time" />
            </>
          ) : (
            t('webhooks.behind', { host: host ?? endpoint })
          )}
        </Alert>
      ))}
      <List listStyleType="none" spacing={6} size="sm">
        {tries.map((one) => (
          <List.Item key={one.id}>
            <Group gap="xs">
              <Result attempt={one} />
              <Text span size="sm" className="mono">
                {one.host ?? one.endpoint}
              </Text>
              <Text span size="xs" c="dimmed">
                <Instant at={one.at} form="time" /> · {t('webhooks.took', { ms: one.durationMs })}
              </Text>
            </Group>
            {one.body !== null && one.body !== '' && (
              <Code block mt={4} tabIndex={0} role="region" aria-label={t('webhooks.answer')}>
                {one.body}
              </Code>
            )}
          </List.Item>
        ))}
      </List>
    </Card>
  )
}
