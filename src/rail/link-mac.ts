import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Db } from '../db/pool.ts'
import type { MacKey } from '../imps/iso8583/mac.ts'
import { createMacPlace, type Proof } from '../imps/iso8583/mac-place.ts'
import type { IsoProfile } from '../imps/profile.ts'
import type { WrappedKey } from '../imps/rail-message.ts'
import { faultOf } from './options.ts'
import { loadLinkKeys, saveLinkKey } from './store.ts'

/**
 * Where the keys of the links live: a file, or a module that lets none out. Whoever implements it opens a working key under the
 * ZMK of the link, checks its check value, and gives back what makes MACs with it.
 */
export interface LinkKeyCustody {
  /** @returns undefined for a key that does not open: another ZMK, altered, too weak. @throws when the store is away */
  open(link: string, wrapped: WrappedKey): Promise<MacKey | undefined>
}

/** The MACs of one link, and the keys they are made with. */
export interface LinkMac {
  /** Takes up the key that the link had before. Nothing is thrown: without one the link waits for the switch's. */
  load(): Promise<void>
  /** True when there is a key that is believed in. */
  ready(): boolean
  /** A financial message with its MAC; undefined without a key. */
  seal(message: Uint8Array): Uint8Array | undefined
  /** Whether a financial message that decodes is the other side's. */
  prove(message: Uint8Array): Proof
  /** So many were not, one after the other, that the key is not believed in any more. Told once. */
  lostFaith(): boolean
  /** A new key: kept first. @returns what to answer; when that is 00, `adopt` uses the key, after the answer has left */
  take(key: WrappedKey): Promise<{ readonly responseCode: string; adopt(): void }>
}

/** @source protocol.md §4 */
const TAKEN = '00'
const NOT_OPENED = '63'
const NOT_NOW = '96'

/** Six digits of a check value tell keys apart, and nothing about them. */
const shown = ({ checkValue }: WrappedKey): string => checkValue.slice(0, 6)

type Held = { readonly cryptogram: string; readonly key: MacKey }

export type LinkMacDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly iso: IsoProfile
  readonly custody: LinkKeyCustody
  /** Of our lease on the link; undefined while it is in doubt. */
  readonly epoch: () => number | undefined
}

export function createLinkMac({ db, clock, log, iso, custody, epoch }: LinkMacDeps, link: string): LinkMac {
  const place = createMacPlace(iso)
  let current: Held | undefined
  let before: { readonly key: MacKey; readonly until: number } | undefined
  let badInRow = 0
  /** Until when a key that proved nothing is not used; a switch that sends no other must be tried again some time. */
  let doubtedUntil = 0
  let turn: Promise<unknown> = Promise.resolve()

  const keys = (): MacKey[] => [
    ...(current === undefined ? [] : [current.key]),
    ...(before !== undefined && clock.monotonicMs() < before.until ? [before.key] : []),
  ]

  /** Keys are taken one after the other, in the order in which they came. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  const load = async (): Promise<void> => {
    const [newest, older] = await loadLinkKeys(db, link)
    if (newest === undefined || newest.cryptogram === current?.cryptogram) return
    const key = await custody.open(link, newest)
    if (key === undefined) {
      log.error({ link, checkValue: shown(newest) }, 'the key of the link does not open under its ZMK')
      return
    }
    current = { cryptogram: newest.cryptogram, key }
    const leftMs = newest.receivedAt + iso.mac.oldKeyMs - clock.now()
    const old = older === undefined || leftMs <= 0 ? undefined : await custody.open(link, older)
    before = old && { key: old, until: clock.monotonicMs() + Math.min(leftMs, iso.mac.oldKeyMs) }
  }

  const adopt = (cryptogram: string, key: MacKey): void => {
    badInRow = 0
    doubtedUntil = 0
    if (current?.cryptogram === cryptogram) return
    if (current !== undefined) before = { key: current.key, until: clock.monotonicMs() + iso.mac.oldKeyMs }
    current = { cryptogram, key }
  }

  const refuse = (responseCode: string, why: string, wrapped: WrappedKey) => {
    log.warn({ link, checkValue: shown(wrapped), why }, 'a key of the switch is not taken')
    return { responseCode, adopt: () => undefined }
  }

  const take = async (wrapped: WrappedKey) => {
    try {
      const under = epoch()
      if (under === undefined) return refuse(NOT_NOW, 'the lease of the link is in doubt', wrapped)
      const key = await custody.open(link, wrapped)
      if (key === undefined) return refuse(NOT_OPENED, 'its check value is another', wrapped)
      const saved = await saveLinkKey(db, link, under, wrapped, clock.now())
      if (saved === 'not_ours') return refuse(NOT_NOW, 'another process has the link', wrapped)
      if (saved === 'replayed') return refuse(NOT_OPENED, 'it was a key of this link before', wrapped)
      log.info({ link, checkValue: shown(wrapped) }, 'a key of the switch is taken')
      return { responseCode: TAKEN, adopt: () => adopt(wrapped.cryptogram, key) }
    } catch (error) {
      return refuse(NOT_NOW, faultOf(error), wrapped)
    }
  }

  return {
    load: () =>
      inTurn(load).catch((error: unknown) => {
        log.warn({ link, fault: faultOf(error) }, 'the key of the link cannot be read')
      }),
    ready: () => current !== undefined && clock.monotonicMs() >= doubtedUntil,
    seal: (message) => (current === undefined ? undefined : place.add(message, current.key)),
    prove(message) {
      const proof = place.check(message, keys())
      badInRow = proof === 'good' ? 0 : badInRow + 1
      return proof
    },
    lostFaith() {
      if (badInRow < iso.mac.maxBad) return false
      badInRow = 0
      doubtedUntil = clock.monotonicMs() + iso.netMgmt.logonRetryMs
      return true
    },
    take: (key) => inTurn(() => take(key)),
  }
}
