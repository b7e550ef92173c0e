import { Anchor, Button, TextInput } from '@mantine/core'
import { IconArrowsJoin } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useChange, useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { instantColumn, wordColumn } from '../../components/columns.tsx'
import { counted } from '../../components/counted.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { tell } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { today } from './cycles.tsx'

type Run = Item<'/v1/reconciliation-runs'>

const EVERY_MS = 5_000
export const runTones = {
  running: 'going',
  held: 'waiting',
  matched: 'good',
  failed: 'bad',
  rolled_back: 'over',
} as const

/** What was matched, and what can be taken back. */
export function Runs() {
  const { t } = useTranslation('settlement')
  const navigate = useNavigate()
  const may = useRight('settlement:write')
  const [starting, setStarting] = useState(false)
  const [cycle, setCycle] = useState(() => `${today()}/1`)
  const list = useList('/v1/reconciliation-runs', { query: { limit: 100 } }, { everyMs: EVERY_MS })
  const start = useChange('post', '/v1/reconciliation-runs', { touches: ['/v1/reconciliation-runs', '/v1/breaks'] })
  const close = (): void => {
    start.reset()
    setStarting(false)
  }
  return (
    <>
      <DataTable
        name="runs"
        label={t('part.runs')}
        list={list}
        columns={columnsOf(t)}
        rowKey={({ id }) => id}
        onOpen={({ id }) => navigate(`/settlement/runs/${id}`)}
        tools={
          may && (
            <Button variant="default" onClick={() => setStarting(true)}>
              {t('run.start')}
            </Button>
          )
        }
        empty={<EmptyState icon={IconArrowsJoin} title={t('run.none.title')} text={t('run.none.text')} />}
      />
      <FormModal
        title={t('run.start')}
        act={t('run.start')}
        opened={starting}
        onClose={close}
        onSubmit={(event) => {
          event.preventDefault()
          start.mutate(
            { body: { cycle: cycle.trim() } },
            {
              onSuccess: ({ id }) => {
                tell(t('run.started'))
                close()
                navigate(`/settlement/runs/${id}`)
              },
            },
          )
        }}
        pending={start.isPending}
        problem={start.error}
      >
        <TextInput
          label={t('cycle.name')}
          description={t('run.cycleHelp')}
          value={cycle}
          error={start.error?.of('cycle')}
          onChange={({ currentTarget }) => setCycle(currentTarget.value)}
        />
      </FormModal>
    </>
  )
}

const columnsOf = (t: TFunction): readonly Column<Run>[] => [
  wordColumn('cycle', t('cycle.name'), ({ cycle }) => cycle, {
    show: ({ id, cycle }) => (
      <Anchor component={Link} to={`/settlement/runs/${id}`} size="sm">
        {cycle}
      </Anchor>
    ),
  }),
  wordColumn('state', t('state'), ({ state }) => t(`run.state.${state}`), {
    show: ({ state }) => <StatusBadge status={t(`run.state.${state}`)} tone={runTones[state]} />,
  }),
  wordColumn('progress', t('run.progress'), ({ state, progress }) => (state === 'running' ? counted(progress) : null)),
  instantColumn('startedAt', t('run.startedAt'), ({ startedAt }) => startedAt),
  instantColumn('endedAt', t('run.endedAt'), ({ endedAt }) => endedAt),
  wordColumn('startedBy', t('run.startedBy'), ({ startedBy }) => (startedBy === 'hub' ? t('run.hub') : startedBy)),
  wordColumn('institution', t('bank'), ({ institution }) => institution, { hidden: true }),
]
