import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

/** A short table inside a page. Where it is wider than its place it scrolls in itself, by the keyboard too. */
export function ScrollTable({
  label,
  minWidth,
  head,
  children,
}: {
  readonly label: string
  /** In pixels: under it, it scrolls. */
  readonly minWidth: number
  readonly head?: readonly (string | readonly [text: string, align: 'end'])[]
  /** Rows. */
  readonly children: ReactNode
}) {
  return (
    <Table.ScrollContainer minWidth={minWidth} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label={label}>
        {head !== undefined && (
          <Table.Thead>
            <Table.Tr>
              {head.map((one) => {
                const [text, align] = typeof one === 'string' ? [one, 'start' as const] : one
                return (
                  <Table.Th key={text} scope="col" ta={align}>
                    {text}
                  </Table.Th>
                )
              })}
            </Table.Tr>
          </Table.Thead>
        )}
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
