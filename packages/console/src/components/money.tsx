import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { rupees } from './rupees.ts'

export { paiseOf, rupees } from './rupees.ts'

/** An amount in rupees. */
export function Money({ paise, strong = false }: { readonly paise: string; readonly strong?: boolean }) {
  return (
    <Text span inherit className="tabular" {...(strong ? { fw: 600 } : {})}>
      {rupees(paise)}
    </Text>
  )
}

/** What stands where the API has no amount. */
export function MoneyOrNone({ paise }: { readonly paise: string | null | undefined }) {
  const { t } = useTranslation()
  return paise === null || paise === undefined ? t('none') : <Money paise={paise} />
}
