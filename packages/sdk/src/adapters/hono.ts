import { type ReceiverOptions, webReceiver } from '../receive.ts'

/** As much of Hono's context as is needed. Its `arrayBuffer` gives the raw body, even when something before has read it. */
type Context = {
  readonly req: { readonly raw: Request; readonly arrayBuffer: () => Promise<ArrayBuffer> }
}

/** A handler of Hono: `app.post('/hook', turantWebhook({ keys, onEvent }))`. */
export function turantWebhook(options: ReceiverOptions): (context: Context) => Promise<Response> {
  const answer = webReceiver(options)
  return ({ req }) => answer({ headers: req.raw.headers, arrayBuffer: () => req.arrayBuffer() })
}
