import { Anchor, Autocomplete, Button, Select, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconScale } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useChange, useList } from '../../api/hooks.ts'
import type { Item, Query } from '../../api/shapes.ts'
import { now } from '../../clock.ts'
import { amountColumn, wordColumn } from '../../components/columns.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { durationOf, Instant } from '../../components/instant.tsx'
import { paiseOf } from '../../components/money.tsx'
import { tell } from '../../components/problem-alert.tsx'
import { useRight } from '../../session/session.tsx'

type Dispute = Item<'/v1/disputes'>
type Filter = NonNullable<Query<'get', '/v1/disputes'>>

/** What opens a dispute, and the reasons that are offered with it; the hub knows the rules of the day. */
const opening: Readonly<Record<string, readonly string[]>> = {
  B: ['108'],
  FB: ['121'],
  FC: ['128'],
  DFC: ['128'],
  WP: ['WC1'],
  DWC: ['DWC1'],
  C: ['1084', '1090', '1091', '1092', '1094'],
  BGGC: ['BGA1', 'BGA2', 'BGA3', 'BGA4', 'BGA5'],
  RGGC: ['RGA1', 'RGA2', 'RGA3', 'RGA4', 'RGA5'],
  SR: ['SR1'],
}

/** Disputes of both sides, with what is left of their clocks. */
export function Disputes() {
  const { t } = useTranslation('settlement')
  const navigate = useNavigate()
  const may = useRight('settlement:write')
  const [open, setOpen] = useState(true)
  const [direction, setDirection] = useState<'outward' | 'inward' | ''>('')
  const [raising, setRaising] = useState(false)
  const query: Filter = { ...(open ? { open } : {}), ...(direction === '' ? {} : { direction }), limit: 100 }
  const list = useList('/v1/disputes', { query })
  return (
    <>
      <DataTable
        name="disputes"
        label={t('part.disputes')}
        list={list}
        columns={columnsOf(t)}
        rowKey={({ id }) => id}
        onOpen={({ id }) => navigate(`/settlement/disputes/${id}`)}
        tools={
          <>
            <Switch
              label={t('dispute.open')}
              checked={open}
              onChange={({ currentTarget }) => setOpen(currentTarget.checked)}
            />
            <Select
              aria-label={t('direction.label')}
              w={150}
              value={direction}
              onChange={(chosen) => setDirection(chosen === 'outward' || chosen === 'inward' ? chosen : '')}
              data={[
                { value: '', label: t('all') },
                { value: 'outward', label: t('direction.outward') },
                { value: 'inward', label: t('direction.inward') },
              ]}
              allowDeselect={false}
            />
            {may && (
              <Button size="sm" variant="default" onClick={() => setRaising(true)}>
                {t('dispute.raise.act')}
              </Button>
            )}
          </>
        }
        empty={<EmptyState icon={IconScale} title={t('dispute.none.title')} text={t('dispute.none.text')} />}
      />
      <Raise
        opened={raising}
        onClose={() => setRaising(false)}
        onRaised={(id) => navigate(`/settlement/disputes/${id}`)}
      />
    </>
  )
}

const columnsOf = (t: TFunction): readonly Column<Dispute>[] => [
  wordColumn('family', t('dispute.family.label'), ({ family }) => t(`dispute.family.${family}`), {
    show: ({ id, family }) => (
      <Anchor component={Link} to={`/settlement/disputes/${id}`} size="sm">
        {t(`dispute.family.${family}`)}
      </Anchor>
    ),
  }),
  wordColumn('state', t('state'), ({ state }) => t(`dispute.state.${state}`)),
  amountColumn('amount', t('amount'), ({ amount }) => amount),
  wordColumn('rrn', t('rrn'), ({ rrn }) => rrn, { show: ({ rrn }) => <span className="mono">{rrn}</span> }),
  wordColumn('clock', t('dispute.clock'), ({ dueAt }) => dueAt, { show: ({ dueAt }) => <Clock dueAt={dueAt} /> }),
  wordColumn('flag', t('dispute.last'), ({ flag, reason }) => `${flag} ${reason}`),
  wordColumn('pending', t('dispute.pending'), ({ pending }) =>
    pending === null ? null : `${pending.flag} ${pending.reason}`,
  ),
  wordColumn('direction', t('direction.label'), ({ direction }) => t(`direction.${direction}`), { hidden: true }),
  wordColumn('institution', t('bank'), ({ institution }) => institution, { hidden: true }),
]

/** What is left until something must be said. */
export function Clock({ dueAt }: { readonly dueAt: string | null }) {
  const { t } = useTranslation('settlement')
  if (dueAt === null) return t('common:none')
  const left = Date.parse(dueAt) - now()
  return (
    <>
      <Instant at={dueAt} form="short" />{' '}
      {left > 0 ? t('dispute.left', { time: durationOf(left) }) : t('dispute.over', { time: durationOf(-left) })}
    </>
  )
}

/** Raises a dispute, or gives a credit in good faith. The hub judges it by the rules of today. */
function Raise({
  opened,
  onClose,
  onRaised,
}: {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onRaised: (id: string) => void
}) {
  const { t } = useTranslation('settlement')
  const raise = useChange('post', '/v1/disputes', { touches: ['/v1/disputes', '/v1/upload-files'] })
  const form = useForm({
    initialValues: { payment: '', flag: 'B', reason: '', amount: '' },
    validate: {
      payment: (value: string) => (/^pay_[0-9a-f]{32}$/.test(value.trim()) ? null : t('dispute.raise.paymentWrong')),
      reason: (value: string) => (/^[A-Z0-9]{1,5}$/.test(value.trim()) ? null : t('dispute.raise.reasonWrong')),
      amount: (value: string) => (value === '' || paiseOf(value) !== undefined ? null : t('amountWrong')),
    },
  })
  const close = (): void => {
    form.reset()
    raise.reset()
    onClose()
  }
  const submit = form.onSubmit(({ payment, flag, reason, amount }) => {
    const paise = paiseOf(amount)
    raise.mutate(
      {
        body: {
          payment: payment.trim(),
          flag,
          reason: reason.trim(),
          ...(paise === undefined ? {} : { amount: paise }),
        },
      },
      {
        onSuccess: ({ id }) => {
          tell(t('dispute.raise.done'))
          close()
          onRaised(id)
        },
      },
    )
  })
  return (
    <FormModal
      title={t('dispute.raise.title')}
      act={t('dispute.raise.act')}
      opened={opened}
      onClose={close}
      onSubmit={submit}
      pending={raise.isPending}
      problem={raise.error}
    >
      <TextInput label={t('dispute.raise.payment')} withAsterisk {...form.getInputProps('payment')} />
      <Select
        label={t('dispute.raise.flag')}
        allowDeselect={false}
        data={Object.keys(opening).map((value) => ({ value, label: `${value} · ${t(`dispute.flag.${value}`)}` }))}
        {...form.getInputProps('flag')}
      />
      <Autocomplete
        label={t('dispute.reason')}
        description={t('dispute.raise.reasonHelp')}
        withAsterisk
        maxLength={5}
        data={[...(opening[form.values.flag] ?? [])]}
        {...form.getInputProps('reason')}
      />
      <TextInput label={t('dispute.amount')} inputMode="decimal" {...form.getInputProps('amount')} />
    </FormModal>
  )
}
