import { ActionIcon, Button, Group, NumberInput, Select, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import { FormModal } from '../../components/form-modal.tsx'
import { paiseOf } from '../../components/money.tsx'
import { tell } from '../../components/problem-alert.tsx'

const kinds = ['interchange', 'switching'] as const
const sides = ['remitter', 'beneficiary'] as const
const roundings = ['sum_then_round', 'round_then_sum'] as const
const MOST_SLABS = 50
const BPS_OF_PERCENT = 100

type Table = {
  readonly kind: (typeof kinds)[number]
  readonly side: (typeof sides)[number]
  readonly validFrom: string
  readonly gstPercent: number | string
  readonly rounding: (typeof roundings)[number]
  readonly slabs: { readonly key: string; readonly over: string; readonly fee: string }[]
  readonly source: string
}

const newSlab = (over: string) => ({ key: crypto.randomUUID(), over, fee: '' })

/** A table of rates, which holds as a whole from a day to come. Somebody else must agree. */
export function NewFeeRates({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('settlement')
  const propose = useChange('post', '/v1/fee-rates', { touches: ['/v1/fee-rates', '/v1/approvals'] })
  const form = useForm<Table>({
    initialValues: {
      kind: 'interchange',
      side: 'remitter',
      validFrom: '',
      gstPercent: 18,
      rounding: 'sum_then_round',
      slabs: [newSlab('0')],
      source: '',
    },
    validate: {
      validFrom: (value) => (value === '' ? t('fee.new.dayMissing') : null),
      source: (value) => (value.trim() === '' ? t('fee.new.sourceMissing') : null),
      slabs: {
        over: (value) => (paiseOf(value) === undefined ? t('amountWrong') : null),
        fee: (value) => (paiseOf(value) === undefined ? t('amountWrong') : null),
      },
    },
  })
  const { slabs } = form.values
  const submit = form.onSubmit(({ gstPercent, slabs: rows, source, ...table }) =>
    propose.mutate(
      {
        body: {
          ...table,
          gstBps: Math.round(Number(gstPercent) * BPS_OF_PERCENT),
          slabs: rows.map(({ over, fee }) => ({ overAmount: paiseOf(over) ?? '', fee: paiseOf(fee) ?? '' })),
          source: source.trim(),
        },
      },
      {
        onSuccess: () => {
          tell(t('fee.new.done'))
          onClose()
        },
      },
    ),
  )
  const choices = <T extends string>(values: readonly T[], name: string) =>
    values.map((value) => ({ value, label: t(`fee.${name}.${value}`) }))
  return (
    <FormModal
      title={t('fee.new.act')}
      act={t('fee.new.submit')}
      opened
      onClose={onClose}
      onSubmit={submit}
      pending={propose.isPending}
      problem={propose.error}
      size="lg"
    >
      <Text size="sm">{t('fee.new.text')}</Text>
      <Group grow>
        <Select
          label={t('fee.kind.label')}
          allowDeselect={false}
          data={choices(kinds, 'kind')}
          {...form.getInputProps('kind')}
        />
        <Select
          label={t('fee.side.label')}
          allowDeselect={false}
          data={choices(sides, 'side')}
          {...form.getInputProps('side')}
        />
      </Group>
      <Group grow align="start">
        <TextInput type="date" label={t('fee.validFrom')} withAsterisk {...form.getInputProps('validFrom')} />
        <NumberInput
          label={t('fee.new.gst')}
          min={0}
          max={100}
          decimalScale={2}
          hideControls
          {...form.getInputProps('gstPercent')}
        />
      </Group>
      <Select
        label={t('fee.rounding.label')}
        allowDeselect={false}
        data={choices(roundings, 'rounding')}
        {...form.getInputProps('rounding')}
      />
      {slabs.map(({ key }, at) => (
        <Group key={key} align="start" wrap="nowrap">
          <TextInput
            flex={1}
            label={t('fee.over')}
            leftSection="₹"
            inputMode="decimal"
            withAsterisk
            {...form.getInputProps(`slabs.${at}.over`)}
          />
          <TextInput
            flex={1}
            label={t('fee.fee')}
            leftSection="₹"
            inputMode="decimal"
            withAsterisk
            {...form.getInputProps(`slabs.${at}.fee`)}
          />
          <ActionIcon
            mt={28}
            variant="subtle"
            color="gray"
            aria-label={t('fee.new.remove', { number: at + 1 })}
            disabled={slabs.length === 1}
            onClick={() => form.removeListItem('slabs', at)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        size="xs"
        variant="default"
        w="fit-content"
        disabled={slabs.length >= MOST_SLABS}
        onClick={() => form.insertListItem('slabs', newSlab(''))}
      >
        {t('fee.new.add')}
      </Button>
      <TextInput
        label={t('fee.source')}
        description={t('fee.new.sourceHelp')}
        withAsterisk
        maxLength={200}
        {...form.getInputProps('source')}
      />
    </FormModal>
  )
}
