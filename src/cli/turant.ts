#!/usr/bin/env node
import { Command } from 'commander'
import { exitCodes } from './hub.ts'
import { runCommand } from './show.ts'
import { accountsCommand } from './turant/accounts.ts'
import { completionCommand } from './turant/completion.ts'
import { failureOf } from './turant/connection.ts'
import { doctorCommand } from './turant/doctor.ts'
import { eventsCommand } from './turant/events.ts'
import { exportCommand } from './turant/export.ts'
import { historyCommand } from './turant/history.ts'
import { listenCommand } from './turant/listen.ts'
import { payCommand } from './turant/pay.ts'
import { triggerCommand } from './turant/trigger.ts'
import { watchCommand } from './turant/watch.ts'

/** `turant`: the hub from a terminal, over the SDK like everybody else. */

let exitCode: number = exitCodes.done
const end = (code: number): void => {
  exitCode = code
}

const program = new Command('turant')
  .description('The hub from a terminal: pay, follow, look up, export, listen, and see that all is well.')
  .showHelpAfterError('(--help shows all commands)')
  .addHelpText('after', '\nturant <command> --help shows its options, examples and exit codes.')

const commands: Command[] = [
  payCommand(end),
  watchCommand(end),
  historyCommand(end),
  exportCommand(end),
  accountsCommand(end),
  eventsCommand(end),
  listenCommand(end),
  triggerCommand(end),
  doctorCommand(end),
  completionCommand(end, () => commands),
]
for (const command of commands) program.addCommand(command.exitOverride())
program.exitOverride()

await runCommand(async () => {
  try {
    await program.parseAsync()
  } catch (error) {
    throw failureOf(error)
  }
  return exitCode
})
