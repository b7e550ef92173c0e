import { ActionIcon, Box, Button, Group, Loader, Menu, Stack, Table, Text, Tooltip } from '@mantine/core'
import { IconColumns3, IconDownload } from '@tabler/icons-react'
import { columnVisibilityFeature, tableFeatures, useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api/problem.ts'
import { downloadCsv } from './csv.ts'
import classes from './data-table.module.css'
import { ProblemAlert } from './problem-alert.tsx'

export type Column<T> = {
  readonly id: string
  readonly header: string
  readonly cell: (row: T) => ReactNode
  /** What stands in the file; absent: the column is not in it. */
  readonly text?: (row: T) => string
  readonly align?: 'start' | 'end'
  /** In rem; as wide as it needs when absent. */
  readonly width?: number
  /** It is there when somebody picks it. */
  readonly hidden?: boolean
}

type Rows<T> = {
  readonly rows: readonly T[]
  readonly problem: Problem | null
  readonly isLoading: boolean
  readonly isStale: boolean
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  readonly isPaused: boolean
  readonly more: () => void
  readonly again: () => void
}

const features = tableFeatures({ columnVisibilityFeature })
const ROW_PX = 44
/** Rows before the end at which the next page is asked for. */
const AHEAD = 30

/**
 * Rows of a list of the API, as many as there are: only those in sight are in the page, and the next ones come as one scrolls.
 *
 * @param name   under which the picked columns are remembered, and the file is called
 * @param list   what `useList` gives
 * @param picked  the columns of a saved view, which are shown from then on; none: those that are remembered
 * @param onShown  is told which columns are shown
 * @param empty  what is shown instead of no rows
 */
export function DataTable<T extends object>({
  name,
  label,
  list,
  columns,
  rowKey,
  onOpen,
  picked,
  onShown,
  empty,
  tools,
  height = 'calc(100vh - 16rem)',
}: {
  readonly name: string
  readonly label: string
  readonly list: Rows<T>
  readonly columns: readonly Column<T>[]
  readonly rowKey: (row: T) => string
  /** A row can be opened, by a click or by Enter. */
  readonly onOpen?: (row: T) => void
  readonly picked?: readonly string[] | undefined
  readonly onShown?: (ids: readonly string[]) => void
  readonly empty: ReactNode
  readonly tools?: ReactNode
  readonly height?: string
}) {
  const { t } = useTranslation()
  const kept = `turant.columns.${name}`
  const [columnVisibility, setColumnVisibility] = useState<Record<string, boolean>>(() => readKept(kept, columns))
  const defined = useMemo(
    () => columns.map((column) => ({ id: column.id, accessorFn: (row: T) => row, header: column.header })),
    [columns],
  )
  const data = useMemo(() => [...list.rows], [list.rows])
  const table = useTable({ features, columns: defined, data, state: { columnVisibility } })
  const shown = useMemo(() => columns.filter(({ id }) => columnVisibility[id] !== false), [columns, columnVisibility])

  const wanted = picked?.join(' ') ?? ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: only other columns of a view change what is shown
  useEffect(() => {
    if (wanted === '') return
    const ids = wanted.split(' ')
    setColumnVisibility(Object.fromEntries(columns.map(({ id }) => [id, ids.includes(id)])))
  }, [wanted])
  const shownIds = shown.map(({ id }) => id).join(' ')
  useEffect(() => onShown?.(shownIds.split(' ')), [onShown, shownIds])

  const scroller = useRef<HTMLDivElement>(null)
  const { rows } = table.getRowModel()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const { hasMore, isLoadingMore, isPaused, more } = list
  useEffect(() => {
    if (hasMore && !isLoadingMore && !isPaused && last >= rows.length - AHEAD) more()
  }, [hasMore, isLoadingMore, isPaused, more, last, rows.length])

  const open = useRef(onOpen)
  useEffect(() => {
    open.current = onOpen
  })
  const isOpened = onOpen !== undefined
  // React passes over what is the very element that it drew before: while one scrolls only the rows that come in are drawn.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key of a row is the same function of it, written where a list is drawn
  const drawRow = useMemo(() => {
    const drawn = new WeakMap<T, ReactNode>()
    const draw = (row: T): ReactNode => (
      <Table.Tr
        key={rowKey(row)}
        h={ROW_PX}
        {...(isOpened
          ? {
              className: classes.opens,
              onClick: (event: MouseEvent) => opensRow(event.target) && open.current?.(row),
            }
          : {})}
      >
        {shown.map(({ id, cell, align = 'start' }) => (
          <Table.Td key={id} ta={align} className={classes.cell}>
            {cell(row)}
          </Table.Td>
        ))}
      </Table.Tr>
    )
    return (row: T): ReactNode => {
      const known = drawn.get(row)
      if (known !== undefined) return known
      const made = draw(row)
      drawn.set(row, made)
      return made
    }
  }, [shown, isOpened])

  const pick = (id: string, visible: boolean): void => {
    const next = { ...columnVisibility, [id]: visible }
    setColumnVisibility(next)
    localStorage.setItem(kept, JSON.stringify(next))
  }
  const top = items[0]?.start ?? 0
  const bottom = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <Box>
      <Group justify="space-between" mb="xs" gap="xs">
        <Group gap="xs">{tools}</Group>
        <Group gap={4} ml="auto">
          <Text size="xs" c="dimmed" role="status">
            {list.isLoading ? t('table.loading') : t('table.count', { count: rows.length, more: hasMore ? '+' : '' })}
          </Text>
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            · {t('table.zone')}
          </Text>
          <Tooltip label={t('table.download')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('table.download')}
              disabled={rows.length === 0}
              onClick={() => downloadCsv(name, shown, list.rows)}
            >
              <IconDownload size={18} />
            </ActionIcon>
          </Tooltip>
          <Menu closeOnItemClick={false} position="bottom-end">
            <Menu.Target>
              <Tooltip label={t('table.columns')}>
                <ActionIcon variant="subtle" color="gray" aria-label={t('table.columns')}>
                  <IconColumns3 size={18} />
                </ActionIcon>
              </Tooltip>
            </Menu.Target>
            <Menu.Dropdown>
              {columns.map(({ id, header }) => {
                const visible = shown.some((one) => one.id === id)
                return (
                  <Menu.CheckboxItem
                    key={id}
                    checked={visible}
                    disabled={visible && shown.length === 1}
                    onChange={(checked) => pick(id, checked)}
                  >
                    {header}
                  </Menu.CheckboxItem>
                )
              })}
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {list.problem !== null && <ProblemAlert problem={list.problem} again={list.again} />}
      {list.problem === null && !list.isLoading && !hasMore && rows.length === 0 ? (
        empty
      ) : (
        <Box
          component="section"
          ref={scroller}
          className={classes.scroller}
          style={{ maxHeight: height }}
          tabIndex={0}
          aria-label={label}
        >
          <Table
            highlightOnHover={onOpen !== undefined}
            stickyHeader
            className={classes.table}
            data-stale={list.isStale || undefined}
            aria-rowcount={hasMore ? -1 : rows.length}
          >
            <Table.Thead>
              <Table.Tr>
                {shown.map(({ id, header, align = 'start', width }) => (
                  <Table.Th key={id} scope="col" ta={align} {...(width === undefined ? {} : { miw: `${width}rem` })}>
                    {header}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {top > 0 && <tr style={{ height: top }} />}
              {items.map(({ index }) => {
                const row = list.rows[index]
                return row === undefined ? null : drawRow(row)
              })}
              {bottom > 0 && <tr style={{ height: bottom }} />}
            </Table.Tbody>
          </Table>
          {(list.isLoading || isLoadingMore) && (
            <Group justify="center" p="sm">
              <Loader size="sm" type="dots" />
            </Group>
          )}
          {isPaused && !isLoadingMore && (
            <Stack align="center" gap="xs" p="md" role="status">
              <Text size="sm" c="dimmed" ta="center">
                {t('table.paused')}
              </Text>
              <Button size="xs" variant="default" onClick={more}>
                {t('table.further')}
              </Button>
            </Stack>
          )}
        </Box>
      )}
    </Box>
  )
}

/** A click on a link or a button inside a row is for that. */
const opensRow = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, input') === null

function readKept(kept: string, columns: readonly { readonly id: string; readonly hidden?: boolean }[]) {
  const first = Object.fromEntries(columns.map(({ id, hidden = false }) => [id, !hidden]))
  try {
    return { ...first, ...JSON.parse(localStorage.getItem(kept) ?? '{}') }
  } catch {
    return first
  }
}
