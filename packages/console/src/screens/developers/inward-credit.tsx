import { Button, Group, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useApi, useChange } from '../../api/hooks.ts'
import { paiseOf, rupees } from '../../components/money.tsx'
import { ProblemAlert, tell } from '../../components/problem-alert.tsx'
import { Card } from './card.tsx'

/** The mobile number of the sandbox's merchant, which the hub shows to nobody unmasked. */
const MERCHANT_MOBILE = '9000000002'
const MERCHANT_MMID_END = '002'

/** A credit arrives from another bank. */
export function InwardCredit() {
  const { t } = useTranslation('developers')
  const accounts = useApi('/v1/accounts', { query: { limit: 100 } })
  const make = useChange('post', '/sandbox/inward', { touches: ['/v1/payments', '/v1/accounts', '/v1/overview'] })
  const known = (accounts.data?.data ?? []).flatMap(({ mmid, name }) => (mmid === null ? [] : [{ mmid, name }]))
  const merchant = known.find(({ mmid }) => mmid.endsWith(MERCHANT_MMID_END))?.mmid
  const form = useForm({
    initialValues: { amount: '2500.00', mmid: '', mobile: MERCHANT_MOBILE, name: 'Ravi Kumar', remarks: 'invoice 42' },
    validate: {
      amount: (amount) => (paiseOf(amount) === undefined ? t('inward.amountWrong') : null),
      mobile: (mobile) => (/^[6-9][0-9]{9}$/.test(mobile) ? null : t('inward.mobileWrong')),
    },
  })
  const mmid = form.values.mmid === '' ? (merchant ?? '') : form.values.mmid
  const submit = form.onSubmit(({ amount, mobile, name, remarks }) => {
    const paise = paiseOf(amount) ?? ''
    make.mutate(
      { body: { amount: paise, to: { mobile, mmid }, from: { name }, remarks } },
      { onSuccess: () => tell(t('inward.done', { amount: rupees(paise) })) },
    )
  })
  return (
    <Card title={t('inward.title')} about={t('inward.about')}>
      <form onSubmit={submit} noValidate>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label={t('inward.amount')} leftSection="₹" inputMode="decimal" {...form.getInputProps('amount')} />
          <Select
            label={t('inward.account')}
            data={known.map((one) => ({ value: one.mmid, label: `${one.name} · ${one.mmid}` }))}
            {...form.getInputProps('mmid')}
            value={mmid}
            allowDeselect={false}
          />
          <TextInput
            label={t('inward.mobile')}
            description={t('inward.mobileHelp')}
            inputMode="numeric"
            maxLength={10}
            {...form.getInputProps('mobile')}
          />
          <TextInput
            label={t('inward.from')}
            description={t('inward.fromHelp')}
            maxLength={50}
            {...form.getInputProps('name')}
          />
        </SimpleGrid>
        {make.error !== null && <ProblemAlert problem={make.error} />}
        <Group justify="flex-end" mt="sm">
          <Button type="submit" loading={make.isPending} disabled={mmid === ''}>
            {t('inward.make')}
          </Button>
        </Group>
      </form>
    </Card>
  )
}
