import { type NewPayment, type Payment, Turant } from '@turant/sdk'
import { Command } from 'commander'
import { parseRupees } from '../../base/money.ts'
import { authenticate, findPerson } from '../authenticate.ts'
import { type BeneficiaryOptions, beneficiaryFrom, withBeneficiary } from '../beneficiary.ts'
import { exitCodes, Failure } from '../hub.ts'
import { beneficiary, paint, rupees, stepLine } from '../show.ts'
import { type Connected, type ConnectionOptions, connect, readSeconds, say, withConnection } from './connection.ts'
import { ending, exitCodeOf, follow, lineOf } from './follow.ts'

type Options = ConnectionOptions &
  BeneficiaryOptions & {
    readonly amount: string
    readonly from?: string
    readonly remarks?: string
    readonly reference?: string
    readonly channel?: string
    readonly key?: string
    readonly verifyName?: true
    readonly as?: string
    readonly factor: string
    readonly mpin?: string
    readonly wait: string
    readonly json?: true
  }

const examples = `
Examples:
  turant pay --amount 1500.00 --ifsc HDFC0000123 --account 50100123456789 --name "Asha Devi"
  turant pay --amount 101.91 --mobile 9876543210 --mmid 9229123
  turant pay --amount 2500 --mobile 9876543210 --bank HDFC
  turant pay --amount 1500 --ifsc HDFC0000123 --account 50100123456789 --name "Asha Devi" --verify-name
  turant pay --as asha --amount 1500 --ifsc HDFC0000123 --account 50100123456789 --name "Asha Devi"

In the sandbox the amount decides what happens: 101.91 is deemed, 103.00 is lost and asked about, 109.00 is declined.

Exit codes: ${exitCodes.done} paid or deemed, ${exitCodes.failed} declined or refused, ${exitCodes.usage} not a payment, ${exitCodes.open} outcome still open or waiting for approval or two factors, ${exitCodes.unreachable} no hub.`

/** `turant pay`. @param end  takes the exit code */
export function payCommand(end: (code: number) => void): Command {
  const command = withBeneficiary(
    new Command('pay')
      .description('Pays, and shows what happens, live.')
      .requiredOption('--amount <rupees>', 'how much, in rupees: 1500, 1500.50 or 1,50,000.00'),
  )
    .option('--verify-name', 'pay only if the beneficiary bank confirms that the account belongs to --name')
    .option('--from <account>', 'the account that pays (default: the remitter of the sandbox)')
    .option('--as <person>', 'pay as a customer of the second demo tenant, with two factors: asha or ravi')
    .option('--factor <kind>', 'with --as: sms, or totp for whoever has an authenticator app', 'sms')
    .option('--mpin <digits>', 'with --as: their MPIN (default: the right one)')
    .option('--remarks <text>', 'what the beneficiary reads')
    .option('--reference <text>', 'a reference of your own')
    .option('--channel <name>', 'mobile, internet, branch, atm, sms, ivr or ussd')
    .option('--key <key>', 'the Idempotency-Key (default: a new one); the same key never pays twice')
    .option('--wait <seconds>', 'how long to follow the payment', '120')
    .option('--json', 'print the payment as JSON, once, at the end')
    .addHelpText('after', examples)
  return withConnection(command).action(async (options: Options) => end(await pay(options)))
}

async function pay(options: Options): Promise<number> {
  const { factor, key } = options
  if (factor !== 'sms' && factor !== 'totp') throw new Failure(exitCodes.usage, '--factor must be sms or totp')
  const acting = options.as === undefined ? undefined : findPerson(options, options.as)
  const at: Connected =
    acting === undefined
      ? connect(options)
      : { turant: new Turant(acting.hub), baseUrl: acting.hub.baseUrl, remitter: acting.hub.remitter }
  const body = paymentOf(options, at.remitter)
  const seconds = readSeconds('--wait', options.wait)
  const accepted = await at.turant.payments.create(body, key === undefined ? {} : { idempotencyKey: key })
  const tell = options.json === true ? () => undefined : say
  tell(`${paint('bold', rupees(accepted.amount))} to ${beneficiary(accepted)}`)
  tell(paint('dim', `  ${accepted.id}, RRN ${accepted.rrn ?? 'when it is sent'}`))
  let started: Payment = accepted
  if (acting !== undefined && accepted.status === 'requires_authentication') {
    tell(stepLine({ at: accepted.createdAt, state: accepted.status }, undefined))
    started = await authenticate(acting, accepted, { factor, mpin: options.mpin }, tell)
  }
  const told = acting === undefined ? 0 : accepted.timeline.length
  const last = await follow(at.turant, started, told, seconds, (payment) => {
    const line = lineOf(payment)
    if (line !== undefined) tell(line)
  })
  if (options.json === true) say(JSON.stringify(last, null, 2))
  else for (const line of ending(last, seconds)) say(line)
  return exitCodeOf(last)
}

/** What was typed, for the hub to judge. */
function paymentOf(options: Options, remitter: string | undefined): NewPayment {
  const amount = parseRupees(options.amount)
  if (amount === undefined) throw new Failure(exitCodes.usage, `--amount ${options.amount} is not an amount in rupees`)
  const from = options.from ?? remitter
  if (from === undefined) throw new Failure(exitCodes.usage, '--from is missing: which account pays?')
  const { remarks, reference, channel, verifyName } = options
  const to = beneficiaryFrom(options)
  return JSON.parse(JSON.stringify({ amount: String(amount), from, to, remarks, reference, channel, verifyName }))
}
