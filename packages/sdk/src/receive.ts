import {
  type VerifyOptions,
  verifyAny,
  type WebhookEvent,
  type WebhookHeaders,
  WebhookVerificationError,
} from './webhooks.ts'

/** What the adapters share: verify, hand over, and answer so that the hub knows what to do. */

export type ReceiverOptions = VerifyOptions & {
  /** `whsec_…` secrets or `whpk_…` public keys; a function is asked each time, so that keys can be changed while the program runs. */
  readonly keys: string | readonly string[] | (() => string | readonly string[] | Promise<string | readonly string[]>)
  /**
   * Does what the event asks for. The same event may come again: keep `event.id`. What is thrown here is answered with 500, and the hub delivers
   * again later.
   */
  readonly onEvent: (event: WebhookEvent) => void | Promise<void>
}

export type Received = { readonly status: 204 } | { readonly status: 400; readonly body: Refused }
/** Why it was not taken; the hub keeps it with the attempt, for whoever looks. */
export type Refused = { readonly reason: string; readonly message: string }

/** @throws what `onEvent` throws */
export async function receive(
  { keys, onEvent, ...options }: ReceiverOptions,
  body: unknown,
  headers: WebhookHeaders,
): Promise<Received> {
  const given = typeof keys === 'function' ? await keys() : keys
  let event: WebhookEvent
  try {
    event = await verifyAny(body, headers, given, options)
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error
    return { status: 400, body: { reason: error.reason, message: error.message } }
  }
  await onEvent(event)
  return { status: 204 }
}

/** For whoever takes a `Request` of the web and gives a `Response`: Next, Hono, workers, Deno, Bun. */
export const webReceiver =
  (options: ReceiverOptions) =>
  async (request: Pick<Request, 'headers' | 'arrayBuffer'>): Promise<Response> => {
    const received = await receive(options, await request.arrayBuffer(), request.headers)
    return received.status === 204
      ? new Response(null, { status: 204 })
      : new Response(JSON.stringify(received.body), {
          status: received.status,
          headers: { 'content-type': 'application/json' },
        })
  }
