import { Anchor, SegmentedControl, Text } from '@mantine/core'
import { IconChecks } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useList } from '../../api/hooks.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { MoneyOrNone, rupees } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useSession } from '../../session/session.tsx'
import { type Approval, amountOf, decisionTones, progressOf, sentenceOf } from './words.ts'

const EVERY_MS = 15_000

/** What waits for people, and what they have decided. */
export function Inbox() {
  const { t } = useTranslation('approvals')
  const navigate = useNavigate()
  const { person } = useSession()
  const [which, setWhich] = useState<'waiting' | 'decided'>('waiting')
  const all = which === 'decided'
  const list = useList('/v1/approvals', { query: { ...(all ? { all } : {}), limit: 100 } }, { everyMs: EVERY_MS })
  const rows = all ? list.rows.filter(({ decision }) => decision !== null) : list.rows
  return (
    <>
      <PageHeader title={t('title')} about={t('about')} />
      <DataTable
        name="approvals"
        label={t('title')}
        list={{ ...list, rows }}
        columns={columnsOf(t, person.id)}
        rowKey={({ id }) => id}
        onOpen={({ id }) => navigate(id)}
        tools={
          <SegmentedControl
            aria-label={t('which')}
            value={which}
            onChange={setWhich}
            data={[
              { value: 'waiting', label: t('waiting') },
              { value: 'decided', label: t('decided') },
            ]}
          />
        }
        empty={<EmptyState icon={IconChecks} title={t(`empty.${which}.title`)} text={t(`empty.${which}.text`)} />}
      />
    </>
  )
}

const columnsOf = (t: TFunction, me: string): readonly Column<Approval>[] => [
  {
    id: 'what',
    header: t('column.what'),
    cell: (row) => (
      <Anchor component={Link} to={row.id} size="sm">
        {sentenceOf(t, row)}
      </Anchor>
    ),
    text: (row) => sentenceOf(t, row),
  },
  {
    id: 'kind',
    header: t('column.kind'),
    cell: ({ subject }) => t(`kind.${subject.kind}`),
    text: ({ subject }) => subject.kind,
  },
  {
    id: 'amount',
    header: t('column.amount'),
    align: 'end',
    cell: (row) => <MoneyOrNone paise={amountOf(row)} />,
    text: (row) => rupees(amountOf(row) ?? '0'),
  },
  {
    id: 'progress',
    header: t('column.progress'),
    cell: (row) => t('progress', progressOf(row)),
    text: (row) => t('progress', progressOf(row)),
  },
  {
    id: 'maker',
    header: t('column.maker'),
    cell: ({ maker }) => (
      <Text span size="sm" {...(maker === me ? {} : { className: 'mono' })}>
        {maker === me ? t('you') : shortOf(maker)}
      </Text>
    ),
    text: ({ maker }) => maker,
  },
  {
    id: 'decision',
    header: t('column.decision'),
    cell: ({ decision }) => (
      <StatusBadge status={t(`decision.${decision ?? 'pending'}`)} tone={decisionTones[decision ?? 'pending']} />
    ),
    text: ({ decision }) => decision ?? 'pending',
  },
  {
    id: 'expiresAt',
    header: t('column.until'),
    cell: ({ decision, decidedAt, expiresAt }) => (
      <Instant at={decision === null ? expiresAt : decidedAt} form="short" />
    ),
    text: ({ expiresAt }) => expiresAt,
  },
  {
    id: 'createdAt',
    header: t('column.createdAt'),
    cell: ({ createdAt }) => <Instant at={createdAt} form="short" />,
    text: ({ createdAt }) => createdAt,
    hidden: true,
  },
]

/** An id in as much as people tell ids apart by: `usr_…9f3c2a1b`. */
export const shortOf = (id: string): string => (id.length <= 14 ? id : `${id.slice(0, 4)}…${id.slice(-8)}`)
