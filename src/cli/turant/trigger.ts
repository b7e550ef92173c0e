import { ApiError, type Payment, type Turant } from '@turant/sdk'
import { Command } from 'commander'
import { exitCodes, Failure } from '../hub.ts'
import { beneficiary, paint, rupees } from '../show.ts'
import { type Connected, type ConnectionOptions, connect, readSeconds, say, withConnection } from './connection.ts'
import { ending, follow, lineOf } from './follow.ts'
import { tableOf } from './table.ts'

type Options = ConnectionOptions & { readonly from?: string; readonly wait: string; readonly json?: true }

/** What the simulated switch does with an amount, in paise, whatever the account: docs/guides/simulator.md. */
const outcomes = {
  succeeded: ['10000', 'is credited and answered with 00'],
  deemed: ['10191', 'is answered with 91: counted as paid, credited later'],
  confirmed: [
    '10191',
    'is answered with 91 and credited: succeeds with the settlement, of which two cycles are cut at once',
  ],
  returned: ['10291', 'is answered with 91 and not credited: comes back with that settlement'],
  lost: ['10300', 'is not answered; the first verification says 00'],
  'lost-declined': ['10400', 'is not answered; the first verification says M0'],
  unconfirmed: ['10500', 'is never answered: stays open until settlement'],
  late: ['10700', 'is answered with 00 after the time-out'],
  twice: ['10800', 'is answered with 00, twice'],
  declined: ['10900', 'is declined with M1: no such account'],
  frozen: ['11000', 'is declined with M3: account blocked or frozen'],
  'no-funds': ['11300', 'is declined with 51'],
  unavailable: ['11400', 'is answered with 08'],
  undocumented: ['11500', 'is answered with a code that nobody has documented'],
  cut: ['11600', 'is not answered: the connection closes; the first verification says 00'],
} as const satisfies Record<string, readonly [amount: string, what: string]>

type Outcome = keyof typeof outcomes
const isOutcome = (name: string): name is Outcome => Object.hasOwn(outcomes, name)

const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' } as const
const INWARD = 'inward'
const POLL_MS = 500

/** `turant trigger`. @param end  takes the exit code */
export function triggerCommand(end: (code: number) => void): Command {
  const rows = [
    ...Object.entries(outcomes).map(([name, [amount, what]]) => [name, rupees(amount), what]),
    [INWARD, rupees('50000'), 'arrives from another bank'],
  ]
  const command = new Command('trigger')
    .description('Makes an outcome happen in a sandbox, so that a program can be seen to cope with it.')
    .argument('[outcome]', 'which; without it they are listed')
    .option('--from <account>', 'the account that pays, or is credited (default: the remitter of the sandbox)')
    .option('--wait <seconds>', 'how long to follow the payment', '60')
    .option('--json', 'print the payment as JSON, once, at the end')
    .addHelpText(
      'after',
      `
Outcomes:
${tableOf(['outcome', 'amount', 'the payment'], rows, [1]).replace(/^/gm, '  ')}

Exit codes: ${exitCodes.done} it happened, ${exitCodes.usage} no such outcome, or the hub is no sandbox, ${exitCodes.open} it has not happened yet, ${exitCodes.unreachable} no hub.`,
    )
  return withConnection(command).action(async (outcome: string | undefined, options: Options) => {
    if (outcome === undefined) {
      if (options.json === true) for (const [name, amount, what] of rows) say(JSON.stringify({ name, amount, what }))
      else say(tableOf(['outcome', 'amount', 'the payment'], rows, [1]))
      end(exitCodes.done)
      return
    }
    if (outcome !== INWARD && !isOutcome(outcome))
      throw new Failure(exitCodes.usage, `there is no outcome ${outcome}`, ['turant trigger lists them'])
    const at = connect(options)
    const account = options.from ?? at.remitter
    if (account === undefined) throw new Failure(exitCodes.usage, '--from is missing: which account?')
    const seconds = readSeconds('--wait', options.wait)
    await mustBeSandbox(at)
    const last =
      outcome === INWARD
        ? await arrive(at.turant, account, seconds)
        : await pay(at.turant, outcome, account, seconds, options)
    if (options.json === true) say(JSON.stringify(last, null, 2))
    else if (last !== undefined) for (const line of ending(last)) say(line)
    end(last === undefined || !happened(outcome, last) ? exitCodes.open : exitCodes.done)
  })
}

/** Whatever is triggered moves money: never in a hub where that is real. @throws {Failure} */
async function mustBeSandbox({ turant, baseUrl }: Connected): Promise<void> {
  try {
    await turant.sandbox.messages.list({ limit: 1 }).page()
  } catch (error) {
    if (error instanceof ApiError && error.status === 404)
      throw new Failure(exitCodes.usage, `the hub at ${baseUrl} is no sandbox: nothing was sent`)
    throw error
  }
}

const expected: Partial<Record<Outcome, readonly Payment['status'][]>> = {
  deemed: ['deemed'],
  returned: ['returned'],
  'lost-declined': ['failed'],
  unconfirmed: ['processing'],
  declined: ['failed'],
  frozen: ['failed'],
  'no-funds': ['failed'],
  unavailable: ['processing', 'deemed'],
  undocumented: ['processing'],
}

const happened = (outcome: string, { status }: Payment): boolean =>
  ((isOutcome(outcome) ? expected[outcome] : undefined) ?? ['succeeded']).includes(status)

async function pay(
  turant: Turant,
  outcome: Outcome,
  from: string,
  seconds: number,
  { json }: Options,
): Promise<Payment> {
  const tell = json === true ? () => undefined : say
  const made = await turant.payments.create({ amount: outcomes[outcome][0], from, to, reference: `trigger-${outcome}` })
  tell(`${paint('bold', rupees(made.amount))} to ${beneficiary(made)}`)
  tell(paint('dim', `  ${made.id}, RRN ${made.rrn ?? 'when it is sent'}`))
  const untilOpen = (payment: Payment): boolean => payment.state === 'unconfirmed' && happened(outcome, payment)
  const last = await follow(
    turant,
    made,
    0,
    seconds,
    (payment) => {
      const line = lineOf(payment)
      if (line !== undefined) tell(line)
    },
    untilOpen,
  )
  if ((outcome !== 'returned' && outcome !== 'confirmed') || last.status !== 'deemed') return last
  // The first has the payment, the second what came of it.
  for (const _ of [1, 2]) await turant.sandbox.cycle({})
  tell('  two settlement cycles were cut; the hub takes their files')
  const settled = await until(seconds, async () => {
    const now = await turant.payments.get(made.id)
    return now.status === 'deemed' ? undefined : now
  })
  const line = settled && lineOf(settled)
  if (line !== undefined) tell(line)
  return settled ?? last
}

/** A credit from another bank, once it is in the account; undefined when it is not in time. */
async function arrive(turant: Turant, accountId: string, seconds: number): Promise<Payment | undefined> {
  const { ifsc, accountNumber } = await turant.accounts.get(accountId)
  const { rrn } = Object(await turant.sandbox.inward({ amount: '50000', to: { ifsc, account: accountNumber } }))
  return until(
    seconds,
    async () => (await turant.payments.list({ rrn: String(rrn), direction: 'inward' }).toArray(1))[0],
  )
}

async function until<T>(seconds: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = AbortSignal.timeout(Math.max(1, seconds * 1000))
  for (;;) {
    const found = await look()
    if (found !== undefined || deadline.aborted) return found
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
