import { Anchor, Badge, Button, Group, Switch, Textarea } from '@mantine/core'
import { IconFlag } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useChange, useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { counted } from '../../components/counted.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { Instant } from '../../components/instant.tsx'
import { Money } from '../../components/money.tsx'
import { tell } from '../../components/problem-alert.tsx'
import { useRight, useSession } from '../../session/session.tsx'

type Flag = Item<'/v1/risk/flags'>

/** What the rules of risk found, until somebody has looked at it. */
export function FlagList() {
  const { t } = useTranslation('administration')
  const { rights } = useSession()
  const [all, setAll] = useState(false)
  const [closing, setClosing] = useState<Flag>()
  const list = useList('/v1/risk/flags', { query: { all: all || undefined, limit: 100 } })
  const mayClose = useRight('risk:write')
  const columns: readonly Column<Flag>[] = [
    { id: 'at', header: t('flag.at'), cell: ({ lastAt }) => <Instant at={lastAt} />, text: ({ lastAt }) => lastAt },
    {
      id: 'verdict',
      header: t('flag.verdict'),
      cell: ({ verdict }) => (
        <Badge variant="light" color={verdict === 'refuse' ? 'red' : 'yellow'} radius="sm" tt="none">
          {t(`flag.${verdict}`, { defaultValue: verdict })}
        </Badge>
      ),
      text: ({ verdict }) => verdict,
    },
    {
      id: 'reasons',
      header: t('flag.reasons'),
      cell: ({ reasons }) => reasons.map((one) => t(`reason.${one}`, { defaultValue: one })).join(', '),
      text: ({ reasons }) => reasons.join(' '),
    },
    {
      id: 'amount',
      header: t('amount'),
      align: 'end',
      cell: ({ amount }) => <Money paise={amount} />,
      text: ({ amount }) => amount,
    },
    {
      id: 'payment',
      header: t('flag.payment'),
      cell: ({ payment, account }) =>
        payment !== null && rights.includes('payments:read') ? (
          <Anchor component={Link} to={`/payments/${payment}`} inherit className="mono" title={payment}>
            pay_…{payment.slice(-8)}
          </Anchor>
        ) : (
          <span className="mono">{account}</span>
        ),
      text: ({ payment, account }) => payment ?? account,
    },
    {
      id: 'times',
      header: t('flag.times'),
      align: 'end',
      cell: ({ times }) => counted(times),
      text: ({ times }) => String(times),
    },
    {
      id: 'note',
      header: t('flag.note'),
      cell: ({ note }) => note ?? t('common:none'),
      text: ({ note }) => note ?? '',
    },
    ...(mayClose
      ? [
          {
            id: 'actions',
            header: t('actions'),
            cell: (flag: Flag) =>
              flag.closedAt === null ? (
                <Button size="compact-sm" variant="light" onClick={() => setClosing(flag)}>
                  {t('flag.close')}
                </Button>
              ) : (
                t('flag.closed')
              ),
          },
        ]
      : []),
  ]
  return (
    <>
      <DataTable
        name="flags"
        label={t('part.flags')}
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        tools={
          <Group>
            <Switch label={t('flag.all')} checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
          </Group>
        }
        empty={<EmptyState icon={IconFlag} title={t('flag.none')} text={t('flag.noneText')} />}
      />
      {closing !== undefined && <CloseFlag flag={closing} onClose={() => setClosing(undefined)} />}
    </>
  )
}

function CloseFlag({ flag, onClose }: { readonly flag: Flag; readonly onClose: () => void }) {
  const { t } = useTranslation('administration')
  const [note, setNote] = useState('')
  const close = useChange('post', '/v1/risk/flags/{id}/close', { touches: ['/v1/risk/flags'] })
  return (
    <FormModal
      title={t('flag.closeTitle')}
      act={t('flag.close')}
      opened
      onClose={onClose}
      pending={close.isPending}
      problem={close.error}
      onSubmit={(event) => {
        event.preventDefault()
        const body = note.trim() === '' ? {} : { note: note.trim() }
        close.mutate(
          { params: { id: flag.id }, body },
          {
            onSuccess: () => {
              tell(t('flag.closedNow'))
              onClose()
            },
          },
        )
      }}
    >
      <Textarea
        label={t('flag.note')}
        description={t('flag.noteHelp')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={200}
        data-autofocus
      />
    </FormModal>
  )
}
