import assert from 'node:assert/strict'
import type { LightMyRequestResponse } from 'fastify'
import { TOTP } from 'otpauth'
import { writeActs } from '../../src/audit/acts.ts'
import { asTenant } from '../../src/db/tenant.ts'
import { makePersonChange } from '../../src/http/people.ts'
import { createServer, type Server } from '../../src/http/server.ts'
import { createClients } from '../../src/identity/clients.ts'
import { invite } from '../../src/identity/invitations.ts'
import { digestOfKey } from '../../src/identity/keys.ts'
import { createHashing, type Hashing } from '../../src/identity/passwords.ts'
import { createPeople, type PeopleRoom } from '../../src/identity/people.ts'
import { insertPerson } from '../../src/identity/person-store.ts'
import type { Role } from '../../src/identity/rights.ts'
import { decide } from '../../src/payment/approvals.ts'
import { createChanges } from '../../src/payment/changes.ts'
import { authenticate, type Ceremony, register, type SoftKey } from './authenticator.ts'
import type { TestDatabase } from './database.ts'
import { createFakeHub, KEY } from './http.ts'
import { createTestRoom } from './payment-room.ts'
import { testVault } from './vault.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

/** A hub whose people are real, on a clock of ours; and people who sign in to it. */

export const ORIGIN = 'https://hub.example'
export const RP_ID = 'hub.example'

/** Somebody at a browser: a cookie, a CSRF token, and the headers that a page of the hub sends. */
export type Browser = { cookie: string; csrf: string }
export type Call = {
  readonly as?: Browser | undefined
  readonly body?: object | undefined
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly from?: string
}
export type Answer = {
  readonly status: number
  readonly body: ReturnType<typeof JSON.parse>
  readonly headers: LightMyRequestResponse['headers']
}

export type WithPassword = {
  readonly id: string
  readonly login: string
  readonly password: string
  readonly code: () => string
  /** What signs in, but for the code. */
  readonly proof: {
    readonly kind: 'password'
    readonly tenant: number
    readonly login: string
    readonly password: string
  }
  readonly browser: Browser
}

export type PeopleHub = {
  readonly server: Server
  readonly people: PeopleRoom
  readonly clock: VirtualClock
  readonly call: (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, call?: Call) => Promise<Answer>
  /** A person with these roles, without factors yet; and their invitation. */
  readonly aPerson: (
    roles: readonly Role[],
    tenantId?: number,
  ) => Promise<{ id: string; login: string; invitation: string }>
  /** The same with a passkey, signed in. */
  readonly signedIn: (
    roles: readonly Role[],
    tenantId?: number,
  ) => Promise<{ id: string; login: string; key: SoftKey; browser: Browser }>
  /** The same with a password and an app instead; a code that was not used can be had at once. */
  readonly withPassword: (roles: readonly Role[], tenantId?: number) => Promise<WithPassword>
  readonly signIn: (key: SoftKey, change?: Partial<Ceremony>, call?: Call) => Promise<Answer>
  readonly proveAgain: (browser: Browser, key: SoftKey) => Promise<Answer>
  readonly acts: (
    subject?: string,
  ) => Promise<{ action: string; outcome: string; detail: string; subject: string | null }[]>
  readonly close: () => Promise<void>
}

/**
 * @param more  `hashing`: cheap unless a test is about time; `origins`: what the hub is called, when it is not `ORIGIN`
 */
export async function createPeopleHub(
  { db, url }: TestDatabase,
  more: { readonly hashing?: Hashing; readonly origins?: () => readonly string[] } = {},
): Promise<PeopleHub> {
  const origins = more.origins ?? (() => [ORIGIN])
  const clock = createVirtualClock(Date.UTC(2026, 10, 23, 6))
  const t = await createTestRoom(url, { clock })
  const fake = createFakeHub(db)
  const ofTenant = <T>(tenantId: number, run: Parameters<typeof asTenant<T>>[2]) => asTenant(db, tenantId, run)
  const note: PeopleRoom['note'] = (tx, act) => writeActs(tx, [act])
  const people = createPeople({
    clock,
    db,
    vault: testVault,
    asTenant: ofTenant,
    note,
    origins,
    hashing: more.hashing ?? createHashing({ cost: { memory: 8, passes: 1, parallelism: 1 } }),
  })
  const changes = createChanges({
    clock,
    vault: testVault,
    asTenant: ofTenant,
    newId: () => crypto.randomUUID().replaceAll('-', ''),
    approvalMs: 86_400_000,
    make: { person: makePersonChange(people) },
  })
  const server = await createServer({
    ...fake.deps,
    clock,
    people,
    changes,
    note,
    clients: createClients({ clock, db, staticKeys: [{ tenantId: 1, name: 'program', sha256: digestOfKey(KEY) }] }),
    origins,
    decide: (ballot) => decide({ room: t.room, asTenant: ofTenant, changes, noted: async () => undefined }, ballot),
  })
  const call: PeopleHub['call'] = async (method, path, { as, body, headers, from } = {}) => {
    const sent: Record<string, string | undefined> = {
      ...(as === undefined ? {} : { cookie: as.cookie }),
      ...(as === undefined || method === 'GET' ? {} : { 'x-csrf-token': as.csrf }),
      'sec-fetch-site': 'same-origin',
      ...(method === 'GET' ? {} : { origin: ORIGIN }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    }
    const answer = await server.app.inject({
      method,
      url: path,
      headers: Object.fromEntries(
        Object.entries(sent).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      ),
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      ...(from === undefined ? {} : { remoteAddress: from }),
    })
    const isJson = answer.body !== '' && /^application\/(problem\+)?json/.test(String(answer.headers['content-type']))
    return { status: answer.statusCode, body: isJson ? answer.json() : {}, headers: answer.headers }
  }
  const aPerson: PeopleHub['aPerson'] = async (roles, tenantId = 1) => {
    await testVault.prepare([tenantId], clock.now())
    const login = `${crypto.randomUUID().slice(0, 8)}@bank.example`
    return ofTenant(tenantId, async (tx) => {
      const made = await insertPerson(tx, testVault, { tenantId, name: 'Asha Devi', login, roles }, 'test', clock.now())
      assert.ok(made)
      const { token } = await invite(tx, made, 'test', clock.now())
      return { id: made.id, login, invitation: token }
    })
  }
  const signIn: PeopleHub['signIn'] = async (key, change = {}, more = {}) => {
    const { body } = await call('POST', '/v1/sessions/passkey-options')
    const answer = authenticate({ challenge: body.options.challenge, origin: ORIGIN, rpId: RP_ID, ...change }, key)
    return call('POST', '/v1/sessions', { ...more, body: { kind: 'passkey', ceremony: body.ceremony, answer } })
  }
  return {
    server,
    people,
    clock,
    call,
    aPerson,
    signIn,
    async signedIn(roles, tenantId) {
      const { id, login, invitation } = await aPerson(roles, tenantId)
      const { body } = await call('POST', '/v1/invitations/passkey-options', { body: { token: invitation } })
      const { key, answer } = register(
        { challenge: body.options.challenge, origin: ORIGIN, rpId: RP_ID },
        body.options.user.id,
      )
      const factor = { kind: 'passkey', ceremony: body.ceremony, answer, label: 'laptop' }
      const accepted = await call('POST', '/v1/invitations/accept', { body: { token: invitation, factor } })
      assert.equal(accepted.status, 201, JSON.stringify(accepted.body))
      return { id, login, key, browser: browserOf(accepted) }
    },
    async withPassword(roles, tenantId = 1) {
      const { id, login, invitation } = await aPerson(roles, tenantId)
      const password = `long words of ${id.slice(-6)}`
      const { body: app } = await call('POST', '/v1/invitations/app-options', { body: { token: invitation } })
      const totp = new TOTP({ secret: app.secret })
      const code = (): string => totp.generate({ timestamp: clock.now() })
      const factor = { kind: 'password', password, app: { ceremony: app.ceremony, code: code() } }
      const accepted = await call('POST', '/v1/invitations/accept', { body: { token: invitation, factor } })
      assert.equal(accepted.status, 201, JSON.stringify(accepted.body))
      clock.advance(30_000)
      const proof = { kind: 'password', tenant: tenantId, login, password } as const
      return { id, login, password, code, proof, browser: browserOf(accepted) }
    },
    async proveAgain(browser, key) {
      const { body } = await call('POST', '/v1/sessions/current/passkey-options', { as: browser })
      const answer = authenticate({ challenge: body.options.challenge, origin: ORIGIN, rpId: RP_ID }, key)
      const proof = { kind: 'passkey', ceremony: body.ceremony, answer }
      const proved = await call('POST', '/v1/sessions/current/reauthenticate', { as: browser, body: proof })
      if (proved.status === 200) Object.assign(browser, browserOf(proved))
      return proved
    },
    acts: (subject) =>
      subject === undefined
        ? db`select action, outcome, detail, subject from act order by sequence`
        : db`select action, outcome, detail, subject from act where subject = ${subject} order by sequence`,
    close: async () => {
      await server.close()
      await t.close()
    },
  }
}

/** The browser after an answer that began a session. */
export function browserOf({ headers, body }: Answer): Browser {
  const cookie = String(headers['set-cookie']).split(';')[0] ?? ''
  assert.match(cookie, /^__Host-turant=[A-Za-z0-9_-]{43}$/)
  return { cookie, csrf: body.csrfToken }
}
