import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeActs } from '../../src/audit/acts.ts'
import { LANES, must } from '../../src/base/identifiers.ts'
import { createSeededRandom, randomHex } from '../../src/base/random.ts'
import type { Db } from '../../src/db/pool.ts'
import { createBankDirectory } from '../../src/imps/banks.ts'
import { type Cycle, cycleAt } from '../../src/imps/cycles.ts'
import { defaultProfile, type WireProfile } from '../../src/imps/profile.ts'
import { type ChartCode, chart } from '../../src/ledger/chart.ts'
import { openDisputeBreak } from '../../src/settlement/disputes/breaks.ts'
import type { DisputeDeps } from '../../src/settlement/disputes/deps.ts'
import type { SettlementFile } from '../../src/settlement/intake/file.ts'
import { openFileStore } from '../../src/settlement/intake/file-store.ts'
import { openInbox } from '../../src/settlement/intake/inbox.ts'
import { breakTypes } from '../../src/settlement/match/break-types.ts'
import { type SweptCycle, settleBank } from '../../src/settlement/pipeline.ts'
import { createSettling, type SettlementCrashPoint } from '../../src/settling.ts'
import type { Habits } from '../../src/simulator/cycles/banks-behind.ts'
import { type CutAnswer, type CutOrder, openOffice } from '../../src/simulator/cycles/office.ts'
import { startTestHub, type World } from './a-hub.ts'
import { testLog } from './logs.ts'
import { createNpciSays } from './npci-says.ts'
import { settlementInvariants } from './settlement-invariants.ts'
import { testVault } from './vault.ts'

/** A day here has ten cycles and few payments: what looks for work every second of it looks less often. */
const pace = {
  leaseRenewMs: 86_400_000,
  heldEveryMs: 60_000,
  verifyEveryMs: 10_000,
  sweepEveryMs: 60_000,
} as const

/** A whole hub and the whole simulated switch with its back office, on one clock of ours: cycles are cut, taken, matched and booked. */
export async function startSettledHub(
  pools: { readonly db: Db; readonly doors: Db },
  options: {
    readonly habits?: Partial<Habits>
    readonly profile?: (profile: WireProfile) => WireProfile
    /** Called at each place where the pipeline may be broken off. */
    readonly crashPoint?: (name: SettlementCrashPoint) => void
    /** The world of a hub that is gone: this one takes its place. */
    readonly before?: World
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'turant-settled-'))
  const profile: WireProfile = { ...defaultProfile, institutions: defaultProfile.institutions.slice(0, 2) }
  const h = await startTestHub(
    pools,
    'iso8583',
    (given) => ({
      ...(options.profile?.(given) ?? given),
      institutions: profile.institutions,
    }),
    pace,
    options.before,
  )
  const { db } = pools
  const { clock, simulator } = h
  const random = createSeededRandom(7)
  const inboxFolder = join(folder, 'inbox')
  const store = openFileStore(join(folder, 'files'), 'test')
  const inbox = openInbox(
    {
      db,
      clock,
      random,
      vault: testVault,
      store,
      institutions: profile.institutions,
      cycles: profile.cycles,
      note: (tx, act) => writeActs(tx, [act]),
    },
    inboxFolder,
  )
  const newId = () => clock.now().toString(16).padStart(12, '0') + randomHex(random, 20)
  const disputes: DisputeDeps = {
    db,
    room: h.hub.room,
    clock,
    rules: profile.disputeRules,
    newId,
    openBreak: (tx, found) => openDisputeBreak(tx, found, breakTypes[found.type].action, clock.now()),
    ...(options.crashPoint === undefined ? {} : { crashPoint: options.crashPoint }),
  }
  const settling = createSettling({
    disputes,
    db,
    clock,
    log: testLog,
    vault: testVault,
    profile,
    directory: createBankDirectory(profile),
    room: h.hub.room,
    store,
    newId,
    folder: join(folder, 'files'),
    threads: 1,
    memoryMb: 300,
    tolerancePaise: 100n,
    ...(options.crashPoint === undefined ? {} : { crashPoint: options.crashPoint }),
    deliver: async (name, bytes) => {
      const answer = await office.upload(name, bytes)
      return 'kind' in answer ? { kind: 'refused', answer: answer.kind } : { kind: 'accepted' }
    },
  })
  const office = openOffice({
    clock,
    profile,
    timerScale: 1,
    journal: simulator.journal,
    numbers: simulator.numbers,
    inbox: inboxFolder,
    folder: join(folder, 'office'),
    habits: options.habits ?? {},
  })

  /** Waits for what needs the database or the disk; the clock stands, but for what is due. */
  async function still<T>(promise: Promise<T>): Promise<T> {
    clock.advance(0)
    const poll = setInterval(() => clock.advance(0), 1)
    try {
      return await promise
    } finally {
      clearInterval(poll)
    }
  }

  /** Until the links are up again. */
  async function linked(): Promise<void> {
    const up = () => h.hub.rail.status().links.every(({ state }) => state === 'loggedOn')
    for (let tries = 0; tries < 600 && !up(); tries += 1) await moveTo(clock.now() + 1_000)
    if (!up()) throw new Error('the links stay down')
  }

  /** Moves the clock to an instant; what waits meanwhile is done. */
  async function moveTo(at: number): Promise<void> {
    // First what is under way, at a millisecond at a time: the database has no clock of ours.
    for (let steps = 0; steps < 50 && clock.now() < at; steps += 1) {
      await h.hub.room.idle()
      for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve))
      clock.advance(1)
    }
    while (clock.now() < at) {
      const next = clock.nextInMs() ?? Number.POSITIVE_INFINITY
      clock.advance(Math.min(at - clock.now(), Math.max(next, 1)))
      await new Promise((resolve) => setImmediate(resolve))
      await h.hub.room.idle()
    }
  }

  const own = profile.institutions.filter(({ code }) => code === 'TRN')
  const says = createNpciSays(own)

  /** What NPCI's files say, for the checks. */
  async function keep(file: SettlementFile): Promise<void> {
    if (file.institution !== 'TRN' || file.cycle === null) return
    const chunks: Uint8Array[] = []
    for await (const chunk of await still(settling.accepted.read(file))) chunks.push(chunk)
    await still(says.add(file.name, Buffer.concat(chunks)))
  }

  /** What is not explained: I1 to I8, and the settlement account beside what all statements come to. */
  async function wrongs(): Promise<string[]> {
    const settled = await still(says.settled(db))
    const found = await still(settlementInvariants(db, { settled, stated: says.stated, now: clock.now() }))
    const first = chart['RBI-STL'].number * LANES
    const [{ bank } = { bank: 0n }] = await still(
      db<{ bank: bigint }[]>`
        select coalesce(sum(amount), 0)::bigint as bank from entry
        where account_id between ${first} and ${first + LANES - 1} and kind <> 'opening'`,
    )
    return bank === -says.finalPaise()
      ? found
      : [...found, `RBI-STL has ${bank}, all statements come to ${says.finalPaise()}`]
  }

  /** Of one of the hub's own accounts, over its lanes; credit positive. */
  async function total(code: ChartCode): Promise<bigint> {
    const first = chart[code].number * LANES
    const [row] = await still(
      db<{ sum: bigint }[]>`
        select coalesce(sum(balance), 0)::bigint as sum from account where account_id between ${first} and ${first + LANES - 1}`,
    )
    return row?.sum ?? 0n
  }

  /** Files that are kept back, to come later. */
  let keptBack: string[] = []
  const aside = join(folder, 'aside')

  /** Takes what lies in the inbox. @returns what was refused */
  async function take(): Promise<readonly SettlementFile[]> {
    await still(inbox.sweep())
    const taken = await still(inbox.sweep())
    for (const { kind, file } of taken) if (kind === 'accepted') await keep(file)
    return taken.flatMap(({ kind, file }) => (kind === 'refused' ? [file] : []))
  }

  /** Brings what was kept back. @returns how many files */
  async function bring(): Promise<number> {
    const names = keptBack
    keptBack = []
    for (const name of names) renameSync(join(aside, name), join(inboxFolder, name))
    const refused = await take()
    if (refused.length > 0) throw new Error(`${refused[0]?.name} is refused, and was whole`)
    return names.length
  }

  /** Keeps one of NPCI's own files of the bank back; of a half one the first half comes. */
  function keepBack(how: 'late' | 'half', which: number): void {
    mkdirSync(aside, { recursive: true })
    const names = readdirSync(inboxFolder)
      .filter((one) => one.includes('TRN') && !one.startsWith('RBISTMT'))
      .sort()
    const name = names[which % names.length]
    if (name === undefined) throw new Error('no file came')
    const bytes = readFileSync(join(inboxFolder, name))
    renameSync(join(inboxFolder, name), join(aside, name))
    if (how === 'half') writeFileSync(join(inboxFolder, name), bytes.subarray(0, Math.floor(bytes.length / 2)))
    keptBack.push(name)
  }

  /** Cuts the cycle that ends next, at its end, and takes its files. @param spoilt  one of them comes later, or half of it first */
  async function cut(
    order: CutOrder = {},
    spoilt?: { readonly how: 'late' | 'half'; readonly which: number },
  ): Promise<{ readonly cycle: Cycle; readonly answer: CutAnswer }> {
    const cycle = cycleAt(profile.cycles, clock.now())
    await moveTo(cycle.toAt + 1_000)
    const answer = await still(office.cut({ cycle, ...order }))
    if (typeof answer === 'string') throw new Error(answer)
    if (spoilt !== undefined) keepBack(spoilt.how, spoilt.which)
    const refused = await take()
    if (refused.length > 0 && order.errors === undefined && spoilt?.how !== 'half')
      throw new Error(refused.map(({ name, refusal }) => `${name} ${JSON.stringify(refusal)}`).join(', '))
    return { cycle, answer }
  }

  /** All that the pipeline can do now. */
  const settle = async (institution = 'TRN'): Promise<readonly SweptCycle[]> =>
    must(await still(settleBank(settling.pipeline, institution)), 'sweep')

  return {
    ...h,
    folder,
    profile,
    store,
    inbox,
    settling,
    office,
    still,
    linked,
    moveTo,
    cut,
    bring,
    settle,
    wrongs,
    total,
  }
}
