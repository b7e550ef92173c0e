import { readFileSync } from 'node:fs'
import { systemClock } from '../base/clock.ts'
import { type Listener, systemListen } from '../base/network.ts'
import { createSeededRandom, createSystemRandom } from '../base/random.ts'
import { defaultProfile, parseProfile, type WireProfile } from '../imps/profile.ts'
import { serveControl } from './control.ts'
import { FlagError, type Flags, help, readFlags } from './flags.ts'
import { createSimulator } from './simulator.ts'

/** The simulator as a program: real sockets, the system's clock, one line of JSON when it is ready. */

function profileOf({ profile }: Flags): WireProfile {
  if (profile === undefined) return defaultProfile
  try {
    return parseProfile(readFileSync(profile, 'utf8'))
  } catch (error) {
    throw new FlagError(`--profile ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
}

async function run(flags: Flags): Promise<void> {
  const random = flags.seed === undefined ? createSystemRandom() : createSeededRandom(flags.seed)
  const simulator = createSimulator({
    clock: systemClock,
    random,
    profile: profileOf(flags),
    timerScale: flags.timerScale,
    faults: flags.faults,
    journalLimit: flags.journalLimit,
    ...(flags.echoMs === undefined ? {} : { echoMs: flags.echoMs }),
  })

  const bind = async (flag: string, start: () => Promise<Listener>): Promise<Listener> => {
    try {
      return await start()
    } catch (error) {
      throw new FlagError(`${flag} cannot be used: ${error instanceof Error ? error.message : 'unknown reason'}`)
    }
  }
  const { host } = flags
  const remitter = await bind('--remitter-port', () =>
    systemListen({ host, port: flags.remitterPort }, (connection) => simulator.attach('remitter', connection)),
  )
  const beneficiary = await bind('--beneficiary-port', () =>
    systemListen({ host, port: flags.beneficiaryPort }, (connection) => simulator.attach('beneficiary', connection)),
  )
  const control = await bind('--control-port', () =>
    serveControl({ simulator, clock: systemClock, address: { host: '127.0.0.1', port: flags.controlPort } }),
  )

  const stop = async () => {
    simulator.close()
    await Promise.all([remitter.close(), beneficiary.close(), control.close()])
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  if (flags.withParent) {
    // The pipe closes when the parent ends, however it ends: also when it is killed.
    process.stdin.once('end', stop).once('close', stop).once('error', stop).resume()
  }

  const ports = { remitterPort: remitter.port, beneficiaryPort: beneficiary.port, controlPort: control.port }
  process.stdout.write(`${JSON.stringify({ event: 'ready', ...ports })}\n`)
  if (!flags.quiet) {
    process.stderr.write(
      `The simulated switch listens on ${host}:${ports.remitterPort} (payments from the hub) and ${host}:${ports.beneficiaryPort} ` +
        `(payments to it); control at http://127.0.0.1:${ports.controlPort}\n`,
    )
  }
}

try {
  const flags = readFlags(process.argv.slice(2))
  if (flags.help) process.stdout.write(help)
  else await run(flags)
} catch (error) {
  if (!(error instanceof FlagError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
}
