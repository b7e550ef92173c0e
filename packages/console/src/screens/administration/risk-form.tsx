import { Button, Fieldset, SegmentedControl, SimpleGrid, Switch, Text, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import { FormModal, showFirst } from '../../components/form-modal.tsx'
import { IstField, instantOf } from '../../components/ist-field.tsx'
import { tellDone } from '../../components/told.ts'
import { type Asked, askedOf, type Field, type RuleSet, refusalsOf, riskRules, ruleSetOf } from './risk-fields.ts'

/** Sets the rules of risk: the whole set, each rule on or off, at once or when others have agreed. */
export function RiskForm({
  held,
  suggested,
  onClose,
}: {
  readonly held: RuleSet
  readonly suggested: RuleSet
  readonly onClose: () => void
}) {
  const { t } = useTranslation('administration')
  const set = useChange('put', '/v1/risk/rules', { touches: ['/v1/risk/rules', '/v1/approvals'] })
  const form = useForm<Asked>({
    initialValues: { rules: askedOf(held, suggested), from: '' },
    validate: ({ rules }) => refusalsOf(t, rules),
  })
  const submit = form.onSubmit(({ rules, from }) => {
    const validFrom = instantOf(from)
    set.mutate(
      { body: { rules: ruleSetOf(rules), ...(validFrom === undefined ? {} : { validFrom }) } },
      {
        onSuccess: (answer) => {
          tellDone(t, answer, t('risk.made'))
          onClose()
        },
      },
    )
  }, showFirst(form))
  return (
    <FormModal
      title={t('risk.change')}
      act={t('risk.make')}
      opened
      onClose={onClose}
      onSubmit={submit}
      pending={set.isPending}
      problem={set.error}
      size="lg"
    >
      <Text size="sm">{t('risk.changeText')}</Text>
      <Button
        variant="light"
        w="fit-content"
        onClick={() => form.setFieldValue('rules', askedOf(suggested, suggested))}
      >
        {t('risk.useSuggested')}
      </Button>
      {riskRules.map(([rule, asks]) => (
        <RuleFields
          key={rule}
          rule={rule}
          asks={asks}
          form={form}
          refusalOf={(name) => set.error?.of(`rules.${rule}.${name}`)}
        />
      ))}
      <IstField
        label={t('validFrom')}
        description={t('validFromHelp')}
        value={form.values.from}
        onChange={(from) => form.setFieldValue('from', from)}
        error={set.error?.of('validFrom')}
      />
    </FormModal>
  )
}

function RuleFields({
  rule,
  asks,
  form,
  refusalOf,
}: {
  readonly rule: string
  readonly asks: readonly Field[]
  readonly form: Pick<UseFormReturnType<Asked>, 'values' | 'getInputProps'>
  /** What the hub refuses of a field. */
  readonly refusalOf: (name: string) => string | undefined
}) {
  const { t } = useTranslation('administration')
  const isOn = form.values.rules[rule]?.isOn === true
  return (
    <Fieldset legend={t(`risk.name.${rule}`)}>
      <Switch
        label={t('risk.on', { name: t(`risk.name.${rule}`) })}
        description={t(`risk.help.${rule}`)}
        {...form.getInputProps(`rules.${rule}.isOn`, { type: 'checkbox' })}
      />
      {isOn && (
        <>
          <SimpleGrid cols={{ base: 2, xs: 3 }} spacing="sm" my="sm">
            {asks.map(([name, least]) => {
              const given = form.getInputProps(`rules.${rule}.values.${name}`)
              return (
                <TextInput
                  key={name}
                  label={t(`risk.field.${rule}.${name}`, { defaultValue: t(`risk.field.${name}`) })}
                  inputMode={least === undefined ? 'decimal' : 'numeric'}
                  leftSection={least === undefined ? '₹' : undefined}
                  {...given}
                  error={given.error ?? refusalOf(name)}
                />
              )
            })}
          </SimpleGrid>
          <SegmentedControl
            aria-label={t('risk.then')}
            size="xs"
            data={['review', 'refuse'].map((value) => ({ value, label: t(`risk.action.${value}`) }))}
            {...form.getInputProps(`rules.${rule}.action`)}
          />
        </>
      )}
    </Fieldset>
  )
}
