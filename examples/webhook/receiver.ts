import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Turant } from '@turant/sdk'
import { turantWebhook } from '@turant/sdk/express'
import { findHub } from '../hub.ts'

/**
 * A receiver of webhooks, whole: it makes itself an endpoint of the hub, believes only what the hub has signed, and acts on each event once.
 * `npm run example:webhook`; Ctrl-C ends it and its endpoint.
 */

const turant = new Turant(findHub('sandbox.json'))
let secret = ''
/** In a real program a table with a unique key: the same event may come again after a restart. */
const seen = new Set<string>()

const receive = turantWebhook({
  keys: () => secret,
  onEvent({ id, type, data }) {
    if (seen.has(id)) return
    seen.add(id)
    console.log(`verified  ${type}  ${data.id}  ₹${(Number(data.amount) / 100).toFixed(2)}`)
  },
})
const server = createServer((request, response) =>
  receive(request, response, (error) => {
    // Not answered with 2xx, so the hub tells it again later.
    console.error(error)
    response.writeHead(500).end()
  }),
)
await new Promise<void>((listening) => server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', listening))
const { port } = server.address() as AddressInfo
const url = `http://127.0.0.1:${port}/hook`
const endpoint = await turant.webhookEndpoints.create({ url })
secret = endpoint.secret ?? ''
console.log(`listening at ${url} as ${endpoint.id}`)

process.once('SIGINT', async () => {
  await turant.webhookEndpoints.delete(endpoint.id)
  server.close()
})
