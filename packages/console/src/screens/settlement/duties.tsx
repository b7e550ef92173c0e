import { Anchor } from '@mantine/core'
import { IconClockCheck } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { amountColumn, wordColumn } from '../../components/columns.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { Clock } from './disputes.tsx'

type Duty = Item<'/v1/duties'>

const EVERY_MS = 15_000

/** Answers that are owed to NPCI, the most urgent first. */
export function Duties() {
  const { t } = useTranslation('settlement')
  const list = useList('/v1/duties', { query: { limit: 100 } }, { everyMs: EVERY_MS })
  return (
    <DataTable
      name="duties"
      label={t('part.duties')}
      list={list}
      columns={columnsOf(t)}
      rowKey={({ id }) => id}
      empty={<EmptyState icon={IconClockCheck} title={t('duty.none.title')} text={t('duty.none.text')} />}
    />
  )
}

const columnsOf = (t: TFunction): readonly Column<Duty>[] => [
  wordColumn('rrn', t('rrn'), ({ rrn }) => rrn, {
    show: ({ rrn, payment }) =>
      payment === null ? (
        <span className="mono">{rrn}</span>
      ) : (
        <Anchor component={Link} to={`/payments/${payment}`} size="sm" className="mono">
          {rrn}
        </Anchor>
      ),
  }),
  amountColumn('amount', t('amount'), ({ amount }) => amount),
  wordColumn('dueAt', t('dueAt'), ({ dueAt }) => dueAt, { show: ({ dueAt }) => <Clock dueAt={dueAt} /> }),
  wordColumn('late', t('duty.late'), ({ late }) => t(late ? 'yes' : 'no'), {
    show: ({ late, warnings }) => (
      <StatusBadge
        status={t(late ? 'duty.isLate' : 'duty.inTime')}
        tone={late ? 'bad' : warnings > 0 ? 'waiting' : 'going'}
      />
    ),
  }),
  wordColumn('answer', t('duty.answer'), ({ answer }) => answer),
  wordColumn('waitsFor', t('duty.waitsFor.label'), ({ waitsFor }) => t(`duty.waitsFor.${waitsFor}`), {
    show: ({ waitsFor, uploadFile }) =>
      uploadFile === null ? (
        t(`duty.waitsFor.${waitsFor}`)
      ) : (
        <Anchor component={Link} to={`/settlement/uploads/${uploadFile}`} size="sm">
          {t(`duty.waitsFor.${waitsFor}`)}
        </Anchor>
      ),
  }),
  wordColumn('transactedOn', t('dispute.transactionOn'), ({ transactedOn }) => transactedOn),
  wordColumn('institution', t('bank'), ({ institution }) => institution, { hidden: true }),
]
