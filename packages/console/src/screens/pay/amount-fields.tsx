import { SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { amountInWords } from '../../components/amount-words.ts'
import { paiseOf, rupees } from '../../components/money.tsx'
import type { Fields } from './from-field.tsx'

/** How much, grouped as it is said in India and in words; and what goes with it. */
export function AmountFields({ wish, change, error }: Fields) {
  const { t, i18n } = useTranslation('pay')
  const paise = paiseOf(wish.amount)
  return (
    <Stack gap="sm">
      <TextInput
        label={t('amount')}
        value={wish.amount}
        onChange={({ currentTarget }) => change({ amount: currentTarget.value })}
        onBlur={() => paise !== undefined && change({ amount: rupees(paise).slice(1) })}
        leftSection="₹"
        inputMode="decimal"
        autoComplete="off"
        maxLength={20}
        size="md"
        classNames={{ input: 'tabular' }}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        description={paise === undefined ? t('amountHelp') : amountInWords(paise, i18n.language)}
        error={error('amount')}
        required
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput
          label={t('remarks')}
          description={t('remarksHelp')}
          value={wish.remarks}
          onChange={({ currentTarget }) => change({ remarks: currentTarget.value })}
          maxLength={50}
        />
        <TextInput
          label={t('reference')}
          description={t('referenceHelp')}
          value={wish.reference}
          onChange={({ currentTarget }) => change({ reference: currentTarget.value })}
          maxLength={64}
        />
      </SimpleGrid>
    </Stack>
  )
}
