import assert from 'node:assert/strict'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Turant } from '@turant/sdk'
import { createOutbound } from '../src/base/outbound.ts'
import { openTracing } from '../src/tracing.ts'
import { hubFolder, startHub } from './support/hub-process.ts'

// The whole way of a payment as those see it who take its traces: a small receiver of OTLP/HTTP that keeps what it is sent.

type Span = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: object }[]
}

async function startReceiver() {
  const spans: Span[] = []
  const texts: string[] = []
  const heard: (() => void)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      texts.push(text)
      for (const resource of JSON.parse(text).resourceSpans)
        for (const scope of resource.scopeSpans) spans.push(...scope.spans)
      response.setHeader('content-type', 'application/json')
      response.end('{}')
      for (const wake of heard.splice(0)) wake()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/v1/traces`,
    spans,
    texts,
    /** Waits until a span is there. */
    async until(found: (span: Span) => boolean): Promise<Span> {
      for (;;) {
        const span = spans.find(found)
        if (span !== undefined) return span
        await new Promise<void>((resolve) => heard.push(resolve))
      }
    },
  }
}

const attributeOf = (span: Span, key: string): unknown => {
  const one = span.attributes.find((attribute) => attribute.key === key)
  return one === undefined ? undefined : Object.values(one.value)[0]
}

test('one trace from the request over the doors to the answer of the switch, with RRN and payment id, and with nothing personal', async () => {
  const receiver = await startReceiver()
  const dataDir = hubFolder('traces')
  const hub = startHub({ TURANT_DATA_DIR: dataDir, TURANT_TRACES_URL: receiver.url })
  const { baseUrl, apiKey, accounts } = await hub.ready()
  const shop = createServer((_request, response) => response.writeHead(204).end()).listen(0, '127.0.0.1')
  await once(shop, 'listening')
  after(() => shop.close())
  const turant = new Turant({ baseUrl, apiKey })
  await turant.webhookEndpoints.create({ url: `http://127.0.0.1:${Object(shop.address()).port}/hook` })
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const response = await fetch(`${baseUrl}/v1/payments`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${apiKey}`,
      'Idempotency-Key': 'traced',
      'Content-Type': 'application/json',
      Prefer: 'wait=10',
      traceparent: `00-${traceId}-00f067aa0ba902b7-00`,
    },
    body: JSON.stringify({
      amount: '49876543',
      from: accounts.remitter,
      to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' },
      remarks: 'whisper',
    }),
  })
  const payment = (await response.json()) as { id: string; rrn: string; status: string }
  const request = await receiver.until(({ name }) => name === 'POST /v1/payments')
  const original = await receiver.until(({ name }) => name === 'original')
  const record = await receiver.until((span) => span.name === 'door record')
  const door = await receiver.until(({ name }) => name === 'door initiate')
  const webhook = await receiver.until(
    (span) => span.name === 'webhook' && attributeOf(span, 'turant.event') === 'payment.succeeded',
  )
  for (const span of [request, original, record, door, webhook]) assert.equal(span.traceId, traceId, span.name)
  assert.equal(request.parentSpanId, '00f067aa0ba902b7')
  for (const span of [original, record, door, webhook]) {
    assert.equal(span.parentSpanId, request.spanId, span.name)
    assert.equal(attributeOf(span, 'turant.payment_id'), payment.id)
    assert.equal(attributeOf(span, 'turant.rrn'), payment.rrn)
  }
  assert.equal(attributeOf(request, 'http.response.status_code'), response.status)
  assert.equal(attributeOf(original, 'turant.state'), payment.status)
  assert.equal(attributeOf(webhook, 'turant.answer'), 'told')
  const metrics = await (await fetch(`${baseUrl}/metrics`, { headers: { Authorization: `Bearer ${apiKey}` } })).text()
  assert.match(metrics, /^turant_webhook_tries_total\{outcome="told"\} [2-9]/m)
  assert.match(metrics, /^turant_webhook_try_seconds_count\{outcome="told"\} [2-9]/m)

  hub.child.kill('SIGTERM')
  assert.equal(await hub.ended, 0)
  const all = receiver.texts.join('')
  for (const secret of [
    '50100123456789',
    'Asha',
    'ASHA',
    '49876543',
    'whisper',
    'HDFC0000123',
    accounts.remitter,
    apiKey,
  ])
    assert.ok(!all.includes(secret), secret)
})

test('what is called because of a request is told its trace; a header that is none begins a new one; a ratio of 0 keeps nothing', async () => {
  const receiver = await startReceiver()
  const told: (string | undefined)[] = []
  const server = createServer((request, response) => {
    told.push(request.headers.traceparent?.toString())
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  const address = server.address()
  const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/`
  const tracing = openTracing({ url: receiver.url, ratio: 1, instance: 'test' })
  const outbound = createOutbound({ loopback: true, tracing })
  after(() => outbound.close())
  const span = tracing.start('a', 'server', {}, 'nonsense')
  await tracing.within(span, () => outbound.send({ method: 'POST', url }))
  await outbound.send({ method: 'POST', url })
  assert.deepEqual(told, [span.traceparent, undefined])
  span.end()
  await tracing.close()
  const [kept] = receiver.spans
  assert.equal(kept?.name, 'a')
  assert.ok(kept?.parentSpanId === undefined || kept.parentSpanId === '')

  const silent = openTracing({ url: receiver.url, ratio: 0, instance: 'test' })
  silent.start('b', 'server', {}, `00-${'4'.repeat(32)}-${'5'.repeat(16)}-01`).end()
  await silent.close()
  assert.equal(receiver.spans.length, 1)
})

test('a hub that is not told to trace loads nothing that traces', () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const importers = globSync('src/**/*.ts', { cwd: root, exclude: (name) => name.endsWith('.test.ts') }).filter(
    (file) => /from '(?:@opentelemetry\/|(?:\.\.?\/)+tracing\.ts')/.test(readFileSync(join(root, file), 'utf8')),
  )
  // The types of `base/tracing.ts` are erased; the library is behind one dynamic import of main.ts.
  assert.deepEqual(
    importers.filter((file) =>
      /^import (?!type ).*tracing\.ts'|^import .*@opentelemetry/m.test(readFileSync(join(root, file), 'utf8')),
    ),
    ['src/tracing.ts'],
  )
})
