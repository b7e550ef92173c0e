import { useTranslation } from 'react-i18next'
import { PageHeader } from '../../components/page-header.tsx'

export function Screen() {
  const { t } = useTranslation('unconfirmed')
  return <PageHeader title={t('title')} about={t('about')} />
}
