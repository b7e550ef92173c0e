import { Anchor, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconBolt } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { eventTypes } from '../../../../sdk/src/generated/event-types.ts'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { MoneyOrNone } from '../../components/money.tsx'
import { EventLink } from './attempts.tsx'

type Told = Item<'/v1/events'>

/** What has a page of its own, by the beginning of its id. */
const pages: readonly (readonly [prefix: string, path: string])[] = [
  ['pay_', '/payments'],
  ['dsp_', '/settlement/disputes'],
  ['brk_', '/settlement/breaks'],
  ['upl_', '/settlement/uploads'],
]

/** What an event is about, with the way to its page where it has one: a payment by its RRN, anything else by its id. */
export function Subject({ data }: Pick<Told, 'data'>) {
  const { id } = data
  const rrn = id.startsWith('pay_') && 'rrn' in data ? data.rrn : null
  // The id of a cycle is words; of everything else its beginning and end tell it from others.
  const short = id.length < 30 ? id : `${id.slice(0, 4)}…${id.slice(-8)}`
  const [, path] = pages.find(([prefix]) => id.startsWith(prefix)) ?? []
  if (path === undefined)
    return (
      <span className="mono" title={id}>
        {short}
      </span>
    )
  return (
    <Anchor component={Link} to={`${path}/${id}`} inherit className="mono" title={id}>
      {rrn ?? short}
    </Anchor>
  )
}

/** What happened, as webhooks are told of it: oldest first, as programs that ask read it. */
export function EventList() {
  const { t } = useTranslation('developers')
  const navigate = useNavigate()
  const [type, setType] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [payment] = useDebouncedValue(typed.trim(), 300)
  const wrong = payment !== '' && !/^pay_[0-9a-f]{32}$/.test(payment)
  const query = {
    type: eventTypes.find((one) => one === type),
    payment: payment === '' || wrong ? undefined : payment,
    limit: 100,
  }
  const list = useList('/v1/events', { query })
  const columns: readonly Column<Told>[] = [
    { id: 'id', header: t('attempt.event'), cell: ({ id }) => <EventLink id={id} />, text: ({ id }) => id },
    {
      id: 'type',
      header: t('event.type'),
      cell: ({ type: one }) => <span className="mono">{one}</span>,
      text: (one) => one.type,
    },
    {
      id: 'at',
      header: t('event.at'),
      cell: ({ timestamp }) => <Instant at={timestamp} />,
      text: ({ timestamp }) => timestamp,
    },
    {
      id: 'amount',
      header: t('event.amount'),
      align: 'end',
      cell: ({ data }) => <MoneyOrNone paise={data.amount} />,
      text: ({ data }) => data.amount ?? '',
    },
    {
      id: 'payment',
      header: t('event.about'),
      cell: ({ data }) => <Subject data={data} />,
      text: ({ data }) => data.id,
    },
  ]
  return (
    <DataTable
      name="events"
      label={t('part.events')}
      list={list}
      columns={columns}
      rowKey={({ id }) => id}
      onOpen={({ id }) => navigate(`/developers/events/${id}`)}
      tools={
        <Group gap="xs" align="flex-start">
          <Select
            aria-label={t('event.type')}
            placeholder={t('event.anyType')}
            data={[...eventTypes]}
            value={type}
            onChange={setType}
            clearable
            clearButtonProps={{ 'aria-label': t('endpoint.eventsClear') }}
            w={260}
          />
          <TextInput
            aria-label={t('event.ofPayment')}
            placeholder={t('event.ofPayment')}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={wrong ? t('event.wrongPayment') : undefined}
            maxLength={36}
            w={260}
          />
        </Group>
      }
      empty={<EmptyState icon={IconBolt} title={t('event.none')} text={t('event.noneText')} />}
    />
  )
}
