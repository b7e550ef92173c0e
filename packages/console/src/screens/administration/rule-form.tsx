import { Button, Fieldset, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { parseRole, type Role, roleNames } from '../../../../../src/identity/rights.ts'
import { useChange } from '../../api/hooks.ts'
import type { Body } from '../../api/shapes.ts'
import { FormModal } from '../../components/form-modal.tsx'
import { paiseOf } from '../../components/money.tsx'
import { tellDone } from '../../components/told.ts'
import { always, type Period, PeriodFields, periodOf } from './period.tsx'

/** What a rule can be about. */
const subjects = [
  'payment',
  'beneficiary',
  'limits',
  'client',
  'person',
  'resolution',
  'break',
  'upload',
  'compensation',
  'fee_rate',
] as const satisfies readonly Body<'post', '/v1/approval-rules'>['subject'][]
/** Steps at most, and alternatives of a step. */
const MOST = 5
const oneChecker = { role: 'checker', count: 1 } as const

type Alternative = { role: Role; count: number }
type Asked = Period & { subject: string; over: string; steps: { anyOf: Alternative[] }[] }

/** Makes a rule: all steps must be passed, one after the other, each by any one of its alternatives. */
export function RuleForm({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('administration')
  const make = useChange('post', '/v1/approval-rules', { touches: ['/v1/approval-rules', '/v1/approvals'] })
  const form = useForm<Asked>({
    initialValues: { subject: 'payment', over: '', steps: [{ anyOf: [{ ...oneChecker }] }], ...always },
    validate: { over: (over) => (over === '' || paiseOf(over) !== undefined ? null : t('amountWrong')) },
  })
  const close = (): void => {
    form.reset()
    make.reset()
    onClose()
  }
  const submit = form.onSubmit(({ subject, over, steps, ...period }) => {
    const [about] = subjects.filter((one) => one === subject)
    if (about === undefined) return
    const overAmount = about === 'payment' ? paiseOf(over) : undefined
    const body = {
      subject: about,
      steps,
      ...(overAmount === undefined ? {} : { overAmount }),
      ...periodOf(period),
    }
    make.mutate(
      { body },
      {
        onSuccess: (made) => {
          tellDone(t, made, t('rule.made'))
          close()
        },
      },
    )
  })
  const { steps, subject } = form.values
  return (
    <FormModal
      title={t('rule.new')}
      act={t('rule.make')}
      opened={opened}
      onClose={close}
      onSubmit={submit}
      pending={make.isPending}
      problem={make.error}
      size="lg"
    >
      <Group grow align="flex-start">
        <Select
          label={t('rule.subject')}
          data={subjects.map((value) => ({ value, label: t(`subject.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('subject')}
        />
        {subject === 'payment' && (
          <TextInput
            label={t('rule.over')}
            description={t('rule.overHelp')}
            leftSection="₹"
            inputMode="decimal"
            {...form.getInputProps('over')}
          />
        )}
      </Group>
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
        <Fieldset key={at} legend={t('rule.step', { number: at + 1 })}>
          <Stack gap="xs">
            {step.anyOf.map((one, alternative) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an alternative is its place
              <Fragment key={alternative}>
                {alternative > 0 && (
                  <Text size="sm" c="dimmed">
                    {t('rule.or')}
                  </Text>
                )}
                <Group align="flex-end" wrap="nowrap">
                  <NumberInput
                    label={t('rule.count')}
                    min={1}
                    max={MOST}
                    allowDecimal={false}
                    w={90}
                    value={one.count}
                    onChange={(count) => form.setFieldValue(`steps.${at}.anyOf.${alternative}.count`, Number(count))}
                  />
                  <Select
                    label={t('rule.role')}
                    data={roleNames.map((value) => ({ value, label: t(`common:role.${value}`) }))}
                    allowDeselect={false}
                    flex={1}
                    value={one.role}
                    onChange={(role) =>
                      form.setFieldValue(`steps.${at}.anyOf.${alternative}.role`, parseRole(role ?? '') ?? 'checker')
                    }
                  />
                  {step.anyOf.length > 1 && (
                    <Button
                      variant="subtle"
                      color="red"
                      aria-label={t('rule.removeAlternative', { number: alternative + 1, step: at + 1 })}
                      onClick={() => form.removeListItem(`steps.${at}.anyOf`, alternative)}
                    >
                      <IconTrash size={16} />
                    </Button>
                  )}
                </Group>
              </Fragment>
            ))}
            <Group gap="xs">
              {step.anyOf.length < MOST && (
                <Button
                  size="compact-sm"
                  variant="light"
                  leftSection={<IconPlus size={14} />}
                  onClick={() => form.insertListItem(`steps.${at}.anyOf`, { role: 'administrator', count: 1 })}
                >
                  {t('rule.addOr')}
                </Button>
              )}
              {steps.length > 1 && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  leftSection={<IconTrash size={14} />}
                  onClick={() => form.removeListItem('steps', at)}
                >
                  {t('rule.removeStep', { number: at + 1 })}
                </Button>
              )}
            </Group>
          </Stack>
        </Fieldset>
      ))}
      {steps.length < MOST && (
        <Button
          variant="light"
          leftSection={<IconPlus size={16} />}
          onClick={() => form.insertListItem('steps', { anyOf: [{ ...oneChecker }] })}
        >
          {t('rule.addAnd')}
        </Button>
      )}
      <PeriodFields
        period={form.values}
        onChange={(end, typed) => form.setFieldValue(end, typed)}
        problem={make.error}
      />
    </FormModal>
  )
}
