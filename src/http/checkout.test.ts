import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { after, afterEach, before, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { createCheckout } from '../../test/support/checkout.ts'
import { aCredit, aLink, linkIn } from '../../test/support/payer-link.ts'
import { versionOf } from '../payer-page/link.ts'

const checkout = await createCheckout()
const { app } = checkout.server
let port = 0
before(async () => {
  port = await checkout.server.listen({ host: '127.0.0.1', port: 0 })
})
after(() => checkout.server.close())
afterEach(() => {
  checkout.state.failWith = undefined
})

const { token } = aLink()
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })

// --- the page -------------------------------------------------------------------------------------------------------

test('the page is there for whoever has its address, in the language they read', async () => {
  checkout.put(linkIn.open)
  const english = await get(`/pay/${token}`)
  assert.equal(english.statusCode, 200)
  assert.equal(english.headers['content-type'], 'text/html; charset=utf-8')
  assert.equal(english.headers['cache-control'], 'no-store')
  assert.equal(english.headers['set-cookie'], undefined)
  assert.match(english.body, /<html lang="en" dir="ltr">[\s\S]*₹1,23,456\.00/)
  assert.match(english.body, new RegExp(`href="/wallet\\?link=${token}"`))
  const hindi = await get(`/pay/${token}`, { 'accept-language': 'hi-IN,en;q=0.5' })
  assert.match(hindi.body, /<html lang="hi" dir="ltr">/)
  const urdu = await get(`/pay/${token}?lang=ur&utm_source=x&lang2=`, { 'accept-language': 'hi' })
  assert.match(urdu.body, /<html lang="ur" dir="rtl">/)
})

test('its policy allows no script, style or picture but the hub’s own', async () => {
  const { headers } = await get(`/pay/${token}`)
  const policy = String(headers['content-security-policy'])
  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; /)
  assert.match(policy, /form-action 'none'; frame-ancestors 'none'$/)
  assert.doesNotMatch(policy, /unsafe|\*|https?:|data:|blob:/)
})

test('no link has this address: 404, and what to do', async () => {
  for (const address of ['nothing', 'x'.repeat(200), '%3Cscript%3E', "'or'1'='1"]) {
    const answer = await get(`/pay/${address}`)
    assert.equal(answer.statusCode, 404, address)
    assert.match(answer.body, /There is no such payment link[\s\S]*ask the merchant for a new link/)
    assert.doesNotMatch(answer.body, /<script|or&#39;1/)
  }
})

test('a hub that cannot say says so, and not that the payment failed', async () => {
  checkout.state.failWith = Object.assign(new Error('inside'), { code: 'ECONNREFUSED' })
  const answer = await get(`/pay/${token}?lang=en`)
  assert.equal(answer.statusCode, 503)
  assert.match(answer.body, /do not pay again/)
  // With a script it asks for its news: a page that is loaded again and again is read from its beginning each time.
  assert.match(answer.body, /<noscript><meta http-equiv="refresh" content="15"><\/noscript>/)
  assert.match(answer.body, new RegExp(`data-events="/pay/${token}/events`))
  assert.doesNotMatch(answer.body, /inside|ECONN|fail/i)
})

test('it comes as small as the browser takes it', async () => {
  checkout.put(linkIn.open)
  const plain = await get(`/pay/${token}`)
  const ways: readonly (readonly [accepts: string, gives: string | undefined, unpack: (bytes: Buffer) => Buffer])[] = [
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['identity', undefined, (bytes) => bytes],
  ]
  for (const [accepts, gives, unpack] of ways) {
    const answer = await get(`/pay/${token}`, { 'accept-encoding': accepts })
    assert.equal(answer.headers['content-encoding'], gives, accepts)
    assert.match(String(answer.headers.vary), /accept-encoding/)
    const text = unpack(answer.rawPayload).toString()
    assert.equal(text.length, plain.body.length)
  }
})

test('what it loads is kept for ever under a name that changes with it', async () => {
  const { body } = await get(`/pay/${token}`)
  const names = [...body.matchAll(/(?:src|href)="(\/pay\/assets\/[^"]*)"/g)].map(([, name = '']) => name)
  assert.equal(names.length, 3)
  for (const name of names) {
    assert.match(name, /\.[\w-]{10}\.(?:css|js|svg)$/)
    const answer = await get(name, { 'accept-encoding': 'br' })
    assert.equal(answer.statusCode, 200, name)
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(answer.headers['content-encoding'], 'br')
    assert.equal(brotliDecompressSync(answer.rawPayload).toString(), (await get(name)).body)
  }
  assert.equal((await get('/pay/assets/page.css')).statusCode, 404)
})

// --- its news -------------------------------------------------------------------------------------------------------

/** A stream of news, as a browser reads it. */
async function listen(query: string, headers: Record<string, string> = {}) {
  const asked = request({ port, path: `/pay/${token}/events?${query}`, headers }).end()
  const [answer]: IncomingMessage[] = await once(asked, 'response')
  assert.ok(answer !== undefined)
  let text = ''
  const waiting = new Set<() => void>()
  answer.setEncoding('utf8')
  answer.on('data', (part: string) => {
    text += part
    for (const wake of waiting) wake()
  })
  answer.on('error', () => undefined) // the test went away
  const closed = once(answer.socket, 'close')
  return {
    status: answer.statusCode,
    headers: answer.headers,
    closed,
    stop: () => asked.destroy(),
    text: () => text,
    /** Waits until what was sent has this in it. */
    async heard(what: RegExp): Promise<string> {
      while (!what.test(text)) await new Promise<void>((resolve) => waiting.add(resolve))
      return text
    },
  }
}

test('the page is told the moment the money is there, in its own language, and the stream is over', async () => {
  checkout.put(linkIn.open)
  const stream = await listen(`lang=hi&seen=${versionOf(linkIn.open)}`)
  assert.deepEqual([stream.status, stream.headers['content-type']], [200, 'text/event-stream'])
  await stream.heard(/retry: 3000/)
  assert.doesNotMatch(stream.text(), /data/)
  checkout.put(linkIn.paid)
  const said = await stream.heard(/data: .*\n\n$/)
  const [, data = ''] = /^data: (.*)$/m.exec(said) ?? []
  const main: string = JSON.parse(data)
  assert.match(said, new RegExp(`^id: ${versionOf(linkIn.paid)}$`, 'm'))
  assert.match(main, /^<main [^>]*data-state="paid"[\s\S]*भुगतान हो गया/)
  await stream.closed
  assert.equal(checkout.linkFeed.following(), 0)
})

test('what came before the stream was there is told first', async () => {
  checkout.put(linkIn.partPaid)
  const stream = await listen(`seen=${versionOf(linkIn.open)}`)
  await stream.heard(/data-state=\\"partPaid/)
  stream.stop()
})

test('a browser that lost the stream goes on where it was, and is not asked back when nothing can come', async () => {
  checkout.put(linkIn.paid)
  const again = await listen(`seen=${versionOf(linkIn.open)}`, { 'last-event-id': versionOf(linkIn.partPaid) })
  await again.heard(/data-state=\\"paid/)
  await again.closed
  const over = await listen('', { 'last-event-id': versionOf(linkIn.paid) })
  assert.equal(over.status, 204)
})

test('a page whose link has expired still hears of money that was on its way', async () => {
  checkout.put(linkIn.expired)
  const stream = await listen(`seen=${versionOf(linkIn.expired)}`)
  checkout.put(linkIn.late)
  await stream.heard(/data-state=\\"late/)
  await stream.closed
})

test('a link for many says that somebody has paid, by the last digits of the RRN', async () => {
  const link = aLink({ isForMany: true, credits: [aCredit(100n)] })
  checkout.put(link)
  const stream = await listen(`lang=en&seen=${versionOf(link)}`)
  await stream.heard(/retry/)
  checkout.put({ ...link, credits: [...link.credits, aCredit(55_500n)] })
  const said = await stream.heard(/event: arrived/)
  assert.match(said, /A payment of ₹555\.00 has just arrived\. Its RRN ends in 4217/)
  assert.doesNotMatch(said, /633211004217|₹1\.00/)
  stream.stop()
})

test('a hundred pages of one link hear of a change by one look at it', async () => {
  checkout.put(linkIn.open)
  const streams = await Promise.all(Array.from({ length: 100 }, () => listen(`seen=${versionOf(linkIn.open)}`)))
  await Promise.all(streams.map((stream) => stream.heard(/retry/)))
  const before = checkout.state.reads
  checkout.put(linkIn.paid)
  await Promise.all(streams.map((stream) => stream.heard(/data-state=\\"paid/)))
  assert.equal(checkout.state.reads, before + 1)
  await Promise.all(streams.map(({ closed }) => closed))
})

test('who goes away is followed no more', async () => {
  checkout.put(linkIn.open)
  const stream = await listen('')
  await stream.heard(/data/)
  assert.equal(checkout.linkFeed.following(), 1)
  stream.stop()
  while (checkout.linkFeed.following() > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('no link: a problem, and no stream; the stream has no HEAD', async () => {
  assert.equal((await get('/pay/nothing/events')).json().code, 'not_found')
  assert.equal((await app.inject({ method: 'HEAD', url: `/pay/${token}/events` })).statusCode, 405)
  assert.equal((await app.inject({ method: 'POST', url: `/pay/${token}` })).statusCode, 405)
})

test('when the hub stops, its streams end, and the pages ask again', async () => {
  checkout.put(linkIn.open)
  const stream = await listen('')
  await stream.heard(/data/)
  checkout.linkFeed.end()
  await stream.closed
  assert.equal(checkout.linkFeed.following(), 0)
})
