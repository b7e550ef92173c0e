import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { defaultProfile, type WireKind } from '../../src/imps/profile.ts'
import { makeSandboxKeys } from '../../src/sandbox-keys.ts'

/** The real processes: hub, simulator, PostgreSQL. All of them and their folder are gone when the run ends, however it ends. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 30_000
const LAST_WORDS = 4_000

/** Protocol time in the run: the answer is awaited for 0.4 s, verifications leave after 0.56, 0.66 and 0.76 s. */
export const TIMER_SCALE = 0.01

export type Hub = {
  readonly pid: number
  /** When its process was made, `performance.now()`. */
  readonly startedAt: number
  /** How it ended. */
  readonly ended: Promise<Ended>
  /** Resolves with the API key when the hub listens, or undefined when it has ended. */
  listening(): Promise<string | undefined>
  readonly isAlive: () => boolean
  kill(): void
  /** A clean stop, as an operator asks for it. */
  terminate(): void
}
export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly lastWords: string }

export type Processes = {
  readonly folder: string
  readonly hubPort: number
  readonly simulatorPort: number
  /** Starts a hub on the same folder, port and switch as the last one. */
  startHub(crashAt?: string): Hub
  /** `postgres://…` of the hub's database while PostgreSQL runs. */
  databaseUrl(): string
  /** The key-encryption keys of the hub. */
  readonly keyFile: string
  /** Where the switch's back office puts the files of its cycles, and where the hub looks for them: somebody must carry them. */
  readonly outgoing: string
  readonly inbox: string
  /** Stops PostgreSQL at once; false when it does not run. */
  stopPostgres(how: 'immediate' | 'kill'): boolean
  /** Ends everything and removes the folder. */
  end(): Promise<void>
}

/** Which wire a run is on; `changing`: another one at each start of the hub, so that what one carried is left to the next. */
export type CrashRail = WireKind | 'changing'

/** Banks on the hub of a run that settles: each has files and a match of its own in every cycle. */
export const SETTLING_BANKS = 2

/** @param settles  the switch cuts cycles, and the hub settles them as often as it may */
export async function startProcesses(seed: number, rail: CrashRail, settles: boolean): Promise<Processes> {
  const folder = mkdtempSync(join(tmpdir(), 'turant-crash-'))
  const data = join(folder, 'data')
  // PostgreSQL, when it runs as another user, must be able to pass through.
  chmodSync(folder, 0o755)
  mkdirSync(data)
  const children = new Set<ChildProcess>()
  /** Where the cluster is: a hub that runs as root puts it outside a folder that PostgreSQL's user cannot enter. */
  const cluster = (): string => {
    const place = join(data, 'postgres.place')
    return existsSync(place) ? readFileSync(place, 'utf8').trim() : join(data, 'postgres')
  }
  /** A line of `postmaster.pid`, which is there while PostgreSQL runs: its process first, its port fourth. */
  const postmaster = (line: number): number | undefined => {
    const path = join(cluster(), 'data', 'postmaster.pid')
    return existsSync(path) ? Number(readFileSync(path, 'utf8').split('\n')[line]) : undefined
  }
  const signal = (pid: number | undefined, name: NodeJS.Signals | 0): boolean => {
    try {
      return pid !== undefined && pid > 0 && process.kill(pid, name)
    } catch {
      return false
    }
  }
  const abandon = () => {
    for (const child of children) child.kill('SIGKILL')
    signal(postmaster(0), 'SIGQUIT')
    for (const path of [cluster(), folder])
      rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
  process.once('exit', abandon)

  const [hubPort = 0, remitterPort = 0, beneficiaryPort = 0, simulatorPort = 0, xmlPort = 0, callbackPort = 0] =
    await freePorts(6)
  const [outgoing, inbox] = [join(folder, 'outgoing'), join(folder, 'inbox')]
  const keys = join(folder, 'keys')
  await makeSandboxKeys(keys)
  const profile = join(folder, 'profile.json')
  writeFileSync(
    profile,
    JSON.stringify(
      profileFor({
        rail,
        remitterPort,
        beneficiaryPort,
        xmlPort,
        callbackPort,
        banks: settles ? SETTLING_BANKS : undefined,
      }),
      (_, v) => (typeof v === 'bigint' ? `${v}` : v),
    ),
  )

  const simulator = spawn(
    process.execPath,
    [
      'src/simulator/main.ts',
      '--quiet',
      ...['--remitter-port', `${remitterPort}`, '--beneficiary-port', `${beneficiaryPort}`],
      ...['--control-port', `${simulatorPort}`, '--timer-scale', `${TIMER_SCALE}`, '--seed', `${seed}`],
      ...['--profile', profile, '--keys', join(keys, 'switch')],
      ...['--xml-port', `${xmlPort}`, '--hub-url', `https://127.0.0.1:${callbackPort}`],
      ...(settles ? ['--inbox', outgoing, '--office', join(folder, 'office')] : []),
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  children.add(simulator)
  simulator.once('exit', () => children.delete(simulator))
  await firstLine(simulator)

  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TURANT_|DATABASE_URL$)/.test(name))),
    TURANT_DATA_DIR: data,
    TURANT_PORT: String(hubPort),
    TURANT_PROFILE: profile,
    TURANT_SIMULATOR: 'external',
    TURANT_SIMULATOR_PORT: String(simulatorPort),
    TURANT_VERIFICATIONS_PER_SECOND: '2000',
    TURANT_TIMER_SCALE: String(TIMER_SCALE),
    TURANT_KEYS: join(keys, 'hub'),
    TURANT_LOG_LEVEL: 'info',
    ...(settles
      ? {
          TURANT_INBOX_DIR: inbox,
          TURANT_INBOX_MS: '100',
          TURANT_SETTLE_MS: '100',
          TURANT_DISPUTE_MS: '1000',
          TURANT_MATCH_MEMORY: '256',
          TURANT_MATCH_THREADS: '1',
        }
      : {}),
    // Loading is most of a start; a crash test starts often.
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  }

  let starts = 0
  const railNow = (): WireKind => {
    starts += 1
    return rail === 'changing' ? (starts % 2 === 0 ? 'iso8583' : 'xml') : rail
  }

  return {
    folder,
    hubPort,
    simulatorPort,
    startHub(crashAt) {
      const startedAt = performance.now()
      const child = spawn(process.execPath, ['src/main.ts'], {
        cwd: ROOT,
        env: {
          ...env,
          TURANT_RAIL: railNow(),
          ...(crashAt === undefined ? {} : { TURANT_CRASH_AT: crashAt }),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      children.add(child)
      let lastWords = ''
      const remember = (bytes: Buffer) => {
        lastWords = (lastWords + bytes.toString()).slice(-LAST_WORDS)
      }
      child.stdout.on('data', remember)
      child.stderr.on('data', remember)
      let alive = true
      const ended = new Promise<Ended>((resolve) => {
        child.once('close', (code, by) => {
          alive = false
          children.delete(child)
          resolve({ code, signal: by, lastWords })
        })
      })
      return {
        pid: child.pid ?? 0,
        startedAt,
        ended,
        isAlive: () => alive,
        async listening() {
          while (alive) {
            if (await accepts(hubPort)) {
              const key = readKey(join(data, 'sandbox.json'))
              if (key !== undefined) return key
            }
            if (performance.now() - startedAt > START_TIMEOUT_MS) {
              const log = readFileSync(join(data, 'hub.log'), 'utf8').slice(-LAST_WORDS)
              throw new Error(`the hub does not listen after ${START_TIMEOUT_MS} ms: ${lastWords}\n${log}`)
            }
            await wait(10)
          }
          return undefined
        },
        kill: () => {
          child.kill('SIGKILL')
        },
        terminate: () => {
          child.kill('SIGTERM')
        },
      }
    },
    keyFile: join(data, 'kek.json'),
    outgoing,
    inbox,
    databaseUrl() {
      const password = readFileSync(join(data, 'postgres.password'), 'utf8').trim()
      return `postgres://turant:${password}@127.0.0.1:${postmaster(3)}/${DATABASE}`
    },
    stopPostgres: (how) => signal(postmaster(0), how === 'kill' ? 'SIGKILL' : 'SIGQUIT'),
    async end() {
      for (const child of children) child.kill('SIGKILL')
      const pid = postmaster(0)
      signal(pid, 'SIGQUIT')
      const deadline = performance.now() + STOP_TIMEOUT_MS
      while ((children.size > 0 || signal(pid, 0)) && performance.now() < deadline) await wait(20)
      process.off('exit', abandon)
      abandon()
    },
  }
}

/** The hub's database in the PostgreSQL it brings. */
const DATABASE = 'turant'

/** The sandbox's profile, with the switch of this run and with later verifications soon enough to see their end. */
function profileFor(at: {
  readonly rail: CrashRail
  readonly remitterPort: number
  readonly beneficiaryPort: number
  readonly xmlPort: number
  readonly callbackPort: number
  readonly banks: number | undefined
}): object {
  const host = '127.0.0.1'
  const { enabled: _, ...xml } = defaultProfile.xml
  return {
    ...defaultProfile,
    institutions: defaultProfile.institutions.slice(0, at.banks),
    wire: at.rail === 'iso8583' ? 'iso8583' : 'xml',
    iso: {
      ...defaultProfile.iso,
      links: [
        { id: 'npci-remitter', role: 'remitter', host, port: at.remitterPort },
        { id: 'npci-beneficiary', role: 'beneficiary', host, port: at.beneficiaryPort },
      ],
      // Protocol milliseconds: 1 s for an answer to a log-on on a busy machine, 0.1 s before another try.
      netMgmt: { echoMs: 180_000, replyMs: 100_000, logonFirstRetryMs: 10_000, logonRetryMs: 10_000 },
    },
    // Protocol milliseconds here too: half a second for an Ack on a busy machine.
    xml: {
      ...xml,
      host: `${host}:${at.xmlPort}`,
      callback: { host, port: at.callbackPort },
      ackMs: 50_000,
      enquiryMs: 200_000,
    },
    timers: { ...defaultProfile.timers, thenMs: [50_000, 100_000, 200_000, 400_000] },
  }
}

function readKey(path: string): string | undefined {
  try {
    const { apiKey } = JSON.parse(readFileSync(path, 'utf8')) as { apiKey: unknown }
    return typeof apiKey === 'string' ? apiKey : undefined
  } catch {
    return undefined
  }
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports: number[] = []
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address !== null && typeof address === 'object') ports.push(address.port)
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

async function firstLine(child: ChildProcess): Promise<void> {
  if (child.stdout === null) return
  for await (const _ of createInterface({ input: child.stdout })) {
    child.stdout.resume()
    return
  }
  throw new Error('the simulator did not start')
}
