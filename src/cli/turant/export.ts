import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Payment } from '@turant/sdk'
import { Command } from 'commander'
import { csvLine } from '../../base/csv.ts'
import { formatRupees } from '../../base/money.ts'
import { exitCodes, Failure } from '../hub.ts'
import { type ConnectionOptions, connect, withConnection } from './connection.ts'
import { type Filters, queryOf, withFilters } from './filters.ts'

type Options = ConnectionOptions & Filters & { readonly output?: string; readonly json?: true }

/** The columns, and where each comes from. Amounts stand there twice: in paise for programs, in rupees for people. */
const columns: Readonly<Record<string, (payment: Payment) => string | null | undefined>> = {
  id: ({ id }) => id,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  direction: ({ direction }) => direction,
  amountPaise: ({ amount }) => amount,
  amountRupees: ({ amount }) => formatRupees(BigInt(amount)).replaceAll(',', ''),
  status: ({ status }) => status,
  state: ({ state }) => state,
  responseCode: ({ responseCode }) => responseCode,
  reason: ({ reason }) => reason?.code,
  rrn: ({ rrn }) => rrn,
  reference: ({ reference }) => reference,
  remarks: ({ remarks }) => remarks,
  channel: ({ channel }) => channel,
  account: ({ account }) => account,
  remitterName: ({ remitter }) => remitter.name,
  remitterAccount: ({ remitter }) => remitter.account,
  beneficiaryIfsc: ({ to }) => ('ifsc' in to ? to.ifsc : null),
  beneficiaryAccount: ({ to }) => ('account' in to ? to.account : null),
  beneficiaryMobile: ({ to }) => ('mobile' in to ? to.mobile : null),
  beneficiaryName: ({ to }) => ('name' in to ? to.name : null),
  registeredName: ({ to }) => to.registeredName,
}

/** `turant export`. @param end  takes the exit code */
export function exportCommand(end: (code: number) => void): Command {
  const command = withFilters(
    new Command('export').description('Writes payments as CSV, newest first, as many as there are.'),
  )
    .option('--output <file>', 'where to (default: standard output); a file that is there is not written over')
    .option('--json', 'JSON instead, one payment a line')
    .addHelpText(
      'after',
      `
A text that a spreadsheet would take for a formula begins with an apostrophe.

Examples:
  turant export --from 2026-11-01T00:00:00+05:30 --to 2026-12-01T00:00:00+05:30 --output november.csv
  turant export --status failed | column -s, -t

Exit codes: ${exitCodes.done} written, ${exitCodes.usage} not a question, or a file that cannot be made, ${exitCodes.unreachable} no hub; what was written by then is not whole.`,
    )
  return withConnection(command).action(async (options: Options) => {
    const list = connect(options).turant.payments.list({ ...queryOf(options), limit: 100 })
    const { write, close } = await openOutput(options.output)
    const lines = options.json === true ? (payment: Payment) => `${JSON.stringify(payment)}\n` : csvOf
    if (options.json !== true) await write(csvLine(Object.keys(columns)))
    let count = 0
    for await (const payment of list) {
      await write(lines(payment))
      count += 1
    }
    await close()
    if (options.output !== undefined) process.stderr.write(`${count} payments in ${options.output}\n`)
    end(exitCodes.done)
  })
}

const csvOf = (payment: Payment): string => csvLine(Object.values(columns).map((read) => read(payment) ?? ''))

type Output = { readonly write: (text: string) => Promise<void>; readonly close: () => Promise<void> }

async function openOutput(file: string | undefined): Promise<Output> {
  const stream = file === undefined ? process.stdout : createWriteStream(file, { flags: 'wx', mode: 0o600 })
  if (file !== undefined) {
    await once(stream, 'open').catch((error: unknown) => {
      throw new Failure(exitCodes.usage, `--output: ${error instanceof Error ? error.message : file}`)
    })
  }
  return {
    async write(text) {
      if (!stream.write(text)) await once(stream, 'drain')
    },
    async close() {
      if (file === undefined) return
      stream.end()
      await once(stream, 'finish')
    },
  }
}
