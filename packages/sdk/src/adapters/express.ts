import { type ReceiverOptions, receive } from '../receive.ts'

/** Bytes of a body, at most; the standard says 20 kB. */
const MAX_BYTES = 1_048_576

/** As much of Express, or of Node itself, as is needed. */
type Incoming = AsyncIterable<Uint8Array> & {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body?: unknown
  readonly readableEnded?: boolean
}
type Outgoing = {
  readonly writeHead: (status: number, headers?: Record<string, string>) => unknown
  readonly end: (text?: string) => unknown
}

/**
 * A handler of Express: `app.post('/hook', turantWebhook({ keys, onEvent }))`. It reads the raw body itself, so it stands before `express.json()`, or
 * behind `express.raw` of all types.
 */
export function turantWebhook(
  options: ReceiverOptions,
): (request: Incoming, response: Outgoing, next: (error: unknown) => void) => Promise<void> {
  return async (request, response, next) => {
    try {
      const body = request.readableEnded === true ? request.body : await readBody(request)
      if (body === undefined) {
        response.writeHead(413)
        response.end()
        return
      }
      const received = await receive(options, body, request.headers)
      if (received.status === 204) {
        response.writeHead(204)
        response.end()
        return
      }
      response.writeHead(received.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(received.body))
    } catch (error) {
      next(error)
    }
  }
}

/** Undefined when it is too long. */
async function readBody(request: Incoming): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request) {
    length += part.length
    if (length > MAX_BYTES) return undefined
    parts.push(part)
  }
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
