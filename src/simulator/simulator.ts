import { DecodeError, EncodeError } from '@turant/iso8583'
import type { Clock } from '../base/clock.ts'
import { must, parseStan } from '../base/identifiers.ts'
import type { Connection } from '../base/network.ts'
import type { Beneficiary } from '../base/party.ts'
import type { Random } from '../base/random.ts'
import type { Answering } from '../base/web.ts'
import { createBankDirectory } from '../imps/banks.ts'
import { createIsoDialect } from '../imps/iso8583/dialect.ts'
import type { LinkRole, WireProfile } from '../imps/profile.ts'
import type { NetworkFunction, NetworkRequest, RailMessage } from '../imps/rail-message.ts'
import { wireOf } from '../imps/wire.ts'
import { type BankNumbers, createBankNumbers } from './bank-numbers.ts'
import type { ComplaintDesk } from './complaints.ts'
import type { EnquiryOrder, EnquiryResult } from './enquiries.ts'
import { createDials, disturb, type Faults, noFaults, type Wire } from './faults.ts'
import { createInward, type Inward, type InwardOrder, type InwardResult, type InwardSent, type Way } from './inward.ts'
import { createJournal, type Journal, type JournalTotals } from './journal.ts'
import { createLink, type Link } from './link.ts'
import { createSwitchMacs } from './mac.ts'
import { type Caller, createOutward, type Outward } from './outward.ts'
import type { ReversalOrder, ReversalResult } from './reversals.ts'
import { createViolations, type Violation, type ViolationKind } from './violations.ts'
import type { XmlSettings } from './xml-poster.ts'
import { createXmlSwitch, type XmlCounts } from './xml-switch.ts'

export type SimulatorOptions = {
  readonly clock: Clock
  readonly random: Random
  /** The hub's profile, with protocol times: they are scaled here. */
  readonly profile: WireProfile
  /** What every protocol time is multiplied by; 1 when absent, at most 3. */
  readonly timerScale?: number
  readonly faults?: Partial<Faults>
  /** Payments remembered in each direction; 100,000 when absent. The oldest are forgotten first, and counted. */
  readonly journalLimit?: number
  /** Sends an echo on every logged-on link, and a heartbeat on the XML wire, this often, protocol milliseconds; never when absent. */
  readonly echoMs?: number
  /** Speaks XML besides ISO 8583. */
  readonly xml?: XmlSettings
  /** The key (ZMK) that keys for MACs go under; needed when the profile has MACs. */
  readonly zmk?: Uint8Array
}

export type Summary = {
  readonly outward: JournalTotals
  readonly inward: JournalTotals & { readonly waiting: number }
  readonly violations: Record<ViolationKind, number>
  readonly firstViolations: readonly Violation[]
  readonly links: Record<LinkRole, { readonly open: number; readonly loggedOn: number }>
  readonly wire: WireCounts
  /** Absent when the switch speaks ISO 8583 only. */
  readonly xml?: XmlCounts & { readonly reversals: JournalTotals }
  readonly faults: Readonly<Faults>
}

export type WireCounts = {
  connections: number
  frames: number
  /** Frames that no decoder reads. */
  unreadable: number
  /** Streams that lost their place and were closed. */
  broken: number
  logOns: number
  logOnsRefused: number
  echoesFromHub: number
  echoesSent: number
  echoesAnswered: number
  /** Financial messages of the hub whose MAC is not its own, and those without one: as if they had not come. */
  macsBad: number
  macsMissing: number
  /** Keys for MACs sent to the hub, and those it took. */
  keysOffered: number
  keysTaken: number
}

/** NPCI's switch and the banks behind it. Holds no socket, no clock and no chance of its own. */
export interface Simulator {
  /** Takes a connection of the hub to the port of that role; closes it when there are too many. */
  attach(role: LinkRole, connection: Connection): void
  /** Sends one inward payment. `sent` is undefined when the hub has no beneficiary link logged on. `settled` is what came of it. */
  inward(order: InwardOrder): { readonly sent: InwardSent; readonly settled: Promise<InwardResult> } | undefined
  /** The same without a promise, for those who send thousands a second. */
  sendInward: Inward['send']
  /** What the HTTPS server of the switch does with a document of the hub; 404 when it speaks no XML. */
  readonly answerXml: Answering
  /** True when a payment to this beneficiary has a way to the hub now. */
  reaches(beneficiary: Beneficiary): boolean
  /** Asks the hub who owns one of its accounts; false on a switch that speaks no XML. `done` is called once. */
  enquire(order: EnquiryOrder, done: (result: EnquiryResult) => void): boolean
  /** Has the hub credit a remitter back (UDIR). Undefined when no such payment came over the XML wire. `done` is called once. */
  reverse(order: ReversalOrder, done: (result: ReversalResult) => void): { readonly rrn: string } | undefined
  /** Banks by the numbers that files name them by. */
  readonly numbers: BankNumbers
  /** Where complaints go from now on. */
  setDesk(desk: ComplaintDesk): void
  readonly journal: { readonly outward: Journal; readonly inward: Journal; readonly reversal: Journal }
  readonly faults: Readonly<Faults>
  /** Turns dials; the others stay. */
  turn(faults: Partial<Faults>): void
  /**
   * Sends a log-on, log-off, echo, cut-over or new key of the switch's own on every logged-on link; returns on how many. On the XML wire
   * an echo is a heartbeat, a cut-over the end of the day.
   */
  announce(what: NetworkFunction): number
  /** Breaks the connections of one port, or of both; returns how many there were. */
  disconnect(role?: LinkRole): number
  summary(): Summary
  /** Forgets journals, violations, counts and faults; connections stay. */
  reset(): void
  close(): void
}

/** Connections to each port at once. */
const MOST_LINKS = 256
const DEFAULT_JOURNAL = 100_000
const LOG_ON_REFUSED = '05'
const TAKEN = '00'
const REVERSAL_LIMIT = 10_000

const noWireCounts = (): WireCounts => ({
  connections: 0,
  frames: 0,
  unreadable: 0,
  broken: 0,
  logOns: 0,
  logOnsRefused: 0,
  echoesFromHub: 0,
  echoesSent: 0,
  echoesAnswered: 0,
  macsBad: 0,
  macsMissing: 0,
  keysOffered: 0,
  keysTaken: 0,
})

export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, random, profile, timerScale = 1, journalLimit = DEFAULT_JOURNAL, echoMs } = options
  const dials = createDials(options.faults)
  const wire: Wire = { clock, random, timerScale, dials }
  const dialect = createIsoDialect(profile)
  const { iso } = profile
  const macs = iso.mac.enabled
    ? createSwitchMacs({ iso, zmk: must(options.zmk, 'key for the keys of MACs'), random, dials })
    : undefined
  const journal = {
    outward: createJournal({ limit: journalLimit }),
    inward: createJournal({ limit: journalLimit }),
    reversal: createJournal({ limit: Math.min(journalLimit, REVERSAL_LIMIT), answerBytes: 0 }),
  }
  const violations = createViolations()
  const numbers = createBankNumbers(profile, createBankDirectory(profile))
  const links: Record<LinkRole, Link[]> = { remitter: [], beneficiary: [] }
  const turns: Record<LinkRole, number> = { remitter: 0, beneficiary: 0 }
  let counts = noWireCounts()
  let closed = false
  let linkNumber = 0
  let stanNumber = 0

  /** Everything financial leaves this way. */
  const say = (link: Link, bytes: Uint8Array) => link.send(macs === undefined ? bytes : macs.seal(link.role, bytes))

  /** A logged-on link to the hub; each in turn when there are several. */
  const linkOf = (role: LinkRole): Link | undefined => {
    const candidates = links[role]
    for (let tried = 0; tried < candidates.length; tried += 1) {
      turns[role] = (turns[role] + 1) % candidates.length
      const link = candidates[turns[role]]
      if (link?.loggedOn && link.isOpen()) return link
    }
    return undefined
  }

  const isoWay: Way = {
    wire: 'iso8583',
    exit() {
      const link = linkOf('beneficiary')
      return link && { send: ({ bytes }) => say(link, bytes) }
    },
    prepare: (request) => request,
    original: (request) => ({ bytes: dialect.encode(request) }),
    verification: (request) => ({ bytes: dialect.encode({ ...request, kind: 'verificationRequest' }) }),
    forwarded(request, from) {
      if (from.wire === 'iso8583') return from
      try {
        return { bytes: dialect.encode(request) }
      } catch (error) {
        if (error instanceof EncodeError) return undefined
        throw error
      }
    },
  }

  const isoCaller = (link: Link, bytes: Uint8Array): Caller => ({
    wire: 'iso8583',
    bytes,
    write: (request, parts) => dialect.answer(bytes, request, parts),
    // An answer whose own link is gone takes another.
    send: (answer) => {
      const open = link.isOpen() ? link : linkOf('remitter')
      if (open !== undefined) say(open, answer)
    },
    hangUp: () => link.hangUp(),
    keep: () => isoCaller(link, new Uint8Array(bytes)),
  })

  let desk: ComplaintDesk | undefined
  const xml =
    options.xml &&
    createXmlSwitch({
      settings: options.xml,
      wire,
      profile,
      violations,
      reversals: journal.reversal,
      outward: () => outward,
      inward: () => inward,
      desk: () => desk,
    })

  const wireByPrefix = new Map(profile.institutions.map((one) => [one.ifscPrefix, wireOf(profile, one, 'inward')]))
  const wireByNbin = new Map<string, string>(
    profile.institutions.map((one) => [one.nbin, wireOf(profile, one, 'inward')]),
  )

  /** The wire of the bank of this beneficiary, where the switch speaks it. */
  const wayTo = (beneficiary: Beneficiary): Way => {
    if (xml === undefined) return isoWay
    const spoken =
      beneficiary.kind === 'account'
        ? wireByPrefix.get(beneficiary.ifsc.slice(0, 4))
        : wireByNbin.get(beneficiary.mmid.slice(0, 4))
    return (spoken ?? profile.wire) === 'xml' ? xml.way : isoWay
  }

  const inward: Inward = createInward({
    wire,
    profile,
    journal: journal.inward,
    violations,
    numbers,
    wayTo,
  })
  const outward: Outward = createOutward({
    wire,
    profile,
    journal: journal.outward,
    violations,
    numbers,
    forward: inward.forward,
  })

  const ask = (link: Link, what: NetworkFunction) => {
    stanNumber = (stanNumber + 1) % 1_000_000
    const stan = must(parseStan(String(stanNumber).padStart(6, '0')), 'STAN')
    if (what === 'echo') counts.echoesSent += 1
    const asked = { kind: 'networkRequest', function: what, stan, transmittedAt: clock.now() } as const
    if (what !== 'keyExchange') link.send(dialect.encode(asked))
    else if (macs !== undefined) {
      counts.keysOffered += 1
      link.send(dialect.encode({ ...asked, key: macs.offer(link.role, stan) }))
    }
  }

  const keepEchoing = (link: Link) => {
    if (echoMs === undefined) return
    clock.after(echoMs * timerScale, () => {
      if (!link.isOpen() || !link.loggedOn) return
      ask(link, 'echo')
      keepEchoing(link)
    })
  }

  const answerNetwork = (link: Link, request: NetworkRequest) => {
    let responseCode = '00'
    switch (request.function) {
      case 'logOn':
        if (dials.refusesLogOn()) {
          counts.logOnsRefused += 1
          responseCode = LOG_ON_REFUSED
        } else {
          counts.logOns += 1
          if (!link.loggedOn) keepEchoing(link)
          link.loggedOn = true
        }
        if (macs !== undefined && !iso.mac.askForKey && !macs.hasKey(link.role)) ask(link, 'keyExchange')
        break
      case 'logOff':
        link.loggedOn = false
        break
      case 'echo':
        counts.echoesFromHub += 1
        break
      case 'cutOver':
        break
      case 'keyExchange':
        ask(link, 'keyExchange')
        break
      default:
        request.function satisfies never
    }
    link.send(dialect.answerNetwork(request, responseCode))
  }

  /** Undefined for bytes that no decoder reads; they are counted. */
  const read = (bytes: Uint8Array): RailMessage | undefined => {
    try {
      return dialect.decode(bytes, clock.now())
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      return undefined
    }
  }

  /** RC 30 to what asks for an answer and can be answered; silence to the rest. */
  const refuse = (link: Link, bytes: Uint8Array) => {
    counts.unreadable += 1
    const refusal = dialect.refuse(bytes)
    if (refusal === undefined) return
    const answer = read(refusal)
    // A payment of which something else is known already is not declined because one copy arrived broken.
    if (answer?.kind === 'fundTransferResponse' && !outward.mayRefuse(answer, 'unreadable')) return
    link.send(refusal)
  }

  /** Nobody knows who said it. A request is told so, in words that prove nothing; the rest is not heard. */
  const unproved = (link: Link, bytes: Uint8Array, heard: RailMessage, proof: 'bad' | 'missing') => {
    counts[proof === 'bad' ? 'macsBad' : 'macsMissing'] += 1
    if (heard.kind !== 'fundTransferRequest' && heard.kind !== 'verificationRequest') return
    if (link.role === 'remitter') outward.arrived(heard)
    link.send(dialect.answer(bytes, heard, { responseCode: iso.mac.badRequestCode }))
  }

  /** A message with its MAC, or one that needs none. */
  const hear = (link: Link, bytes: Uint8Array, heard: RailMessage) => {
    if (macs === undefined || heard.kind === 'networkRequest' || heard.kind === 'networkResponse') {
      return process(link, bytes, heard)
    }
    const { proof, bare } = macs.open(link.role, bytes)
    if (proof === 'good') process(link, bare, heard)
    else unproved(link, bytes, heard, proof)
  }

  const process = (link: Link, bytes: Uint8Array, heard: RailMessage) => {
    const faulty = (act: (bytes: Uint8Array) => void) =>
      disturb(
        wire,
        'In',
        bytes,
        (arrived, damaged) => {
          if (damaged) refuse(link, arrived)
          else act(arrived)
        },
        () => link.destroy(),
      )
    switch (heard.kind) {
      case 'fundTransferRequest':
      case 'verificationRequest': {
        if (link.role !== 'remitter') return violations.report('not_for_this_port', clock.now(), heard.rrn)
        // Counted before the faults: what the hub sent twice is found also when one copy is lost here.
        const id = outward.arrived(heard)
        if (!link.loggedOn) return violations.report('before_log_on', clock.now(), heard.rrn)
        return heard.kind === 'fundTransferRequest'
          ? faulty((arrived) => outward.original(id, isoCaller(link, arrived), heard))
          : faulty((arrived) => outward.verification(id, isoCaller(link, arrived), heard))
      }
      case 'fundTransferResponse':
        return faulty((arrived) => inward.answered('iso8583', arrived, heard))
      case 'verificationResponse':
        return faulty(() => inward.verified(heard))
      case 'networkRequest':
        return faulty(() => answerNetwork(link, heard))
      case 'networkResponse':
        if (heard.function === 'echo') counts.echoesAnswered += 1
        if (heard.function !== 'keyExchange') return
        if (heard.responseCode === TAKEN) counts.keysTaken += 1
        macs?.answered(link.role, heard.stan, heard.responseCode)
        return
      default:
        return heard satisfies never
    }
  }

  const keepBeating = (everyMs: number) => {
    clock.after(everyMs * timerScale, () => {
      if (closed) return
      xml?.announce('alive')
      keepBeating(everyMs)
    })
  }
  if (xml !== undefined && echoMs !== undefined) keepBeating(echoMs)

  return {
    attach(role, connection) {
      counts.connections += 1
      if (links[role].length >= MOST_LINKS) {
        connection.destroy()
        return
      }
      linkNumber += 1
      const link = createLink({
        id: linkNumber,
        role,
        connection,
        iso: profile.iso,
        wire,
        onMessage: (bytes) => {
          counts.frames += 1
          const heard = read(bytes)
          if (heard === undefined) refuse(link, bytes)
          else hear(link, bytes, heard)
        },
        onBroken: () => {
          counts.broken += 1
        },
        onClose: () => {
          links[role] = links[role].filter((other) => other !== link)
        },
      })
      links[role].push(link)
    },
    inward(order) {
      const { promise, resolve } = Promise.withResolvers<InwardResult>()
      const sent = inward.send(order, resolve)
      return sent === undefined ? undefined : { sent, settled: promise }
    },
    sendInward: inward.send,
    answerXml: xml?.answer ?? (async () => ({ status: 404, body: '' })),
    reaches: (beneficiary) => wayTo(beneficiary).exit() !== undefined,
    enquire(order, done) {
      xml?.enquiries.ask(order, done)
      return xml !== undefined
    },
    reverse: (order, done) => xml?.reversals.send(order, done),
    numbers,
    setDesk(given) {
      desk = given
    },
    journal,
    faults: dials.faults,
    turn: dials.turn,
    announce(what) {
      const open = [...links.remitter, ...links.beneficiary].filter((link) => link.loggedOn)
      for (const link of open) ask(link, what)
      if (xml === undefined || what === 'logOn' || what === 'logOff' || what === 'keyExchange') return open.length
      xml.announce(what === 'echo' ? 'alive' : 'endOfDay')
      return open.length + 1
    },
    disconnect(role) {
      const open = role === undefined ? [...links.remitter, ...links.beneficiary] : [...links[role]]
      for (const link of open) link.destroy()
      return open.length
    },
    summary: () => ({
      outward: journal.outward.totals(),
      inward: { ...journal.inward.totals(), waiting: inward.pending() },
      violations: violations.counts(),
      firstViolations: violations.first(),
      links: {
        remitter: countLinks(links.remitter),
        beneficiary: countLinks(links.beneficiary),
      },
      wire: { ...counts },
      ...(xml && { xml: { ...xml.counts(), reversals: journal.reversal.totals() } }),
      faults: { ...dials.faults },
    }),
    reset() {
      inward.clear()
      xml?.clear()
      for (const one of Object.values(journal)) one.clear()
      violations.clear()
      dials.turn(noFaults())
      counts = noWireCounts()
    },
    close() {
      closed = true
      inward.clear()
      xml?.close()
      for (const link of [...links.remitter, ...links.beneficiary]) link.destroy()
    },
  }
}

const countLinks = (links: readonly Link[]) => ({
  open: links.length,
  loggedOn: links.filter((link) => link.loggedOn).length,
})
