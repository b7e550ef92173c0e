import { type Cancel, type Clock, sleep } from '../base/clock.ts'
import type { EventSubject } from '../base/identifiers.ts'
import type { Log } from '../base/log.ts'
import type { Outbound } from '../base/outbound.ts'
import type { Random } from '../base/random.ts'
import type { Vault } from '../base/vault.ts'
import { createBatcher } from '../db/batch.ts'
import type { Db, Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { type Attempt, forgetAttempts, insertAttempts, oldestKept } from './attempt-store.ts'
import { type Message, type Tried, testMessage, tryOnce, type WatchTry } from './deliver.ts'
import { disableGone, type Endpoint, forgetSecrets } from './endpoint-store.ts'
import { MAX_STEPS } from './outbox.ts'
import { createQueues } from './queues.ts'
import { type Delivery, releaseTaken, settleStrands, takeDue } from './strand-store.ts'
import { createReceivers, type Turn, tailOnce } from './tail.ts'
import { type Outcome, tell } from './tell.ts'

/** An event, by what it is a step of. */
export type EventRef = { readonly tenantId: number; readonly subject: EventSubject; readonly sequence: number }
/** What is told of events, by their ids. One that is not in the answer is none, or its payment is not there. */
export type Describe = (events: readonly EventRef[]) => Promise<ReadonlyMap<string, Message>>

export type WebhookDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly vault: Vault
  /** Judges every address when it dials, follows no redirect, and ends every call. */
  readonly outbound: Outbound
  readonly describe: Describe
  /** 32 hex digits that sort by time. */
  readonly newId: () => string
  /** This hub's name: no other running hub has it, and the next run of this one has it again. */
  readonly holder: string
  /** A try takes no longer, milliseconds. */
  readonly timeoutMs: number
  /** Of the waits between tries; 1 outside a sandbox. */
  readonly timerScale: number
  /** Writes down, in the transaction, that a receiver was disabled because it said 410. */
  readonly noteGone: (tx: Tx, endpoint: Endpoint) => Promise<void>
  /** Runs a try as part of the trace of its payment. */
  readonly watch?: WatchTry
  /** Told of every try, for metrics. */
  readonly onTried?: (kind: Tried['kind'], seconds: number) => void
  /** Steps of payments a second in this process, from which on telling them steps back behind making them. */
  readonly stepBackAt: number
}

export type Webhooks = {
  readonly start: () => void
  /** Begins nothing more, and waits for what is on its way. */
  readonly stop: () => Promise<void>
  /** A payment has moved: looks sooner. */
  readonly poke: () => void
  /** One try now, with an event that is none. */
  readonly test: (endpoint: Endpoint) => Promise<Attempt>
  /** Whether such an address could be told anything, as far as its text tells. @throws {OutboundRefused} */
  readonly check: (url: string) => void
}

/** Tries to one receiver at once, when it answers well. */
const MOST_AT_ONCE = 16
/** And before it is known whether it does. */
const FIRST_AT_ONCE = 4
/** Tries at once in all. */
const MOST_IN_ALL = 512
/** What is taken for one receiver at once: as much as it takes in so many milliseconds, and no more than that. */
const AHEAD_MS = 500
const MOST_AHEAD = 256
/** What is taken and not over, of all receivers. */
const MOST_TAKEN = 1_024
/** Deliveries that are taken at one look: what they cost together must not hold anything else up. */
const LOOK_MOST = 256
/** Between two looks: right after there was something, when there was nothing, and when nobody is told anything. */
const BUSY_MS = 20
const QUIET_MS = 100
const IDLE_MS = 500
const FAULT_MS = 1_000
/** Beyond the end of a try: for what is written afterwards. */
const LEASE_MORE_MS = 15_000
/** While payments are pressed: how often is looked, how often the outbox is read, and how many events are told for each step that is made. */
const PRESSED_MS = 100
const PRESSED_TAIL_MS = 1_000
const PRESSED_SHARE = 0.03
/** And so many in a second at least. */
const PRESSED_LEAST = 20
/** Payments that move in one commit, on average, from which on they wait for one another: more come than are made. */
const CROWD = 64
/** Steps with less than that between them, in milliseconds, are of one commit. */
const SAME_COMMIT_MS = 0.5
/** Over so long is counted how many payments move. */
const COUNT_MS = 500
const SWEEP_MS = 3_600_000
/** How long a stop waits for answers; what is on its way then is told again by the next run. */
const STOP_MS = 2_000
const MAX_SETTLED = 500

const notRead: Turn = { isOurs: true, added: 0, isAll: true }

/** One delivery, with what it is told. */
type Told = { readonly delivery: Delivery; readonly messages: ReadonlyMap<string, Message> }

/** Reads the outbox and tells receivers, beside any number of other processes that do the same. */
export function createWebhooks(deps: WebhookDeps): Webhooks {
  const { db, clock, random, log, vault } = deps
  const receivers = createReceivers(vault)
  const underWay = new Set<Promise<unknown>>()
  let timer: Cancel = () => undefined
  let running = false
  let turn: Promise<void> = Promise.resolve()
  let sweptAt = 0
  let isWaiting = false
  let moved = 0
  let commits = 0
  let movedAt = 0
  let countedAt = clock.monotonicMs()
  let isPressed = false
  /** Events a second that are told while payments are pressed. */
  let share = PRESSED_LEAST
  let readAt = 0
  let wasFull = false

  const settle = createBatcher<Outcome, void>({
    clock,
    maxItems: MAX_SETTLED,
    partitions: 1,
    partitionOf: () => 0,
    run: async (outcomes) => {
      const now = clock.now()
      await vault.prepare(new Set(outcomes.map(({ settled }) => settled.delivery.tenantId)), now)
      const attempts = outcomes.flatMap(({ attempts: some }) => some)
      await inTransaction(db, async (tx) => {
        // What is lost here is told again.
        await tx`select set_config('synchronous_commit', 'off', true)`
        await settleStrands(
          tx,
          outcomes.map(({ settled }) => settled),
          now,
        )
        await insertAttempts(tx, vault, attempts)
        for (const { gone } of outcomes)
          if (gone !== undefined && (await disableGone(tx, gone.id))) await deps.noteGone(tx, gone)
      })
      return outcomes.map(() => undefined)
    },
  })

  const write = (outcome: Outcome): void => {
    // If that fails, its lease runs out, and it is told again.
    const written = settle.submit(outcome).then(look, (error: unknown) => {
      log.warn({ err: error }, 'what came of a webhook could not be written down; it is told again')
    })
    underWay.add(written)
    written.finally(() => underWay.delete(written))
  }
  const postpone = (items: readonly Told[]): void => {
    const next = { kind: 'postponed', dueAt: clock.now() } as const
    for (const { delivery } of items) write({ settled: { delivery, told: 0, next }, attempts: [], gone: undefined })
  }
  const queues = createQueues<Told>({
    clock,
    first: FIRST_AT_ONCE,
    most: MOST_AT_ONCE,
    inAll: MOST_IN_ALL,
    aheadMs: AHEAD_MS,
    ahead: MOST_AHEAD,
    async begin(item) {
      const receiver = running ? receivers.find(item.delivery.endpointId) : undefined
      if (receiver === undefined) {
        postpone([item])
        return true
      }
      const telling = tell(deps, receiver, item.delivery, item.messages)
      underWay.add(telling)
      try {
        const { isWell, ...outcome } = await telling
        write(outcome)
        return isWell
      } finally {
        underWay.delete(telling)
      }
    },
    giveBack: postpone,
  })

  const deliver = async (): Promise<number> => {
    const most = Math.min(MOST_TAKEN - queues.taken(), isPressed ? Math.ceil((share * PRESSED_MS) / 1000) : LOOK_MOST)
    const wanted: { endpointId: string; room: number }[] = []
    for (const { id } of receivers.known()) {
      const room = queues.room(id)
      if (room > 0) wanted.push({ endpointId: id, room })
    }
    if (most <= 0 || wanted.length === 0) return 0
    // All get their turn when there is less room than they want: the first is another one each time.
    const first = random.next32() % wanted.length
    const turned = [...wanted.slice(first), ...wanted.slice(0, first)]
    const lease = deps.timeoutMs + LEASE_MORE_MS
    const taken = await takeDue(db, turned, most, clock.now(), lease, deps.holder)
    if (taken.length === 0) return 0
    const messages = await deps.describe(
      taken.flatMap(({ sequences, ...one }) => sequences.map((sequence) => ({ ...one, sequence }))),
    )
    for (const delivery of taken) queues.add(delivery.endpointId, { delivery, messages })
    return taken.length
  }

  /** Whether payments come faster than they are made, or than they should be told now. */
  const countPressure = (): boolean => {
    const passed = clock.monotonicMs() - countedAt
    if (passed < COUNT_MS) return isPressed
    const rate = (moved * 1000) / passed
    const isCrowded = moved >= CROWD * commits && commits > 0
    share = Math.max(PRESSED_LEAST, rate * PRESSED_SHARE)
    moved = 0
    commits = 0
    countedAt = clock.monotonicMs()
    return rate >= deps.stepBackAt || isCrowded
  }

  const readOutbox = async (now: number): Promise<Turn> => {
    readAt = clock.monotonicMs()
    const read = await tailOnce(db, receivers, now, isPressed ? Math.ceil((share * PRESSED_TAIL_MS) / 1000) : MAX_STEPS)
    if (!read.isOurs) await receivers.refresh(db)
    return read
  }

  const step = async (): Promise<number> => {
    const now = clock.now()
    if (now - sweptAt >= SWEEP_MS) {
      sweptAt = now
      await forgetAttempts(db, oldestKept(now))
      await forgetSecrets(db, now)
    }
    isPressed = countPressure()
    // What has been read is told first, as long as one look is not enough for it.
    const every = isPressed ? PRESSED_TAIL_MS : wasFull ? QUIET_MS : 0
    const read = clock.monotonicMs() - readAt < every ? notRead : await readOutbox(now)
    const begun = await deliver()
    wasFull = begun === LOOK_MOST
    if (isPressed) return PRESSED_MS
    if (wasFull) return 0
    if (read.added > 0 || begun > 0 || !read.isAll) return BUSY_MS
    return receivers.known().length > 0 ? QUIET_MS : IDLE_MS
  }

  const loop = (): void => {
    isWaiting = false
    const started = clock.monotonicMs()
    turn = step()
      .catch((error: unknown) => {
        log.warn({ err: error }, 'webhooks wait for the database')
        return FAULT_MS
      })
      .then((wait) => {
        if (!running) return
        isWaiting = wait === QUIET_MS
        // No more than half of the time is spent on looking, but when there is more to tell than one look takes.
        timer = clock.after(wait === 0 ? 0 : Math.max(wait, clock.monotonicMs() - started), loop)
      })
  }
  /** What was quiet is looked at soon; what is busy is looked at soon anyway. */
  const look = (): void => {
    if (!isWaiting || !running) return
    isWaiting = false
    timer()
    timer = clock.after(BUSY_MS, loop)
  }

  return {
    poke() {
      const now = clock.monotonicMs()
      if (now - movedAt > SAME_COMMIT_MS) commits += 1
      movedAt = now
      moved += 1
      look()
    },
    check: (url) => {
      deps.outbound.check(url)
    },
    start() {
      running = true
      turn = releaseTaken(db, deps.holder, clock.now())
        .catch((error: unknown) => {
          log.warn({ err: error }, 'webhooks of the last run wait until their time is over')
        })
        .then(() => {
          if (running) loop()
        })
    },
    async stop() {
      running = false
      timer()
      await turn
      await Promise.race([Promise.allSettled([...underWay]), sleep(clock, STOP_MS)])
      await settle.idle()
    },
    async test(endpoint) {
      await receivers.refresh(db)
      const receiver = receivers.find(endpoint.id)
      const id = deps.newId()
      const { attempt } = await tryOnce(
        deps,
        { ...endpoint, keys: receiver?.keys ?? [] },
        `evt_${id}0000`,
        testMessage(endpoint.id, clock.now()),
      )
      await vault.prepare([endpoint.tenantId], clock.now())
      await inTransaction(db, (tx) => insertAttempts(tx, vault, [attempt]))
      return attempt
    },
  }
}
