import type { Clock } from '../../src/base/clock.ts'
import { between, chance, type Random } from '../../src/base/random.ts'
import type { Db, Tx } from '../../src/db/pool.ts'
import type { Life } from './life.ts'
import type { Trace } from './trace.ts'

/**
 * The real PostgreSQL, made repeatable: one connection, one transaction after the other, in an order that the controlled clock
 * decides. A statement or a transaction takes no time of the clock; the way to the database and back does, so timers and
 * frames come between a commit and the news of it. A process that is killed takes its open transaction with it.
 */
export interface Storage {
  /** The database as one process sees it, through the pool of its doors or the one of everything else. */
  open(life: Life, pool: 'doors' | 'rest'): Db
  /** Resolves when no real work is under way: only then may the clock move on. */
  settle(): Promise<void>
  /** From now on (until called again) nobody reaches the database. */
  away(on: boolean): void
  turn(faults: StorageFaults): void
}

/** Probabilities per statement outside a transaction, or per transaction. */
export type StorageFaults = {
  /** The connection is lost before anything was done. */
  readonly refused: number
  /** The connection is lost during the commit, which did not happen. */
  readonly lost: number
  /** The connection is lost during the commit, which did happen. */
  readonly lostAfterCommit: number
  /** The database takes the transaction back (40001). */
  readonly aborted: number
  /** One-way delay, milliseconds. */
  readonly latencyMs: readonly [least: number, most: number]
}

export const noStorageFaults: StorageFaults = {
  refused: 0,
  lost: 0,
  lostAfterCommit: 0,
  aborted: 0,
  latencyMs: [0, 0],
}

type Fault = 'refused' | 'lost' | 'lostAfterCommit' | 'aborted' | undefined
type Unit = { readonly life: Life; readonly run: (done: () => void) => void }
/** Starts a statement of the driver. */
type Run = () => Promise<unknown>
type Answer = (value: unknown) => void

class StorageError extends Error {
  readonly code: string
  constructor(code: string) {
    super(`simulated: ${code}`)
    this.code = code
  }
}
const LOST = 'CONNECTION_CLOSED'

/**
 * The questions that the rail asks every few seconds, found in vain nearly always. Until something about the holds was written or
 * a hold comes due, the answer is known to be empty, and PostgreSQL is not asked: nine tenths of a run would be spent on it.
 */
const polls = [
  /^with waiting as \( select payment_id, due_at from hold /,
  /^select p\.\* from hold h join payment p on p\.payment_id = h\.payment_id where h\.due_at is null and h\.checks = 0 and h\.sent_at </,
  /^select payment_id, sent_at, checks from hold where due_at <= /,
  /^select payment_id from hold where awaiting is not null and due_at <= /,
]
const isPoll = (text: string): boolean => polls.some((poll) => poll.test(text))

const nextMacrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
/** Turns of the event loop that a transaction may hold the connection without a statement under way. */
const PATIENCE = 200

/**
 * @param patienceMs  how long an original waits for its answer at least: before that no sweep looks for it
 * @param aheadMs  how far the fastest wall clock of a process is ahead
 */
export function createStorage(
  real: Db,
  clock: Clock,
  random: Random,
  trace: Trace,
  patienceMs: number,
  aheadMs: number,
): Storage {
  let faults = noStorageFaults
  let isAway = false
  /** Before this instant of the wall clock every poll is empty; undefined when something was written since that was known. */
  let nothingBefore: number | undefined
  let underWay = 0
  let whenIdle: (() => void) | undefined
  let running: Unit | undefined
  const ready: Unit[] = []

  /** Counts a real statement as work under way until it has its answer. */
  const track = (statement: PromiseLike<unknown>): Promise<unknown> => {
    underWay += 1
    const over = () => {
      underWay -= 1
      if (underWay === 0) whenIdle?.()
    }
    // Starts it here and now: what is sent first runs first.
    const answer = Promise.resolve(statement.then((result) => result))
    answer.then(over, over)
    return answer
  }

  /** Tells the database what time it is, before a statement that asks. */
  const tellTime = (connection: Db | Tx, text: string) => {
    if (/clock_timestamp\(|\bnow\(/.test(text))
      void track(connection`select set_config('sim.now', ${String(clock.now())}, false)`)
  }

  /** Notes a write; runs a poll only when it can find something. */
  const ask = (connection: Db | Tx, run: Run, text: string, before: () => void = () => undefined): Promise<unknown> => {
    if (!isPoll(text)) {
      if (!text.includes('link_lease')) nothingBefore = undefined
      before()
      tellTime(connection, text)
      return track(run())
    }
    const poll = () => {
      if (clock.now() + aheadMs < (nothingBefore ?? 0)) return Promise.resolve([])
      before()
      return track(run())
    }
    if (nothingBefore !== undefined) return poll()
    const known = track(connection<{ at: number | null }[]>`
      select extract(epoch from min(case
        when sent_at is null then 'epoch'
        when due_at is not null then due_at
        when checks = 0 then sent_at + ${patienceMs}::double precision * interval '1 millisecond' end))::double precision * 1000 as at
      from hold`)
    return known.then((rows) => {
      const [row] = rows as { at: number | null }[]
      nothingBefore = row?.at ?? Number.POSITIVE_INFINITY
      return poll()
    })
  }

  const latency = (): number => between(random, ...faults.latencyMs)

  const draw = (): Fault => {
    if (isAway) return 'refused'
    for (const fault of ['refused', 'lost', 'lostAfterCommit', 'aborted'] as const) {
      if (faults[fault] > 0 && chance(random, faults[fault])) return fault
    }
    return undefined
  }

  const pump = () => {
    while (running === undefined) {
      const unit = ready.shift()
      if (unit === undefined) return
      if (!unit.life.isAlive()) continue
      running = unit
      unit.run(() => {
        if (running !== unit) return
        running = undefined
        pump()
      })
    }
  }

  const enqueue = (life: Life, run: Unit['run']) => {
    ready.push({ life, run })
    pump()
  }

  const deliver = (life: Life, answer: Answer, value: unknown) => {
    clock.after(latency(), () => life.reach(() => answer(value)))
  }

  const single = (life: Life, run: Run, text: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      // On its way, it arrives, whatever becomes of who sent it.
      const arrive = () =>
        enqueue(life, (done) => {
          const fault = draw()
          trace.note(`${life.name} db ${text.slice(0, 40)}${fault === undefined ? '' : ` ! ${fault}`}`)
          const fail = () => deliver(life, reject, new StorageError(fault === 'aborted' ? '40001' : LOST))
          if (fault !== undefined && fault !== 'lostAfterCommit') {
            fail()
            done()
            return
          }
          ask(real, run, text).then(
            (rows) => {
              if (fault === undefined) deliver(life, resolve, rows)
              else fail()
              done()
            },
            (error: unknown) => {
              deliver(life, reject, error)
              done()
            },
          )
        })
      clock.after(latency(), arrive)
    })

  const reserve = (life: Life): Promise<Tx> =>
    new Promise((resolve, reject) => {
      // A transaction needs the process at both ends: it waits while that stands still.
      const arrive = () =>
        enqueue(life, (done) => {
          const fault = draw()
          if (fault === 'refused') {
            trace.note(`${life.name} db begin ! refused`)
            deliver(life, reject, new StorageError(LOST))
            done()
            return
          }
          track(real.reserve()).then((tx) => resolve(transaction(life, tx as Tx, fault, done)), reject)
        })
      clock.after(latency(), () => life.reach(arrive))
    })

  const transaction = (life: Life, tx: Tx, fault: Fault, done: () => void): Tx => {
    let state: 'fresh' | 'open' | 'aborted' | 'lost' | 'over' = 'fresh'
    let hasBegun = false
    let untilAbort = fault === 'aborted' ? between(random, 1, 6) : -1

    const over = (became: 'lost' | 'over') => {
      state = became
      tx.release()
      done()
    }
    const rollBack = (became: 'lost' | 'over') => {
      state = became
      if (hasBegun) track(tx`rollback`).finally(() => over(became))
      else over(became)
    }
    life.onKill(() => {
      if (state !== 'over' && state !== 'lost') rollBack('over')
    })

    const commit = (): Promise<unknown> => {
      if (state === 'aborted') {
        trace.note(`${life.name} db commit ! aborted`)
        rollBack('over')
        return Promise.resolve([])
      }
      trace.note(`${life.name} db commit${fault === undefined ? '' : ` ! ${fault}`}`)
      if (fault === 'lost') {
        rollBack('lost')
        return new Promise((_, reject) => deliver(life, reject, new StorageError(LOST)))
      }
      state = 'lost' // nothing more may follow on this connection
      return new Promise((resolve, reject) => {
        const committed = hasBegun ? track(tx`commit`) : Promise.resolve()
        committed.then(
          () => {
            if (fault === 'lostAfterCommit') deliver(life, reject, new StorageError(LOST))
            else deliver(life, resolve, [])
            over(fault === 'lostAfterCommit' ? 'lost' : 'over')
          },
          (error: unknown) => {
            deliver(life, reject, error)
            over('over')
          },
        )
      })
    }

    const execute = (run: Run, text: string): Promise<unknown> => {
      if (!life.isAlive()) return new Promise(() => undefined)
      if (state === 'lost') return Promise.reject(new StorageError(LOST))
      if (text === 'begin') {
        state = 'open'
        trace.note(`${life.name} db begin`)
        return Promise.resolve([])
      }
      if (text === 'commit') return commit()
      if (text === 'rollback') {
        if (state === 'open' || state === 'aborted') rollBack('over')
        return Promise.resolve([])
      }
      if (state === 'aborted') return Promise.reject(new StorageError('25P02'))
      if (untilAbort > 0) {
        untilAbort -= 1
        if (untilAbort === 0) {
          state = 'aborted'
          return Promise.reject(new StorageError('40001'))
        }
      }
      return ask(tx, run, text, () => {
        // With the first statement that goes to PostgreSQL: most polls do not.
        if (hasBegun) return
        hasBegun = true
        void track(tx`begin`)
      })
    }

    return disguise(tx, {
      execute,
      release: () => {
        if (life.isAlive() && (state === 'fresh' || state === 'open' || state === 'aborted')) rollBack('over')
      },
    })
  }

  return {
    open: (life, pool) =>
      disguise(real, {
        execute: (run, text) => single(life, run, text),
        reserve() {
          if (pool === 'doors') life.asksForTransaction()
          return reserve(life)
        },
        end: () => Promise.resolve(),
        begin: async (work: (tx: Tx) => Promise<unknown>) => {
          const tx = await reserve(life)
          try {
            await tx`begin`
            const result = await work(tx)
            await tx`commit`
            return result
          } catch (error) {
            await tx`rollback`.catch(() => undefined)
            throw error
          } finally {
            tx.release()
          }
        },
      }),
    async settle() {
      for (let turns = 0; ; ) {
        await nextMacrotask()
        if (underWay > 0) {
          await new Promise<void>((resolve) => {
            whenIdle = resolve
          })
          whenIdle = undefined
          turns = 0
        } else if (running === undefined) return
        else if (++turns > PATIENCE)
          throw new Error(`${running.life.name} holds a transaction open while it waits for something else`)
      }
    },
    away(on) {
      isAway = on
    },
    turn(changed) {
      faults = changed
    },
  }
}

type Disguise = {
  /** Runs a tagged statement, at once and once. */
  readonly execute: (run: Run, text: string) => Promise<unknown>
  readonly [method: string]: unknown
}

/** A connection or pool of the driver whose tagged statements start through `execute`, however the caller starts them. */
function disguise<T extends Db | Tx>(target: T, changed: Disguise): T {
  return new Proxy(target, {
    apply(driver, self, args: unknown[]) {
      const made: unknown = Reflect.apply(driver as never, self, args)
      const [strings] = args
      if (!Array.isArray(strings) || !('raw' in strings)) return made
      const text = strings.join('?').trim().replace(/\s+/g, ' ')
      return lazily(made as Promise<unknown>, (run) => changed.execute(run, text))
    },
    get: (driver, name) => (typeof name === 'string' && name in changed ? changed[name] : Reflect.get(driver, name)),
  })
}

/** A statement of the driver, still good as a fragment of another one, that runs through `start` on first use. */
function lazily(query: Promise<unknown>, start: (run: Run) => Promise<unknown>): unknown {
  let started: Promise<unknown> | undefined
  const answer = (): Promise<unknown> => {
    if (started === undefined) {
      started = start(() => query.then((rows) => rows))
      // A process that died does not hear of it, and one that lives waits for it itself.
      started.catch(() => undefined)
    }
    return started
  }
  const self: unknown = new Proxy(query, {
    get(target, name) {
      switch (name) {
        case 'then':
          return (...fns: [() => unknown]) => answer().then(...fns)
        case 'catch':
          return (fn: () => unknown) => answer().catch(fn)
        case 'finally':
          return (fn: () => void) => answer().finally(fn)
        case 'execute':
          return () => {
            void answer()
            return self
          }
        case 'values':
        case 'raw':
        case 'simple':
          return () => {
            Reflect.apply(Reflect.get(target, name), target, [])
            return self
          }
        default:
          return Reflect.get(target, name)
      }
    },
  })
  return self
}
