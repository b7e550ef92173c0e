import { FaultError, type Faults, readFaults } from './faults.ts'

export type Flags = {
  readonly host: string
  readonly remitterPort: number
  readonly beneficiaryPort: number
  readonly controlPort: number
  /** Chance from the operating system when absent. */
  readonly seed: number | undefined
  readonly timerScale: number
  readonly faults: Partial<Faults>
  readonly journalLimit: number
  readonly echoMs: number | undefined
  /** A file with a wire profile; the sandbox's when absent. */
  readonly profile: string | undefined
  readonly quiet: boolean
  readonly withParent: boolean
  readonly help: boolean
}

/** A flag that is not one, or a value it does not take: one line that names the flag. */
export class FlagError extends Error {}

export const help = `Usage: npm run simulate -- [flags]

NPCI's switch and its beneficiary banks: a hub connects to its two ports, logs on and pays.
What happens to a payment depends on its amount (101.91 is deemed, 103.00 swallowed, 109.00 declined, ...); any other is credited.
Prints one line of JSON when it is ready, and stops on SIGTERM or SIGINT.

  --remitter-port N       port for the hub's payments (default 7601; 0 takes a free one)
  --beneficiary-port N    port for payments to the hub (default 7602)
  --control-port N        port of the control API, on 127.0.0.1 only (default 8090)
  --host ADDRESS          where the first two listen (default 127.0.0.1)
  --profile FILE          wire profile as JSON (default: the sandbox's)
  --timer-scale X         multiplies every protocol time, e.g. 0.05 (default 1)
  --seed N                makes chance repeatable: the same seed, the same faults
  --faults K=V,...        drop delay duplicate reorder corrupt disconnect (add In or Out for one direction: dropOut=0.1),
                          deemed businessDecline technicalDecline splitFrames garbage: probabilities from 0 to 1;
                          refuseLogOn: true or a count; delayMs: milliseconds or a range such as 100-5000
  --echo-ms N             sends an echo of its own on every link this often, before the timer scale (default: never)
  --journal-limit N       payments remembered in each direction (default 5000000)
  --with-parent           ends when standard input closes, as it does when the parent dies
  --quiet                 prints nothing but the ready line and errors
  --help                  prints this
`

const whole =
  (least: number, most: number) =>
  (flag: string, text: string): number => {
    const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most))
      throw new FlagError(`${flag} must be a whole number from ${least} to ${most}`)
    return value
  }

const port = whole(0, 65_535)

function scale(flag: string, text: string): number {
  const value = /^[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : Number.NaN
  if (!(value > 0 && value <= 3)) throw new FlagError(`${flag} must be a number more than 0 and at most 3`)
  return value
}

function address(flag: string, text: string): string {
  if (!/^[A-Za-z0-9._:-]{1,255}$/.test(text)) throw new FlagError(`${flag} must be a host name or address`)
  return text
}

function dials(flag: string, text: string): Partial<Faults> {
  const settings = new Map<string, string>()
  for (const pair of text.split(',')) {
    const [name = '', value, ...more] = pair.split('=')
    if (value === undefined || more.length > 0)
      throw new FlagError(`${flag} must be name=value pairs with commas between`)
    settings.set(name, value)
  }
  try {
    return readFaults(Object.fromEntries(settings))
  } catch (error) {
    if (error instanceof FaultError) throw new FlagError(`${flag} ${error.message}`)
    throw error
  }
}

/** @throws {FlagError} one line naming the first bad flag */
export function readFlags(args: readonly string[]): Flags {
  const flags: { -readonly [K in keyof Flags]: Flags[K] } = {
    host: '127.0.0.1',
    remitterPort: 7601,
    beneficiaryPort: 7602,
    controlPort: 8090,
    seed: undefined,
    timerScale: 1,
    faults: {},
    journalLimit: 5_000_000,
    echoMs: undefined,
    profile: undefined,
    quiet: false,
    withParent: false,
    help: false,
  }
  const switches: Readonly<Record<string, () => void>> = {
    '--quiet': () => {
      flags.quiet = true
    },
    '--with-parent': () => {
      flags.withParent = true
    },
    '--help': () => {
      flags.help = true
    },
  }
  const valued: Readonly<Record<string, (flag: string, value: string) => void>> = {
    '--host': (flag, value) => {
      flags.host = address(flag, value)
    },
    '--remitter-port': (flag, value) => {
      flags.remitterPort = port(flag, value)
    },
    '--beneficiary-port': (flag, value) => {
      flags.beneficiaryPort = port(flag, value)
    },
    '--control-port': (flag, value) => {
      flags.controlPort = port(flag, value)
    },
    '--seed': (flag, value) => {
      flags.seed = whole(0, 0xffff_ffff)(flag, value)
    },
    '--timer-scale': (flag, value) => {
      flags.timerScale = scale(flag, value)
    },
    '--faults': (flag, value) => {
      flags.faults = { ...flags.faults, ...dials(flag, value) }
    },
    '--journal-limit': (flag, value) => {
      flags.journalLimit = whole(1, 50_000_000)(flag, value)
    },
    '--echo-ms': (flag, value) => {
      flags.echoMs = whole(100, 86_400_000)(flag, value)
    },
    '--profile': (_flag, value) => {
      flags.profile = value
    },
  }
  for (let at = 0; at < args.length; at += 1) {
    const [flag = '', ...joined] = args[at]!.split('=')
    const turnOn = Object.hasOwn(switches, flag) ? switches[flag] : undefined
    if (turnOn !== undefined && joined.length === 0) {
      turnOn()
      continue
    }
    const take = Object.hasOwn(valued, flag) ? valued[flag] : undefined
    if (take === undefined) throw new FlagError(`${flag.slice(0, 40)} is not a flag; --help lists them`)
    let value = joined.length > 0 ? joined.join('=') : undefined
    if (value === undefined) {
      at += 1
      value = args[at]
    }
    if (value === undefined || value === '') throw new FlagError(`${flag} needs a value`)
    take(flag, value)
  }
  return flags
}
