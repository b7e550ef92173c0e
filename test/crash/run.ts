import { setTimeout as wait } from 'node:timers/promises'
import { must, parseIfsc } from '../../src/base/identifiers.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import { createPool, type Db } from '../../src/db/pool.ts'
import { defaultProfile } from '../../src/imps/profile.ts'
import { type CustomerAccount, openAccount } from '../../src/ledger/store.ts'
import { openFileStore } from '../../src/secrecy/file-store.ts'
import { keyTable } from '../../src/secrecy/key-table.ts'
import { openVault } from '../../src/secrecy/vault.ts'
import type { Summary } from '../../src/simulator/simulator.ts'
import { check, type Found, get, unsettled } from './check.ts'
import { checkReplay, checkSettlement, type FoundSettled, settledDisagrees } from './check-settlement.ts'
import { createLoad, type Load, type Payee } from './load.ts'
import { drawKills, drawSettlingKills, type Kill, missingKill, pointsOf } from './plan.ts'
import { createPortal, type Portal } from './portal.ts'
import { type CrashRail, type Hub, type Processes, SETTLING_BANKS, startProcesses } from './processes.ts'

/**
 * Crash, restart, check. Each cycle starts the hub on what the last one left, lets callers and other banks use it, and kills it
 * or its database; every so often, and at the end, everything is left to settle and the witnesses are compared.
 */

export type Options = {
  readonly cycles: number
  readonly seed: number
  readonly postgres: boolean
  readonly rail: CrashRail
  /** Cycles are cut, and the hub is killed while it settles them. */
  readonly settlement: boolean
  /** The hub is killed at points alone, until it has died at each of them or there were as many cycles. */
  readonly everyPoint: boolean
  readonly say: (line: string) => void
}

export type Report = {
  cycles: number
  hubKills: number
  postgresKills: number
  /** How often each point was where the hub died. */
  readonly points: Record<string, number>
  readonly violations: string[]
  /** Milliseconds from the start of a hub's process to its first 2xx, and from the loss of PostgreSQL to the next one. */
  readonly recoveredMs: number[]
  readonly postgresBackMs: number[]
  seconds: number
  load: Load['counts']
  acknowledged: number
  found: Found | undefined
  settled: FoundSettled | undefined
}

/** How hard the callers are: under load, or with a few payments in each cycle. */
const busy = { callers: 16, thinkMs: 6, inwardThinkMs: 40 }
const calmer = { callers: 2, thinkMs: 60, inwardThinkMs: 400 }
const TENANT = 1
const CHECK_EVERY = 100
const CHECK_SETTLED_EVERY = 40
/** A point that the load does not reach in so long is given up for this cycle: the hub is killed where it is. */
const LONGEST_CYCLE_MS = 3_000
const LONGEST_SETTLING_MS = 12_000
const RECOVERY_MS = 60_000
const SETTLE_MS = 60_000
const STOP_MS = 30_000

const strangers: readonly Payee[] = [
  { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' },
  { kind: 'account', ifsc: 'SBIN0001234', account: '30012345678', name: 'Mohan Lal' },
  { kind: 'mmid', mobile: '9876543210', mmid: '9229123' },
]

export async function run(options: Options): Promise<Report> {
  const { seed, say } = options
  const startedAt = performance.now()
  const processes = await startProcesses(seed, options.rail, options.settlement)
  const report: Report = {
    cycles: 0,
    hubKills: 0,
    postgresKills: 0,
    points: Object.fromEntries(pointsOf(options.settlement).map((point) => [point, 0])),
    violations: [],
    recoveredMs: [],
    postgresBackMs: [],
    seconds: 0,
    load: { acknowledged: 0, replayed: 0, cancelled: 0, unavailable: {}, unanswered: 0, inward: 0 },
    acknowledged: 0,
    found: undefined,
    settled: undefined,
  }
  let enough = false
  const interrupted = () => {
    if (enough) process.exit(130)
    enough = true
    say('  this cycle is the last one; again to leave at once')
  }
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted)
  try {
    const accounts = await prepare(processes, options.settlement ? SETTLING_BANKS : 4)
    const load = createLoad({
      host: '127.0.0.1',
      port: processes.hubPort,
      random: createSeededRandom(seed),
      ...(options.settlement ? calmer : busy),
      payers: accounts.map((account) => account.id),
      strangers,
      ours: accounts.map((account) => ({
        kind: 'account',
        ifsc: account.ifsc,
        account: account.accountNumber,
        name: account.name,
      })),
      simulatorPort: processes.simulatorPort,
      onViolation: (what) => report.violations.push(what),
    })
    report.load = load.counts
    const portal = options.settlement
      ? createPortal(processes, createSeededRandom(seed + 2), defaultProfile.institutions.slice(0, SETTLING_BANKS))
      : undefined
    const crash = createCrash(processes, load, report, portal)
    try {
      const kills = options.settlement
        ? drawSettlingKills(createSeededRandom(seed + 1))
        : drawKills(createSeededRandom(seed + 1), options.postgres)
      while (report.cycles < options.cycles && report.violations.length === 0 && !enough) {
        const kill = options.everyPoint
          ? missingKill(report.points, options.settlement, report.cycles)
          : kills.next().value
        if (kill === undefined) break
        await crash.cycle(kill)
        report.cycles += 1
        if (
          report.cycles % (options.settlement ? CHECK_SETTLED_EVERY : CHECK_EVERY) === 0 &&
          report.cycles < options.cycles
        ) {
          await crash.settleAndCheck()
          say(`  ${line(report)}`)
        }
      }
      await crash.settleAndCheck(true)
      await crash.stop()
    } catch (error) {
      report.violations.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
    } finally {
      await load.stop()
      report.acknowledged = [...load.asked.values()].filter((one) => one.id !== undefined).length
    }
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await processes.end()
    report.seconds = (performance.now() - startedAt) / 1000
  }
  return report
}

export const line = (report: Report): string =>
  `cycles=${report.cycles} kills=${report.hubKills + report.postgresKills} acknowledged=${report.acknowledged} violations=${report.violations.length}`

/** A first, ordinary run: makes the database, compiles the program once, and opens the accounts of the test. */
async function prepare(processes: Processes, banks: number): Promise<CustomerAccount[]> {
  const hub = processes.startHub()
  if ((await hub.listening()) === undefined) throw new Error(`the hub does not start: ${(await hub.ended).lastWords}`)
  const accounts: CustomerAccount[] = []
  await withDatabase(processes, async (db) => {
    const vault = await openVault({ keys: openFileStore(processes.keyFile, undefined), table: keyTable(db) })
    for (let i = 0; i < 12; i += 1) {
      const bank = defaultProfile.institutions[i % banks]
      if (bank === undefined) throw new Error('the profile has no institutions')
      const account = await openAccount(
        db,
        vault,
        {
          tenantId: TENANT,
          institution: bank.code,
          nbin: bank.nbin,
          name: `Payer ${i + 1}`,
          ifsc: must(parseIfsc(`${bank.ifscPrefix}0000001`), 'IFSC'),
          mobile: null,
          mmid: null,
          reference: null,
          openingBalance: 1_000_000_000_000n,
        },
        Date.now(),
      )
      if (typeof account === 'string')
        throw new Error('an account without a mobile number cannot have one that is taken')
      accounts.push(account)
    }
  })
  hub.terminate()
  const { code, lastWords } = await hub.ended
  if (code !== 0) throw new Error(`the hub does not stop: ${lastWords}`)
  return accounts
}

async function withDatabase<T>(processes: Processes, use: (db: Db) => Promise<T>): Promise<T> {
  const deadline = performance.now() + RECOVERY_MS
  for (;;) {
    const db = createPool(processes.databaseUrl(), { connections: 1, name: 'crash test' })
    try {
      // The last cycle may have stopped it a moment ago.
      const up = await db`select 1`.then(
        () => true,
        (error: unknown) => {
          if (performance.now() > deadline) throw error
          return false
        },
      )
      if (up) return await use(db)
    } finally {
      await db.end({ timeout: 5 })
    }
    await wait(100)
  }
}

function createCrash(processes: Processes, load: Load, report: Report, portal: Portal | undefined) {
  const simulatorUrl = `http://127.0.0.1:${processes.simulatorPort}`
  let hub: Hub | undefined

  /** The hub that runs, or a new one. Undefined when it was killed before it listened. */
  const serving = async (crashAt?: string, killAfterMs?: number): Promise<Hub | undefined> => {
    if (hub?.isAlive()) return hub
    const started = processes.startHub(crashAt)
    hub = started
    if (killAfterMs !== undefined) setTimeout(started.kill, killAfterMs)
    void started.ended.then(load.shut)
    const key = await started.listening()
    if (key === undefined) return undefined
    load.begin(key)
    void load.nextAcknowledged().then(() => {
      // Not of a hub that was killed before it could take one.
      if (hub === started && started.isAlive()) report.recoveredMs.push(performance.now() - started.startedAt)
    })
    return started
  }

  /** The hub must be dead by the kill and by nothing else. */
  const buried = async (what: string): Promise<void> => {
    const ended = await hub?.ended
    hub = undefined
    report.hubKills += 1
    if (ended !== undefined && ended.signal !== 'SIGKILL') {
      report.violations.push(`${what}: the hub ended by itself (${ended.signal ?? ended.code}): ${ended.lastWords}`)
    }
  }

  const acknowledged = async (withinMs: number): Promise<boolean> =>
    Promise.race([
      load.nextAcknowledged().then(() => true),
      wait(withinMs, false, { ref: false }),
      hub === undefined ? false : hub.ended.then(() => false),
    ])

  /** Stops PostgreSQL at once; false when it was not there to be stopped. */
  const stopPostgres = (how: 'immediate' | 'kill'): boolean => {
    if (!processes.stopPostgres(how)) return false
    report.postgresKills += 1
    return true
  }

  /** The switch hangs up on both links; a cut that does not reach the simulator is one fault fewer in this cycle. */
  const cut = async (): Promise<void> => {
    await fetch(`${simulatorUrl}/disconnect`, { method: 'POST' }).catch(() => undefined)
  }

  const longestMs = portal === undefined ? LONGEST_CYCLE_MS : LONGEST_SETTLING_MS

  const cycle = async (kill: Kill): Promise<void> => {
    if (portal !== undefined) {
      // The database outlives a hub that is killed, and not one that stops.
      if (report.hubKills > 0)
        await withDatabase(processes, async (db) => {
          await portal.between(db)
          await portal.release(db)
        })
      await portal.cut()
    }
    switch (kill.kind) {
      case 'point': {
        const started = await serving(`${kill.point}:${kill.nth}`)
        if (kill.cut) void acknowledged(LONGEST_CYCLE_MS).then(cut)
        const reached = await Promise.race([
          started?.ended.then(() => true) ?? true,
          wait(longestMs, false, { ref: false }),
        ])
        if (reached) report.points[kill.point] = (report.points[kill.point] ?? 0) + 1
        else started?.kill()
        return buried(kill.point)
      }
      case 'starting':
        await serving(undefined, kill.afterMs)
        return buried('killed while it started')
      case 'serving': {
        const started = await serving()
        if (!(await acknowledged(RECOVERY_MS)))
          report.violations.push(`no payment was taken within ${RECOVERY_MS} ms of a restart`)
        if (kill.cut) await cut()
        await wait(kill.afterMs)
        started?.kill()
        return buried('killed while it served')
      }
      case 'postgres': {
        const started = await serving()
        await acknowledged(RECOVERY_MS)
        await wait(kill.afterMs)
        if (!stopPostgres(kill.how)) return
        const lostAt = performance.now()
        // What was committed just before is still being answered.
        await wait(50)
        if (!(await acknowledged(RECOVERY_MS))) {
          report.violations.push(
            `no payment was taken within ${RECOVERY_MS} ms of the loss of PostgreSQL (${kill.how})`,
          )
        }
        report.postgresBackMs.push(performance.now() - lostAt)
        if (started === undefined || !started.isAlive()) {
          report.violations.push(`the hub did not survive the loss of PostgreSQL: ${(await started?.ended)?.lastWords}`)
        }
        return
      }
      case 'both': {
        const started = await serving()
        await acknowledged(RECOVERY_MS)
        await wait(kill.afterMs)
        if (kill.betweenMs >= 0) {
          stopPostgres(kill.how)
          await wait(kill.betweenMs)
          started?.kill()
        } else {
          started?.kill()
          await wait(-kill.betweenMs)
          stopPostgres(kill.how)
        }
        return buried(`killed with PostgreSQL (${kill.how})`)
      }
      default:
        kill satisfies never
    }
  }

  /** Nothing new is asked; everything under way ends; then the witnesses are compared. */
  const settleAndCheck = async (last = false): Promise<void> => {
    load.calm(true)
    if (portal !== undefined && hub === undefined) await withDatabase(processes, portal.between)
    await serving()
    const deadline = performance.now() + SETTLE_MS
    const found = await withDatabase(processes, async (db) => {
      for (;;) {
        const waiting = (await get<Summary>(`${simulatorUrl}/summary`)).inward.waiting
        const stuck = await unsettled(db)
        if (stuck.length === 0 && waiting === 0 && load.open() === 0) break
        if (performance.now() > deadline) {
          report.violations.push(
            `not settled after ${SETTLE_MS} ms: ${load.open()} callers not answered, ${waiting} inward payments waiting, stuck: ` +
              stuck.map((one) => `${one.payment_id} ${one.state} for ${one.age} s`).join(', '),
          )
          break
        }
        await wait(50)
      }
      if (portal === undefined) return check(db, simulatorUrl, load.asked)
      // What is deemed is answered in the next files, what is uploaded is reported in those after, and once more for what came of that.
      for (let cut = 0; cut < 3 && report.violations.length === 0; cut += 1) {
        await portal.cut(true)
        await settleAll(db, portal)
      }
      const settled = await checkSettlement(db, portal, processes.simulatorPort)
      report.settled = settled
      report.violations.push(...settled.violations)
      if (last) report.violations.push(...(await checkReplay(db, portal)))
      return check(db, simulatorUrl, load.asked, settledDisagrees(portal))
    })
    report.found = found
    report.violations.push(...found.violations)
    report.acknowledged = [...load.asked.values()].filter((one) => one.id !== undefined).length
    load.calm(false)
  }

  /** All that was carried is taken in, matched, booked and acted on; what waits for people is let go. */
  const settleAll = async (db: Db, files: Portal): Promise<void> => {
    const deadline = performance.now() + SETTLE_MS
    for (;;) {
      await files.release(db)
      const left = await files.unsettled(db)
      if (left.length === 0) return
      if (performance.now() > deadline) {
        report.violations.push(`not settled after ${SETTLE_MS} ms: ${left.join('; ')}`)
        return
      }
      await wait(100)
    }
  }

  /** The last hub stops as an operator would stop it. */
  const stop = async (): Promise<void> => {
    load.calm(true)
    hub?.terminate()
    const ended = await Promise.race([hub?.ended, wait(STOP_MS, undefined, { ref: false })])
    if (ended?.code !== 0) report.violations.push(`the hub did not stop on SIGTERM: ${JSON.stringify(ended)}`)
  }

  return { cycle, settleAndCheck, stop }
}
