import type { X509Certificate } from 'node:crypto'
import { randomHex } from '../base/random.ts'
import type { Post } from '../base/web.ts'
import type { WireProfile } from '../imps/profile.ts'
import type { XmlDialect } from '../imps/xml/dialect.ts'
import { XmlError } from '../imps/xml/error.ts'
import { freshMsgId } from '../imps/xml/identifiers.ts'
import type { XmlEnvelope, XmlMessage } from '../imps/xml/message.ts'
import { type SigningKey, sign } from '../imps/xml/signature.ts'
import { disturb, strikes, type Wire } from './faults.ts'
import type { Parcel } from './inward.ts'

/** How the switch speaks XML. */
export type XmlSettings = {
  readonly post: Post
  /** Where the hub listens, without a path: `https://127.0.0.1:8443`. */
  readonly hubUrl: string
  readonly signingKey: () => SigningKey
  /** The hub's signing certificates. */
  readonly pinned: () => readonly X509Certificate[]
  /** False: documents are neither signed nor checked, and no key is asked for. For simulations that have both sides in one process. */
  readonly secure: boolean
}

export type PosterCounts = {
  posted: number
  acked: number
  /** The hub did not take the message. */
  refused: number
  /** No Ack came, or no whole one. */
  unacked: number
  /** Deliveries of the same answer after the first. */
  redelivered: number
  /** Answers that all tries did not deliver. */
  undelivered: number
}

export const noPosts = (): PosterCounts => ({
  posted: 0,
  acked: 0,
  refused: 0,
  unacked: 0,
  redelivered: 0,
  undelivered: 0,
})

/** The ids and stamps of what the switch writes. */
export interface XmlIds {
  /** @param msgId a fresh one when absent */
  envelope(transactionId: string, msgId?: string): XmlEnvelope
  /** A Txn@id of its own, beginning with these three characters. */
  transaction(bank3: string): string
  now(): number
}

export function createXmlIds({ clock, random }: Wire, { xml }: WireProfile): XmlIds {
  const fresh = (bank3: string): string => freshMsgId(bank3, randomHex(random, 32))
  return {
    envelope: (transactionId, msgId = fresh(SWITCH)) => ({
      msgId,
      orgId: xml.npciOrgId,
      at: clock.now(),
      transactionId,
    }),
    transaction: fresh,
    now: clock.now,
  }
}

/** Takes documents to the hub. */
export interface Poster {
  /** Writes and signs; the parcel may be sent any number of times. @throws {XmlError} when a value does not fit its field */
  seal(message: XmlMessage): Parcel
  /** Once, whatever becomes of it. `refused` is told when the hub says that it did not take it. */
  request(parcel: Parcel, refused: () => void): void
  /** Until an Ack comes, a few times: the same document with the same message id, so that a second arrival changes nothing. */
  answer(parcel: Parcel): void
  /** Does `act`, whose answers leave at once instead of after the turn; then waits until the hub has taken them, or has not. */
  ahead(act: () => void): Promise<void>
  counts(): PosterCounts
  clearCounts(): void
  close(): void
}

/** The three characters that begin the ids of what the switch itself sends. */
export const SWITCH = 'NPC'
/** Waits between the deliveries of one answer, protocol milliseconds. */
const REDELIVER_MS = [1_000, 3_000, 10_000]
/** More posts without an Ack than this, and the next ones are lost: a hub that does not listen gets no longer queue. */
const MOST_POSTS = 20_000

type Posted = 'acked' | 'refused' | 'unknown'

/**
 * Posts to the hub through the faults of the simulator. Holds no socket: `settings.post` does. Draws of the same seed are the same, and
 * a dial at zero draws nothing.
 */
export function createPoster(settings: XmlSettings, wire: Wire, profile: WireProfile, dialect: XmlDialect): Poster {
  const { clock, random, timerScale, dials } = wire
  const { faults } = dials
  const { xml } = profile
  const timeoutMs = Math.max(1, Math.round(xml.ackMs * timerScale))
  let counts = noPosts()
  let underWay = 0
  let closed = false
  let gathered: Promise<void>[] | undefined

  const post = async ({ bytes, path = '' }: Parcel): Promise<Posted> => {
    counts.posted += 1
    if (underWay >= MOST_POSTS) return 'unknown'
    underWay += 1
    try {
      const { status, body } = await settings.post({ url: settings.hubUrl + path, body: bytes, timeoutMs })
      return status === 200 ? meaningOf(body) : 'unknown'
    } catch {
      // Refused, broken, too slow: whether it arrived is not known.
      return 'unknown'
    } finally {
      underWay -= 1
    }
  }

  const meaningOf = (body: string): Posted => {
    try {
      return dialect.readAck(body).err === undefined ? 'acked' : 'refused'
    } catch (error) {
      if (error instanceof XmlError) return 'unknown'
      throw error
    }
  }

  const deliver = async (parcel: Parcel, again: boolean, refused: () => void, tries = 0): Promise<void> => {
    if (closed) return
    const posted = await post(parcel)
    counts[posted === 'unknown' ? 'unacked' : posted] += 1
    const waitMs = REDELIVER_MS[tries]
    if (posted === 'refused') refused()
    if (!again || posted !== 'unknown') return
    if (waitMs === undefined) counts.undelivered += 1
    else {
      counts.redelivered += 1
      clock.after(waitMs * timerScale, () => void deliver(parcel, again, refused, tries + 1))
    }
  }

  /** Through the faults, the copy of each as it is then. */
  const send = (parcel: Parcel, again: boolean, refused: () => void) => {
    const tampered = strikes(random, faults.badSignature) ? tamper(parcel) : parcel
    const start = (bytes: Uint8Array) => {
      const delivered = deliver({ ...tampered, bytes }, again, refused)
      gathered?.push(delivered)
    }
    disturb(wire, 'Out', tampered.bytes, start, () => undefined)
  }

  return {
    seal(message) {
      const { api, transactionId } = message
      const document = dialect.write({ ...message, at: message.at + faults.clockSkewMs })
      const text = settings.secure ? sign(document, settings.signingKey()) : document
      const version = api.endsWith('Hbt') ? xml.heartbeatVer : xml.ver
      return { bytes: Buffer.from(text), path: `/imps/${api}/${version}/urn:txnid:${transactionId}` }
    },
    request: (parcel, refused) => send(parcel, false, refused),
    answer(parcel) {
      const times = strikes(random, faults.responseTwice) ? 2 : 1
      const sendAll = () => {
        for (let time = 0; time < times; time += 1) send(parcel, true, () => undefined)
      }
      // The Ack of what is answered leaves in this turn.
      if (gathered === undefined) clock.soon(sendAll)
      else sendAll()
    },
    async ahead(act) {
      const mine: Promise<void>[] = []
      gathered = mine
      try {
        act()
      } finally {
        gathered = undefined
      }
      await Promise.all(mine)
    },
    counts: () => ({ ...counts }),
    clearCounts() {
      counts = noPosts()
    },
    close() {
      closed = true
    },
  }
}

/** The same document with another amount, RRN or id in it: one digit inside an attribute is not what was signed. */
function tamper({ bytes, path = '' }: Parcel): Parcel {
  const text = Buffer.from(bytes).toString()
  const at = text.search(/[0-9]"/)
  const other = text[at] === '1' ? '2' : '1'
  return { bytes: Buffer.from(text.slice(0, at) + other + text.slice(at + 1)), path }
}
