import { Command } from 'commander'
import { exitCodes } from '../hub.ts'
import { dayAndTime } from '../show.ts'
import { type ConnectionOptions, connect, say, withConnection } from './connection.ts'
import { listenCommand } from './listen.ts'
import { tableOf } from './table.ts'

type Options = ConnectionOptions & { readonly type?: string; readonly json?: true }

/** Events of one payment at most; none has so many. */
const MOST = 1_000

/** `turant events`. @param end  takes the exit code */
export function eventsCommand(end: (code: number) => void): Command {
  const command = new Command('events')
    .description(
      'Shows what was told of a payment: its steps, its link, its disputes and breaks. `events listen` is `listen`.',
    )
    .argument('<payment>', 'pay_…')
    .option('--type <type>', 'only this type, such as payment.succeeded')
    .option('--json', 'print each event as a webhook has it, one a line')
    .addHelpText(
      'after',
      `
Examples:
  turant events pay_01a204e0828d7000a29a82a88b6613e0
  turant events listen --forward-to http://localhost:3000/hook

Exit codes: ${exitCodes.done} shown, ${exitCodes.usage} not a payment, ${exitCodes.unreachable} no hub.`,
    )
  command.addCommand(listenCommand(end).exitOverride())
  return withConnection(command).action(async (payment: string, options: Options) => {
    const { turant } = connect(options)
    const all = await turant.events.list({ payment, limit: 100 }).toArray(MOST)
    const found = all.filter(({ type }) => options.type === undefined || type === options.type)
    if (options.json === true) for (const one of found) say(JSON.stringify(one))
    else {
      const rows = found.map(({ id, timestamp, type, data }) => [
        dayAndTime(timestamp),
        type,
        'status' in data ? data.status : data.state,
        id,
      ])
      say(tableOf(['when (IST)', 'type', 'state', 'id'], rows, []))
    }
    end(exitCodes.done)
  })
}
