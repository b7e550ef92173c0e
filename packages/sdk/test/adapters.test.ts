import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import fastify from 'fastify'
import { Hono } from 'hono'
import { turantWebhook as forExpress } from '../src/adapters/express.ts'
import { turantWebhook as forFastify } from '../src/adapters/fastify.ts'
import { turantWebhook as forHono } from '../src/adapters/hono.ts'
import { turantWebhook as forNext } from '../src/adapters/next.ts'
import { makeSecret, signWebhook } from '../src/testing.ts'
import type { WebhookEvent } from '../src/webhooks.ts'

// Each adapter in its own framework, over a socket or as the framework calls it: one test for all, since they promise the same.

const express = createRequire(import.meta.url)('express')
const secret = makeSecret()
let seen: WebhookEvent[] = []
const options = {
  keys: async () => [makeSecret(), secret],
  onEvent: (event: WebhookEvent) => {
    if (event.data.id === 'pay_trouble') throw new Error('the database is away')
    seen.push(event)
  },
}

type Send = (
  body: string,
  headers: Record<string, string>,
) => Promise<{ readonly status: number; readonly text: string }>

async function listen(t: { readonly after: (run: () => void) => void }, server: Server): Promise<Send> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return async (body, headers) => {
    const url = `http://127.0.0.1:${Object(server.address()).port}/hook`
    const answer = await fetch(url, { method: 'POST', body, headers: { ...headers, connection: 'close' } })
    return { status: answer.status, text: await answer.text() }
  }
}

const quiet = (_error: Error, _request: unknown, response: { sendStatus: (status: number) => void }, _next: unknown) =>
  response.sendStatus(500)

const frameworks: Readonly<Record<string, (t: { readonly after: (run: () => void) => void }) => Promise<Send>>> = {
  async fastify(t) {
    const app = fastify()
    await app.register(forFastify, { path: '/hook', ...options })
    await app.ready()
    t.after(() => app.close())
    return async (body, headers) => {
      const { statusCode, payload } = await app.inject({ method: 'POST', url: '/hook', payload: body, headers })
      return { status: statusCode, text: payload }
    }
  },
  async express(t) {
    const app = express()
    app.post('/hook', forExpress(options))
    app.use(quiet)
    return listen(t, createServer(app))
  },
  async 'express behind express.raw'(t) {
    const app = express()
    app.use(express.raw({ type: () => true }))
    app.post('/hook', forExpress(options))
    app.use(quiet)
    return listen(t, createServer(app))
  },
  async hono() {
    const app = new Hono()
    app.use(async (context, next) => {
      await context.req.text() // something before it reads the body
      await next()
    })
    app.post('/hook', forHono(options))
    app.onError((_error, context) => context.text('', 500))
    return async (body, headers) => {
      const answer = await app.request('/hook', { method: 'POST', body, headers })
      return { status: answer.status, text: await answer.text() }
    }
  },
  async next() {
    const POST = forNext(options)
    return async (body, headers) => {
      const request = new Request('https://shop.example/hook', { method: 'POST', body, headers })
      const answer = await POST(request).catch(() => new Response(null, { status: 500 }))
      return { status: answer.status, text: await answer.text() }
    }
  },
}

for (const [name, start] of Object.entries(frameworks)) {
  test(`${name}: a webhook is handed over once it is verified; what is not is refused with its reason; trouble is 500`, async (t) => {
    const send = await start(t)
    seen = []
    const good = await signWebhook(secret, {
      event: { type: 'payment.succeeded', data: { id: 'pay_1', reference: 'café' } },
      id: 'evt_1',
    })
    assert.deepEqual(await send(good.body, good.headers), { status: 204, text: '' })
    assert.deepEqual(
      seen.map(({ id, data }) => [id, 'reference' in data && data.reference]),
      [['evt_1', 'café']],
    )
    const forged = await send(good.body.replace('pay_1', 'pay_2'), good.headers)
    assert.deepEqual([forged.status, JSON.parse(forged.text).reason], [400, 'key'])
    const old = await signWebhook(secret, {
      event: { type: 'payment.succeeded', data: {} },
      atMs: Date.now() - 3_600_000,
    })
    assert.equal(JSON.parse((await send(old.body, old.headers)).text).reason, 'clock')
    assert.equal(seen.length, 1)
    const trouble = await signWebhook(secret, { event: { type: 'payment.failed', data: { id: 'pay_trouble' } } })
    assert.equal((await send(trouble.body, trouble.headers)).status, 500)
  })
}

test('behind express.json() the reason says what to change', async (t) => {
  const app = express()
  app.use(express.json())
  app.post('/hook', forExpress(options))
  const send = await listen(t, createServer(app))
  const good = await signWebhook(secret, { event: { type: 'payment.succeeded', data: {} } })
  const answer = await send(good.body, good.headers)
  assert.deepEqual([answer.status, JSON.parse(answer.text).reason], [400, 'body_parsed'])
})

test('a body without an end is not read for ever', async (t) => {
  const send = await listen(
    t,
    createServer((request, response) => forExpress(options)(request, response, () => undefined)),
  )
  const good = await signWebhook(secret, { event: `"${'x'.repeat(1_100_000)}"` })
  const answer = await send(good.body, good.headers).catch(() => ({ status: 413 })) // a reset while it still writes
  assert.equal(answer.status, 413)
})
