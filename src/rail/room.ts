import type { Cancel, Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Dial } from '../base/network.ts'
import type { Random } from '../base/random.ts'
import type { Post, Serve } from '../base/web.ts'
import type { Db } from '../db/pool.ts'
import { createIsoDialect } from '../imps/iso8583/dialect.ts'
import type { WireKind, WireProfile } from '../imps/profile.ts'
import type {
  ComplaintRequest,
  ComplaintResponse,
  NameEnquiryRequest,
  NameEnquiryResponse,
} from '../imps/rail-message.ts'
import { wireOf } from '../imps/wire.ts'
import { createXmlDialect } from '../imps/xml/dialect.ts'
import type { Provider } from '../imps/xml/message.ts'
import type { PaymentRoom, UsableLink } from '../payment/room.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { createAnswers } from './answers.ts'
import type { Carrier, CarrierEvents, CarrierStatus } from './carrier.ts'
import { epochNow, noRailCounters, type RailContext, type RailCounters, type RailLink } from './context.ts'
import { createDispatch } from './dispatch.ts'
import { createEnquiries, type Enquired, type Question } from './enquiry.ts'
import { createInbound } from './inbound.ts'
import { createInflight } from './inflight.ts'
import { createIsoCarrier } from './iso-carrier.ts'
import { createLease, type Lease } from './lease.ts'
import { createLinkMac, type LinkKeyCustody } from './link-mac.ts'
import { type AnswerSeen, defaultRailOptions, faultOf, type RailOptions } from './options.ts'
import { createRecovery } from './recovery.ts'
import { createReversals } from './reversal.ts'
import { createTeller } from './tell.ts'
import { type Asked, createVerify } from './verify.ts'
import { createXmlLink, type Seal } from './xml-link.ts'

/**
 * rail: the wire. It promises that an original leaves at most once, and only after its row says `sent` under the epoch of the
 * link that carries it; that every answer, however late, reaches door 2; that what got no answer is asked about, never sent
 * again; and that a request of the switch is answered with what is certain, or with silence. It is the only room that waits for the switch.
 */

export type RailDeps = {
  /** An ordinary pool, not the doors' one. */
  readonly db: Db
  readonly clock: Clock
  readonly random: Random
  readonly dial: Dial
  /** Timers already scaled. */
  readonly profile: WireProfile
  readonly paymentRoom: PaymentRoom
  readonly log: Log
  /** A name that no other running process has; the same name after a restart takes its links back at once. */
  readonly holder: string
  readonly options?: Partial<RailOptions>
  readonly onAnswer?: (seen: AnswerSeen) => void
  /** Told of the members of IMPS whenever NPCI lists them. */
  readonly onProviders?: (providers: readonly Provider[]) => void
  /** Where the keys for MACs are; needed when the profile has MACs. */
  readonly custody?: LinkKeyCustody
  /** Told of what NPCI says of a complaint. */
  readonly onComplaint?: (transactionId: string, answer: ComplaintResponse) => void
  /** What the XML wire needs; absent: it is not opened. */
  readonly xml?: { readonly post: Post; readonly serve: Serve; readonly seal: Seal }
}

export type RailLinkStatus = CarrierStatus & {
  /** The epoch of our lease; null when another process owns the link, or may. */
  readonly epoch: number | null
  readonly inflight: number
  readonly verifying: number
}

export type RailStatus = {
  readonly links: readonly RailLinkStatus[]
  readonly counters: Readonly<RailCounters>
  /** True when a new payment would be sent at once. */
  readonly sending: boolean
}

export type Rail = {
  /** Begins to take leases and open links; returns at once. */
  start(): void
  /** No new requests; waits for answers for at most `withinMs`, logs off, closes the links and lets others have them. */
  drain(withinMs: number): Promise<void>
  linkFor(institution: string): UsableLink | undefined
  onSent(payments: readonly StoredPayment[]): void
  verifyNow(payment: StoredPayment): Promise<Asked>
  /** Asks who an account belongs to, before paying. */
  enquire(question: Question): Promise<Enquired>
  /**
   * Files a customer's complaint with NPCI, on the XML wire; what becomes of it is told to `onComplaint`.
   * @returns `unavailable` where the institution's payments go over another wire
   */
  complain(institution: string, request: ComplaintRequest, transactionId: string): ComplaintSent
  /** Asks what became of one. */
  checkComplaint(
    institution: string,
    asked: Pick<ComplaintRequest, 'rrn' | 'stan'>,
    transactionId: string,
  ): ComplaintSent
  /**
   * A payment's original as the hub writes it, and the answer that was kept of an inward one, for people; undefined where there is none: it
   * never left, its link is no longer in the profile, or its details are erased.
   * @param kept  the very bytes of the answer
   */
  describe(payment: StoredPayment, kept: Uint8Array | undefined): Described | undefined
  status(): RailStatus
}

/** A message's type, then a line for each element, values masked. */
export type Described = { readonly wire: WireKind; readonly text: string }

/** What became of a message about a complaint: whether it was taken NPCI says later. */
export type ComplaintSent = 'sent' | 'link_down' | 'unavailable'

const DRAIN_POLL_MS = 20

export function createRail(deps: RailDeps): Rail {
  const { db, clock, random, log, profile, paymentRoom } = deps
  const options: RailOptions = { ...defaultRailOptions, ...deps.options }
  const counters = noRailCounters()
  const teller = createTeller({ room: paymentRoom, clock, log }, () => {
    counters.droppedFacts += 1
  })
  const context: RailContext = {
    db,
    clock,
    random,
    log,
    wire: profile,
    room: paymentRoom,
    options,
    counters,
    onAnswer: deps.onAnswer ?? (() => undefined),
    tell: teller.tell,
  }
  const answers = createAnswers(context)
  const inbound = createInbound(context)
  const recovery = createRecovery(context)
  const reversals = createReversals(context)
  const loops = new Set<Cancel>()
  let running = false
  let draining = false

  const lease = (id: string, carrier: Carrier): Lease =>
    createLease({ db, clock, log, holder: deps.holder, options }, id, {
      onGained(epoch) {
        carrier.open()
        void recovery.adopt(id, epoch)
      },
      onLost: () => carrier.close('the lease went to another process'),
    })
  const onLapsed = (payments: readonly StoredPayment[]): void => {
    counters.lapsed += payments.length
    for (const payment of payments) teller.tell(payment, { kind: 'lapsed' })
  }
  const linkOver = (id: string, createCarrier: (events: CarrierEvents) => Carrier): RailLink => {
    const carrier = createCarrier({
      onAnswer: (answer, key, bytes) => answers.onAnswer(made, answer, key, bytes),
      onRequest: (asked) => inbound.onRequest(made, asked),
      onUnproved: (what) =>
        what.kind === 'answer' ? answers.onUnproved(made, what.rrn, what.bytes) : inbound.onUnproved(made, what.asked),
      onRefused: (key, code) => answers.onRefused(made, key, code),
      onReversal: reversals,
      onEnquiry: (request) => answerEnquiry(request),
      onComplaint: (transactionId, answer) => deps.onComplaint?.(transactionId, answer),
      onProviders: (providers) => deps.onProviders?.(providers),
      onUndecodable: (bytes) => answers.onUndecodable(made, bytes),
      onState(state) {
        if (state === 'loggedOn') wake()
      },
      onDrained: wake,
      mayConnect: () => made.lease.epoch() !== undefined,
    })
    const made: RailLink = {
      carrier,
      lease: lease(id, carrier),
      originals: createInflight(clock, carrier.responseMs, onLapsed),
      verifications: createInflight(clock, carrier.responseMs, () => undefined),
    }
    return made
  }
  const { xml } = deps
  const xmlLinks =
    xml === undefined
      ? []
      : [
          linkOver(profile.xml.id, (events) =>
            createXmlLink(
              { ...context, ...xml, dialect: createXmlDialect(profile), crashPoint: paymentRoom.crashPoint },
              events,
            ),
          ),
        ]
  const isoDialect = createIsoDialect(profile)
  const { custody } = deps
  const macs = profile.iso.mac.enabled && profile.iso.links.length > 0
  if (macs && custody === undefined) throw new Error('MACs are enabled, and there are no keys for them')
  const isoLinks = profile.iso.links.map((one) =>
    linkOver(one.id, (events) => {
      const macDeps = custody && { db, clock, log, iso: profile.iso, custody, epoch: () => epochOf(one.id) }
      return createIsoCarrier(
        {
          ...context,
          dial: deps.dial,
          dialect: isoDialect,
          crashPoint: paymentRoom.crashPoint,
          ...(macs && macDeps ? { mac: createLinkMac(macDeps, one.id) } : {}),
        },
        one,
        events,
      )
    }),
  )
  const links = [...isoLinks, ...xmlLinks]
  const epochOf = (id: string): number | undefined => links.find(({ carrier }) => carrier.id === id)?.lease.epoch()
  const remitterLinks = links.filter(({ carrier }) => carrier.role !== 'beneficiary')
  const dispatch = createDispatch(context, remitterLinks)
  const verify = createVerify(context, remitterLinks)
  const enquiries = createEnquiries(context, remitterLinks)

  let enquired = 0
  /** Silence when the database is away, and when more is asked than can be answered. */
  const answerEnquiry = async (request: NameEnquiryRequest): Promise<NameEnquiryResponse | undefined> => {
    if (enquired >= options.maxInward) {
      counters.inwardRefused += 1
      return undefined
    }
    enquired += 1
    try {
      return await enquiries.answer(request)
    } catch (error) {
      log.warn({ fault: faultOf(error) }, 'a name enquiry is left without an answer')
      return undefined
    } finally {
      enquired -= 1
    }
  }

  /** A link came up or has room again: what waited for it goes on. */
  function wake(): void {
    if (!running || draining) return
    void dispatch.claimHeld()
    void verify.askDue()
  }

  /** Runs `work` again and again, `everyMs` after it ended. */
  const loop = (everyMs: number, work: () => Promise<void>): void => {
    const next = (): void => {
      const cancel = clock.after(everyMs, () => {
        loops.delete(cancel)
        void work().then(() => {
          if (running && !draining) next()
        })
      })
      loops.add(cancel)
    }
    next()
  }

  /** The carrier for an institution's complaints, and how its transactions are named. */
  const sendOver = (
    institution: string,
    send: (carrier: Carrier, bank3: string) => boolean | undefined,
  ): ComplaintSent => {
    const bank = profile.institutions.find(({ code }) => code === institution)
    if (bank === undefined || wireOf(profile, bank, 'outward') !== 'xml') return 'unavailable'
    const up = draining ? undefined : xmlLinks.find((link) => epochNow(link) !== undefined)
    return up !== undefined && send(up.carrier, bank.bank3) === true ? 'sent' : 'link_down'
  }

  const quiet = (): boolean =>
    links.every(({ originals }) => originals.size === 0) && inbound.pending() === 0 && teller.pending() === 0

  return {
    start() {
      if (running) return
      running = true
      for (const { lease } of links) lease.start()
      loop(options.heldEveryMs, dispatch.claimHeld)
      loop(Math.min(options.verifyEveryMs, verificationGapMs(profile)), verify.askDue)
      loop(options.sweepEveryMs, recovery.sweep)
    },
    async drain(withinMs) {
      if (!running || draining) return
      draining = true
      for (const cancel of loops) cancel()
      loops.clear()
      const until = clock.monotonicMs() + withinMs
      // A door may be in the middle of a commit that sends: log-off comes after it.
      let doorsIdle = false
      void paymentRoom.idle().then(() => {
        doorsIdle = true
      })
      while (!(doorsIdle && quiet()) && clock.monotonicMs() < until) {
        await new Promise<void>((resolve) => clock.after(DRAIN_POLL_MS, resolve))
      }
      const left = Math.max(DRAIN_POLL_MS, Math.min(profile.iso.netMgmt.replyMs, until - clock.monotonicMs()))
      await Promise.all(links.map(({ carrier }) => carrier.logOff(left)))
      await paymentRoom.idle()
      await Promise.all(links.map(({ lease }) => lease.release()))
      for (const { originals, verifications } of links) {
        originals.clear()
        verifications.clear()
      }
      running = false
    },
    linkFor: (institution) => (draining ? undefined : dispatch.linkFor(institution)),
    onSent: dispatch.onSent,
    verifyNow: (payment) => (draining ? Promise.resolve('link_down') : verify.askNow(payment)),
    enquire: (question) => (draining ? Promise.resolve({ kind: 'link_down' }) : enquiries.enquire(question)),
    complain: (institution, request, transactionId) =>
      sendOver(institution, (carrier, bank3) => carrier.complain?.(request, bank3, transactionId)),
    checkComplaint: (institution, asked, transactionId) =>
      sendOver(institution, (carrier, bank3) => carrier.checkComplaint?.(asked, bank3, transactionId)),
    describe(payment, kept) {
      const carrier = links.find((link) => link.carrier.id === payment.link)?.carrier
      if (carrier === undefined) return undefined
      if (payment.direction === 'inward') return kept && { wire: carrier.wire, text: carrier.describe(kept) }
      try {
        return payment.rrn === null
          ? undefined
          : { wire: carrier.wire, text: carrier.describe(carrier.original(payment).document) }
      } catch (error) {
        log.info({ payment: payment.id, fault: faultOf(error) }, 'an original cannot be written again')
        return undefined
      }
    },
    status: () => ({
      links: links.map(({ carrier, lease, originals, verifications }) => ({
        ...carrier.status(),
        epoch: lease.epoch() ?? null,
        inflight: originals.size,
        verifying: verifications.size,
      })),
      counters: { ...counters },
      sending: !draining && dispatch.linkFor('') !== undefined,
    }),
  }
}

/** How often to look for due verifications so that each is at most a tenth of the shortest space late; matters when timers are scaled. */
function verificationGapMs({ timers }: WireProfile): number {
  const [first = 0, second = first] = timers.verifyAtMs
  return Math.max(20, (second > first ? second - first : first) / 10)
}
