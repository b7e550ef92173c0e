import { Command } from 'commander'
import { parseRupees } from '../base/money.ts'
import { exitCodes, Failure, findHub, type HubOptions, type Payment, readJson, send } from './hub.ts'
import { beneficiary, dayAndTime, paint, runCommand, rupees, styleOf } from './show.ts'

type Options = HubOptions & {
  readonly status?: string
  readonly direction?: string
  readonly rrn?: string
  readonly reference?: string
  readonly account?: string
  readonly ifsc?: string
  readonly mobile?: string
  readonly minAmount?: string
  readonly maxAmount?: string
  readonly from?: string
  readonly to?: string
  readonly q?: string
  readonly limit: string
  readonly json?: boolean
}

const program = new Command('npm run history --')
  .description('Shows the payments of the running sandbox, newest first.')
  .option('--status <status>', 'requires_approval, processing, deemed, succeeded, failed, returned or cancelled')
  .option('--direction <direction>', 'outward or inward')
  .option('--rrn <digits>', 'the retrieval reference number')
  .option('--reference <text>', 'your own reference')
  .option('--account <account>', 'an account id, or an account number on either side')
  .option('--ifsc <code>', 'IFSC of the beneficiary branch')
  .option('--mobile <number>', 'a mobile number on either side')
  .option('--min-amount <rupees>', 'at least')
  .option('--max-amount <rupees>', 'at most')
  .option('--from <instant>', 'from this instant on, such as 2026-11-22T00:00:00+05:30')
  .option('--to <instant>', 'before this instant')
  .option('--q <text>', 'anything: an id, RRN, reference, account, mobile, IFSC, amount or the beginning of a name')
  .option('--limit <number>', 'how many, at most 1000', '20')
  .option('--json', 'print JSON, one payment a line')
  .option('--base-url <url>', 'the hub (default: the sandbox in the data folder)')
  .option('--api-key <key>', 'its API key')
  .option('--data-dir <folder>', 'the data folder of the sandbox (default: TURANT_DATA_DIR or .turant)')
  .addHelpText(
    'after',
    `\nExit codes: ${exitCodes.done} listed, ${exitCodes.usage} not a question the hub understands, ${exitCodes.unreachable} no hub.`,
  )
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()

const PAGE = 100
const MOST = 1_000

await runCommand(async () => {
  program.parse()
  const options = program.opts<Options>()
  const hub = findHub(options)
  const limit = /^[0-9]{1,4}$/.test(options.limit) ? Number(options.limit) : 0
  if (limit < 1 || limit > MOST) throw new Failure(exitCodes.usage, `--limit must be a whole number from 1 to ${MOST}`)
  const found: Payment[] = []
  let cursor: string | null = null
  do {
    const query = queryOf(options, Math.min(PAGE, limit - found.length), cursor)
    const response = await send(hub, { method: 'GET', path: `/v1/payments?${query}` })
    const page = await readJson<{ data: Payment[]; nextCursor: string | null }>(response)
    found.push(...page.data)
    cursor = page.nextCursor
  } while (cursor !== null && found.length < limit)

  if (options.json === true) for (const payment of found) process.stdout.write(`${JSON.stringify(payment)}\n`)
  else process.stdout.write(found.length === 0 ? 'no payments fit\n' : table(found))
  return exitCodes.done
})

function queryOf(options: Options, limit: number, cursor: string | null): URLSearchParams {
  const { status, direction, rrn, reference, account, ifsc, mobile, minAmount, maxAmount, from, to, q } = options
  const query = new URLSearchParams({ limit: String(limit) })
  const fields = { status, direction, rrn, reference, account, ifsc, mobile, from, to, q }
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, value)
  for (const [name, value] of Object.entries({ minAmount, maxAmount })) {
    if (value === undefined) continue
    const paise = parseRupees(value)
    if (paise === undefined) throw new Failure(exitCodes.usage, `${value} is not an amount in rupees`)
    query.set(name, String(paise))
  }
  if (cursor !== null) query.set('cursor', cursor)
  return query
}

function table(payments: readonly Payment[]): string {
  const head = ['when (IST)', '', 'amount', 'status', 'RC', 'RRN', 'with', 'id']
  const rows = payments.map((payment) => [
    dayAndTime(payment.createdAt),
    payment.direction === 'outward' ? 'out' : 'in',
    rupees(payment.amount),
    payment.status === 'processing' ? `processing (${payment.state})` : payment.status,
    payment.responseCode ?? '',
    payment.rrn ?? '',
    payment.direction === 'outward' ? beneficiary(payment) : `from ${payment.remitter.name ?? 'somebody'}`,
    payment.id,
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 2 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  const lines = rows.map((row, i) => {
    const [before, after] = [row.slice(0, 3), row.slice(4)]
    const status = paint(styleOf(payments[i]?.state ?? ''), (row[3] ?? '').padEnd(widths[3] ?? 0))
    const left = before.map((cell, c) => (c === 2 ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0)))
    return [...left, status, ...after.map((cell, c) => cell.padEnd(widths[c + 4] ?? 0))].join('  ').trimEnd()
  })
  return `${paint('dim', line(head))}\n${lines.join('\n')}\n`
}
