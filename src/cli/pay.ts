import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Command } from 'commander'
import { parseRupees } from '../base/money.ts'
import { authenticate, findPerson } from './authenticate.ts'
import { type BeneficiaryOptions, beneficiaryFrom, withBeneficiary } from './beneficiary.ts'
import { exitCodes, Failure, findHub, type Hub, type HubOptions, type Payment, readJson, send } from './hub.ts'
import { beneficiary, dayAndTime, paint, runCommand, rupees, stepLine } from './show.ts'

type Options = HubOptions &
  BeneficiaryOptions & {
    readonly amount: string
    readonly from?: string
    readonly remarks?: string
    readonly reference?: string
    readonly channel?: string
    readonly key?: string
    readonly verifyName?: boolean
    readonly as?: string
    readonly factor: string
    readonly mpin?: string
    readonly wait: string
    readonly json?: boolean
  }

const program = withBeneficiary(
  new Command('npm run pay --')
    .description('Pays in the running sandbox and shows what happens, live.')
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
  .option('--base-url <url>', 'the hub (default: the sandbox in the data folder)')
  .option('--api-key <key>', 'its API key')
  .option('--data-dir <folder>', 'the data folder of the sandbox (default: TURANT_DATA_DIR or .turant)')
  .addHelpText(
    'after',
    `
Examples:
  npm run pay -- --amount 1500.00 --ifsc HDFC0000123 --account 50100123456789 --name "Asha Devi"
  npm run pay -- --amount 101.91 --mobile 9876543210 --mmid 9229123
  npm run pay -- --amount 2500 --mobile 9876543210 --bank HDFC
  npm run pay -- --amount 1500 --ifsc HDFC0000123 --account 50100123456789 --name "Asha Devi" --verify-name
  npm run pay -- --as asha --amount 1500 --ifsc HDFC0000123 --account 50100123456789 --name "Asha Devi"

In the sandbox the amount decides what happens: 101.91 is deemed, 103.00 is lost and asked about, 109.00 is declined.

Exit codes: ${exitCodes.done} paid or deemed, ${exitCodes.failed} declined or refused, ${exitCodes.usage} not a payment, ${exitCodes.open} outcome still open or waiting for approval or two factors, ${exitCodes.unreachable} no hub.`,
  )
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()

/** Only where it says more than the state itself. */
const reasonOf = ({ reason, state }: Payment): string | undefined =>
  reason === null || state === 'unconfirmed' || state === 'cancelled' ? undefined : reason.message

function paymentOf(options: Options, hub: Hub): object {
  const amount = parseRupees(options.amount)
  if (amount === undefined) throw new Failure(exitCodes.usage, `--amount ${options.amount} is not an amount in rupees`)
  const from = options.from ?? hub.remitter
  if (from === undefined) throw new Failure(exitCodes.usage, '--from is missing: which account pays?')
  const { remarks, reference, channel, verifyName } = options
  return { amount: String(amount), from, to: beneficiaryFrom(options), remarks, reference, channel, verifyName }
}

/** How often the same request is sent with the same key when the connection fails. */
const TRIES = 3

async function pay(hub: Hub, body: object, key: string): Promise<Payment> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await send(hub, {
        method: 'POST',
        path: '/v1/payments',
        body,
        headers: { 'idempotency-key': key },
      })
      return await readJson<Payment>(response)
    } catch (error) {
      if (!(error instanceof Failure) || error.exitCode !== exitCodes.unreachable) throw error
      if (attempt === TRIES) {
        throw new Failure(error.exitCode, error.message, [
          ...error.hints,
          `ask again with --key ${key}: it will not pay twice`,
        ])
      }
      await wait(500 * attempt)
    }
  }
}

/** Follows the events of a payment, behind those that were told already, until it is final or the time is over, through lost connections too. */
async function follow(
  hub: Hub,
  start: Payment,
  seen: number,
  ms: number,
  onStep: (payment: Payment) => void,
): Promise<Payment> {
  const until = AbortSignal.timeout(Math.max(1, ms))
  let last = start
  let lastId = String(seen)
  while (!until.aborted) {
    try {
      const response = await fetch(`${hub.baseUrl}/v1/payments/${start.id}/events`, {
        headers: { authorization: `Bearer ${hub.apiKey}`, accept: 'text/event-stream', 'last-event-id': lastId },
        signal: until,
      })
      if (response.status === 204) return last
      if (!response.ok || response.body === null) throw new Error(`the hub answered ${response.status}`)
      for await (const event of eventsOf(response.body)) {
        lastId = event.id
        last = event.payment
        onStep(last)
        if (last.status !== 'processing') return last
      }
    } catch (error) {
      if (until.aborted) break
      process.stderr.write(
        `${paint('yellow', 'connection lost:')} ${error instanceof Error ? error.message : 'unknown'}; asking again\n`,
      )
    }
    await wait(500)
  }
  return last
}

async function* eventsOf(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ readonly id: string; readonly payment: Payment }> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of body) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const id = /^id: (.*)$/m.exec(part)?.[1]
      const data = /^data: (.*)$/m.exec(part)?.[1]
      if (id !== undefined && data !== undefined) yield { id, payment: JSON.parse(data) }
    }
  }
}

await runCommand(async () => {
  program.parse()
  const options = program.opts<Options>()
  const { factor } = options
  if (factor !== 'sms' && factor !== 'totp') throw new Failure(exitCodes.usage, '--factor must be sms or totp')
  const acting = options.as === undefined ? undefined : findPerson(options, options.as)
  const hub = acting?.hub ?? findHub(options)
  const body = paymentOf(options, hub)
  const seconds = Number(options.wait)
  if (!(seconds >= 0 && seconds <= 86_400))
    throw new Failure(exitCodes.usage, '--wait must be seconds, from 0 to 86400')
  const key = options.key ?? randomUUID()
  const accepted = await pay(hub, body, key)
  const say = options.json === true ? () => undefined : (text: string) => process.stdout.write(`${text}\n`)
  say(`${paint('bold', rupees(accepted.amount))} to ${beneficiary(accepted)}`)
  say(paint('dim', `  ${accepted.id}, RRN ${accepted.rrn ?? 'when it is sent'}`))
  let started = accepted
  if (acting !== undefined && accepted.status === 'requires_authentication') {
    say(stepLine({ at: accepted.createdAt, state: accepted.status }, undefined))
    started = await authenticate(acting, accepted, { factor, mpin: options.mpin }, say)
  }
  const last = await follow(
    hub,
    started,
    acting === undefined ? 0 : accepted.timeline.length,
    seconds * 1000,
    (payment) => {
      const step = payment.timeline.at(-1)
      if (step === undefined) return
      if (payment.status.startsWith('requires_')) say(stepLine({ ...step, state: payment.status }, undefined))
      else say(stepLine(step, step.state === payment.state ? reasonOf(payment) : undefined))
    },
  )
  if (options.json === true) process.stdout.write(`${JSON.stringify(last, null, 2)}\n`)
  if (last.to.registeredName !== null) say(`  the account belongs to ${paint('bold', last.to.registeredName)}`)
  if (last.status === 'processing') {
    say(
      `  still open after ${seconds} s; it will be known by ${last.resolvesBy === null ? 'itself' : `${dayAndTime(last.resolvesBy)} IST`}`,
    )
    return exitCodes.open
  }
  if (last.status === 'requires_approval') {
    say(`  to let it go: POST /v1/approvals/${last.id}/approve`)
    return exitCodes.open
  }
  if (last.status === 'requires_authentication') {
    say(`  its customer is asked by: POST /v1/payments/${last.id}/authenticate`)
    return exitCodes.open
  }
  return last.status === 'succeeded' || last.status === 'deemed' ? exitCodes.done : exitCodes.failed
})
