import { type WireKind, wires } from '../imps/profile.ts'
import { FaultError, type Faults, readFaults } from './faults.ts'

export type Flags = {
  readonly host: string
  readonly remitterPort: number
  readonly beneficiaryPort: number
  readonly xmlPort: number
  readonly controlPort: number
  /** The wire of payments to the hub, whatever the profile says; `both` is as the profile says. No XML at all with `iso8583`. */
  readonly rail: WireKind | 'both'
  /** Where the hub listens for XML, without a path; as the profile's `xml.callback` when absent. */
  readonly hubUrl: string | undefined
  /** The switch's folder of keys; made for this run when absent. */
  readonly keys: string | undefined
  /** Chance from the operating system when absent. */
  readonly seed: number | undefined
  readonly timerScale: number
  readonly faults: Partial<Faults>
  readonly journalLimit: number
  readonly echoMs: number | undefined
  /** A file with a wire profile; the sandbox's when absent. */
  readonly profile: string | undefined
  readonly quiet: boolean
  /** TLS with client certificates on the two ISO 8583 ports, by the folder of keys. */
  readonly tls: boolean
  /** A file with the key (ZMK) for the keys of MACs, in hex: with it financial messages have MACs. */
  readonly zmk: string | undefined
  /** The hub's inbox: with it cycles are cut when they end, and their files written there. */
  readonly inbox: string | undefined
  /** The folder where the office of the switch remembers, and manifests of its mistakes lie; beside the inbox when absent. */
  readonly office: string | undefined
  readonly udir: boolean
  readonly withParent: boolean
  readonly help: boolean
}

/** A flag that is not one, or a value it does not take: one line that names the flag. */
export class FlagError extends Error {}

export const help = `Usage: npm run simulate -- [flags]

NPCI's switch and its beneficiary banks: a hub connects to its two ports, logs on and pays, or posts signed XML to its third.
What happens to a payment depends on its amount (101.91 is deemed, 103.00 swallowed, 109.00 declined, ...); any other is credited.
Prints one line of JSON when it is ready, and stops on SIGTERM or SIGINT.

  --remitter-port N       port for the hub's payments (default 7601; 0 takes a free one)
  --beneficiary-port N    port for payments to the hub (default 7602)
  --rail WIRE             how payments reach the hub: xml, iso8583, or both, as the profile says (default). With
                          iso8583 the switch speaks no XML at all; else it understands the hub on either wire
  --xml-port N            port for the hub's XML, HTTPS with mutual TLS (default 7603)
  --hub-url URL           where the hub listens for XML (default https://127.0.0.1:8443, or as the profile says)
  --keys DIR              the switch's keys and certificates (default: made for this run in a folder that it names)
  --tls                   TLS on the two ISO 8583 ports, with the switch's keys; a hub must show a certificate
  --zmk FILE              MACs on ISO 8583, their keys under the one in this file (hex), as the profile's iso.mac says
  --control-port N        port of the control API, on 127.0.0.1 only (default 8090)
  --host ADDRESS          where all but the control API listen (default 127.0.0.1)
  --profile FILE          wire profile as JSON (default: the sandbox's)
  --timer-scale X         multiplies every protocol time, e.g. 0.05 (default 1)
  --seed N                makes chance repeatable: the same seed, the same faults
  --faults K=V,...        drop delay duplicate reorder corrupt disconnect (add In or Out for one direction: dropOut=0.1),
                          deemed businessDecline technicalDecline splitFrames garbage ackDrop ackNegative ackError
                          responseBeforeAck responseTwice badSignature maskNames badMac noMac wrongKey forged:
                          probabilities from 0 to 1;
                          refuseLogOn: true or a count; delayMs: milliseconds or a range such as 100-5000;
                          clockSkewMs: milliseconds, also negative
  --echo-ms N             sends an echo of its own on every link this often, before the timer scale (default: never)
  --inbox DIR             where the files of settlement cycles go; cycles are cut when they end, and by POST /cycle
  --office DIR            what the office of the switch keeps for itself (default: DIR of --inbox with -office behind it)
  --udir                  late answers change no raw file: TCC and RET follow
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
  const value = /^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)$/.test(text) ? Number(text) : Number.NaN
  if (!(value > 0 && value <= 3)) throw new FlagError(`${flag} must be a number more than 0 and at most 3`)
  return value
}

function wire(flag: string, text: string): WireKind | 'both' {
  const found = [...wires, 'both' as const].find((known) => known === text)
  if (found === undefined) throw new FlagError(`${flag} must be iso8583, xml or both`)
  return found
}

function base(flag: string, text: string): string {
  if (!/^https:\/\/[A-Za-z0-9._:[\]-]{1,255}$/.test(text))
    throw new FlagError(`${flag} must be https:// and a host with its port`)
  return text
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
    xmlPort: 7603,
    controlPort: 8090,
    rail: 'both',
    hubUrl: undefined,
    keys: undefined,
    seed: undefined,
    timerScale: 1,
    faults: {},
    journalLimit: 5_000_000,
    echoMs: undefined,
    profile: undefined,
    quiet: false,
    tls: false,
    zmk: undefined,
    inbox: undefined,
    office: undefined,
    udir: false,
    withParent: false,
    help: false,
  }
  const switches: Readonly<Record<string, () => void>> = {
    '--quiet': () => {
      flags.quiet = true
    },
    '--tls': () => {
      flags.tls = true
    },
    '--udir': () => {
      flags.udir = true
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
    '--xml-port': (flag, value) => {
      flags.xmlPort = port(flag, value)
    },
    '--rail': (flag, value) => {
      flags.rail = wire(flag, value)
    },
    '--hub-url': (flag, value) => {
      flags.hubUrl = base(flag, value)
    },
    '--keys': (_flag, value) => {
      flags.keys = value
    },
    '--zmk': (_flag, value) => {
      flags.zmk = value
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
    '--inbox': (_flag, value) => {
      flags.inbox = value
    },
    '--office': (_flag, value) => {
      flags.office = value
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
