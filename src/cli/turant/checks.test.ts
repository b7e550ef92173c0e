import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Turant } from '@turant/sdk'
import { openTestDatabase } from '../../../test/support/database.ts'
import {
  checkApiKey,
  checkCertificates,
  checkClock,
  checkDatabase,
  checkLinks,
  checkReachable,
  type Seen,
} from './checks.ts'
import type { Finding } from './doctor.ts'
import { checkDisk, checkKeyFile, checkNode, checkOwnDatabase } from './local-checks.ts'

// Goal: whatever is wrong with a hub, `turant doctor` finds it and says what to do about it.

const folder = mkdtempSync(join(tmpdir(), 'turant-doctor-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const ready = (change: object = {}): NonNullable<Seen['ready']> => ({
  database: { reachable: true, latencyMs: 1 },
  links: [{ id: 'iso-1', role: 'remitter', state: 'loggedOn', usable: true }],
  draining: false,
  ...change,
})
const seen = (change: Partial<Seen> = {}): Seen => ({
  finding: { check: 'hub', state: 'well', found: '' },
  ready: ready(),
  aheadMs: 0,
  ...change,
})
/** What a check says: its state, and whether there is something to do, as there must be unless all is well. */
function says(finding: Finding | undefined, state: Finding['state'], found: RegExp, todo?: RegExp): void {
  assert.ok(finding !== undefined)
  assert.equal(finding.state, state, JSON.stringify(finding))
  assert.match(finding.found, found)
  if (todo === undefined) assert.equal(finding.todo, undefined)
  else assert.match(finding.todo ?? '', todo)
}

test('clock', () => {
  says(checkClock(seen({ aheadMs: 900 })), 'well', /within two seconds/)
  says(checkClock(seen({ aheadMs: 5_000 })), 'soon', /5\.0 s ahead of/, /chrony/)
  says(checkClock(seen({ aheadMs: -60_000 })), 'wrong', /60\.0 s behind/, /chrony/)
  says(checkClock(seen({ aheadMs: undefined })), 'skipped', /does not answer/)
})

test('database, as the hub sees it', () => {
  const of = (database: object) => checkDatabase(seen({ ready: ready({ database }) }))[0]
  says(of({ reachable: true, latencyMs: 2 }), 'well', /2\.0 ms/)
  says(of({ reachable: true, latencyMs: 80 }), 'soon', /80\.0 ms/, /its disk, its load, and the network/)
  says(of({ reachable: false, latencyMs: null }), 'wrong', /cannot reach it/, /PostgreSQL runs, and DATABASE_URL/)
  says(checkDatabase(seen({ ready: undefined }))[0], 'skipped', /does not answer/)
})

test('links', () => {
  const down = { id: 'iso-2', role: 'beneficiary', state: 'connecting', usable: false }
  const [first, second] = checkLinks(seen({ ready: ready({ links: [...ready().links, down] }) }))
  says(first, 'well', /iso-1 \(remitter\) is loggedOn/)
  says(second, 'wrong', /iso-2 \(beneficiary\) is connecting/, /firewall/)
  says(checkLinks(seen({ ready: ready({ links: [] }) }))[0], 'wrong', /there is none/, /wire-profile\.md/)
  says(checkLinks(seen({ ready: undefined }))[0], 'skipped', /does not answer/)
})

/** A hub that says what the test says. */
async function hubThat(answers: Readonly<Record<string, readonly [status: number, body: string]>>): Promise<string> {
  const server = createServer((request, response) => {
    const [status, body] = answers[new URL(request.url ?? '', 'http://x').pathname] ?? [404, '{}']
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${Object(server.address()).port}`
}

test('the hub itself', async () => {
  const of = async (status: number, body: string) =>
    (await checkReachable(await hubThat({ '/readyz': [status, body] }))).finding
  says(await of(200, JSON.stringify(ready())), 'well', /is ready for payments/)
  says(await of(503, JSON.stringify(ready())), 'wrong', /not ready/, /the database and the links/)
  says(await of(503, JSON.stringify(ready({ draining: true }))), 'wrong', /is stopping/, /start it again/)
  says(await of(200, '<html>'), 'wrong', /does not answer/, /host, port and firewall/)
  says(await of(200, '{}'), 'wrong', /something that is not a hub/, /host, port and firewall/)
  says((await checkReachable('http://127.0.0.1:9')).finding, 'wrong', /does not answer: /, /npm start/)
})

test('API key', async () => {
  const of = async (status: number) => {
    const problem = { type: '', title: '', status, code: status === 401 ? 'unauthorized' : 'forbidden' }
    const page = { data: [], hasMore: false, nextCursor: null }
    const baseUrl = await hubThat({ '/v1/accounts': [status, JSON.stringify(status === 200 ? page : problem)] })
    return checkApiKey(new Turant({ baseUrl, apiKey: 'key', maxRetries: 0 }), seen())
  }
  says(await of(200), 'well', /known to the hub/)
  says(await of(401), 'wrong', /is not known/, /revoked/)
  says(await of(403), 'well', /may not see accounts/)
  says(await of(500), 'wrong', /./, /hub\.log/)
  says(
    await checkApiKey(new Turant({ baseUrl: 'http://127.0.0.1:1', apiKey: 'k' }), seen({ ready: undefined })),
    'skipped',
    /does not answer/,
  )
})

test('certificates', async () => {
  const of = async (...days: number[]) => {
    const lines = days.map((left, i) => `turant_certificate_days_left{use="link",subject="CN=bank-${i}"} ${left}`)
    return checkCertificates(await hubThat({ '/metrics': [200, lines.join('\n')] }), seen())
  }
  const [well, soon, near, over] = await of(200.5, 20, 3, -2)
  says(well, 'well', /CN=bank-0 \(link\) ends in 200 days/)
  says(soon, 'soon', /ends in 20 days/, /put it beside the old/)
  says(near, 'wrong', /ends in 3 days/, /put it beside the old/)
  says(over, 'wrong', /has ended/, /put it beside the old/)
  says((await of())[0], 'skipped', /uses none/)
})

test('database, by itself', async (t) => {
  const { db, url } = await openTestDatabase()
  const before = process.env.DATABASE_URL
  t.after(() => {
    if (before === undefined) delete process.env.DATABASE_URL
    else process.env.DATABASE_URL = before
  })
  process.env.DATABASE_URL = url
  const [tables, time] = await checkOwnDatabase(folder)
  says(tables, 'well', /are made/)
  says(time, 'well', /same time/)
  says((await checkOwnDatabase(folder, { now: () => 0 }))[1], 'soon', /s apart/, /chrony/)
  await db`delete from schema_migration where name = (select max(name) from schema_migration)`
  says((await checkOwnDatabase(folder))[0], 'wrong', /of \d+ are made/, /start this version/)
  process.env.DATABASE_URL = 'postgres://nobody:x@127.0.0.1:1/none'
  says((await checkOwnDatabase(folder))[0], 'wrong', /does not let us in: ECONNREFUSED/, /DATABASE_URL/)
  delete process.env.DATABASE_URL
  says((await checkOwnDatabase(join(folder, 'nowhere')))[0], 'skipped', /./)
})

test('key file', () => {
  says(checkKeyFile(folder), 'skipped', /there is no/)
  const file = join(folder, 'kek.json')
  writeFileSync(file, '{}', { mode: 0o600 })
  says(checkKeyFile(folder), 'well', /its owner's alone/)
  chmodSync(file, 0o640)
  says(checkKeyFile(folder), 'wrong', /\(640\)/, /^chmod 600 /)
})

test('disk', () => {
  const of = (freeGib: number, allGib: number) =>
    checkDisk(folder, { bavail: freeGib * 256, blocks: allGib * 256, bsize: 4 * 1024 * 1024 })
  says(of(50, 100), 'well', /50\.0 GiB free .*\(50 %\)/)
  says(of(150, 2_000), 'well', /\(7 %\)/)
  says(of(10, 100), 'soon', /\(10 %\)/, /make room/)
  says(of(4, 100), 'wrong', /\(4 %\)/, /make room/)
  says(of(0.5, 4), 'wrong', /0\.5 GiB/, /make room/)
  says(checkDisk(join(folder, 'nowhere')), 'skipped', /there is no/)
})

test('Node', () => {
  says(checkNode(), 'well', /^Node 26/)
  says(checkNode('18.20.4'), 'wrong', /^Node 18/, /npm start/)
})
