import type { Clock } from '../../src/base/clock.ts'
import type { Log } from '../../src/base/log.ts'
import { chance, createSeededRandom, type Random } from '../../src/base/random.ts'
import type { Vault } from '../../src/base/vault.ts'
import { createHub, type Hub } from '../../src/hub.ts'
import type { WireProfile } from '../../src/imps/profile.ts'
import type { LinkKeyCustody } from '../../src/rail/link-mac.ts'
import type { RailOptions } from '../../src/rail/options.ts'
import type { Seal } from '../../src/rail/xml-link.ts'
import type { Balancer } from './balancer.ts'
import { createLife, type Life } from './life.ts'
import type { Storage } from './storage.ts'
import type { Trace } from './trace.ts'
import type { WireTap } from './wire-tap.ts'

/** A place where a process of the hub runs, is killed, and is started again. */
export interface Process {
  readonly name: string
  /** The hub, if it takes requests now. */
  hub(): { readonly life: Life; readonly hub: Hub } | undefined
  start(): void
  /** Kills it and starts it again after `forMs`. */
  crash(forMs: number, why: string): void
  pause(forMs: number): void
  /** The same, but between asking for its next transaction at a door and getting it: the worst moment. */
  stall(forMs: number): void
  /** Stops it as SIGTERM does, then starts it again. */
  drain(forMs: number): void
  /** Ends it for good. */
  kill(): void
}

export type ProcessWorld = {
  readonly clock: Clock
  readonly random: Random
  readonly trace: Trace
  readonly storage: Storage
  readonly tap: WireTap
  /** What stands before the hub's processes on the XML wire, and the keys they share. */
  readonly balancer: Balancer
  readonly seal: Seal
  /** Of all processes: they share a database. */
  readonly vault: Vault
  readonly profile: WireProfile
  readonly custody: LinkKeyCustody
  readonly rail: Partial<RailOptions>
  /** A process that starts again has the name it had, so its leases are its own at once. */
  readonly sameHolder: boolean
  /** False after the heal: what has not struck by then does not. */
  readonly isChaos: () => boolean
  /** Chance to die at a crash point. */
  readonly crashPoint: number
  readonly onCrash: () => void
  readonly onLog: (message: string) => void
  /** Told of what no process may do: throw out of a timer, or leave a rejected promise to nobody. */
  readonly onWrong: (what: string) => void
}

/** A process that could not start tries again, as its supervisor would have it do. */
const START_AGAIN_MS = 1_000
const DRAIN_MS = 5_000
/** Shorter than a day: a run does not last one. */
const APPROVAL_MS = 120_000

/** @param skewMs  how far the wall clock of its machine is off */
export function createProcess(world: ProcessWorld, name: string, skewMs: number): Process {
  const { clock, random, trace, storage, tap, profile } = world
  let runs = 0
  let current: { readonly life: Life; readonly hub: Hub; up: boolean } | undefined
  let ended = false

  const logFor = (life: Life): Log => {
    const note =
      (level: string) =>
      (fields: object, message: string): void => {
        if (!life.isAlive()) return
        world.onLog(message)
        const error = 'error' in fields ? fields.error : 'err' in fields ? fields.err : undefined
        trace.note(`${life.name} log ${level} ${message}${error === undefined ? '' : `: ${String(error)}`}`)
      }
    return { debug: () => undefined, info: note('info'), warn: note('warn'), error: note('error') }
  }

  const start = () => {
    if (ended || current !== undefined) return
    runs += 1
    const life = createLife(`${name}${runs}`, clock, skewMs, (error) => {
      world.onWrong(`${life.name} died of ${String(error)}`)
      die(1_000, `uncaught ${String(error)}`)
    })
    const crashPoint = (point: string) => {
      if (!life.isAlive() || !world.isChaos() || !chance(random, world.crashPoint)) return
      die(chance(random, 0.5) ? 100 : 8_000, point)
    }
    const hub = createHub({
      profile,
      db: storage.open(life, 'doors'),
      readDb: storage.open(life, 'rest'),
      railDb: storage.open(life, 'rest'),
      clock: life.clock,
      random: createSeededRandom(random.next32()),
      dial: tap.dialFrom(life),
      custody: world.custody,
      xml: { post: tap.postFrom(life), serve: world.balancer.serveFor(life), seal: world.seal },
      log: logFor(life),
      vault: world.vault,
      apiKeys: [],
      batch: { size: 256, partitions: 2, gatherMs: 5 },
      maxWaiting: 1_000,
      maxHeld: 1_000,
      maxInFlight: 1_000,
      verificationsPerSecond: 50,
      approvalMs: APPROVAL_MS,
      rail: world.rail,
      holder: world.sameHolder ? name : life.name,
      sandbox: true,
      crashPoint,
    })
    const mine = { life, hub, up: false }
    current = mine
    trace.note(`${life.name} starts`)
    life.clock.soon(() => {
      hub.start().then(
        () => {
          if (!life.isAlive()) return
          mine.up = true
          trace.note(`${life.name} is up`)
        },
        (error: unknown) => {
          if (life.isAlive()) die(START_AGAIN_MS, `no start: ${String(error)}`)
        },
      )
    })
  }

  const die = (forMs: number, why: string) => {
    if (current === undefined) return
    trace.note(`${current.life.name} dies: ${why}`)
    if (current.up) world.onCrash()
    current.life.kill()
    current = undefined
    clock.after(forMs, start)
  }

  const pause = (forMs: number) => {
    if (current === undefined) return
    const { life } = current
    trace.note(`${life.name} stands still for ${forMs} ms`)
    life.pause()
    clock.after(forMs, () => {
      if (life.isAlive()) trace.note(`${life.name} wakes up`)
      life.resume()
    })
  }

  return {
    name,
    hub: () => (current?.up && !current.life.isPaused() ? current : undefined),
    start,
    crash: die,
    pause,
    stall(forMs) {
      current?.life.onNextTransaction(() => {
        if (world.isChaos()) pause(forMs)
      })
    },
    drain(forMs) {
      if (current === undefined || !current.up) return
      const mine = current
      mine.up = false
      trace.note(`${mine.life.name} drains`)
      const stop = async () => {
        await mine.hub.drain(DRAIN_MS)
        await mine.hub.close()
      }
      mine.life.reach(() => {
        stop().then(
          () => {
            if (current === mine) die(forMs, 'stopped')
          },
          (error: unknown) => {
            if (current === mine) die(forMs, `stopped: ${String(error)}`)
          },
        )
      })
      // A supervisor does not wait for ever.
      clock.after(60_000, () => {
        if (current === mine) die(forMs, 'would not stop')
      })
    },
    kill() {
      ended = true
      if (current === undefined) return
      current.life.kill()
      current = undefined
    },
  }
}
