import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { turantWebhook } from '../src/adapters/express.ts'
import { Turant, type WebhookEvent } from '../src/index.ts'
import { bundle } from './bundle.ts'
import { liveClient } from './live-client.ts'
import { refusedAddress } from './refused.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { type Place, scenario } from './scenario.ts'

// One story against the hub as `npm start` starts it: in Node, in a page of a real browser, and in a worker of that page.

const found = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((file) => existsSync(file))
const options =
  found === undefined && process.env.BROWSER_TESTS !== 'required' ? { skip: 'there is no chromium here' } : {}

let sandbox: Sandbox
let browser: Browser | undefined
let place: Place

before(async () => {
  sandbox = await startSandbox()
  const { baseUrl, apiKey, accounts } = sandbox
  place = {
    baseUrl,
    apiKey,
    from: accounts.remitter,
    nowhere: await refusedAddress(),
    live: await liveClient(sandbox),
  }
})
after(async () => {
  await browser?.close()
  await sandbox.stop()
})

/** What every place sees; only Node can say that nothing left. */
const expected = (isNode: boolean): Awaited<ReturnType<typeof scenario>> => ({
  paid: ['succeeded', '00', 'ASHA DEVI'],
  declined: ['failed', 'invalid_beneficiary'],
  open: ['processing'],
  steps: ['sent', 'succeeded'],
  listed: [true],
  refused: ['RefusedError', 'account_not_found', 422, false, 'string'],
  away: [true, isNode ? 'connection_failed' : 'connection_lost', !isNode],
  unsigned: ['AuthenticationError', 'signature_required', false],
  signed: ['succeeded', 'not_cancellable', 'invalid_request', 'succeeded', 'not_cancellable', 'invalid_request'],
  events: ['payment.succeeded', 'payment.succeeded'],
})

test('in Node', async () => assert.deepEqual(await scenario(place), expected(true)))

test('a webhook that the hub signs is believed, by secret and by public key, and during a change of secrets', async (t) => {
  const { baseUrl, apiKey, accounts } = sandbox
  const turant = new Turant({ baseUrl, apiKey })
  let keys: string | readonly string[] = []
  const seen: WebhookEvent[] = []
  const told = new EventEmitter()
  const receive = turantWebhook({
    keys: () => keys,
    onEvent(event) {
      seen.push(event)
      told.emit('event')
    },
  })
  const shop = createServer((request, response) => receive(request, response, (error) => assert.fail(String(error))))
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  t.after(() => shop.close())
  const url = `http://127.0.0.1:${Object(shop.address()).port}/hook`
  const endpoint = await turant.webhookEndpoints.create({ url, signatures: ['v1', 'v1a'] })
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' } as const
  const [publicKey = assert.fail()] = endpoint.publicKeys
  const { secret: newer } = await turant.webhookEndpoints.rotateSecret(endpoint.id, {})
  const { secret } = endpoint
  assert.ok(secret !== null && newer !== null)
  for (const some of [secret, newer, [publicKey], ['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', newer]]) {
    keys = some
    const { id } = await turant.payments.create({ amount: '10000', from: accounts.remitter, to })
    const isPaid = (event: WebhookEvent): boolean => event.data.id === id && event.type === 'payment.succeeded'
    while (!seen.some(isPaid)) await once(told, 'event')
  }
  assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length)
})

/** A page of the hub's own origin, with the SDK as a bundler makes it. */
async function openPage(): Promise<Page> {
  assert.ok(found, 'CI has no chromium')
  browser ??= await chromium.launch({ executablePath: found, args: ['--no-sandbox'] })
  const page = await browser.newPage()
  const code = await bundle(`export { scenario } from './scenario.ts'`)
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/page': ['text/html', '<title>shop</title>'],
    '/sdk.js': ['text/javascript', code],
  }
  await page.route(
    (url) => url.pathname in files,
    (route) => {
      const [contentType, body] = files[new URL(route.request().url()).pathname] ?? assert.fail()
      return route.fulfill({ contentType, body })
    },
  )
  await page.goto(`${sandbox.baseUrl}/page`)
  return page
}

test('in a page of chromium', options, async () => {
  const page = await openPage()
  const told = await page.evaluate(`import('/sdk.js').then(({ scenario }) => scenario(${JSON.stringify(place)}))`)
  assert.deepEqual(told, expected(false))
})

test('in a worker of that page', options, async () => {
  const page = await openPage()
  const worker = `${await bundle(`import { scenario } from './scenario.ts'
    self.onmessage = ({ data }) => scenario(data).then((told) => postMessage({ told }), (error) => postMessage({ failed: String(error) }))`)}`
  const told = await page.evaluate(`new Promise((resolve, reject) => {
    const url = URL.createObjectURL(new Blob([${JSON.stringify(worker)}], { type: 'text/javascript' }))
    const worker = new Worker(url, { type: 'module' })
    worker.onmessage = ({ data }) => data.failed ? reject(new Error(data.failed)) : resolve(data.told)
    worker.onerror = (event) => reject(new Error(event.message))
    worker.postMessage(${JSON.stringify(place)})
  })`)
  assert.deepEqual(told, expected(false))
})
