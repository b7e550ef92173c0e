import { Checkbox, Group, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import type { Body } from '../../api/shapes.ts'
import { FormModal } from '../../components/form-modal.tsx'
import { IstField, instantOf } from '../../components/ist-field.tsx'
import { paiseOf } from '../../components/money.tsx'
import { tellDone } from '../../components/told.ts'

type NewLimit = Body<'post', '/v1/limits'>
const channels = ['internet', 'mobile', 'branch', 'atm', 'sms', 'ivr', 'ussd'] as const satisfies readonly NonNullable<
  NewLimit['channel']
>[]
const sums = ['perPayment', 'day', 'week', 'month', 'reviewOver'] as const
const counts = ['dayCount', 'weekCount', 'monthCount'] as const

type Asked = Record<(typeof sums)[number], string> & {
  readonly [K in (typeof counts)[number]]: number | string
} & { whom: string; who: string; channel: string | null; registeredOnly: boolean; from: string; until: string }

/** Sets a limit; what is left empty is no rule of it. */
export function LimitForm({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('administration')
  const make = useChange('post', '/v1/limits', { touches: ['/v1/limits', '/v1/approvals'] })
  const amount = (text: string) => (text === '' || paiseOf(text) !== undefined ? null : t('amountWrong'))
  const form = useForm<Asked>({
    initialValues: {
      whom: 'accounts',
      who: '',
      channel: null,
      perPayment: '',
      day: '',
      week: '',
      month: '',
      reviewOver: '',
      dayCount: '',
      weekCount: '',
      monthCount: '',
      registeredOnly: false,
      from: '',
      until: '',
    },
    validate: { perPayment: amount, day: amount, week: amount, month: amount, reviewOver: amount },
  })
  const close = (): void => {
    form.reset()
    make.reset()
    onClose()
  }
  const submit = form.onSubmit((asked) => {
    const rules = {
      ...Object.fromEntries(sums.flatMap((name) => (asked[name] === '' ? [] : [[name, paiseOf(asked[name])]]))),
      ...Object.fromEntries(counts.flatMap((name) => (asked[name] === '' ? [] : [[name, Number(asked[name])]]))),
      ...(asked.registeredOnly ? { registeredOnly: true as const } : {}),
    }
    const who = asked.who.trim()
    const channel = channels.find((one) => one === asked.channel)
    const validFrom = instantOf(asked.from)
    const validUntil = instantOf(asked.until)
    const body = {
      rules,
      ...(asked.whom === 'account' ? { account: who } : {}),
      ...(asked.whom === 'customers' ? { customer: 'each' } : {}),
      ...(asked.whom === 'customer' ? { customer: who } : {}),
      ...(channel === undefined ? {} : { channel }),
      ...(validFrom === undefined ? {} : { validFrom }),
      ...(validUntil === undefined ? {} : { validUntil }),
    }
    make.mutate(
      { body },
      {
        onSuccess: (made) => {
          tellDone(t, made, t('limit.made'))
          close()
        },
      },
    )
  })
  const { whom } = form.values
  return (
    <FormModal
      title={t('limit.new')}
      act={t('limit.make')}
      opened={opened}
      onClose={close}
      onSubmit={submit}
      pending={make.isPending}
      problem={make.error}
      size="lg"
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <Select
          label={t('limit.whom')}
          data={(['accounts', 'account', 'customers', 'customer'] as const).map((value) => ({
            value,
            label: t(`limit.of.${value}`),
          }))}
          allowDeselect={false}
          {...form.getInputProps('whom')}
        />
        <Select
          label={t('limit.channel')}
          data={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
          placeholder={t('limit.anyChannel')}
          clearable
          clearButtonProps={{ 'aria-label': t('limit.anyChannel') }}
          {...form.getInputProps('channel')}
        />
      </SimpleGrid>
      {(whom === 'account' || whom === 'customer') && (
        <TextInput
          label={t(`limit.of.${whom}`)}
          placeholder={whom === 'account' ? 'acc_100001' : 'cus_…'}
          maxLength={36}
          withAsterisk
          {...form.getInputProps('who')}
        />
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {sums.map((name) => (
          <TextInput
            key={name}
            label={t(`limit.field.${name}`)}
            leftSection="₹"
            inputMode="decimal"
            {...form.getInputProps(name)}
          />
        ))}
        {counts.map((name) => (
          <NumberInput
            key={name}
            label={t(`limit.field.${name}`)}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            hideControls
            {...form.getInputProps(name)}
          />
        ))}
      </SimpleGrid>
      <Checkbox
        label={t('limit.field.registeredOnly')}
        {...form.getInputProps('registeredOnly', { type: 'checkbox' })}
      />
      <Group grow align="flex-start">
        <IstField
          label={t('validFrom')}
          description={t('validFromHelp')}
          value={form.values.from}
          onChange={(from) => form.setFieldValue('from', from)}
          error={make.error?.of('validFrom')}
        />
        <IstField
          label={t('validUntil')}
          description={t('validUntilHelp')}
          value={form.values.until}
          onChange={(until) => form.setFieldValue('until', until)}
          error={make.error?.of('validUntil')}
        />
      </Group>
    </FormModal>
  )
}
