import { env, stdout } from 'node:process'
import { styleText } from 'node:util'
import type { Payment } from '@turant/sdk'
import { CommanderError } from 'commander'
import { istParts } from '../base/clock.ts'
import { formatRupees } from '../base/money.ts'
import { exitCodes, Failure } from './hub.ts'

type Style = Parameters<typeof styleText>[0]

/** Colours on a terminal, unless NO_COLOR says no. @source no-color.org */
const coloured = stdout.isTTY === true && (env.NO_COLOR ?? '') === ''
export const paint = (style: Style, text: string): string =>
  coloured ? styleText(style, text, { validateStream: false }) : text

/** Each state in plain words, and its colour. */
const states: Readonly<Record<string, readonly [words: string, style: Style]>> = {
  held: ['accepted; waits for a link to the switch, nothing is sent yet', 'yellow'],
  requires_approval: [
    'waits for approval: the account is registered under another name, nothing is sent yet',
    'yellow',
  ],
  requires_authentication: ['waits for the two factors of the customer, nothing is sent yet', 'yellow'],
  sent: ['on its way to the beneficiary bank', 'cyan'],
  unconfirmed: ['no clear answer: the money is safe, the switch is being asked, and it is never sent again', 'yellow'],
  deemed: ['counted as paid; the beneficiary bank confirms or returns it in the next settlement', 'magenta'],
  succeeded: ['paid: the beneficiary has the money', 'green'],
  declined: ['declined: the money is back in the account', 'red'],
  returned: ['returned by the beneficiary bank: the money is back in the account', 'red'],
  cancelled: ['cancelled before anything was sent: the money is back in the account', 'red'],
  refused: ['given up before anything was sent: the money is back in the account', 'red'],
}

export const wordsOf = (state: string): string => states[state]?.[0] ?? state
export const styleOf = (state: string): Style => states[state]?.[1] ?? 'white'

const two = (value: number, width = 2): string => String(value).padStart(width, '0')

/** The time of day in India. */
export function clockTime(instant: string): string {
  const at = Date.parse(instant)
  const { hour, minute, second } = istParts(at)
  return `${two(hour)}:${two(minute)}:${two(second)}.${two(((at % 1000) + 1000) % 1000, 3)}`
}

/** Day and time in India. */
export function dayAndTime(instant: string): string {
  const { year, month, day, hour, minute, second } = istParts(Date.parse(instant))
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`
}

export const rupees = (paise: string): string => `₹${formatRupees(BigInt(paise))}`

/** Whom the money is for, in a few words. */
export function beneficiary({ to }: Pick<Payment, 'to'>): string {
  const name = to.registeredName ?? ('name' in to ? to.name : null)
  const where =
    to.kind === 'account'
      ? `${to.ifsc} ${to.account}`
      : to.kind === 'mobile'
        ? `${to.mobile} at ${to.bank}`
        : `${to.mobile} MMID ${to.mmid}`
  return name === null ? where : `${name} (${where})`
}

export function stepLine(
  step: Pick<Payment['timeline'][number], 'at' | 'responseCode'> & { readonly state: string },
  reason: string | undefined,
): string {
  const code = step.responseCode === undefined ? '' : ` [RC ${step.responseCode}]`
  const why = reason === undefined ? '' : ` (${reason})`
  return `  ${paint('dim', clockTime(step.at))}  ${paint(styleOf(step.state), step.state.padEnd(11))}  ${wordsOf(step.state)}${why}${paint('dim', code)}`
}

/** Runs a command and ends the process with the code it asks for; failures become a line or two, never a stack. */
export async function runCommand(command: () => Promise<number>): Promise<void> {
  // Whoever reads what is printed, such as `head`, has enough.
  stdout.on('error', () => process.exit(exitCodes.done))
  try {
    process.exitCode = await command()
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage
      return
    }
    if (!(error instanceof Failure)) throw error
    process.stderr.write(`${paint('red', 'error:')} ${error.message}\n`)
    for (const hint of error.hints) process.stderr.write(`  ${hint}\n`)
    process.exitCode = error.exitCode
  }
}
