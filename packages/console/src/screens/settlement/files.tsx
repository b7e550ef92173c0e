import { Alert, Anchor, Select, Stack, Text } from '@mantine/core'
import { IconFileOff } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../api/client.ts'
import { useList } from '../../api/hooks.ts'
import type { Item, Query } from '../../api/shapes.ts'
import { upload } from '../../api/upload.ts'
import { amountColumn, instantColumn, wordColumn } from '../../components/columns.tsx'
import { counted } from '../../components/counted.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FileUpload } from '../../components/file-upload.tsx'
import { tell } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'

type SettlementFile = Item<'/v1/settlement-files'>
type Filter = NonNullable<Query<'get', '/v1/settlement-files'>>

const states = ['accepted', 'superseded', 'refused'] as const
const EVERY_MS = 10_000

/** Every file that came, taken or refused with why; and a door for one more. */
export function Files() {
  const { t } = useTranslation('settlement')
  const may = useRight('settlement:write')
  const mayHave = useRight('details:reveal') && may
  const queries = useQueryClient()
  const [state, setState] = useState<(typeof states)[number] | ''>('')
  const query: Filter = { ...(state === '' ? {} : { state }), limit: 100 }
  const list = useList('/v1/settlement-files', { query }, { everyMs: EVERY_MS })
  const again = () =>
    void queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => String(first).startsWith('/v1/settlement') })
  return (
    <Stack>
      {may && (
        <Stack gap="xs">
          <Text size="sm" c="dimmed" maw="60ch">
            {t('file.handHelp')}
          </Text>
          <FileUpload
            label={t('file.hand')}
            sending={t('file.sending')}
            send={(file, onProgress) =>
              upload(
                '/v1/settlement-files',
                { query: { name: file.name }, file, mediaType: 'application/octet-stream' },
                onProgress,
              ).finally(again)
            }
            onDone={() => tell(t('file.taken'))}
          />
        </Stack>
      )}
      <DataTable
        name="settlement-files"
        label={t('part.files')}
        list={list}
        columns={columnsOf(t, mayHave)}
        rowKey={({ id }) => id}
        tools={
          <Select
            aria-label={t('state')}
            w={170}
            value={state}
            onChange={(chosen) => setState(states.find((one) => one === chosen) ?? '')}
            data={[
              { value: '', label: t('all') },
              ...states.map((one) => ({ value: one, label: t(`file.state.${one}`) })),
            ]}
            allowDeselect={false}
          />
        }
        empty={<EmptyState icon={IconFileOff} title={t('file.none.title')} text={t('file.none.text')} />}
      />
      {list.rows.some((one) => one.state === 'refused') && (
        <Alert variant="light" color="yellow" title={t('file.refusedTitle')}>
          {t('file.refusedText')}
        </Alert>
      )}
    </Stack>
  )
}

const fileTones = { accepted: 'good', superseded: 'over', refused: 'bad' } as const

/** @param mayHave  files may be had as they came; each time is written into the audit log */
const columnsOf = (t: TFunction, mayHave: boolean): readonly Column<SettlementFile>[] => [
  wordColumn('name', t('file.name'), ({ fileName }) => fileName, {
    show: ({ id, fileName }) =>
      mayHave ? (
        <Anchor
          size="sm"
          href={addressOf('/v1/settlement-files/{id}/content', { id }, {})}
          download={fileName}
          aria-label={t('file.download', { name: fileName })}
        >
          {fileName}
        </Anchor>
      ) : (
        fileName
      ),
  }),
  wordColumn('kind', t('file.kind'), ({ kind }) => (kind === null ? null : t(`fileKind.${kind}`))),
  wordColumn('cycle', t('cycle.name'), ({ cycle, settlementDate }) => cycle ?? settlementDate),
  wordColumn('state', t('state'), ({ state }) => t(`file.state.${state}`), {
    show: ({ state }) => <StatusBadge status={t(`file.state.${state}`)} tone={fileTones[state]} />,
  }),
  wordColumn('rows', t('file.rows'), ({ rows }) => (rows === null ? null : counted(rows))),
  amountColumn('amount', t('amount'), ({ amount }) => amount),
  instantColumn('receivedAt', t('file.receivedAt'), ({ receivedAt }) => receivedAt),
  wordColumn('refusal', t('file.refusal'), (row) => refusalWords(t, row), {
    // A reason that is cut off helps nobody.
    show: (row) => (
      <Text size="xs" miw="18rem" style={{ whiteSpace: 'normal' }}>
        {refusalWords(t, row) ?? t('common:none')}
      </Text>
    ),
  }),
  wordColumn('cameBy', t('file.cameBy'), ({ cameBy }) => t(`file.by.${cameBy}`), { hidden: true }),
  wordColumn('sha256', 'SHA-256', ({ sha256 }) => sha256, { hidden: true }),
]

/** Where in the file, and what: "row 14, Amount: expected …, found …". */
function refusalWords(t: TFunction, { refusal }: SettlementFile): string | null {
  if (refusal === null) return null
  const { sheet, row, column, expected, found } = refusal
  const place = [sheet, row === null ? null : t('file.row', { row }), column].filter((part) => part !== null).join(', ')
  return t('file.refused', { place: place === '' ? t('file.whole') : place, expected, found })
}
