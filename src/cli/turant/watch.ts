import { Command } from 'commander'
import { exitCodes, Failure } from '../hub.ts'
import { beneficiary, paint, rupees } from '../show.ts'
import { type ConnectionOptions, connect, readSeconds, say, withConnection } from './connection.ts'
import { ending, exitCodeOf, follow, lineOf } from './follow.ts'

type Options = ConnectionOptions & { readonly wait: string; readonly json?: true }

/** `turant watch`. @param end  takes the exit code */
export function watchCommand(end: (code: number) => void): Command {
  const command = new Command('watch')
    .description('Follows a payment, from its first step until its outcome is known.')
    .argument('<payment>', 'pay_…, or the RRN of 12 digits')
    .option('--wait <seconds>', 'for how long', '3600')
    .option('--json', 'print the payment as JSON after each step, one a line')
    .addHelpText(
      'after',
      `
Examples:
  turant watch pay_01a2202e8bb17000b8094f90285dba81
  turant watch 632609000123 --wait 60

Exit codes: ${exitCodes.done} paid or deemed, ${exitCodes.failed} not paid, ${exitCodes.usage} no such payment, ${exitCodes.open} still open, ${exitCodes.unreachable} no hub.`,
    )
  return withConnection(command).action(async (payment: string, options: Options) => {
    const { turant } = connect(options)
    const seconds = readSeconds('--wait', options.wait)
    const found = /^[0-9]{12}$/.test(payment)
      ? (await turant.payments.list({ rrn: payment, limit: 1 }).toArray(1))[0]
      : await turant.payments.get(payment)
    if (found === undefined) throw new Failure(exitCodes.usage, `there is no payment with the RRN ${payment}`)
    const isJson = options.json === true
    if (!isJson) {
      say(`${paint('bold', rupees(found.amount))} to ${beneficiary(found)}`)
      say(paint('dim', `  ${found.id}, RRN ${found.rrn ?? 'when it is sent'}`))
    }
    const last = await follow(turant, found, 0, seconds, (step) => {
      const line = isJson ? JSON.stringify(step) : lineOf(step)
      if (line !== undefined) say(line)
    })
    if (!isJson) for (const line of ending(last, seconds)) say(line)
    end(exitCodeOf(last))
  })
}
