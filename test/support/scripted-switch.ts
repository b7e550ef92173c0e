import { createFramer, frame } from '@turant/iso8583'
import type { Clock } from '../../src/base/clock.ts'
import type { Connection } from '../../src/base/network.ts'
import { createIsoDialect, type IsoDialect } from '../../src/imps/iso8583/dialect.ts'
import type { WireProfile } from '../../src/imps/profile.ts'
import type { FundTransferRequest, RailMessage, VerificationRequest } from '../../src/imps/rail-message.ts'
import type { MemoryNetwork } from './memory-network.ts'

export type Heard = { readonly message: RailMessage; readonly bytes: Uint8Array; readonly at: number }

/** The other end of the links, doing exactly what a test says: it answers network messages and nothing else by itself. */
export type ScriptedSwitch = {
  readonly dialect: IsoDialect
  /** Every message that came, in order; each original exactly once, or the test has found something. */
  readonly heard: Heard[]
  /** Connections by link id, the newest last. */
  readonly connections: Map<string, Connection[]>
  answerLogOn: 'approve' | 'refuse' | 'silence'
  answerEcho: boolean
  /** Called for each 0200; answers by `reply`. */
  onRequest: (
    request: FundTransferRequest | VerificationRequest,
    reply: (responseCode: string, change?: (bytes: Uint8Array) => void) => void,
    bytes: Uint8Array,
  ) => void
  originals(): FundTransferRequest[]
  verifications(): VerificationRequest[]
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
  const made: ScriptedSwitch = {
    dialect,
    heard: [],
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
          if (message.kind === 'networkRequest') {
            if (message.function === 'echo' && !made.answerEcho) return
            if (message.function === 'logOn' && made.answerLogOn === 'silence') return
            const refused = message.function === 'logOn' && made.answerLogOn === 'refuse'
            send(dialect.answerNetwork(message, refused ? '96' : '00'))
          }
          if (message.kind === 'fundTransferRequest' || message.kind === 'verificationRequest') {
            made.onRequest(
              message,
              (responseCode, change) => {
                const answer = dialect.answer(bytes, message, { responseCode, registeredName: 'ASHA DEVI' })
                change?.(answer)
                send(answer)
              },
              bytes,
            )
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
