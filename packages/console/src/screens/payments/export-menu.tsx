import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../api/client.ts'
import { type Filters, queryOf } from './filters.ts'

const formats = ['csv', 'xlsx'] as const

/** All that fits the filters, as a file that the hub writes: more than the rows that are here. It is written down that it was taken. */
export function ExportMenu({ filters }: { readonly filters: Filters }) {
  const { t } = useTranslation('payments')
  const { limit: _page, ...query } = queryOf(filters)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          {t('export.label')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={addressOf('/v1/payments/export', {}, { ...query, format })}
            download
          >
            {t(`export.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
