import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { formatRupees } from '../base/money.ts'
import { exitCodes, Failure, findHub, type HubOptions, readJson, send } from './hub.ts'
import { paint, runCommand } from './show.ts'

type Options = HubOptions & {
  readonly from?: string
  readonly to?: string
  readonly cycle?: string
  readonly institution?: string
  readonly format?: string
  readonly out?: string
}
type Report = {
  readonly title: string
  readonly notes: readonly string[]
  readonly columns: readonly string[]
  readonly kinds: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

const endings = ['csv', 'xlsx', 'pdf', 'json']

const program = new Command('npm run reports --')
  .description(
    'Reports of settlement: shown here, or written to a file for a spreadsheet or a printer. Without a name it lists them.',
  )
  .argument('[name]', 'which report')
  .option('--from <day>', 'first day in IST, such as 2026-11-27 (default: today)')
  .option('--to <day>', 'last day in IST (default: today)')
  .option('--cycle <number>', 'only this cycle of the days, such as 5')
  .option('--institution <code>', 'only this bank')
  .option('--out <file>', 'write it there; the ending says how: .csv, .xlsx, .pdf or .json')
  .option('--format <format>', 'csv, xlsx, pdf or json, where the ending does not say it')
  .option('--base-url <url>', 'the hub (default: the sandbox in the data folder)')
  .option('--api-key <key>', 'its API key')
  .option('--data-dir <folder>', 'the data folder of the sandbox (default: TURANT_DATA_DIR or .turant)')
  .addHelpText(
    'after',
    `\nExit codes: ${exitCodes.done} done, ${exitCodes.usage} not a report the hub has, ${exitCodes.unreachable} no hub.`,
  )
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()

await runCommand(async () => {
  program.parse()
  const [name] = program.args
  const options = program.opts<Options>()
  const hub = findHub(options)
  if (name === undefined) {
    const response = await send(hub, { method: 'GET', path: '/v1/reports' })
    const { data } = await readJson<{ data: { name: string; what: string }[] }>(response)
    const width = Math.max(...data.map((one) => one.name.length))
    for (const one of data) process.stdout.write(`${one.name.padEnd(width)}  ${one.what}\n`)
    return exitCodes.done
  }
  const ending = options.out === undefined ? undefined : options.out.slice(options.out.lastIndexOf('.') + 1)
  const format = options.format ?? (ending !== undefined && endings.includes(ending) ? ending : undefined)
  if (options.out !== undefined && format === undefined)
    throw new Failure(exitCodes.usage, `${options.out} says no format: let it end in .csv, .xlsx, .pdf or .json`)
  if (options.out === undefined && (format === 'xlsx' || format === 'pdf'))
    throw new Failure(exitCodes.usage, `a ${format} is for a file: --out FILE`)
  const query = new URLSearchParams({ format: format ?? 'json' })
  for (const field of ['from', 'to', 'cycle', 'institution'] as const) {
    const value = options[field]
    if (value !== undefined) query.set(field, value)
  }
  const response = await send(hub, { method: 'GET', path: `/v1/reports/${encodeURIComponent(name)}?${query}` })
  if (options.out !== undefined) {
    const bytes = Buffer.from(await response.arrayBuffer())
    writeFileSync(options.out, bytes, { mode: 0o600 })
    process.stdout.write(`${options.out}: ${bytes.length} bytes\n`)
    return exitCodes.done
  }
  if (format === undefined) process.stdout.write(table(await readJson<Report>(response)))
  else process.stdout.write(`${await response.text()}\n`)
  return exitCodes.done
})

function table({ title, notes, columns, kinds, rows }: Report): string {
  const shown = rows.map((row) => row.map((cell, i) => textOf(cell, kinds[i] ?? 'text')))
  const isNumber = (i: number): boolean => kinds[i] === 'paise' || kinds[i] === 'count'
  const widths = columns.map((head, i) => Math.max(head.length, ...shown.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return `${[title, ...notes.map((note) => `  ${note}`), '', paint('dim', line(columns)), ...shown.map(line)].join('\n')}\n`
}

function textOf(cell: string | null, kind: string): string {
  if (cell === null) return ''
  if (kind !== 'paise') return cell
  return cell.startsWith('-') ? `-${formatRupees(BigInt(cell.slice(1)))}` : formatRupees(BigInt(cell))
}
