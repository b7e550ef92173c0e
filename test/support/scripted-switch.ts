import { createFramer, frame } from '@turant/iso8583'
import type { Clock } from '../../src/base/clock.ts'
import { paise } from '../../src/base/money.ts'
import type { Connection } from '../../src/base/network.ts'
import { createIsoDialect, type IsoDialect } from '../../src/imps/iso8583/dialect.ts'
import type { WireProfile } from '../../src/imps/profile.ts'
import type { FundTransferRequest, RailMessage, VerificationRequest } from '../../src/imps/rail-message.ts'
import type { MemoryNetwork } from './memory-network.ts'

export type Heard = { readonly message: RailMessage; readonly bytes: Uint8Array; readonly at: number }

type Asking = FundTransferRequest | VerificationRequest

/** What the hub answered to an inward request. */
export type Said = {
  readonly kind: string
  readonly responseCode: string
  readonly registeredName?: string
  readonly raw: string
}

/** The switch on either wire, doing exactly what a test says: it answers log-ons and heartbeats, and nothing else by itself. */
export type ScriptedSide = {
  /** Called for each original and verification; answers by `reply`, with another amount if that is asked for. */
  onRequest: (request: Asking, reply: (responseCode: string, amountPaise?: bigint) => void) => void
  originals(): FundTransferRequest[]
  verifications(): VerificationRequest[]
  /** When the newest message that is no echo came. */
  lastHeardAt(): number
  /** Answers a request now, whether or not it was answered before. */
  answer(request: Asking, responseCode: string): void
  /** Answers an original that never was. Returns what the hub gets to see. */
  answerNobody(request: FundTransferRequest): string
  /** Sends an inward request to the hub; `said` has what came back, the oldest first. */
  ask(request: Asking): void
  readonly said: Said[]
  /** The connections of the hub break, where the wire has any. */
  hangUp(): void
}

/** The other end of ISO 8583 links. */
export type ScriptedSwitch = ScriptedSide & {
  readonly dialect: IsoDialect
  /** Every message that came, in order; each original exactly once, or the test has found something. */
  readonly heard: Heard[]
  /** Connections by link id, the newest last. */
  readonly connections: Map<string, Connection[]>
  answerLogOn: 'approve' | 'refuse' | 'silence'
  answerEcho: boolean
  /** Sends one message, or raw bytes as they are, over the newest connection of a link. */
  say(link: string, message: RailMessage | Uint8Array): void
  raw(link: string, bytes: Uint8Array): void
}

export async function createScriptedSwitch(
  network: MemoryNetwork,
  clock: Clock,
  profile: WireProfile,
): Promise<ScriptedSwitch> {
  const dialect = createIsoDialect(profile)
  const REMITTER = profile.iso.links.find(({ role }) => role === 'remitter')?.id ?? ''
  const BENEFICIARY = profile.iso.links.find(({ role }) => role === 'beneficiary')?.id ?? ''
  const answerTo = (request: Asking, responseCode: string, amountPaise?: bigint): Uint8Array => {
    const asked = amountPaise === undefined ? request : { ...request, amountPaise: paise(amountPaise) }
    return dialect.answer(dialect.encode(asked), asked, { responseCode, registeredName: 'ASHA DEVI' })
  }
  const made: ScriptedSwitch = {
    dialect,
    heard: [],
    said: [],
    lastHeardAt: () => made.heard.findLast(({ message }) => message.kind !== 'networkRequest')?.at ?? 0,
    answer: (request, responseCode) => made.say(REMITTER, answerTo(request, responseCode)),
    answerNobody(request) {
      const bytes = answerTo(request, '00')
      made.say(REMITTER, bytes)
      return Buffer.from(bytes).toString('latin1')
    },
    ask: (request) => made.say(BENEFICIARY, request),
    hangUp() {
      for (const connections of made.connections.values()) for (const one of connections) one.destroy()
    },
    connections: new Map(),
    answerLogOn: 'approve',
    answerEcho: true,
    onRequest: () => undefined,
    originals: () => made.heard.flatMap(({ message }) => (message.kind === 'fundTransferRequest' ? [message] : [])),
    verifications: () => made.heard.flatMap(({ message }) => (message.kind === 'verificationRequest' ? [message] : [])),
    say(link, message) {
      const bytes = message instanceof Uint8Array ? message : dialect.encode(message)
      made.raw(link, frame(bytes, profile.iso.lengthHeader))
    },
    raw(link, bytes) {
      const connection = made.connections.get(link)?.at(-1)
      if (connection === undefined) throw new Error(`link ${link} never connected`)
      connection.write(bytes)
    },
  }

  for (const link of profile.iso.links) {
    made.connections.set(link.id, [])
    await network.listen({ host: link.host, port: link.port }, (connection) => {
      made.connections.get(link.id)?.push(connection)
      const send = (bytes: Uint8Array) => connection.write(frame(bytes, profile.iso.lengthHeader))
      const framer = createFramer({
        header: profile.iso.lengthHeader,
        max: profile.iso.maxFrameBytes,
        onError: (error) => {
          throw error
        },
        onFrame(frameBytes) {
          const bytes = frameBytes.slice()
          const message = dialect.decode(bytes, clock.now())
          made.heard.push({ message, bytes, at: clock.now() })
          if (message.kind === 'fundTransferResponse' || message.kind === 'verificationResponse') {
            const { kind, responseCode, registeredName } = message
            const raw = Buffer.from(bytes).toString('latin1')
            made.said.push({ kind, responseCode, raw, ...(registeredName === undefined ? {} : { registeredName }) })
          }
          if (message.kind === 'networkRequest') {
            if (message.function === 'echo' && !made.answerEcho) return
            if (message.function === 'logOn' && made.answerLogOn === 'silence') return
            const refused = message.function === 'logOn' && made.answerLogOn === 'refuse'
            send(dialect.answerNetwork(message, refused ? '96' : '00'))
          }
          if (message.kind === 'fundTransferRequest' || message.kind === 'verificationRequest') {
            made.onRequest(message, (responseCode, amountPaise) => send(answerTo(message, responseCode, amountPaise)))
          }
        },
      })
      connection.onData((bytes) => framer.push(bytes))
      connection.onClose(() => undefined)
      connection.onDrain(() => undefined)
    })
  }
  return made
}
