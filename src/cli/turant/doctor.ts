import { env } from 'node:process'
import { Command } from 'commander'
import { exitCodes } from '../hub.ts'
import { paint } from '../show.ts'
import { checkApiKey, checkCertificates, checkClock, checkDatabase, checkLinks, checkReachable } from './checks.ts'
import { type ConnectionOptions, connect, say, withConnection } from './connection.ts'
import { checkDisk, checkKeyFile, checkNode, checkOwnDatabase } from './local-checks.ts'

type Options = ConnectionOptions & { readonly json?: true }

/** What a check found. `todo` is there unless all is well. */
export type Finding = {
  readonly check: string
  readonly state: 'well' | 'soon' | 'wrong' | 'skipped'
  readonly found: string
  readonly todo?: string
}

const styles = { well: 'green', soon: 'yellow', wrong: 'red', skipped: 'dim' } as const

/** `turant doctor`. @param end  takes the exit code */
export function doctorCommand(end: (code: number) => void): Command {
  const command = new Command('doctor')
    .description('Looks whether all is well with a hub, and says what to do where it is not. Changes nothing.')
    .option('--json', 'print the findings as JSON, one a line')
    .addHelpText(
      'after',
      `
Over HTTP: that the hub answers, its clock, database, links, certificates, and the key. On its own machine, from its data folder and settings: its database
and migrations, the key file, the disk, Node.

Exit codes: ${exitCodes.done} all is well, or will need something soon; ${exitCodes.failed} something is wrong.`,
    )
  return withConnection(command).action(async (options: Options) => {
    const { turant, baseUrl } = connect(options)
    const dataDir = options.dataDir ?? env.TURANT_DATA_DIR ?? '.turant'
    const hub = await checkReachable(baseUrl)
    const findings: readonly Finding[] = [
      hub.finding,
      checkClock(hub),
      ...checkDatabase(hub),
      ...checkLinks(hub),
      await checkApiKey(turant, hub),
      ...(await checkCertificates(baseUrl, hub)),
      ...(await checkOwnDatabase(dataDir)),
      checkKeyFile(dataDir),
      checkDisk(dataDir),
      checkNode(),
    ]
    for (const finding of findings) {
      const { check, state, found, todo } = finding
      if (options.json === true) say(JSON.stringify(finding))
      else
        say(
          `${paint(styles[state], state.padEnd(7))}  ${check.padEnd(13)}  ${found}${todo === undefined ? '' : `\n${' '.repeat(24)}${todo}`}`,
        )
    }
    end(findings.some(({ state }) => state === 'wrong') ? exitCodes.failed : exitCodes.done)
  })
}
