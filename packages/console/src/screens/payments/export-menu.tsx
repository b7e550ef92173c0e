import { useTranslation } from 'react-i18next'
import { addressOf } from '../../api/client.ts'
import { FileMenu } from '../../components/file-menu.tsx'
import { type Filters, queryOf } from './filters.ts'

const formats = ['csv', 'xlsx'] as const

/** All payments that fit the filters, as a file. */
export function ExportMenu({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation('payments')
  const { limit: _page, ...query } = queryOf(filters)
  return (
    <FileMenu
      label={t('export.label')}
      files={formats.map((format) => [
        t(`export.${format}`),
        addressOf('/v1/payments/export', {}, { ...query, format }),
      ])}
    />
  )
}
