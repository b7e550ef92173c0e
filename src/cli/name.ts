import { Command } from 'commander'
import { type BeneficiaryOptions, beneficiaryFrom, withBeneficiary } from './beneficiary.ts'
import { exitCodes, findHub, type HubOptions, readJson, send } from './hub.ts'
import { paint, runCommand } from './show.ts'

type Options = HubOptions & BeneficiaryOptions & { readonly from?: string; readonly json?: boolean }

/** The parts of a look-up that a terminal shows. */
type Enquiry = {
  readonly id: string
  readonly status: 'verified' | 'refused'
  readonly registeredName: string | null
  readonly nameMatch: { readonly score: number; readonly verdict: string } | null
  readonly reference: { readonly rrn: string }
  readonly reason: { readonly message: string } | null
}

const program = withBeneficiary(
  new Command('npm run name --').description('Asks the beneficiary bank whose account it is. Moves no money.'),
)
  .option('--from <account>', 'the account on whose behalf (default: the remitter of the sandbox)')
  .option('--json', 'print the look-up as JSON')
  .option('--base-url <url>', 'the hub (default: the sandbox in the data folder)')
  .option('--api-key <key>', 'its API key')
  .option('--data-dir <folder>', 'the data folder of the sandbox (default: TURANT_DATA_DIR or .turant)')
  .addHelpText(
    'after',
    `
Examples:
  npm run name -- --ifsc HDFC0000123 --account 50100123456789 --name "Asha Devi"
  npm run name -- --mobile 9876543210 --bank HDFC

Names can be asked for where the rail is NPCI's XML; IMPS over ISO 8583 has no name enquiry.

Exit codes: ${exitCodes.done} the account is there and the name, if one was given, matches; ${exitCodes.failed} it does not, or the bank refused; ${exitCodes.usage} not a question; ${exitCodes.unreachable} no answer.`,
  )
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()

const styles = { match: 'green', close: 'yellow', mismatch: 'red' } as const
const styleOf = (verdict: string) =>
  verdict === 'match' || verdict === 'close' || verdict === 'mismatch' ? styles[verdict] : 'white'

await runCommand(async () => {
  program.parse()
  const options = program.opts<Options>()
  const hub = findHub(options)
  const body = { to: beneficiaryFrom(options), from: options.from ?? hub.remitter }
  const enquiry = await readJson<Enquiry>(await send(hub, { method: 'POST', path: '/v1/name-enquiries', body }))
  const { status, registeredName, nameMatch, reference, reason, id } = enquiry
  if (options.json === true) process.stdout.write(`${JSON.stringify(enquiry, null, 2)}\n`)
  else {
    const said =
      status === 'refused'
        ? paint('red', `the beneficiary bank refuses: ${reason?.message ?? 'it does not say why'}`)
        : registeredName === null
          ? paint('yellow', 'the account is there; its bank tells no name')
          : `the account belongs to ${paint('bold', registeredName)}`
    process.stdout.write(`${said}\n`)
    if (nameMatch !== null) {
      process.stdout.write(`  ${paint(styleOf(nameMatch.verdict), nameMatch.verdict)}, ${nameMatch.score} of 100\n`)
    }
    process.stdout.write(`${paint('dim', `  ${id}, RRN ${reference.rrn}`)}\n`)
  }
  const given = options.name !== undefined
  return status === 'verified' && (!given || nameMatch?.verdict === 'match') ? exitCodes.done : exitCodes.failed
})
