import { Anchor, Select, Switch } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useList } from '../../api/hooks.ts'
import type { Item, Query } from '../../api/shapes.ts'
import { amountColumn, instantColumn, wordColumn } from '../../components/columns.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useSession } from '../../session/session.tsx'

export type Break = Item<'/v1/breaks'>
type Filter = NonNullable<Query<'get', '/v1/breaks'>>

const states = ['open', 'assigned', 'carried', 'resolved'] as const
const types = Array.from({ length: 30 }, (_, at) => `B${(at + 1).toString().padStart(2, '0')}`)
/** What a break is called. */
export const nameWords = (t: TFunction, { type, name }: Pick<Break, 'type' | 'name'>): string =>
  t(`settlement:break.name.${type}`, { defaultValue: name })

export const breakTones = { open: 'bad', assigned: 'going', carried: 'over', resolved: 'good' } as const

/** What is not as it should be between the core, the hub and NPCI. */
export function Breaks() {
  const { t } = useTranslation('settlement')
  const navigate = useNavigate()
  const { person } = useSession()
  const [state, setState] = useState<(typeof states)[number] | ''>('open')
  const [type, setType] = useState<string | null>(null)
  const [overdue, setOverdue] = useState(false)
  const [mine, setMine] = useState(false)
  const query: Filter = {
    ...(state === '' ? {} : { state }),
    ...(isType(type) ? { type } : {}),
    ...(overdue ? { overdue } : {}),
    ...(mine ? { assignee: person.id } : {}),
    limit: 100,
  }
  const list = useList('/v1/breaks', { query })
  return (
    <DataTable
      name="breaks"
      label={t('part.breaks')}
      list={list}
      columns={columnsOf(t)}
      rowKey={({ id }) => id}
      onOpen={({ id }) => navigate(`/settlement/breaks/${id}`)}
      tools={
        <>
          <Select
            aria-label={t('break.state.label')}
            w={150}
            value={state}
            onChange={(chosen) => setState(states.find((one) => one === chosen) ?? '')}
            data={[
              { value: '', label: t('all') },
              ...states.map((one) => ({ value: one, label: t(`break.state.${one}`) })),
            ]}
            allowDeselect={false}
          />
          <Select
            aria-label={t('break.type')}
            placeholder={t('break.anyType')}
            w={150}
            value={type}
            onChange={setType}
            data={types}
            clearable
            searchable
            clearButtonProps={{ 'aria-label': t('break.anyType') }}
          />
          <Switch
            label={t('break.overdue')}
            checked={overdue}
            onChange={({ currentTarget }) => setOverdue(currentTarget.checked)}
          />
          <Switch
            label={t('break.mine')}
            checked={mine}
            onChange={({ currentTarget }) => setMine(currentTarget.checked)}
          />
        </>
      }
      empty={<EmptyState icon={IconCircleCheck} title={t('break.none.title')} text={t('break.none.text')} />}
    />
  )
}

const isType = (value: string | null): value is Break['type'] => value !== null && types.includes(value)

const columnsOf = (t: TFunction): readonly Column<Break>[] => [
  wordColumn('type', t('break.type'), (row) => `${row.type} ${nameWords(t, row)}`, {
    show: (row) => (
      <Anchor component={Link} to={`/settlement/breaks/${row.id}`} size="sm">
        {row.type} {nameWords(t, row)}
      </Anchor>
    ),
  }),
  wordColumn('state', t('state'), ({ state }) => t(`break.state.${state}`), {
    show: ({ state }) => <StatusBadge status={t(`break.state.${state}`)} tone={breakTones[state]} />,
  }),
  amountColumn('amount', t('amount'), ({ amount }) => amount),
  wordColumn('rrn', t('rrn'), ({ rrn }) => rrn, { show: ({ rrn }) => <span className="mono">{rrn ?? '—'}</span> }),
  wordColumn('cycle', t('cycle.name'), ({ cycle }) => cycle),
  instantColumn('dueAt', t('dueAt'), ({ dueAt }) => dueAt),
  wordColumn('assignee', t('break.assignee'), ({ assignee }) => assignee, { hidden: true }),
  wordColumn('institution', t('bank'), ({ institution }) => institution, { hidden: true }),
  instantColumn('openedAt', t('openedAt'), ({ openedAt }) => openedAt, { hidden: true }),
]
