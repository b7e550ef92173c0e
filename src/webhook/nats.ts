import { jetstream } from '@nats-io/jetstream'
import { connect, credsAuthenticator, headers, type NatsConnection } from '@nats-io/transport-node'
import type { Sink } from './stream.ts'

export type NatsOptions = {
  /** `nats://host:port`, or `tls://` with the authorities of the system. */
  readonly url: string
  /** What subjects begin with; the stream must have `<prefix>.>`. */
  readonly prefix: string
  /** The text of a credentials file, as `nsc` writes it. */
  readonly credentials?: string
}

const ACK_MS = 5_000

/**
 * Events to NATS JetStream: subject `<prefix>.<type>.<id of what it is of>`, `Nats-Msg-Id` the event's id, by which JetStream leaves away what
 * comes twice within its window. The stream is the operator's: the hub makes none. Connects on first use, and again for ever.
 */
export function openNats({ url, prefix, credentials }: NatsOptions): Sink {
  let connecting: Promise<NatsConnection> | undefined
  const connected = async (): Promise<NatsConnection> => {
    connecting ??= connect({
      servers: url.replace(/^(nats|tls):\/\//, ''),
      name: 'turant',
      maxReconnectAttempts: -1,
      ...(url.startsWith('tls:') ? { tls: {} } : {}),
      ...(credentials === undefined
        ? {}
        : { authenticator: credsAuthenticator(new TextEncoder().encode(credentials)) }),
    })
    try {
      return await connecting
    } catch (error) {
      connecting = undefined
      throw error
    }
  }
  return {
    async publish(events) {
      const js = jetstream(await connected())
      const head = headers()
      head.set('content-type', 'application/cloudevents+json')
      await Promise.all(
        events.map(({ id, type, subject, body }) =>
          js.publish(`${prefix}.${type}.${subject}`, body, { msgID: id, timeout: ACK_MS, headers: head }),
        ),
      )
    },
    async close() {
      const connection = await connecting?.catch(() => undefined)
      await connection?.close()
    },
  }
}
