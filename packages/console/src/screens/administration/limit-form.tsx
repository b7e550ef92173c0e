import { Checkbox, Fieldset, NumberInput, Select, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import type { Body } from '../../api/shapes.ts'
import { FormModal, showFirst } from '../../components/form-modal.tsx'
import { tellDone } from '../../components/told.ts'
import {
  type Asked,
  channels,
  fieldsOf,
  groups,
  isAmount,
  isNumber,
  noLimit,
  refusalsOf,
  rulesOf,
} from './limit-fields.ts'
import { PeriodFields, periodOf } from './period.tsx'

/** Sets a limit; what is left empty is no rule of it. */
export function LimitForm({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('administration')
  const make = useChange('post', '/v1/limits', { touches: ['/v1/limits', '/v1/approvals'] })
  const form = useForm<Asked>({ initialValues: noLimit, validate: (asked) => refusalsOf(t, asked) })
  const close = (): void => {
    form.reset()
    make.reset()
    onClose()
  }
  const submit = form.onSubmit((asked) => {
    const who = asked.who.trim()
    const channel = channels.find((one) => one === asked.channel)
    const body: Body<'post', '/v1/limits'> = {
      rules: rulesOf(asked),
      ...(asked.whom === 'account' ? { account: who } : {}),
      ...(asked.whom === 'customers' ? { customer: 'each' } : {}),
      ...(asked.whom === 'customer' ? { customer: who } : {}),
      ...(channel === undefined ? {} : { channel }),
      ...periodOf(asked),
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
  }, showFirst(form))
  const { whom, channel } = form.values
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
      {(channel === 'sms' || channel === 'ivr' || channel === 'ussd') && (
        <Text size="sm">{t('limit.smallChannel')}</Text>
      )}
      {(whom === 'account' || whom === 'customer') && (
        <TextInput
          label={t(`limit.of.${whom}`)}
          placeholder={whom === 'account' ? 'acc_100001' : 'cus_…'}
          maxLength={36}
          withAsterisk
          {...form.getInputProps('who')}
        />
      )}
      {groups.map((group) => (
        <Fieldset key={group} legend={t(`limit.group.${group}`)}>
          <Text size="xs" c="dimmed" mb="xs">
            {t(`limit.groupHelp.${group}`)}
          </Text>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            {fieldsOf(group).map((name) =>
              isAmount(name) ? (
                <TextInput
                  key={name}
                  label={t(`limit.field.${name}`)}
                  leftSection="₹"
                  inputMode="decimal"
                  {...form.getInputProps(name)}
                />
              ) : (
                isNumber(name) && (
                  <NumberInput
                    key={name}
                    label={t(`limit.field.${name}`)}
                    allowDecimal={false}
                    allowNegative={false}
                    hideControls
                    {...form.getInputProps(name)}
                  />
                )
              ),
            )}
          </SimpleGrid>
          {group === 'beneficiary' && (
            <Checkbox
              mt="sm"
              label={t('limit.field.registeredOnly')}
              {...form.getInputProps('registeredOnly', { type: 'checkbox' })}
            />
          )}
        </Fieldset>
      ))}
      <PeriodFields
        period={form.values}
        onChange={(end, typed) => form.setFieldValue(end, typed)}
        problem={make.error}
      />
    </FormModal>
  )
}
