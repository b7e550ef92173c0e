import type { StoredPayment } from '../payment/stored.ts'
import { epochNow, type RailContext, type RailLink } from './context.ts'
import { faultOf } from './options.ts'
import { scheduleOf } from './schedule.ts'
import { claimDue, takeBudget } from './store.ts'

/** What asking the switch now came to. */
export type Asked =
  | 'asked'
  | 'too_early' //      the original's own answer is awaited, or nothing was sent yet
  | 'known' //          the outcome is known: nothing to ask
  | 'budget_spent' //   too many verifications lately, by all processes
  | 'link_down'

export interface Verify {
  /** Asks about everything that is due, within the budget. */
  askDue(): Promise<void>
  /** Asks about one payment now; its schedule goes on as it was. @throws when the database is away */
  askNow(payment: StoredPayment): Promise<Asked>
}

/** @source protocol.md §5.5: three verifications ten seconds apart from the 56th second, then ever more rarely */
export function createVerify(context: RailContext, links: readonly RailLink[]): Verify {
  const { db, room, clock, log, wire, options, counters } = context
  const schedule = scheduleOf(wire.timers)
  const budget = { perSecond: options.verificationsPerSecond, burst: options.verificationBurst }
  let asking = false

  const wires = new Map(links.map(({ carrier }) => [carrier.id, carrier.wire]))

  /** A payment is asked about on the wire that carried it: on the other one its ids mean nothing. */
  const usableFor = (payment: StoredPayment): RailLink | undefined => {
    const carried = wires.get(payment.link ?? '')
    return links.find((link) => link.carrier.wire === carried && epochNow(link) !== undefined)
  }

  /** Links whose wire cannot be used now: what went over them waits, and its schedule with it. */
  const unusable = (): string[] => {
    const up = new Set(links.filter((link) => epochNow(link) !== undefined).map(({ carrier }) => carrier.wire))
    return links.flatMap(({ carrier }) => (up.has(carrier.wire) ? [] : [carrier.id]))
  }

  const ask = (link: RailLink, payment: StoredPayment): boolean => {
    try {
      const ready = link.carrier.verification(payment)
      link.verifications.renew(ready.key, payment)
      if (!link.carrier.send(ready)) return false
      counters.verificationsAsked += 1
      return true
    } catch (error) {
      log.error({ payment: payment.id, fault: faultOf(error) }, 'a verification cannot be written')
      return false
    }
  }

  const page = async (): Promise<boolean> => {
    const waiting = unusable()
    if (waiting.length === links.length) return false
    const {
      ask: due,
      exhausted,
      more,
    } = await claimDue(db, room.vault, clock.now(), schedule, {
      limit: options.pageSize,
      lastWaitMs: wire.timers.responseMs,
      budget,
      notOver: waiting,
    })
    if (exhausted > 0) log.error({ exhausted }, 'payments that no verification decided: breaks for people')
    for (const payment of due) {
      const link = usableFor(payment)
      // Lost between claim and write: its next verification comes by schedule. A link that the profile no longer has: people are told at its end.
      if (link !== undefined) ask(link, payment)
      else log.warn({ payment: payment.id, link: payment.link }, 'no link to verify over')
    }
    return more
  }

  return {
    async askDue() {
      if (asking) return
      asking = true
      try {
        while (await page());
      } catch (error) {
        log.warn({ fault: faultOf(error) }, 'due verifications cannot be claimed')
      } finally {
        asking = false
      }
    },
    async askNow(payment) {
      if (payment.direction === 'inward') return 'known'
      if (payment.state === 'held' || payment.state === 'sent') return 'too_early'
      if (payment.state !== 'unconfirmed') return 'known'
      if (usableFor(payment) === undefined) return 'link_down'
      if ((await takeBudget(db, clock.now(), 1, budget)) < 1) return 'budget_spent'
      const link = usableFor(payment)
      return link !== undefined && ask(link, payment) ? 'asked' : 'link_down'
    },
  }
}
