import { type ReceiverOptions, webReceiver } from '../receive.ts'

/**
 * A route handler of Next: `export const POST = turantWebhook({ keys, onEvent })` in `app/hook/route.ts`. Any server that hands a `Request` over and
 * takes a `Response` can use it.
 */
export const turantWebhook = (options: ReceiverOptions): ((request: Request) => Promise<Response>) =>
  webReceiver(options)
