import { Select, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import { FormModal } from '../../components/form-modal.tsx'
import { paiseOf } from '../../components/money.tsx'
import { tell } from '../../components/problem-alert.tsx'
import type { Next } from './dispute-page.tsx'
import { RuleName } from './rule-name.tsx'

/** Says what follows in a dispute. It becomes a row of an upload file, which other people must let go. */
export function DisputeAnswer({
  id,
  next,
  onClose,
}: {
  readonly id: string
  readonly next: Next
  readonly onClose: () => void
}) {
  const { t } = useTranslation('settlement')
  const act = useChange('post', '/v1/disputes/{id}/actions', { touches: ['/v1/disputes', '/v1/upload-files'] })
  const form = useForm({
    initialValues: { reason: next.reasons[0] ?? '', amount: '' },
    validate: { amount: (value: string) => (value === '' || paiseOf(value) !== undefined ? null : t('amountWrong')) },
  })
  const submit = form.onSubmit(({ reason, amount }) => {
    const paise = paiseOf(amount)
    act.mutate(
      { params: { id }, body: { flag: next.flag, reason, ...(paise === undefined ? {} : { amount: paise }) } },
      {
        onSuccess: () => {
          tell(t('dispute.next.done'))
          onClose()
        },
      },
    )
  })
  return (
    <FormModal
      title={
        <>
          {next.flag} <RuleName name={next.name} />
        </>
      }
      act={t('dispute.next.act', { flag: next.flag })}
      opened
      onClose={onClose}
      onSubmit={submit}
      pending={act.isPending}
      problem={act.error}
    >
      <Text size="sm">{t('dispute.next.warning')}</Text>
      <Select
        label={t('dispute.reason')}
        allowDeselect={false}
        data={[...next.reasons]}
        {...form.getInputProps('reason')}
      />
      <TextInput
        label={t('dispute.amount')}
        description={t('dispute.amountHelp')}
        inputMode="decimal"
        {...form.getInputProps('amount')}
      />
    </FormModal>
  )
}
