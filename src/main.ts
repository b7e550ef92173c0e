import { execFile } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import release from '../package.json' with { type: 'json' }
import { type ApiCertificate, openApiTls } from './api-tls.ts'
import { systemClock } from './base/clock.ts'
import { killAt } from './base/crash-at.ts'
import { type Log, reduce } from './base/log.ts'
import { openLog } from './base/log-writer.ts'
import { watchLoopDelay } from './base/loop-delay.ts'
import { createOutbound } from './base/outbound.ts'
import { createSystemRandom } from './base/random.ts'
import type { Tracing } from './base/tracing.ts'
import { type Config, ConfigError, readEnvironment, readProfileText } from './config.ts'
import { type Embedded, ensureDatabase, startEmbeddedPostgres } from './db/embedded.ts'
import { ensureLogin, whyNoRoles } from './db/login.ts'
import { migrate } from './db/migrate.ts'
import { createPool, type Db } from './db/pool.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { createMetrics } from './http/metrics.ts'
import { createSimulatorClient } from './http/sandbox.ts'
import { createServer } from './http/server.ts'
import { createHub, type Hub } from './hub.ts'
import {
  admissionOf,
  filesOf,
  layoutsOf,
  messagesOf,
  type Opened,
  railOf,
  readProfile,
  riskOf,
  webhooksOf,
} from './hub-options.ts'
import type { StaticKey } from './identity/clients.ts'
import { digestOfKey } from './identity/keys.ts'
import { roles } from './identity/rights.ts'
import { readIfscList } from './ifsc-files.ts'
import type { IfscList } from './imps/ifsc.ts'
import { scaleTimers, type WireKind, type WireProfile } from './imps/profile.ts'
import { type IsoWire, openIsoWire } from './iso-wire.ts'
import { openKeyStore } from './key-stores.ts'
import { sealOldRows } from './payment/seal-old-rows.ts'
import { choosePort, freePort, onFreePort } from './ports.ts'
import {
  ensureDemoAccounts,
  ensureZmk,
  holderName,
  onSwitch,
  removeSandboxFiles,
  SANDBOX_TENANT,
  type SimulatedSwitch,
  sandboxKey,
  startSwitch,
  withSecureLinks,
  writeCustomersFile,
  writeSandboxFile,
} from './sandbox.ts'
import { CUSTOMERS_TENANT, ensureDemoCustomers } from './sandbox-customers.ts'
import { makeSandboxKeys } from './sandbox-keys.ts'
import { ensureDemoStaff } from './sandbox-people.ts'
import { makeSandboxPgp } from './sandbox-pgp.ts'
import type { KeyStore } from './secrecy/key-store.ts'
import { keyTable } from './secrecy/key-table.ts'
import { openVault } from './secrecy/vault.ts'
import { watchKeys } from './secrecy/watch.ts'
import { openXmlWire, type XmlWire } from './xml-wire.ts'

/**
 * The process: settings, folder, database, switch, hub, server; then signals. It promises to be ready or to say in one line
 * why not; to stop in order on the first SIGTERM or SIGINT and at once on the second; and to end at once, non-zero, on a bug.
 */

/** What is open now, in the order in which it was opened; closed in reverse. */
const open: { name: string; close: () => Promise<void> | void }[] = []
let postgres: Embedded | undefined
let stopping = false
let log: Log | undefined

const opened: Opened = (name, close) => void open.push({ name, close })

const clock = systemClock
const startedAt = clock.monotonicMs()

/** A person at a terminal is told what matters on the screen; the log of a sandbox is a file. */
const logTo = (config: Config, dataDir: string): Log =>
  openLog(config.logLevel, config.mode === 'sandbox' ? join(dataDir, 'hub.log') : 1)

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

async function start(config: Config): Promise<void> {
  const profileText = readProfileText(config)
  const read = readProfile(profileText)
  const layouts = layoutsOf(config, read)
  const scaled = scaleTimers(config.given.has('rail') ? railOf(read, config) : read, config.timerScale)
  const secure = config.mode === 'sandbox' && config.simulator === 'own' && config.sandboxLinks === 'secure'
  const profile = secure ? withSecureLinks(scaled) : scaled
  const dataDir = openFolder(config.dataDir)
  const lock = takeFolder(dataDir)
  open.push({ name: 'folder', close: lock })
  const sandbox = config.mode === 'sandbox'
  if (sandbox) removeSandboxFiles(dataDir)
  log = logTo(config, dataDir)
  const tls = openTls(config, log)
  // Looked at now, so that a port that is taken is told before anything is started; taken for good when the server listens.
  const portGiven = config.given.has('port') || !sandbox
  await choosePort(config.host, config.port, portGiven, 'TURANT_PORT')

  const keys = sandbox && config.keys === undefined ? await sandboxKeys(join(dataDir, 'keys')) : undefined
  const ownSwitch = sandbox && config.simulator === 'own'
  if (secure && keys === undefined) {
    throw new ConfigError('TURANT_SANDBOX_LINKS=secure makes keys of its own: leave TURANT_KEYS out')
  }
  if (secure && keys !== undefined) ensureZmk([keys.hub, keys.switch])
  const pgpFolders = keys && { hub: join(keys.hub, 'pgp'), switch: join(keys.switch, 'pgp') }
  if (pgpFolders !== undefined) await makeSandboxPgp(pgpFolders, clock.now())
  const inbox = config.inboxDir ?? join(dataDir, 'inbox')
  const [ownerUrl, theSwitch] = await Promise.all([
    openDatabase(config, dataDir, log),
    ownSwitch
      ? openSwitch(config, log, { wire: profile.wire, secure }, await freePort(), keys?.switch, {
          inbox,
          office: join(dataDir, 'npci'),
        })
      : undefined,
  ])
  const keyStore = await openKeyStore(config, dataDir, clock)
  open.push({ name: 'key store', close: () => keyStore.close() })
  const applied = await migrate(config.ownerUrl ?? ownerUrl, undefined, {
    '0007-sealed': async (owner) => {
      const old = await openVault({ keys: keyStore, table: keyTable(owner) })
      await sealOldRows(owner, old, (table, rows) => say(`sealing what was there before: ${rows} rows of ${table}`))
    },
  })
  if (applied.length > 0) log.info({ applied }, 'migrations applied')
  const url = config.databaseUrl ?? (await ensureLogin(ownerUrl))
  const without = await whyNoRoles(url)
  if (without !== undefined) throw new ConfigError(`DATABASE_URL: ${without}`)

  const doorConnections = Math.max(4, Math.round((config.databaseConnections * 2) / 3))
  const db = openPool(url, doorConnections, 'doors')
  const readDb = openPool(url, config.databaseConnections - doorConnections, 'reads')
  const railDb = openPool(url, RAIL_CONNECTIONS, 'rail')
  const promptDb = openPool(url, PROMPT_CONNECTIONS, 'prompt')

  // With a profile the switch is somebody else's; if it is a simulator, its control port is the one that is set.
  const simulator = `http://127.0.0.1:${theSwitch?.controlPort ?? config.simulatorPort}`
  const apiKey = config.apiKey ?? sandboxKey(dataDir, 'api-key')
  // Four eyes need two: what the first key makes, the second can decide about.
  const checkerKey = sandbox ? sandboxKey(dataDir, 'checker-key') : undefined
  const customersKey = sandbox ? sandboxKey(dataDir, 'customers-key') : undefined
  const staticKeys: StaticKey[] = [
    { tenantId: SANDBOX_TENANT, name: 'default', sha256: digestOfKey(apiKey) },
    ...(checkerKey === undefined
      ? []
      : [{ tenantId: SANDBOX_TENANT, name: 'checker', sha256: digestOfKey(checkerKey), rights: roles.checker }]),
    ...(customersKey === undefined
      ? []
      : [{ tenantId: CUSTOMERS_TENANT, name: 'customers', sha256: digestOfKey(customersKey) }]),
  ]
  const origins: string[] = config.baseUrl === undefined ? [] : [new URL(config.baseUrl).origin]
  const reached = theSwitch === undefined ? profile : onSwitch(profile, theSwitch)
  const xml = reached.xml.enabled ? openXml(reached, config.keys ?? keys?.hub, log) : undefined
  if (xml !== undefined && config.keys !== undefined) process.on('SIGHUP', () => xml.reload())
  const iso = await openIso(config, reached, keys?.hub, keyStore, log)
  if (config.keys !== undefined) process.on('SIGHUP', () => iso.reload())
  writeAuditKey(dataDir, await keyStore.auditKey())
  const vault = await openVault({ keys: keyStore, table: keyTable(openPool(url, KEY_CONNECTIONS, 'keys')) })
  const stopWatching = watchKeys(clock, vault, log)
  open.push({ name: 'watch over keys', close: stopWatching })
  const tracing = await openTraces(config, holderName(dataDir))
  const outbound = createOutbound({
    clock,
    networks: config.outboundNetworks,
    ports: config.outboundPorts,
    loopback: sandbox,
    ...(tracing === undefined ? {} : { tracing }),
  })
  open.push({ name: 'outbound', close: () => outbound.close() })
  const loop = watchLoopDelay()
  open.push({ name: 'loop', close: () => loop.stop() })
  const hub = createHub({
    profile: reached,
    ...(xml === undefined ? {} : { xml }),
    db,
    readDb,
    railDb,
    promptDb,
    clock,
    random: createSystemRandom(),
    dial: iso.dial,
    ...(iso.custody === undefined ? {} : { custody: iso.custody }),
    certificates: () => [...iso.certificates(), ...(tls?.endings() ?? [])],
    outbound,
    log,
    vault,
    apiKeys: staticKeys,
    origins: () => origins,
    ...(tls === undefined ? {} : { tls: tls.source }),
    dpopNonces: config.dpopNonce,
    batch: { size: config.batchSize, partitions: config.batchPartitions, gatherMs: config.batchGatherMs },
    maxWaiting: config.maxWaiting,
    maxHeld: config.maxHeld,
    maxInFlight: config.maxInFlight,
    verificationsPerSecond: config.verificationsPerSecond,
    names: { least: config.nameMatchMin, onMismatch: config.nameMismatch, mask: config.nameMask },
    approvalMs: config.approvalHours * 3_600_000,
    messages: messagesOf(config, outbound, clock),
    risk: riskOf(config, vault, clock, opened),
    webhooks: webhooksOf(config, clock, opened),
    audit: { signer: keyStore, sink: join(dataDir, 'audit-roots.jsonl') },
    holder: holderName(dataDir),
    positionMs: config.positionMs,
    todayMs: config.todayMs,
    about: { version: release.version, node: process.version, keyStore: config.keyStore },
    files: filesOf(config, dataDir, layouts, { inbox, sandboxPgp: pgpFolders?.hub, url, simulator }, clock),
    disputeMs: config.disputeMs,
    ...openIfscList(log),
    sandbox,
    ...(sandbox ? { simulator: createSimulatorClient(simulator) } : {}),
    createMetrics,
    admission: admissionOf(config),
    trustedProxies: config.trustedProxies,
    loopMs: loop.read,
    ...(config.crashAt === undefined ? {} : { crashPoint: killAt(config.crashAt, [process.pid]) }),
    ...(tracing === undefined ? {} : { tracing }),
  })
  await hub.start()
  open.push({ name: 'hub', close: () => hub.close() })

  const { connections, streamsPerTenant } = config
  const server = await createServer({ ...hub.http, front: { connections, streamsPerTenant } })
  const bound = await onFreePort(config.host, config.port, portGiven, 'TURANT_PORT', (port) =>
    server.listen({ host: config.host, port }),
  )
  open.push({ name: 'server', close: () => server.close() })
  onStop(config, log, hub, () => removeSandboxFiles(dataDir))

  const scheme = tls === undefined ? 'http' : 'https'
  if (config.baseUrl === undefined) origins.push(`${scheme}://127.0.0.1:${bound}`, `${scheme}://localhost:${bound}`)
  const baseUrl = `${scheme}://${config.host.includes(':') ? `[${config.host}]` : config.host}:${bound}`
  const sending = await hub.sending(LINK_WAIT_MS)
  if (!sending) log.warn({}, 'no link to the switch yet; payments are held until there is one')
  if (sandbox) {
    const bank = profile.institutions[0]
    if (bank === undefined) throw new ConfigError('the wire profile has no institution')
    const accounts = await ensureDemoAccounts(readDb, vault, bank, clock.now())
    const demoPeople = await ensureDemoCustomers(readDb, vault, bank, clock)
    if (demoPeople !== undefined && customersKey !== undefined)
      writeCustomersFile(dataDir, { baseUrl, apiKey: customersKey, people: demoPeople })
    const staff = await ensureDemoStaff(readDb, vault, SANDBOX_TENANT, clock)
    writeSandboxFile(dataDir, {
      baseUrl,
      apiKey,
      accounts,
      console: `${baseUrl}/console`,
      wallet: `${baseUrl}/wallet`,
      simulator,
      pid: process.pid,
      people: staff,
    })
    open.push({ name: 'sandbox.json', close: () => removeSandboxFiles(dataDir) })
    announce(config, dataDir, { baseUrl, simulator, accounts, bound })
  }
  log.info({ baseUrl, pid: process.pid, ms: Math.round(clock.monotonicMs() - startedAt) }, 'ready')
  if (!sandbox) say(`Turant is ready on ${baseUrl} after ${((clock.monotonicMs() - startedAt) / 1000).toFixed(1)} s.`)
}

/** Loads what traces only where somebody takes traces. */
async function openTraces(config: Config, instance: string): Promise<Tracing | undefined> {
  if (config.tracesUrl === undefined) return undefined
  const { openTracing } = await import('./tracing.ts')
  const tracing = openTracing({ url: config.tracesUrl, ratio: config.tracesRatio, instance })
  open.push({ name: 'traces', close: () => tracing.close().catch(() => undefined) })
  return tracing
}

/** How long a start waits for the first link; the hub is ready either way. */
const LINK_WAIT_MS = 3_000

function openFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK | constants.X_OK)
    return realpathSync(path)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unusable'
    throw new ConfigError(`TURANT_DATA_DIR: ${path} cannot be used as a folder (${why})`)
  }
}

function takeFolder(dataDir: string): () => void {
  const lock: FolderLock = lockFolder(dataDir, 'hub.pid')
  if (lock.kind === 'taken') {
    throw new ConfigError(
      `a hub already runs in ${dataDir} (process ${lock.pid}): stop it, or set TURANT_DATA_DIR to another folder`,
    )
  }
  return lock.release
}

/** For psql, migrations and those who look. */
const SPARE_CONNECTIONS = 24

async function openDatabase(config: Config, dataDir: string, log: Log): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl
  const running = await startEmbeddedPostgres({
    dataDir,
    clock,
    settings: { max_connections: String(config.databaseConnections + SPARE_CONNECTIONS) },
    onLost: (reason) => log.error({ reason }, 'PostgreSQL is gone; it is started again'),
    onBack: () => log.warn({}, 'PostgreSQL is back'),
  })
  postgres = running
  open.push({
    name: 'PostgreSQL',
    close: async () => {
      await running.stop()
      postgres = undefined
    },
  })
  log.info({ folder: running.folder, port: running.port, reattached: running.reattached }, 'PostgreSQL runs')
  return ensureDatabase(running.url, 'turant')
}

/** The keys of the sandbox and of its switch, made at the first start. */
async function sandboxKeys(folder: string): Promise<{ readonly hub: string; readonly switch: string }> {
  if (!existsSync(join(folder, 'switch'))) {
    // By a process of their own: the library that makes certificates would stay in this one's memory for good, 13 MB.
    const program = fileURLToPath(import.meta.resolve('./sandbox-keys.ts'))
    await promisify(execFile)(process.execPath, [program, folder]).catch(() => undefined)
  }
  await makeSandboxKeys(folder, clock.now()) // makes what is still missing, or says why it cannot
  return { hub: join(folder, 'hub'), switch: join(folder, 'switch') }
}

/** The public half of the key that signs the audit log's roots, for whoever verifies them. */
function writeAuditKey(dataDir: string, spki: Uint8Array): void {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  writeFileSync(join(dataDir, 'audit-key.pem'), key.export({ format: 'pem', type: 'spki' }), { mode: 0o644 })
}

function openXml(profile: WireProfile, folder: string | undefined, log: Log): XmlWire {
  if (folder === undefined) throw new ConfigError('TURANT_KEYS must be set when the wire profile has an xml section')
  let wire: XmlWire
  try {
    wire = openXmlWire({ folder, profile, clock, log })
  } catch (error) {
    throw new ConfigError(`TURANT_KEYS: ${error instanceof Error ? error.message : String(error)}`)
  }
  open.push({ name: 'XML wire', close: () => wire.close() })
  return wire
}

/** The certificate of the API's port; undefined: it speaks plain HTTP. */
function openTls({ tlsCert, tlsKey, tlsClientCa }: Config, log: Log): ApiCertificate | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined
  let certificate: ApiCertificate
  try {
    certificate = openApiTls({ cert: tlsCert, key: tlsKey, clientCa: tlsClientCa, clock, log })
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  }
  process.on('SIGHUP', () => certificate.reload())
  open.push({ name: 'TLS', close: () => certificate.close() })
  return certificate
}

/** TLS and keys of the ISO links, from the folder of keys, or from beside the profile that names the files. */
async function openIso(
  config: Config,
  profile: WireProfile,
  made: string | undefined,
  keys: KeyStore,
  log: Log,
): Promise<IsoWire> {
  const folder = config.keys ?? (config.profile === undefined ? undefined : dirname(config.profile)) ?? made ?? '.'
  try {
    const wire = await openIsoWire({ profile, folder, keys, plainAllowed: config.mode === 'sandbox', clock, log })
    open.push({ name: 'ISO wire', close: () => wire.close() })
    return wire
  } catch (error) {
    throw new ConfigError(`TURANT_PROFILE: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function openSwitch(
  config: Config,
  log: Log,
  how: { readonly wire: WireKind; readonly secure: boolean },
  callbackPort: number,
  keys: string | undefined,
  folders: { readonly inbox: string; readonly office: string },
): Promise<SimulatedSwitch> {
  const theSwitch = await onFreePort(
    '127.0.0.1',
    config.simulatorPort,
    config.given.has('simulatorPort'),
    'TURANT_SIMULATOR_PORT',
    (controlPort) =>
      startSwitch({ controlPort, callbackPort, keys, ...how, ...folders, timerScale: config.timerScale, clock, log }),
  )
  open.push({ name: 'simulator', close: () => theSwitch.stop() })
  return theSwitch
}

/** Branches and names for the API. Payments do not need them, so data that cannot be read do not keep the hub down. */
function openIfscList(log: Log): { readonly ifscList?: IfscList } {
  try {
    return { ifscList: readIfscList() }
  } catch (error) {
    log.error({ err: error }, 'the list of IFSCs cannot be read; only well-known banks have names')
    return {}
  }
}

/** The rail's part of the spare connections: leases, held payments, verifications. */
const RAIL_CONNECTIONS = 3

/** For customers who prove their payments: two are hashed at the same time, and each needs its connection for some milliseconds. */
const PROMPT_CONNECTIONS = 3

/**
 * The vault's part of them. Whoever opens what is sealed has a connection already, and may hold rows locked: a key that waited for another
 * one of the same pool would never come while all of them wait for keys.
 */
const KEY_CONNECTIONS = 2

function openPool(url: string, connections: number, room: 'doors' | 'reads' | 'rail' | 'prompt' | 'keys'): Db {
  const indexOnly = room === 'doors' || room === 'prompt'
  const db = createPool(url, { connections, indexOnly, name: `turant ${room}`, role: 'turant_hub' })
  open.push({ name: 'pool', close: () => db.end({ timeout: 5 }) })
  return db
}

function announce(
  config: Config,
  dataDir: string,
  at: { baseUrl: string; simulator: string; accounts: { remitter: string; merchant: string }; bound: number },
): void {
  const seconds = ((clock.monotonicMs() - startedAt) / 1000).toFixed(1)
  say(`Turant sandbox, ready after ${seconds} s.`)
  if (at.bound !== config.port && config.port !== 0) say(`  port ${config.port} is taken; using ${at.bound}`)
  say(`  API        ${at.baseUrl}/v1   documents ${at.baseUrl}/docs/`)
  say(
    `  switch     ${at.simulator ?? `as named in ${config.profile}`}${at.simulator === null ? '' : ' (simulated NPCI and its banks)'}`,
  )
  say(`  console    ${at.baseUrl}/console   sign in: npm run people -- demo`)
  say(
    `  wallet     ${at.baseUrl}/wallet   people and their MPINs in ${join(dataDir, 'customers.json')}; codes at /sandbox/messages`,
  )
  say(`  accounts   ${at.accounts.remitter} (remitter, ₹10,00,00,000 at first)   ${at.accounts.merchant} (merchant)`)
  say(`  key        in ${join(dataDir, 'sandbox.json')}`)
  say(`  log        ${join(dataDir, 'hub.log')}`)
  say('  pay        npm run pay -- --amount 1500.00 --ifsc HDFC0000123 --account 50100123456789 --name "Asha Devi"')
  say('  customer   npm run pay -- --as asha --amount 1500.00 … (two factors; docs/guides/two-factors.md)')
  say('  stop       Ctrl-C')
}

// --- the end --------------------------------------------------------------------------------------------------------

const SAME_WISH_MS = 700
/** What closing may take after the drain: mostly PostgreSQL, which writes all it has in memory. */
const CLOSE_MS = 90_000

function onStop(config: Config, log: Log, hub: Hub, leaving: () => void): void {
  let askedAt = 0
  const stop = async (signal: string): Promise<void> => {
    if (stopping) {
      // npm passes on the Ctrl-C that the terminal has already sent: the same wish, twice in a moment.
      if (clock.monotonicMs() - askedAt > SAME_WISH_MS) leaveAtOnce(130)
      return
    }
    stopping = true
    askedAt = clock.monotonicMs()
    say(
      `${signal}: stopping. No new payments; those under way finish or are taken up at the next start. Again to leave at once.`,
    )
    log.info({ signal }, 'stopping')
    leaving() // so that nobody new finds the way to a hub that is going
    clock.after(config.drainMs + CLOSE_MS, () =>
      die(new Error(`not stopped ${CLOSE_MS} ms after the drain`), 'the stop took too long'),
    )
    await hub.drain(config.drainMs)
    await closeAll()
    log.info({}, 'stopped')
    process.exit(0)
  }
  process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT')
  // The end of a terminal, where no operator says with it that keys have changed.
  const rereads = config.keys !== undefined || config.tlsCert !== undefined
  const signals = ['SIGTERM', 'SIGINT', ...(rereads ? [] : (['SIGHUP'] as const))] as const
  for (const signal of signals) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => die(error, 'the stop failed'))
    })
  }
}

async function closeAll(): Promise<void> {
  for (const one of open.splice(0).reverse()) await one.close()
}

/** Leaves now. The database recovers, and what was under way is asked about at the next start. */
function leaveAtOnce(code: number): never {
  postgres?.abandon()
  process.exit(code)
}

type DeathCause = 'the stop took too long' | 'the stop failed' | 'Turant has a bug and stops'

/** A bug: said with its place and without its message, which may hold what nobody should read; then the end. */
function die(error: unknown, what: DeathCause): never {
  process.stderr.write(`${what}: ${JSON.stringify(reduce(error))}\n`)
  log?.error({ err: error }, what)
  leaveAtOnce(70)
}

// Whoever read what we say has left: that is no reason to end.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

process.on('uncaughtException', (error) => die(error, 'Turant has a bug and stops'))
process.on('unhandledRejection', (reason) => die(reason, 'Turant has a bug and stops'))
// Before everything is open there is nothing to drain.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stopping = true
    closeAll().then(
      () => process.exit(130),
      () => leaveAtOnce(130),
    )
  })
}

const [argument] = process.argv.slice(2)
if (argument === '--help' || argument === '-h') {
  say('npm start   starts the hub; with nothing set, a sandbox with a database and a simulated switch of its own.')
  say('            Settings are environment variables: npm run settings lists them. Ctrl-C stops in order.')
  process.exit(0)
}

try {
  if (argument !== undefined) {
    throw new ConfigError(
      `${argument.slice(0, 80)} is not understood: settings are environment variables, npm run settings lists them`,
    )
  }
  await start(readEnvironment())
} catch (error) {
  if (!stopping) {
    // One line: what is wrong and where; a bug is told apart by its stack.
    const known = error instanceof ConfigError || (error instanceof Error && !(error instanceof TypeError))
    process.stderr.write(known ? `turant: ${error.message}\n` : `turant: ${JSON.stringify(reduce(error))}\n`)
    await closeAll().catch(() => postgres?.abandon())
    process.exit(1)
  }
}
