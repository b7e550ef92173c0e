import { performance } from 'node:perf_hooks'
import { must, parseIfsc, parseMmid, parseMobile } from '../../src/base/identifiers.ts'
import { between, createSeededRandom } from '../../src/base/random.ts'
import type { Db } from '../../src/db/pool.ts'
import { createIsoDialect } from '../../src/imps/iso8583/dialect.ts'
import { defaultProfile, scaleTimers, type WireProfile } from '../../src/imps/profile.ts'
import { createXmlDialect } from '../../src/imps/xml/dialect.ts'
import { openSigned, sign } from '../../src/imps/xml/signature.ts'
import { type CustomerAccount, ensureChart, openAccount } from '../../src/ledger/store.ts'
import type { RailOptions } from '../../src/rail/options.ts'
import { scheduleOf } from '../../src/rail/schedule.ts'
import { makeSigningKey } from '../../src/sandbox-keys.ts'
import { noFaults } from '../../src/simulator/faults.ts'
import type { Stand } from '../../src/simulator/journal.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { softCustody, testZmk } from '../support/link-keys.ts'
import { createMemoryNetwork } from '../support/memory-network.ts'
import { createMemoryWeb } from '../support/memory-web.ts'
import { testVault } from '../support/vault.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { createBalancer } from './balancer.ts'
import { check } from './check.ts'
import { createCustomers } from './customers.ts'
import { type Dials, drawDials, type Mishap } from './dials.ts'
import { checkProbe, drawProbe, ORDINARY } from './probes.ts'
import { createProcess, type Process } from './process.ts'
import { createStorage, noStorageFaults } from './storage.ts'
import { createTrace } from './trace.ts'
import { createWireTap } from './wire-tap.ts'

export type SeedResult = {
  readonly seed: number
  /** What was not as it must be; empty when the run was right. */
  readonly wrongs: readonly string[]
  /** The same for the same seed. */
  readonly digest: string
  /** The last lines of the trace. */
  readonly tail: readonly string[]
  readonly figures: Figures
}

export type Figures = {
  readonly payments: number
  readonly byState: Readonly<Record<string, number>>
  readonly inward: number
  readonly crashes: number
  /** How often the hub said what: a run in which nothing goes wrong proves nothing. */
  readonly said: Readonly<Record<string, number>>
  readonly virtualMs: number
  readonly realMs: number
}

/** The connection to the real PostgreSQL was lost, so a run proves nothing: it is to be run again. */
export class ConnectionLost extends Error {}

async function backendOf(db: Db): Promise<number | undefined> {
  const [row] = await db<{ pid: number }[]>`select pg_backend_pid() as pid`
  return row?.pid
}

const reversible: ReadonlySet<Stand> = new Set(['approved', 'deemed', 'silent'])

/** Signatures are the same for the same keys, and what is in a signature decides nothing: one pair serves all seeds. */
const span = { fromMs: Date.UTC(2026, 0, 1), untilMs: Date.UTC(2036, 0, 1) }
const keys = { ours: await makeSigningKey('hub', span), theirs: await makeSigningKey('switch', span) }

/** Steps of waiting for quiet after the heal, and how many: at the protocol's own pace the last verification is an hour late. */
const QUIET_STEPS = 150

/**
 * Runs the whole hub against the simulated switch, as the seed says: a time of faults, a heal, and then until nothing moves.
 * @param db  one connection, to a database that nobody else uses; what is in it is lost
 */
export async function runSeed(db: Db, seed: number, print?: (line: string) => void): Promise<SeedResult> {
  const began = performance.now()
  const root = createSeededRandom(seed)
  const branch = () => createSeededRandom(root.next32())
  const dials = drawDials(branch())
  const clock = createVirtualClock(dials.startMs)
  const at = () => clock.monotonicMs()
  const trace = createTrace(at, print)
  const wrongs: string[] = []
  const protocol: WireProfile = {
    ...defaultProfile,
    wire: dials.rail === 'xml' ? 'xml' : 'iso8583',
    iso: { ...defaultProfile.iso, mac: { ...defaultProfile.iso.mac, ...dials.macs?.profile } },
    timers: { ...defaultProfile.timers, thenMs: dials.thenMs },
    institutions: defaultProfile.institutions.map((one) =>
      dials.rail === 'mixed' && one.code === 'S02' ? { ...one, wire: { outward: 'xml', inward: 'xml' } } : one,
    ),
  }
  const profile = scaleTimers(protocol, dials.timerScale)
  trace.note(`seed ${seed} ${JSON.stringify(dials)}`)

  const backend = await backendOf(db)
  await resetDatabase(db, dials.startMs)
  const accounts = await openAccounts(db, dials.startMs)

  const network = createMemoryNetwork({
    clock,
    random: branch(),
    latencyMs: dials.latencyMs,
    split: dials.split,
  })
  const web = createMemoryWeb({ clock, random: branch(), latencyMs: dials.latencyMs, faults: dials.web })
  const { host, port } = profile.xml.callback
  const simulator = createSimulator({
    clock,
    random: branch(),
    profile: protocol,
    timerScale: dials.timerScale,
    faults: dials.wire,
    journalLimit: 1_000,
    zmk: testZmk,
    xml: {
      post: web.post,
      hubUrl: `https://${host}:${port}`,
      signingKey: () => keys.theirs,
      pinned: () => [keys.ours.certificate],
      secure: true,
    },
  })
  let switchIsDown = false
  const [xmlHost = '', xmlPort] = profile.xml.host.split(':')
  await web.serve({ host: xmlHost, port: Number(xmlPort) }, async (request) => {
    if (switchIsDown) throw new Error('the switch is down')
    return simulator.answerXml(request)
  })
  const balancer = createBalancer()
  await web.serve({ host, port }, balancer.answering)
  for (const { host, port, role } of profile.iso.links) {
    await network.listen({ host, port }, (connection) => {
      if (switchIsDown) connection.destroy()
      else simulator.attach(role, connection)
    })
  }

  const storage = createStorage(db, clock, branch(), trace, profile.timers.responseMs, Math.max(0, ...dials.skewMs))
  storage.turn(dials.storage)
  const dialect = createIsoDialect(profile)
  const tap = createWireTap({
    dial: network.dial,
    post: web.post,
    dialect,
    xmlDialect: createXmlDialect(profile),
    iso: profile.iso,
    at,
    now: clock.now,
    trace,
  })
  let isChaos = true
  let crashes = 0
  const said: Record<string, number> = {}
  const world = {
    clock,
    random: branch(),
    trace,
    storage,
    tap,
    balancer,
    vault: testVault,
    seal: {
      sign: (document: string) => sign(document, keys.ours),
      open: (document: Uint8Array) => openSigned(document, [keys.theirs.certificate], clock.now(), profile.xml).text,
    },
    profile,
    custody: softCustody(profile),
    rail: railOptions(dials),
    sameHolder: dials.sameHolder,
    isChaos: () => isChaos,
    crashPoint: dials.crashPoint,
    onCrash: () => {
      crashes += 1
    },
    onLog: (message: string) => {
      said[message] = (said[message] ?? 0) + 1
    },
    onWrong: (what: string) => wrongs.push(what),
  }
  const processes = Array.from({ length: dials.processes }, (_, i) =>
    createProcess(world, i === 0 ? 'A' : 'B', dials.skewMs[i] ?? 0),
  )
  const customers = createCustomers({
    clock,
    random: branch(),
    trace,
    processes,
    simulator,
    accounts,
    payments: dials.payments,
    inwards: dials.inwards,
    withinMs: dials.chaosMs,
  })
  const stopListening = listenForLostPromises(wrongs)
  const advance = (ms: number) => clock.advanceAsync(ms, storage.settle)

  try {
    for (const process of processes) process.start()
    const around: World = {
      after: clock.after,
      partition(on) {
        network.partition(on)
        web.partition(on)
      },
      cut() {
        network.cut()
        web.cut()
      },
      away: storage.away,
      jump: clock.jump,
      switchDown(on: boolean) {
        switchIsDown = on
        simulator.turn({ refuseLogOn: on ? -1 : 0 })
        if (on) simulator.disconnect()
      },
    }
    for (const mishap of dials.mishaps) {
      clock.after(mishap.at, () => {
        trace.note(`! ${mishap.kind} ${mishap.forMs} ms`)
        befall[mishap.kind](mishap.forMs, processes[mishap.process % processes.length] as Process, around)
      })
    }
    const changeKeys = (everyMs: number): void => {
      clock.after(everyMs, () => {
        if (isChaos && simulator.announce('keyExchange') > 0) trace.note('! new keys')
        changeKeys(everyMs)
      })
    }
    if (dials.macs !== undefined) changeKeys(dials.macs.everyMs * dials.timerScale)
    const reversed = new Set<string>()
    const credited = new Set<string>()
    const chance = branch()
    for (let left = dials.reversals; left > 0; left -= 1) {
      clock.after(between(chance, 0, dials.chaosMs), () => {
        // NPCI gives back what it has settled; what it declined it never charged.
        const settled = [...simulator.journal.outward.entries()].filter(({ stand }) => reversible.has(stand))
        const entry = settled[between(chance, 0, settled.length)]
        if (entry === undefined) return
        const duplicates = between(chance, 0, 2)
        const sent = simulator.reverse({ rrn: entry.rrn, duplicates }, ({ verdict }) => {
          trace.note(`reversal of ${entry.rrn} ${verdict}`)
          if (verdict === 'credited') credited.add(entry.rrn)
        })
        if (sent === undefined) return
        trace.note(`! reversal of ${entry.rrn}`)
        reversed.add(entry.rrn)
      })
    }
    await advance(dials.chaosMs)

    trace.note('heal')
    isChaos = false
    storage.turn({ ...noStorageFaults, latencyMs: [0, 3] })
    simulator.turn(noFaults())
    web.set({ loseRequest: 0, loseResponse: 0, breakResponse: 0, delay: 0 })
    // Mishaps of the last moment end by themselves; nothing new begins.
    const over = dials.mishaps.map((one) => (one.kind === 'stall' ? one.forMs : one.at + one.forMs - dials.chaosMs))
    await advance(Math.max(0, ...over) + 30_000)

    const step = 60_000 * dials.timerScale
    const quiet = async (): Promise<boolean> => {
      for (let steps = 0; steps < QUIET_STEPS; steps += 1) {
        await advance(step)
        const isSending = processes.some((process) => process.hub()?.hub.rail.status().sending === true)
        if (isSending && customers.satisfied() && simulator.summary().inward.waiting === 0 && (await nothingOpen(db)))
          return true
      }
      return false
    }
    if (!(await quiet())) wrongs.push('it never became quiet')
    const probes = [customers.probe(ORDINARY)]
    await advance(5_000)
    probes.push(customers.probe(drawProbe(root)))
    if (!(await quiet())) wrongs.push('it did not become quiet again')

    for (const process of processes) process.kill()
    await storage.settle()
    const timesHold = dials.skewMs[0] === 0 && dials.mishaps.every((one) => one.kind !== 'jump')
    const { wrongs: found, rows } = await check({
      db,
      simulator,
      tap,
      customers,
      schedule: scheduleOf(profile.timers),
      startMs: dials.startMs,
      timesHold,
      reversed,
      credited,
    })
    wrongs.push(...found)
    for (const probe of probes) checkProbe(probe, rows, tap, timesHold, wrongs)
    for (const row of rows) trace.note(`${row.direction} ${row.payment_id} ${row.rrn} ${row.states.join(' ')}`)

    if ((await backendOf(db)) !== backend) throw new ConnectionLost()

    const byState: Record<string, number> = {}
    for (const row of rows) {
      if (row.direction === 'outward') byState[row.state] = (byState[row.state] ?? 0) + 1
    }
    return {
      seed,
      wrongs,
      tail: trace.last(400),
      digest: trace.digest(),
      figures: {
        payments: rows.filter((row) => row.direction === 'outward').length,
        byState,
        inward: rows.filter((row) => row.direction === 'inward').length,
        crashes,
        said,
        virtualMs: at(),
        realMs: performance.now() - began,
      },
    }
  } finally {
    stopListening()
    for (const process of processes) process.kill()
    await storage.settle()
  }
}

type World = {
  readonly after: (ms: number, fn: () => void) => void
  partition(on: boolean): void
  cut(): void
  away(on: boolean): void
  jump(ms: number): void
  switchDown(on: boolean): void
}

const befall: Readonly<Record<Mishap['kind'], (forMs: number, process: Process, world: World) => void>> = {
  crash: (forMs, process) => process.crash(forMs, 'kill -9'),
  pause: (forMs, process) => process.pause(forMs),
  stall: (forMs, process) => process.stall(forMs),
  drain: (forMs, process) => process.drain(forMs),
  cut: (_forMs, _process, world) => world.cut(),
  partition(forMs, _process, world) {
    world.partition(true)
    world.after(forMs, () => world.partition(false))
  },
  switchDown(forMs, _process, world) {
    world.switchDown(true)
    world.after(forMs, () => world.switchDown(false))
  },
  databaseAway(forMs, _process, world) {
    world.away(true)
    world.after(forMs, () => world.away(false))
  },
  // Forward or back, as the number falls.
  jump: (forMs, _process, world) => world.jump(forMs % 2 === 0 ? forMs : -forMs),
}

/** The rail's own waits, at the pace of the protocol's. */
function railOptions({ timerScale }: Dials): Partial<RailOptions> {
  if (timerScale < 0.2) return {}
  return { leaseMs: 60_000, leaseRenewMs: 20_000, verifyEveryMs: 5_000, sweepEveryMs: 10_000, heldEveryMs: 2_000 }
}

/** A promise that is rejected and that nobody waits for would end the real process. */
function listenForLostPromises(wrongs: string[]): () => void {
  const lost = (error: unknown) => {
    wrongs.push(`a rejected promise that nobody waits for: ${error instanceof Error ? error.stack : String(error)}`)
  }
  process.on('unhandledRejection', lost)
  return () => process.off('unhandledRejection', lost)
}

async function nothingOpen(db: Db): Promise<boolean> {
  const [row] = await db<{ open: number }[]>`
    select count(*)::integer as open from hold h join payment p using (payment_id)
    where p.state <> 'unconfirmed'
       or not exists (select from break b where b.payment_id = p.payment_id and b.kind = 'unresolved')`
  return row?.open === 0
}

/**
 * Empties the tables, also the ones that refuse it, and sets every counter to its start. Holds are truncated: some are read in the order of
 * an instant that several share, and then it matters where the rows lie.
 */
async function resetDatabase(db: Db, now: number): Promise<void> {
  await db.unsafe(`
    set session_replication_role = replica;
    truncate hold; delete from entry; delete from event; delete from idempotency_key; delete from break;
    delete from payment; delete from account; delete from stan_block; delete from link_lease;
    delete from verification_budget; delete from sim.takeover; delete from unmatched_answer; delete from inward_verification;
    delete from name_enquiry; delete from link_key; delete from approval_vote; delete from approval_request; delete from act; delete from act_chain; delete from member_bank; delete from credit_once; delete from journal;
    select setval('account_number_seq', 100000, false);
    set session_replication_role = origin`)
  await ensureChart(db, now)
}

const ACCOUNTS = [
  { institution: 'TRN', nbin: '7001', ifsc: 'TRNT0000001', mobile: '9876500001', opening: 10_000_000_000n },
  { institution: 'S02', nbin: '7002', ifsc: 'QTAB0000001', mobile: null, opening: 500_000_000n },
  { institution: 'TRN', nbin: '7001', ifsc: 'TRNT0000001', mobile: null, opening: 25_000n },
] as const

async function openAccounts(db: Db, now: number): Promise<CustomerAccount[]> {
  const accounts: CustomerAccount[] = []
  for (const { institution, nbin, ifsc, mobile, opening } of ACCOUNTS) {
    const opened = await openAccount(
      db,
      testVault,
      {
        tenantId: 1,
        institution,
        nbin,
        name: 'Ramesh Kumar',
        ifsc: must(parseIfsc(ifsc), 'IFSC'),
        mobile: mobile === null ? null : must(parseMobile(mobile), 'mobile'),
        mmid: mobile === null ? null : must(parseMmid(`${nbin}123`), 'MMID'),
        reference: null,
        openingBalance: opening,
      },
      now,
    )
    if (typeof opened === 'string') throw new Error('two accounts of the simulation have one mobile')
    accounts.push(opened)
  }
  return accounts
}
