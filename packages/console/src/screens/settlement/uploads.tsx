import { Anchor, Select } from '@mantine/core'
import { IconFileExport } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useList } from '../../api/hooks.ts'
import type { Item, Query } from '../../api/shapes.ts'
import { amountColumn, instantColumn, wordColumn } from '../../components/columns.tsx'
import { counted } from '../../components/counted.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'

type UploadFile = Item<'/v1/upload-files'>
type Filter = NonNullable<Query<'get', '/v1/upload-files'>>

const states = ['waiting', 'released', 'sent', 'accepted', 'refused', 'withdrawn'] as const
export const uploadTones = {
  waiting: 'waiting',
  released: 'going',
  sent: 'going',
  accepted: 'good',
  refused: 'bad',
  withdrawn: 'over',
} as const

/** Files for NPCI, and where each stands. */
export function Uploads() {
  const { t } = useTranslation('settlement')
  const navigate = useNavigate()
  const [state, setState] = useState<(typeof states)[number] | ''>('')
  const query: Filter = { ...(state === '' ? {} : { state }), limit: 100 }
  const list = useList('/v1/upload-files', { query })
  return (
    <DataTable
      name="upload-files"
      label={t('part.uploads')}
      list={list}
      columns={columnsOf(t)}
      rowKey={({ id }) => id}
      onOpen={({ id }) => navigate(`/settlement/uploads/${id}`)}
      tools={
        <Select
          aria-label={t('state')}
          w={190}
          value={state}
          onChange={(chosen) => setState(states.find((one) => one === chosen) ?? '')}
          data={[
            { value: '', label: t('all') },
            ...states.map((one) => ({ value: one, label: t(`upload.state.${one}`) })),
          ]}
          allowDeselect={false}
        />
      }
      empty={<EmptyState icon={IconFileExport} title={t('upload.none.title')} text={t('upload.none.text')} />}
    />
  )
}

const columnsOf = (t: TFunction): readonly Column<UploadFile>[] => [
  wordColumn('name', t('file.name'), ({ fileName }) => fileName, {
    show: ({ id, fileName }) => (
      <Anchor component={Link} to={`/settlement/uploads/${id}`} size="sm">
        {fileName}
      </Anchor>
    ),
  }),
  wordColumn('purpose', t('upload.purpose.label'), ({ purpose }) => t(`upload.purpose.${purpose}`)),
  wordColumn('state', t('state'), ({ state }) => t(`upload.state.${state}`), {
    show: ({ state }) => <StatusBadge status={t(`upload.state.${state}`)} tone={uploadTones[state]} />,
  }),
  wordColumn('rows', t('file.rows'), ({ rows }) => counted(rows)),
  amountColumn('amount', t('amount'), ({ amount }) => amount),
  instantColumn('dueAt', t('dueAt'), ({ dueAt }) => dueAt),
  instantColumn('madeAt', t('upload.madeAt'), ({ madeAt }) => madeAt),
  instantColumn('sentAt', t('upload.sentAt'), ({ sentAt }) => sentAt, { hidden: true }),
  wordColumn('institution', t('bank'), ({ institution }) => institution, { hidden: true }),
]
