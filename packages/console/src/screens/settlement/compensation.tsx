import { Button, Select, Text, TextInput } from '@mantine/core'
import { IconCoinRupee } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange, useList } from '../../api/hooks.ts'
import type { Item, Query } from '../../api/shapes.ts'
import { amountColumn, wordColumn } from '../../components/columns.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { tell } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'

type Owed = Item<'/v1/compensation'>
type Filter = NonNullable<Query<'get', '/v1/compensation'>>

const states = ['accruing', 'due', 'paid'] as const
const tones = { accruing: 'waiting', due: 'bad', paid: 'good' } as const

const isState = (value: string | null): value is (typeof states)[number] => states.some((one) => one === value)

/** A hundred rupees a day for money that came late, paid unasked. */
export function Compensation() {
  const { t } = useTranslation('settlement')
  const may = useRight('settlement:write')
  const [state, setState] = useState('')
  const [elsewhere, setElsewhere] = useState<Owed>()
  const [account, setAccount] = useState('')
  const query: Filter = { ...(isState(state) ? { state } : {}), limit: 100 }
  const list = useList('/v1/compensation', { query })
  const pay = useChange('post', '/v1/compensation/{id}/pay-elsewhere', {
    touches: ['/v1/compensation', '/v1/approvals'],
  })
  const close = (): void => {
    pay.reset()
    setElsewhere(undefined)
  }
  return (
    <>
      <DataTable
        name="compensation"
        label={t('part.compensation')}
        list={list}
        columns={columnsOf(t, may ? setElsewhere : undefined)}
        rowKey={({ id }) => id}
        tools={
          <Select
            aria-label={t('state')}
            w={170}
            value={state}
            onChange={(chosen) => setState(chosen ?? '')}
            data={[
              { value: '', label: t('all') },
              ...states.map((one) => ({ value: one, label: t(`owed.state.${one}`) })),
            ]}
            allowDeselect={false}
          />
        }
        empty={<EmptyState icon={IconCoinRupee} title={t('owed.none.title')} text={t('owed.none.text')} />}
      />
      <FormModal
        title={t('owed.elsewhere.title')}
        act={t('owed.elsewhere.act')}
        opened={elsewhere !== undefined}
        onClose={close}
        onSubmit={(event) => {
          event.preventDefault()
          if (elsewhere !== undefined)
            pay.mutate(
              { params: { id: elsewhere.id }, body: { account: account.trim() } },
              {
                onSuccess: () => {
                  tell(t('owed.elsewhere.done'))
                  close()
                },
              },
            )
        }}
        pending={pay.isPending}
        problem={pay.error}
      >
        <Text size="sm">{t('owed.elsewhere.text')}</Text>
        <TextInput
          label={t('owed.elsewhere.account')}
          placeholder="acc_100001"
          value={account}
          error={pay.error?.of('account')}
          onChange={({ currentTarget }) => setAccount(currentTarget.value)}
        />
      </FormModal>
    </>
  )
}

const columnsOf = (t: TFunction, elsewhere: ((row: Owed) => void) | undefined): readonly Column<Owed>[] => [
  wordColumn('rrn', t('rrn'), ({ rrn }) => rrn, { show: ({ rrn }) => <span className="mono">{rrn}</span> }),
  amountColumn('amount', t('amount'), ({ amount }) => amount),
  wordColumn('days', t('owed.days'), ({ days }) => days.toString()),
  wordColumn('state', t('state'), ({ state }) => t(`owed.state.${state}`), {
    show: ({ state }) => <StatusBadge status={t(`owed.state.${state}`)} tone={tones[state]} />,
  }),
  wordColumn('owedBy', t('owed.by.label'), ({ owedBy }) => t(`owed.by.${owedBy}`)),
  wordColumn('from', t('owed.from'), ({ from }) => from),
  wordColumn('until', t('owed.until'), ({ until }) => until),
  amountColumn('reported', t('owed.reported'), ({ reported }) => reported),
  ...(elsewhere === undefined
    ? []
    : [
        {
          id: 'elsewhere',
          header: t('owed.elsewhere.column'),
          cell: (row: Owed) =>
            row.state === 'due' && row.owedBy === 'us' ? (
              <Button size="compact-xs" variant="default" onClick={() => elsewhere(row)}>
                {t('owed.elsewhere.act')}
              </Button>
            ) : (
              t('common:none')
            ),
        },
      ]),
]
