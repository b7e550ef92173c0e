import type { Turant } from '@turant/sdk'
import type { Command } from 'commander'
import { parseRupees } from '../../base/money.ts'
import { exitCodes, Failure } from '../hub.ts'

/** How a command line says which payments. */
export type Filters = {
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
}

export const withFilters = (command: Command): Command =>
  command
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

/** As the API takes them; what they say is for the hub to judge. @throws {Failure} for an amount that is none */
export function queryOf(filters: Filters): NonNullable<Parameters<Turant['payments']['list']>[0]> {
  const { status, direction, rrn, reference, account, ifsc, mobile, from, to, q } = filters
  const minAmount = paiseOf(filters.minAmount)
  const maxAmount = paiseOf(filters.maxAmount)
  const query = { status, direction, rrn, reference, account, ifsc, mobile, minAmount, maxAmount, from, to, q }
  return JSON.parse(JSON.stringify(query))
}

function paiseOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const paise = parseRupees(text)
  if (paise === undefined) throw new Failure(exitCodes.usage, `${text} is not an amount in rupees`)
  return String(paise)
}
