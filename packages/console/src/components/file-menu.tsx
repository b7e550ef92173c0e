import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

/**
 * What is on a screen as a file that the hub writes: more than the rows that are here. It is written down that it was taken.
 * @param files  what each is called, and its address
 */
export function FileMenu({
  label,
  files,
}: {
  readonly label: string
  readonly files: readonly (readonly [name: string, address: string])[]
}) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map(([name, address]) => (
          <Menu.Item key={address} component="a" href={address} download>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
