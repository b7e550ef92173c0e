import type { Cancel, Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Db } from '../db/pool.ts'
import { faultOf, type RailOptions } from './options.ts'

/**
 * The right to use one link of the switch, kept by one process at a time. Its epoch fences: doors 1 and 3 compare it in the
 * commit that uses the link, so a process that was paused and overtaken changes nothing.
 */
export interface Lease {
  readonly link: string
  /** The epoch while the lease is certainly ours, by the monotonic clock; undefined as soon as it may have run out. */
  epoch(): number | undefined
  start(): void
  /** Stops renewing and lets others in at once. The link must be closed before. */
  release(): Promise<void>
}

/**
 * Takes the lease when it is free, has run out by the clock of the database, or is held under our own name (by a former life of this process).
 * @param holder  a name that no other running process has
 * @returns the new epoch, or undefined when somebody else holds it
 */
export async function acquireLease(db: Db, link: string, holder: string, leaseMs: number): Promise<number | undefined> {
  const [fresh] = await db<{ epoch: bigint }[]>`
    insert into link_lease (link_id, epoch, holder, expires_at)
    values (${link}, 1, ${holder}, clock_timestamp() + ${leaseMs}::double precision * interval '1 millisecond')
    on conflict (link_id) do nothing returning epoch`
  if (fresh !== undefined) return Number(fresh.epoch)
  // `for update`: waits for every commit that still relies on the old epoch.
  const [taken] = await db<{ epoch: bigint }[]>`
    with free as (
      select link_id from link_lease
      where link_id = ${link} and (expires_at <= clock_timestamp() or holder is null or holder = ${holder}) for update)
    update link_lease l set epoch = l.epoch + 1, holder = ${holder},
      expires_at = clock_timestamp() + ${leaseMs}::double precision * interval '1 millisecond'
    from free where l.link_id = free.link_id returning l.epoch`
  return taken && Number(taken.epoch)
}

/** Prolongs the lease of `epoch`; false when somebody took the link over. One that ran out unnoticed by others is still ours. */
export async function renewLease(
  db: Db,
  link: string,
  holder: string,
  epoch: number,
  leaseMs: number,
): Promise<boolean> {
  const rows = await db`
    update link_lease set expires_at = clock_timestamp() + ${leaseMs}::double precision * interval '1 millisecond'
    where link_id = ${link} and epoch = ${epoch} and holder = ${holder} returning link_id`
  return rows.length === 1
}

export async function releaseLease(db: Db, link: string, holder: string, epoch: number): Promise<void> {
  await db`
    update link_lease set holder = null, expires_at = clock_timestamp()
    where link_id = ${link} and epoch = ${epoch} and holder = ${holder}`
}

export type LeaseEvents = {
  /** This process owns the link from now on. */
  readonly onGained: (epoch: number) => void
  /** Another process owns it. Not called when the database is away: then `epoch()` runs out by itself. */
  readonly onLost: () => void
}

/** Keeps one lease: acquires when it can, renews while it has it, watches otherwise. */
export function createLease(
  deps: {
    readonly db: Db
    readonly clock: Clock
    readonly log: Log
    readonly holder: string
    readonly options: RailOptions
  },
  link: string,
  events: LeaseEvents,
): Lease {
  const { db, clock, log, holder, options } = deps
  let owned: { readonly epoch: number; validUntil: number } | undefined
  let timer: Cancel | undefined
  let running = false
  let turn: Promise<void> = Promise.resolve()

  const step = async (): Promise<void> => {
    // From before the question was asked: the database counted from later.
    const askedAt = clock.monotonicMs()
    try {
      if (owned === undefined) {
        const epoch = await acquireLease(db, link, holder, options.leaseMs)
        if (epoch === undefined) return
        owned = { epoch, validUntil: askedAt + options.leaseMs }
        if (!running) return
        log.info({ link, epoch }, 'link lease taken')
        events.onGained(epoch)
      } else if (await renewLease(db, link, holder, owned.epoch, options.leaseMs)) {
        owned.validUntil = askedAt + options.leaseMs
      } else {
        log.warn({ link, epoch: owned.epoch }, 'link lease lost to another process')
        owned = undefined
        events.onLost()
      }
    } catch (error) {
      log.warn({ link, fault: faultOf(error) }, 'link lease cannot be renewed')
    }
  }

  const loop = (): void => {
    turn = step().then(() => {
      if (running) timer = clock.after(options.leaseRenewMs, loop)
    })
  }

  return {
    link,
    epoch: () => (owned !== undefined && clock.monotonicMs() < owned.validUntil ? owned.epoch : undefined),
    start() {
      if (running) return
      running = true
      loop()
    },
    async release() {
      running = false
      timer?.()
      await turn
      if (owned === undefined) return
      const { epoch } = owned
      owned = undefined
      await releaseLease(db, link, holder, epoch).catch((error: unknown) => {
        log.warn({ link, fault: faultOf(error) }, 'link lease cannot be released; it runs out by itself')
      })
    },
  }
}
