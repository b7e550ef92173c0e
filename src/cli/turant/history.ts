import type { Payment } from '@turant/sdk'
import { Command } from 'commander'
import { exitCodes, Failure } from '../hub.ts'
import { beneficiary, dayAndTime, paint, rupees, styleOf } from '../show.ts'
import { type ConnectionOptions, connect, say, withConnection } from './connection.ts'
import { type Filters, queryOf, withFilters } from './filters.ts'
import { tableOf } from './table.ts'

type Options = ConnectionOptions & Filters & { readonly limit: string; readonly json?: true }

const MOST = 1_000

/** `turant history`. @param end  takes the exit code */
export function historyCommand(end: (code: number) => void): Command {
  const command = withFilters(new Command('history').description('Shows payments, newest first.'))
    .option('--limit <number>', `how many, at most ${MOST}`, '20')
    .option('--json', 'print JSON, one payment a line')
    .addHelpText(
      'after',
      `\nExit codes: ${exitCodes.done} listed, ${exitCodes.usage} not a question the hub understands, ${exitCodes.unreachable} no hub.`,
    )
  return withConnection(command).action(async (options: Options) => {
    const limit = /^[0-9]{1,4}$/.test(options.limit) ? Number(options.limit) : 0
    if (limit < 1 || limit > MOST)
      throw new Failure(exitCodes.usage, `--limit must be a whole number from 1 to ${MOST}`)
    const query = { ...queryOf(options), limit: Math.min(limit, 100) }
    const found = await connect(options).turant.payments.list(query).toArray(limit)
    if (options.json === true) for (const payment of found) say(JSON.stringify(payment))
    else process.stdout.write(found.length === 0 ? 'no payments fit\n' : table(found))
    end(exitCodes.done)
  })
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
  const dress = (cell: string, column: number, row: number): string =>
    column === 3 ? paint(styleOf(payments[row]?.state ?? ''), cell) : cell
  return `${tableOf(head, rows, [2], dress)}\n`
}
