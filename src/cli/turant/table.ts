import { paint } from '../show.ts'

/**
 * Rows under a head, as wide as they must be.
 * @param right  columns of numbers
 * @param dress  colours a cell that is as wide as it will be
 */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
  dress: (cell: string, column: number, row: number) => string = (cell) => cell,
): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const fit = (cell: string, i: number): string =>
    right.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)
  const lines = rows.map((row, at) =>
    row
      .map((cell, i) => dress(fit(cell, i), i, at))
      .join('  ')
      .trimEnd(),
  )
  return [paint('dim', head.map(fit).join('  ').trimEnd()), ...lines].join('\n')
}
