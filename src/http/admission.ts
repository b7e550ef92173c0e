import type { Socket } from 'node:net'
import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import type { Cancel, Clock } from '../base/clock.ts'
import type { Caller } from '../identity/caller.ts'
import type { Right } from '../identity/rights.ts'
import { createMeters, isRefusal, type Meter, type MeterLimit, type MeterRefusal, type Meters } from './meters.ts'
import { Problem } from './problems.ts'
import { createShedder, type Level, type Shedder, type Strain } from './shed.ts'

/**
 * Who gets in when too many want to. Four limiters, each for another danger: rate (a key, tenant or address that asks too fast), at once
 * (one that has too much under way), fleet (a fifth of the process is kept for money: reads and lists wait first), worker (this
 * process is late or its database is: all but money is refused, then money too). Guesses at keys have a limit of their own. All of it is
 * in memory, per process: it protects the process, and an answer of 429 or 503 has done nothing.
 */

/** What a request is for, when not all can be had. */
export type Load =
  | 'money' //   pays, or decides about money that waits
  | 'other' //   reads, lists, settings
  | 'stream' //  stays open and does nothing: counted by who keeps streams
  | 'health' //  what tells that the process is in trouble must not be refused because it is

declare module 'fastify' {
  interface FastifyContextConfig {
    load?: Load
  }
  interface FastifyRequest {
    /** What this request has taken, given back when it is over. */
    slot: Slot | null
  }
}

export type AdmissionLimits = {
  /** Requests a second, in the long run; twice as many may come at once after a silence. 0: no limit. */
  readonly perKey: number
  readonly perTenant: number
  readonly perAddress: number
  /** Requests under way. 0: no limit. */
  readonly keyAtOnce: number
  readonly tenantAtOnce: number
  /** Of the whole process; a fifth of it is for money alone. */
  readonly atOnce: number
  /** Wrong keys a minute from one address, before no unknown key of it is looked at. */
  readonly failuresPerMinute: number
  /** With fewer requests under way a late process refuses nobody: what makes it late is not them. */
  readonly shedFrom: number
}

export const noLimits: AdmissionLimits = {
  perKey: 0,
  perTenant: 0,
  perAddress: 0,
  keyAtOnce: 0,
  tenantAtOnce: 0,
  atOnce: 1_000_000,
  failuresPerMinute: 0,
  shedFrom: 0,
}

export type Slot = {
  readonly load: Load
  readonly address: Meter
  key: Meter | undefined
  tenant: Meter | undefined
  left: boolean
}

export type AdmissionState = {
  readonly level: Level
  readonly inFlight: { readonly money: number; readonly other: number }
  /** How often each limiter said no. */
  readonly refused: ReadonlyMap<string, number>
}

export type Admission = {
  /** Before anything of a request is looked at. @throws {Problem} rate_limited, too_busy */
  readonly arrive: (address: string, load: Load) => Slot
  /** Once it is known who asks. @throws {Problem} rate_limited, too_many_at_once */
  readonly admit: (slot: Slot, caller: Caller) => void
  readonly leave: (slot: Slot) => void
  /** Before a key that is not known yet is looked for. @throws {Problem} too_many_failures */
  readonly mayTry: (address: string, credential: string) => void
  /** What a credential turned out to be. */
  readonly tried: (address: string, credential: string, isGood: boolean) => void
  readonly sample: (strain: Strain) => void
  readonly state: () => AdmissionState
}

/** Of the process's requests under way, what all but money may take. */
const OTHER_SHARE = 0.8
const BURST_SECONDS = 2
/** Meters of a kind that are remembered: 100,000 of them are about 15 MB. */
const MAX_KNOWN = 100_000
/** Credentials that are remembered as good while somebody beside them is guessing. */
const MAX_GOOD = 10_000

export function createAdmission(clock: Clock, limits: AdmissionLimits, shedder: Shedder = createShedder()): Admission {
  const limit = (perSecond: number, atOnce: number): MeterLimit => ({
    perSecond,
    burst: perSecond * BURST_SECONDS,
    atOnce,
  })
  const addresses = createMeters(limit(limits.perAddress, 0), MAX_KNOWN)
  const keys = createMeters(limit(limits.perKey, limits.keyAtOnce), MAX_KNOWN)
  const tenants = createMeters(limit(limits.perTenant, limits.tenantAtOnce), MAX_KNOWN)
  const { failuresPerMinute } = limits
  const failures = createMeters({ perSecond: failuresPerMinute / 60, burst: failuresPerMinute, atOnce: 0 }, MAX_KNOWN)
  const good = new Set<string>()
  const refused = new Map<string, number>()
  const inFlight = { money: 0, other: 0 }
  const otherAtOnce = Math.floor(limits.atOnce * OTHER_SHARE)

  const count = (limiter: string): void => {
    refused.set(limiter, (refused.get(limiter) ?? 0) + 1)
  }
  const shed = (limiter: 'fleet' | 'worker', seconds: number): Problem => {
    count(limiter)
    return new Problem('too_busy', { headers: { 'retry-after': `${seconds}` } })
  }
  const meter = (meters: Meters, who: string, now: number, name: LimitName, perSecond: number): Meter => {
    const entered = meters.enter(who, now)
    if (!isRefusal(entered)) return entered
    count(`${entered.kind === 'rate' ? 'rate' : 'at_once'}_${name}`)
    throw tooMany(entered, name, perSecond)
  }

  return {
    arrive(address, load) {
      const underWay = inFlight.money + inFlight.other
      const level = underWay < limits.shedFrom ? 'calm' : shedder.level()
      if (level === 'overloaded' && load !== 'health') throw shed('worker', RETRY_OVERLOADED_S)
      if (level === 'busy' && load !== 'health' && load !== 'money') throw shed('worker', RETRY_BUSY_S)
      const isFull = load === 'money' ? underWay >= limits.atOnce : load === 'other' && inFlight.other >= otherAtOnce
      if (isFull) throw shed('fleet', RETRY_BUSY_S)
      const entered = meter(addresses, networkOf(address), clock.monotonicMs(), 'address', limits.perAddress)
      if (load === 'money' || load === 'other') inFlight[load] += 1
      return { load, address: entered, key: undefined, tenant: undefined, left: false }
    },
    admit(slot, { tenantId, actor }) {
      const now = clock.monotonicMs()
      slot.key = meter(keys, `${tenantId} ${actor.id}`, now, 'key', limits.perKey)
      slot.tenant = meter(tenants, `${tenantId}`, now, 'tenant', limits.perTenant)
      if (slot.load === 'stream') leaveMeters(slot)
    },
    leave(slot) {
      if (slot.left) return
      slot.left = true
      if (slot.load === 'money' || slot.load === 'other') inFlight[slot.load] -= 1
      addresses.leave(slot.address)
      leaveMeters(slot)
    },
    mayTry(address, credential) {
      if (failuresPerMinute === 0 || failures.size() === 0) return
      if (failures.isOpen(networkOf(address), clock.monotonicMs()) || good.has(credential)) return
      count('rate_failures')
      throw new Problem('too_many_failures')
    },
    tried(address, credential, isGood) {
      if (failuresPerMinute === 0) return
      if (!isGood) {
        const entered = failures.enter(networkOf(address), clock.monotonicMs())
        if (!isRefusal(entered)) failures.leave(entered)
      } else if (failures.size() > 0) {
        if (good.size >= MAX_GOOD) good.clear()
        good.add(credential)
      }
    },
    sample: (strain) => {
      shedder.sample(strain)
    },
    state: () => ({ level: shedder.level(), inFlight, refused }),
  }

  function leaveMeters(slot: Slot): void {
    if (slot.key !== undefined) keys.leave(slot.key)
    if (slot.tenant !== undefined) tenants.leave(slot.tenant)
    slot.key = undefined
    slot.tenant = undefined
  }
}

type LimitName = 'address' | 'tenant' | 'key'
const RETRY_BUSY_S = 2
const RETRY_OVERLOADED_S = 5

/** 429 in the words of the header fields RateLimit and RateLimit-Policy. @source draft-ietf-httpapi-ratelimit-headers-10 */
function tooMany({ kind, retryAfterMs }: MeterRefusal, name: LimitName, perSecond: number): Problem {
  const seconds = `${Math.ceil(retryAfterMs / 1_000)}`
  if (kind === 'atOnce') {
    return new Problem('too_many_at_once', {
      detail: `This ${name} has as many requests under way as it may have.`,
      headers: { 'retry-after': seconds },
    })
  }
  return new Problem('rate_limited', {
    detail: `This ${name} asks faster than ${perSecond} times a second.`,
    headers: {
      'retry-after': seconds,
      'ratelimit-policy': `"${name}";q=${perSecond * BURST_SECONDS};w=${BURST_SECONDS}`,
      ratelimit: `"${name}";r=0;t=${seconds}`,
    },
  })
}

/** An IPv6 address counts as its /64: whoever has one has all of it. An IPv4 address in the clothes of one is the IPv4 address. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice('::ffff:'.length)
  if (!ipaddr.isValid(address)) return address
  const found = ipaddr.process(address)
  return found instanceof ipaddr.IPv6 ? found.parts.slice(0, 4).join(':') : found.toString()
}

/** Rights whose use is about money that moves or waits, or stops it. */
const MONEY: ReadonlySet<Right> = new Set<Right>([
  'payments:create',
  'payments:verify',
  'approvals:decide',
  'accounts:freeze',
])

function loadOf({ load, policy }: FastifyContextConfig): Load {
  if (load !== undefined) return load
  return policy?.kind === 'right' && (policy.money || MONEY.has(policy.right)) ? 'money' : 'other'
}

/** Counts every request in and out, whatever becomes of it. */
export function limitRequests(app: FastifyInstance, admission: Admission): void {
  app.decorateRequest('slot', null)
  const queued = new WeakMap<Socket, Set<Slot>>()
  const queueOf = (socket: Socket): Set<Slot> => {
    const found = queued.get(socket)
    if (found !== undefined) return found
    const slots = new Set<Slot>()
    queued.set(socket, slots)
    socket.once('close', () => {
      for (const slot of slots) admission.leave(slot)
    })
    return slots
  }
  app.addHook('onRequest', (request: FastifyRequest, reply, done) => {
    try {
      const slot = admission.arrive(request.ip, loadOf(request.routeOptions.config))
      request.slot = slot
      // Behind an unfinished answer on the same connection, this one has no socket yet, and never closes if it does not get one.
      const behind = reply.raw.socket === null ? queueOf(request.raw.socket) : undefined
      behind?.add(slot)
      // Also when whoever asked has gone before the answer.
      reply.raw.once('close', () => {
        admission.leave(slot)
        behind?.delete(slot)
      })
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
      return
    }
    done()
  })
}

/** How often the process is looked at. */
const SAMPLE_MS = 500

export type StrainDeps = {
  readonly clock: Clock
  readonly loopMs: () => number
  /** Asks the database for nothing, on the connections that requests wait for. */
  readonly ping: () => Promise<void>
  /** How full the doors' queues are, 0 to 1. */
  readonly doors: () => number
}

/** Looks at the process twice a second, until stopped. A question to the database that has no answer yet counts with its age. */
export function watchStrain({ clock, loopMs, ping, doors }: StrainDeps, tell: (strain: Strain) => void): Cancel {
  let askedAt: number | undefined
  let answeredMs = 0
  let cancel: Cancel = () => undefined
  const ask = (at: number): void => {
    askedAt = at
    ping()
      .then(
        () => {
          answeredMs = clock.monotonicMs() - at
        },
        () => {
          answeredMs = 0 // away is not slow: whoever needs it is told so
        },
      )
      .finally(() => {
        askedAt = undefined
      })
  }
  const look = (): void => {
    const now = clock.monotonicMs()
    tell({ loopMs: loopMs(), databaseMs: Math.max(answeredMs, now - (askedAt ?? now)), doors: doors() })
    if (askedAt === undefined) ask(now)
    cancel = clock.after(SAMPLE_MS, look)
  }
  look()
  return () => cancel()
}
