import type { Command } from 'commander'
import { exitCodes, Failure } from './hub.ts'

/** How a command line says whom it is about. */
export type BeneficiaryOptions = {
  readonly ifsc?: string
  readonly account?: string
  readonly name?: string
  readonly mobile?: string
  readonly mmid?: string
  readonly bank?: string
}

/** Adds the options that name a beneficiary. */
export const withBeneficiary = (program: Command): Command =>
  program
    .option('--ifsc <code>', 'IFSC of the beneficiary branch, with --account')
    .option('--account <number>', 'account number of the beneficiary')
    .option('--name <name>', 'name of the beneficiary')
    .option('--mobile <number>', 'mobile number of the beneficiary, with --mmid or --bank')
    .option('--mmid <digits>', 'MMID of the beneficiary')
    .option(
      '--bank <code>',
      'first four letters of an IFSC of their bank, instead of an MMID: their default account there',
    )

/** `to` as the API takes it. @throws {Failure} when the options name nobody, or two */
export function beneficiaryFrom(options: BeneficiaryOptions): object {
  const { ifsc, account, name, mobile, mmid, bank } = options
  const byAccount = ifsc !== undefined || account !== undefined
  const byMobile = mobile !== undefined || mmid !== undefined || bank !== undefined
  if (byAccount === byMobile) {
    throw new Failure(exitCodes.usage, 'say whom to pay: --ifsc and --account, or --mobile and --mmid or --bank')
  }
  if (byAccount && (ifsc === undefined || account === undefined)) {
    throw new Failure(exitCodes.usage, '--ifsc and --account go together')
  }
  if (byMobile && (mobile === undefined || (mmid === undefined) === (bank === undefined))) {
    throw new Failure(exitCodes.usage, '--mobile goes together with either --mmid or --bank')
  }
  if (byAccount) return { kind: 'account', ifsc: ifsc?.toUpperCase(), account, name }
  return mmid === undefined
    ? { kind: 'mobile', mobile, bank: bank?.toUpperCase(), name }
    : { kind: 'mmid', mobile, mmid, name }
}
