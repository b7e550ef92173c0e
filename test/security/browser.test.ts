import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core'
import { openTestDatabase } from '../support/database.ts'
import { createPeopleHub } from '../support/people.ts'

// A real browser with a virtual authenticator of its own, on a hub that listens: whether it keeps our cookie, makes a passkey out of our
// options, and says where a request comes from, is for a browser to say. Skipped where there is no chromium, except in CI.

const found = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((file) => existsSync(file))
const options =
  found === undefined && process.env.BROWSER_TESTS !== 'required' ? { skip: 'there is no chromium here' } : {}

const origins: string[] = []
const hub = await createPeopleHub(await openTestDatabase(), { origins: () => origins })
let browser: Browser | undefined
let context: BrowserContext
let page: Page
let authenticators: CDPSession
let authenticatorId = ''
let port = 0
let strangerPort = 0

before(async () => {
  port = await hub.server.listen({ host: '127.0.0.1', port: 0 })
  origins.push(`http://localhost:${port}`)
  if (options.skip !== undefined) return
  assert.ok(found, 'CI has no chromium')
  browser = await chromium.launch({ executablePath: found, args: ['--no-sandbox'] })
  context = await browser.newContext()
  strangerPort = await new Promise((resolve) => {
    strangers.listen(0, '127.0.0.1', () => resolve(Number(Object(strangers.address()).port)))
  })
  page = await ownPage()
  authenticators = await context.newCDPSession(page)
  await authenticators.send('WebAuthn.enable')
  const added = await authenticators.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  authenticatorId = added.authenticatorId
})
after(async () => {
  await browser?.close()
  strangers.close()
  await hub.close()
})

/** Whatever is asked of it, an empty page: somebody else's site on this machine. */
const strangers = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html')
  response.end('<title>elsewhere</title>')
})

/** An empty page of the hub's own origin, which the hub need not serve. */
async function ownPage(): Promise<Page> {
  const made = await context.newPage()
  const url = `http://localhost:${port}/page`
  await made.route(url, (route) => route.fulfill({ contentType: 'text/html', body: '<title>hub</title>' }))
  await made.goto(url)
  return made
}

/** Runs a function of a page's own language there, with values that JSON can carry. */
const inPage = <T>(where: Page, script: string, ...values: unknown[]): Promise<T> =>
  where.evaluate(`(${script})(${values.map((value) => JSON.stringify(value) ?? 'undefined').join(', ')})`)

type Answer = { readonly status: number; readonly body: ReturnType<typeof JSON.parse> }

/** What a script of the page would do. */
const ask = (method: string, path: string, body?: object, csrf?: string): Promise<Answer> =>
  inPage(
    page,
    `async (method, url, body, token) => {
      const headers = {}
      if (body !== undefined) headers['content-type'] = 'application/json'
      if (token !== undefined) headers['x-csrf-token'] = token
      const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? {} : JSON.parse(text) }
    }`,
    method,
    path,
    body,
    csrf,
  )

/** `navigator.credentials` with the hub's options, as JSON. */
const credential = (way: 'create' | 'get', publicKey: object): Promise<object> =>
  inPage(
    page,
    way === 'create'
      ? 'async (given) => (await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(given) })).toJSON()'
      : 'async (given) => (await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(given) })).toJSON()',
    publicKey,
  )

async function signIn(): Promise<Answer> {
  const { body } = await ask('POST', '/v1/sessions/passkey-options')
  const answer = await credential('get', body.options)
  return ask('POST', '/v1/sessions', { kind: 'passkey', ceremony: body.ceremony, answer })
}

let csrf = ''

test('a browser makes a passkey, is in, and its scripts cannot see the session', options, async () => {
  const { invitation } = await hub.aPerson(['viewer'])
  const begun = await ask('POST', '/v1/invitations/passkey-options', { token: invitation })
  assert.equal(begun.status, 200, JSON.stringify(begun.body))
  const answer = await credential('create', begun.body.options)
  const factor = { kind: 'passkey', ceremony: begun.body.ceremony, answer, label: 'this browser' }
  const accepted = await ask('POST', '/v1/invitations/accept', { token: invitation, factor })
  assert.equal(accepted.status, 201, JSON.stringify(accepted.body))
  csrf = accepted.body.csrfToken
  const [cookie] = await context.cookies()
  assert.deepEqual(
    [cookie?.name, cookie?.secure, cookie?.httpOnly, cookie?.sameSite, cookie?.path, cookie?.expires],
    ['__Host-turant', true, true, 'Strict', '/', -1],
  )
  assert.equal(await inPage(page, '() => document.cookie'), '')
  const current = await ask('GET', '/v1/sessions/current')
  assert.deepEqual([current.status, current.body.by, current.body.csrfToken], [200, 'passkey', csrf])
})

test('it signs out, and in again without a name: the passkey knows whose it is', options, async () => {
  assert.equal((await ask('DELETE', '/v1/sessions/current')).status, 403, 'not without its token')
  assert.equal((await ask('DELETE', '/v1/sessions/current', undefined, csrf)).status, 204)
  assert.deepEqual(await context.cookies(), [])
  assert.equal((await ask('GET', '/v1/sessions/current')).status, 401)
  const again = await signIn()
  assert.equal(again.status, 201, JSON.stringify(again.body))
  csrf = again.body.csrfToken
})

test('it proves again who is there, and adds a second factor after that', options, async () => {
  const [before] = await context.cookies()
  hub.clock.advance(300_000)
  const app = () => ask('POST', '/v1/people/me/app-options', undefined, csrf)
  assert.equal((await app()).body.code, 'reauthentication_required')
  const { body } = await ask('POST', '/v1/sessions/current/passkey-options', undefined, csrf)
  const proof = { kind: 'passkey', ceremony: body.ceremony, answer: await credential('get', body.options) }
  const proved = await ask('POST', '/v1/sessions/current/reauthenticate', proof, csrf)
  assert.equal(proved.status, 200, JSON.stringify(proved.body))
  csrf = proved.body.csrfToken
  assert.notEqual((await context.cookies())[0]?.value, before?.value)
  assert.equal((await app()).status, 200)
})

test('pages elsewhere, and on another port of the same host, change nothing and read nothing', options, async () => {
  for (const host of ['127.0.0.1', 'localhost']) {
    const stranger = await context.newPage()
    await stranger.goto(`http://${host}:${strangerPort}/`)
    // What the hub saw: of most of it the browser tells the page nothing.
    const reached: string[] = []
    const see = (request: IncomingMessage, response: ServerResponse): void => {
      response.on('finish', () => reached.push(`${request.method} ${request.url} ${response.statusCode}`))
    }
    hub.server.app.server.on('request', see)
    await inPage(
      stranger,
      `async (own) => {
        const ask = (method, path) => fetch(own + path, { method, mode: 'no-cors', credentials: 'include' }).catch(() => undefined)
        await ask('POST', '/v1/sessions/current/passkey-options')
        await ask('POST', '/v1/sessions/passkey-options')
        await ask('GET', '/v1/sessions/current')
        const form = document.createElement('form')
        Object.assign(form, { method: 'post', action: own + '/v1/sessions', enctype: 'text/plain', target: 'inside' })
        const frame = document.createElement('iframe')
        frame.name = 'inside'
        document.body.append(frame, form)
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
        form.submit()
        await loaded
      }`,
      `http://localhost:${port}`,
    )
    hub.server.app.server.off('request', see)
    // 403 says that the cookie came along, as it does from another port of the same host; 401 that it did not.
    const mine = host === 'localhost' ? 403 : 401
    assert.deepEqual(reached, [
      `POST /v1/sessions/current/passkey-options ${mine}`,
      'POST /v1/sessions/passkey-options 403',
      `GET /v1/sessions/current ${mine}`,
      'POST /v1/sessions 415',
    ])
    await stranger.close()
  }
  assert.equal((await ask('GET', '/v1/sessions/current')).status, 200)
})

test(
  'whose PIN or finger the authenticator did not see is not asked about: the browser itself says no',
  options,
  async () => {
    await authenticators.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    await assert.rejects(signIn(), /NotAllowedError/)
    await authenticators.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
    assert.equal((await signIn()).status, 201)
  },
)
