import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Clock } from './base/clock.ts'
import { type AccountId, must, parseIfsc, parseMmid, parseMobile } from './base/identifiers.ts'
import type { Log } from './base/log.ts'
import type { Vault } from './base/vault.ts'
import type { Db } from './db/pool.ts'
import type { Institution, WireKind, WireProfile } from './imps/profile.ts'
import { findAddressed, openAccount } from './ledger/store.ts'
import type { DemoPerson } from './sandbox-customers.ts'
import type { DemoStaff } from './sandbox-people.ts'

/**
 * The sandbox: what `npm start` adds when nothing is set. A switch and its banks in a process of their own, a key, two
 * accounts with money, and a file that tells other programs where everything is.
 */

export const SANDBOX_TENANT = 1

// --- the simulated switch -------------------------------------------------------------------------------------------

type Ports = {
  readonly controlPort: number
  readonly remitterPort: number
  readonly beneficiaryPort: number
  readonly xmlPort: number
}

export type SimulatedSwitch = Ports & { readonly callbackPort: number; stop(): Promise<void> }

export type SwitchOptions = {
  readonly controlPort: number
  /** Where the hub will listen for the switch over HTTPS. */
  readonly callbackPort: number
  /** The switch's folder of keys; it makes its own when there is none, and is then trusted by nobody. */
  readonly keys: string | undefined
  /** The wire that most of the hub's payments are on; the switch understands the other one as well. */
  readonly wire: WireKind
  /** TLS and MACs on its ISO 8583 ports, with the keys in its folder. */
  readonly secure: boolean
  readonly timerScale: number
  /** Where it leaves the files of settlement cycles for the hub, and what it keeps for itself. */
  readonly inbox: string
  readonly office: string
  readonly clock: Clock
  readonly log: Log
}

const SIMULATOR = fileURLToPath(new URL('./simulator/main.ts', import.meta.url))
const READY_MS = 15_000
const STOP_MS = 3_000
const RESTART_MS = 500

/** Starts the simulator; when it dies it is started again on the same ports. It ends with this process, however that ends. */
export async function startSwitch(options: SwitchOptions): Promise<SimulatedSwitch> {
  const { clock, log } = options
  let wanted = true
  let child: ChildProcess | undefined
  let gone: Promise<void> = Promise.resolve()

  const launch = async (ports: Ports): Promise<Ports> => {
    const args = ['--with-parent', '--quiet', '--timer-scale', String(options.timerScale)]
    args.push('--control-port', String(ports.controlPort))
    args.push('--remitter-port', String(ports.remitterPort), '--beneficiary-port', String(ports.beneficiaryPort))
    args.push('--xml-port', String(ports.xmlPort), '--hub-url', `https://127.0.0.1:${options.callbackPort}`)
    args.push('--inbox', options.inbox, '--office', options.office)
    if (options.keys !== undefined) args.push('--keys', options.keys)
    if (options.wire === 'xml') args.push('--rail', 'xml')
    if (options.secure && options.keys !== undefined) args.push('--tls', '--zmk', join(options.keys, ZMK_FILE))
    // In a session of its own, so that Ctrl-C reaches the hub alone, which drains while the switch still answers.
    const started = spawn(process.execPath, [SIMULATOR, ...args], { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    child = started
    const said: string[] = []
    started.stdin.on('error', () => undefined) // it is gone: told by 'exit'
    started.stderr.on('data', (bytes: Buffer) => {
      if (said.length < 20) said.push(bytes.toString())
    })
    gone = new Promise((resolve) => started.once('exit', () => resolve()))
    const ready = await new Promise<Ports>((resolve, reject) => {
      const timer = clock.after(READY_MS, () => reject(new Error(`the simulator was not ready after ${READY_MS} ms`)))
      const fail = (reason: string): void => {
        timer()
        reject(new Error(`the simulator did not start: ${said.join('').trim() || reason}`))
      }
      started.once('error', (error) => fail(error.message))
      started.once('close', (code) => fail(`it ended with code ${code}`))
      createInterface({ input: started.stdout }).on('line', (line) => {
        const found = readyPorts(line)
        if (found === undefined) return
        timer()
        resolve(found)
      })
    }).catch((error: unknown) => {
      started.kill('SIGKILL')
      throw error
    })
    started.once('exit', (code, signal) => {
      if (!wanted) return
      log.error({ code, signal, said: said.join('') }, 'the simulated switch ended by itself; it is started again')
      const again = (): void => {
        if (!wanted) return
        launch(ready).catch((error: unknown) => {
          log.error({ err: error }, 'the simulated switch does not start')
          clock.after(RESTART_MS * 4, again)
        })
      }
      clock.after(RESTART_MS, again)
    })
    return ready
  }

  const ports = await launch({ controlPort: options.controlPort, remitterPort: 0, beneficiaryPort: 0, xmlPort: 0 })
  return {
    ...ports,
    callbackPort: options.callbackPort,
    async stop() {
      wanted = false
      child?.kill('SIGTERM')
      const timer = clock.after(STOP_MS, () => child?.kill('SIGKILL'))
      await gone
      timer()
    },
  }
}

/** The ports out of the simulator's ready line; undefined for any other line. */
function readyPorts(line: string): Ports | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  const port = (name: string): number => {
    const found =
      value !== null && typeof value === 'object' ? Object.entries(value).find(([key]) => key === name) : undefined
    return typeof found?.[1] === 'number' ? found[1] : 0
  }
  const ports = {
    controlPort: port('controlPort'),
    remitterPort: port('remitterPort'),
    beneficiaryPort: port('beneficiaryPort'),
    xmlPort: port('xmlPort'),
  }
  return Object.values(ports).every((one) => one > 0) ? ports : undefined
}

/** The profile with its links on the simulated switch. */
export const onSwitch = (
  profile: WireProfile,
  at: Pick<SimulatedSwitch, 'remitterPort' | 'beneficiaryPort' | 'xmlPort' | 'callbackPort'>,
): WireProfile => ({
  ...profile,
  xml: {
    ...profile.xml,
    host: `127.0.0.1:${at.xmlPort}`,
    callback: { host: '127.0.0.1', port: at.callbackPort },
  },
  iso: {
    ...profile.iso,
    links: profile.iso.links.map((link) => ({
      ...link,
      host: '127.0.0.1',
      port: link.role === 'remitter' ? at.remitterPort : at.beneficiaryPort,
    })),
  },
})

const ZMK_FILE = 'zmk.hex'

/** The profile with TLS and MACs on its links, by the keys that the sandbox makes. */
export const withSecureLinks = (profile: WireProfile): WireProfile => ({
  ...profile,
  iso: {
    ...profile.iso,
    links: profile.iso.links.map((link) => ({
      ...link,
      tls: { ca: 'ca.crt', cert: 'tls.crt', key: 'tls.key' },
      zmk: ZMK_FILE,
    })),
    mac: { ...profile.iso.mac, enabled: true },
  },
})

/** The key under which keys for MACs come, the same in the folders of both sides; made once. */
export function ensureZmk(folders: readonly string[]): void {
  const known = folders.map((folder) => join(folder, ZMK_FILE)).find((path) => existsSync(path))
  const zmk = known === undefined ? randomBytes(16).toString('hex') : readFileSync(known, 'utf8')
  for (const folder of folders) {
    const path = join(folder, ZMK_FILE)
    if (!existsSync(path)) writePrivate(path, zmk)
  }
}

// --- key and accounts -----------------------------------------------------------------------------------------------

/** A key of the sandbox, made once per data folder and readable by its owner only. */
export function sandboxKey(dataDir: string, file: 'api-key' | 'checker-key' | 'customers-key'): string {
  const path = join(dataDir, file)
  if (existsSync(path)) {
    const kept = readFileSync(path, 'utf8').trim()
    if (/^[!-~]{32,200}$/.test(kept)) return kept
  }
  const key = `tsk_${randomBytes(24).toString('base64url')}`
  writePrivate(path, `${key}\n`)
  return key
}

export type DemoAccounts = { readonly remitter: AccountId; readonly merchant: AccountId }

const TEN_CRORE_RUPEES = 10_000_000_000n // in paise: ₹10,00,00,000

/** Opens the two demo accounts at the demo bank, once per database. */
export async function ensureDemoAccounts(db: Db, vault: Vault, bank: Institution, now: number): Promise<DemoAccounts> {
  const open = async (name: string, mobile: string, mmidTail: string, openingBalance: bigint): Promise<AccountId> => {
    const mmid = must(parseMmid(`${bank.nbin}${mmidTail}`), 'MMID')
    const [found] = await findAddressed(db, vault, [{ mobile, mmid }])
    if (found !== undefined && found !== 'several_accounts') return found
    const opened = await openAccount(
      db,
      vault,
      {
        tenantId: SANDBOX_TENANT,
        institution: bank.code,
        nbin: bank.nbin,
        name,
        ifsc: must(parseIfsc(`${bank.ifscPrefix}0000001`), 'IFSC'),
        mobile: must(parseMobile(mobile), 'mobile number'),
        mmid,
        reference: null,
        openingBalance,
      },
      now,
    )
    if (typeof opened === 'string')
      throw new Error(`the demo account of ${mobile} was opened by another process just now`)
    return opened.id
  }
  return {
    remitter: await open('Demo Remitter', '9000000001', '001', TEN_CRORE_RUPEES),
    merchant: await open('Demo Merchant', '9000000002', '002', 0n),
  }
}

/** A name for this folder's hub, made once: see `HubOptions.holder`. */
export function holderName(dataDir: string): string {
  const path = join(dataDir, 'holder')
  if (!existsSync(path)) writePrivate(path, `hub-${randomBytes(12).toString('hex')}\n`)
  return readFileSync(path, 'utf8').trim()
}

// --- where everything is --------------------------------------------------------------------------------------------

/** .turant/sandbox.json, for the command line and for tests. */
export type SandboxFile = {
  readonly baseUrl: string
  readonly apiKey: string
  readonly accounts: DemoAccounts
  readonly console: string
  /** Where the second tenant's customers sign in. */
  readonly wallet: string
  readonly simulator: string
  readonly pid: number
  /** Who can sign in to the console, by role. */
  readonly people: Readonly<Partial<Record<string, DemoStaff>>>
}

const sandboxPath = (dataDir: string): string => join(dataDir, 'sandbox.json')

export const writeSandboxFile = (dataDir: string, file: SandboxFile): void =>
  writePrivate(sandboxPath(dataDir), `${JSON.stringify(file, null, 2)}\n`)

/** .turant/customers.json: the key of the second tenant, and all that its people know and have. */
export type CustomersFile = {
  readonly baseUrl: string
  readonly apiKey: string
  readonly people: Readonly<Record<string, DemoPerson>>
}

const customersPath = (dataDir: string): string => join(dataDir, 'customers.json')

export const writeCustomersFile = (dataDir: string, file: CustomersFile): void =>
  writePrivate(customersPath(dataDir), `${JSON.stringify(file, null, 2)}\n`)

/** Whoever reads one of them would look for a hub that is not there. */
export function removeSandboxFiles(dataDir: string): void {
  rmSync(sandboxPath(dataDir), { force: true })
  rmSync(customersPath(dataDir), { force: true })
}

/** Whole or not at all, mode 0600 from the first byte. */
function writePrivate(path: string, text: string): void {
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, text, { mode: 0o600 })
  renameSync(draft, path)
}
