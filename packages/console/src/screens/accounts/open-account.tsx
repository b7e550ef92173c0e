import { Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import { isSandbox } from '../../app/brand.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { paiseOf } from '../../components/money.tsx'
import { tell } from '../../components/problem-alert.tsx'

/** Opens an account: the hub gives it a number, an IFSC and, with a mobile number, an MMID. */
export function OpenAccount({
  onClose,
  onOpened,
}: {
  readonly onClose: () => void
  readonly onOpened: (id: string) => void
}) {
  const { t } = useTranslation('accounts')
  const open = useChange('post', '/v1/accounts', { touches: ['/v1/accounts'] })
  const form = useForm({
    initialValues: { name: '', mobile: '', reference: '', balance: '' },
    validate: {
      name: (value: string) => (/^[ -~]{1,50}$/.test(value.trim()) && value.trim() !== '' ? null : t('open.nameWrong')),
      mobile: (value: string) => (value === '' || /^[6-9][0-9]{9}$/.test(value) ? null : t('open.mobileWrong')),
      balance: (value: string) => (value === '' || paiseOf(value) !== undefined ? null : t('amountWrong')),
    },
  })
  const submit = form.onSubmit(({ name, mobile, reference, balance }) => {
    const openingBalance = paiseOf(balance)
    open.mutate(
      {
        body: {
          name: name.trim(),
          ...(mobile === '' ? {} : { mobile }),
          ...(reference.trim() === '' ? {} : { reference: reference.trim() }),
          ...(openingBalance === undefined ? {} : { openingBalance }),
        },
      },
      {
        onSuccess: ({ id }) => {
          tell(t('open.done'))
          onOpened(id)
        },
      },
    )
  })
  return (
    <FormModal
      title={t('open.act')}
      act={t('open.act')}
      opened
      onClose={onClose}
      onSubmit={submit}
      pending={open.isPending}
      problem={open.error}
    >
      <Text size="sm">{t('open.text')}</Text>
      <TextInput label={t('name')} withAsterisk maxLength={50} data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label={t('mobile')}
        description={t('open.mobileHelp')}
        inputMode="numeric"
        maxLength={10}
        {...form.getInputProps('mobile')}
      />
      <TextInput
        label={t('reference')}
        description={t('open.referenceHelp')}
        maxLength={64}
        {...form.getInputProps('reference')}
      />
      {isSandbox && (
        <TextInput
          label={t('open.balance')}
          description={t('open.balanceHelp')}
          inputMode="decimal"
          leftSection="₹"
          {...form.getInputProps('balance')}
        />
      )}
    </FormModal>
  )
}
