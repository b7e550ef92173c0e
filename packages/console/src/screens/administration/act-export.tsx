import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../api/client.ts'
import type { Query } from '../../api/shapes.ts'

type Filters = Omit<NonNullable<Query<'get', '/v1/audit/acts/export'>>, 'format'>

const formats = ['jsonl', 'csv'] as const

/** The chain as a file that the hub writes: all of it, or all that fits the filters. It is written down that it was taken. */
export function ActExport({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation('administration')
  const isWhole = Object.values(filters).every((value) => value === undefined || value === '')
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          {t(isWhole ? 'act.export.whole' : 'act.export.some')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={addressOf('/v1/audit/acts/export', {}, { ...filters, format })}
            download
          >
            {t(`act.export.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
