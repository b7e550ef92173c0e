import { useTranslation } from 'react-i18next'
import { addressOf } from '../../api/client.ts'
import type { Query } from '../../api/shapes.ts'
import { FileMenu } from '../../components/file-menu.tsx'

type Filters = Omit<NonNullable<Query<'get', '/v1/audit/acts/export'>>, 'format'>

const formats = ['jsonl', 'csv'] as const

/** The chain as a file: all of it, or all that fits the filters. */
export function ActExport({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation('administration')
  const isWhole = Object.values(filters).every((value) => value === undefined || value === '')
  return (
    <FileMenu
      label={t(isWhole ? 'act.export.whole' : 'act.export.some')}
      files={formats.map((format) => [
        t(`act.export.${format}`),
        addressOf('/v1/audit/acts/export', {}, { ...filters, format }),
      ])}
    />
  )
}
