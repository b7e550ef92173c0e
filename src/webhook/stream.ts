import { type Cancel, type Clock, toRfc3339 } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Db } from '../db/pool.ts'
import { eventIdOf } from './catalogue.ts'
import type { Message } from './deliver.ts'
import { type PublicEvent, takeSteps } from './outbox.ts'
import type { Describe } from './room.ts'

/** One event for a stream: a CloudEvent 1.0 in JSON, and what it is ordered by. */
export type StreamEvent = {
  /** The same for ever: who has seen it can leave a second one away. */
  readonly id: string
  readonly type: string
  readonly subject: string
  readonly body: string
}

/** Where events go. */
export type Sink = {
  /** Resolves when the other side has said that it keeps all of them, of which no two are of one payment. @throws when it has not, or nobody knows */
  readonly publish: (events: readonly StreamEvent[]) => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * @source CloudEvents 1.0.2 §3 and its JSON format. `tenantid` is an extension; `subject` is the id of the payment, or what else it is of, by which consumers order.
 */
export function cloudEvent(
  { tenantId, subject, about, sequence }: Pick<PublicEvent, 'tenantId' | 'subject' | 'about' | 'sequence'>,
  message: Message,
): StreamEvent {
  const id = eventIdOf(subject, sequence)
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: `/tenants/${tenantId}`,
    type: message.type,
    subject: about,
    time: message.timestamp,
    datacontenttype: 'application/json',
    tenantid: tenantId,
    data: message.data,
  })
  return { id, type: message.type, subject: about, body }
}

/** Events in rounds with one of a payment in each: the next of a payment leaves when the one before it is kept. */
export function inRounds<T extends { readonly subject: string }>(events: readonly T[]): T[][] {
  const rounds: T[][] = []
  const depth = new Map<string, number>()
  for (const event of events) {
    const at = depth.get(event.subject) ?? 0
    depth.set(event.subject, at + 1)
    const round = rounds[at]
    if (round === undefined) rounds.push([event])
    else round.push(event)
  }
  return rounds
}

export type StreamDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly describe: Describe
  /** Its place in `outbox_reader`. */
  readonly reader: 'nats' | 'kafka'
  readonly sink: Sink
  readonly holder: string
}

const QUIET_MS = 100
const FAULT_MS = 2_000
/** How long one process reads for all of them without saying so again. */
const LEASE_MS = 30_000
/** Events on their way to the stream at once. */
const AT_ONCE = 200

/**
 * Publishes every public event of every tenant to one stream, at least once, those of one payment in order. What was not kept is
 * published again, with everything behind it; one process at a time does it. Begins with what is written after its first start.
 */
export function startStream(deps: StreamDeps): { readonly stop: () => Promise<void> } {
  const { db, clock, log, reader, holder, sink } = deps
  let running = true
  let timer: Cancel = () => undefined

  const lease = async (): Promise<{ seen: string; since: number } | undefined> => {
    const now = clock.now()
    await db`insert into outbox_reader (reader) values (${reader}) on conflict do nothing`
    const [row] = await db<{ seen: string; since: number }[]>`
      update outbox_reader set held_by = ${holder}, held_until = ${toRfc3339(now + LEASE_MS)}::timestamptz
      where reader = ${reader} and (held_by = ${holder} or held_by is null or held_until < ${toRfc3339(now)}::timestamptz)
      returning seen::text, since`
    return row
  }
  /** @throws when another process has it: what is published twice is only published twice */
  const keep = async (seen: string | undefined): Promise<void> => {
    const kept = await db`
      update outbox_reader set held_until = ${toRfc3339(clock.now() + LEASE_MS)}::timestamptz,
        seen = ${seen === undefined ? db`seen` : db`${seen}::pg_snapshot`}
      where reader = ${reader} and held_by = ${holder} returning reader`
    if (kept.length === 0) throw new Error('another process publishes the stream')
  }

  const publish = async (events: readonly PublicEvent[]): Promise<void> => {
    for (const round of inRounds(events)) {
      for (let from = 0; from < round.length; from += AT_ONCE) {
        const some = round.slice(from, from + AT_ONCE)
        const messages = await deps.describe(some)
        const told = some.flatMap((event) => {
          const message = messages.get(eventIdOf(event.subject, event.sequence))
          return message === undefined ? [] : [cloudEvent(event, message)]
        })
        if (told.length > 0) await sink.publish(told)
        await keep(undefined)
      }
    }
  }

  const step = async (): Promise<number> => {
    const place = await lease()
    if (place === undefined) return FAULT_MS
    const [row] = await db<{ now: string }[]>`select pg_current_snapshot()::text as now`
    const tenants = await db<{ tenant_id: number }[]>`select tenant_id from tenant`
    const { events, seen, isAll } = await takeSteps(
      db,
      place.seen,
      row?.now ?? place.seen,
      tenants.map(({ tenant_id }) => ({ tenantId: tenant_id, since: place.since })),
    )
    await publish(events)
    if (seen !== place.seen) await keep(seen)
    return isAll ? QUIET_MS : 0
  }

  let turn: Promise<void> = Promise.resolve()
  const loop = (): void => {
    turn = step()
      .catch((error: unknown) => {
        log.warn({ err: error }, 'the stream of events waits; nothing is lost')
        return FAULT_MS
      })
      .then((wait) => {
        if (running) timer = clock.after(wait, loop)
      })
  }
  loop()

  return {
    async stop() {
      running = false
      timer()
      await turn
      await db`update outbox_reader set held_by = null, held_until = null where reader = ${reader} and held_by = ${holder}`.catch(
        (error: unknown) => {
          log.warn({ err: error }, 'the stream of events is held until its time is over')
        },
      )
      await sink.close()
    },
  }
}
