import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { takeBackup } from '../src/backup/backup.ts'
import { findBarred, tellFound } from '../src/backup/found.ts'
import { restoreBackup } from '../src/backup/restore.ts'
import { systemClock } from '../src/base/clock.ts'
import { must, parseRrn } from '../src/base/identifiers.ts'
import { createPool } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { stopTenant } from '../src/identity/tenants.ts'
import { rrnHour } from '../src/imps/rrn.ts'
import { initiate } from '../src/payment/initiate.ts'
import { openFileStore } from '../src/secrecy/file-store.ts'
import { openTestDatabase } from './support/database.ts'
import { hubFolder, inherited, type Ready, startHub } from './support/hub-process.ts'
import { requestFrom } from './support/payment-room.ts'
import { startSettledHub } from './support/settled-hub.ts'

/** A hub is lost with its database, after a backup; another takes its place before the same switch. */

const MINUTE_MS = 60_000

const [BACKUP, RESTORE] = ['backup', 'restore'].map((name) =>
  fileURLToPath(new URL(`../src/cli/${name}.ts`, import.meta.url)),
) as [string, string]

const folder = mkdtempSync(join(tmpdir(), 'turant-restore-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const keys = openFileStore(join(folder, 'kek.json'), undefined)
const noProgress = () => undefined

const pools = async () => {
  const { db, url } = await openTestDatabase()
  const doors = createPool(url, { connections: 4, indexOnly: true, name: 'turant doors' })
  after(() => doors.end({ timeout: 1 }))
  return { db, doors, url }
}

test('after a restore nothing in doubt is called failed, nothing leaves twice, no RRN is used again, and what was lost is a break', async () => {
  const lost = await pools()
  const one = await startSettledHub(lost)
  const account = await one.open(100_000_000n)
  const wait = async (seconds: number) => {
    const request = requestFrom(account.id, { waits: [{ stage: 'lag', seconds }] })
    const result = await one.got('held', initiate(one.hub.room, request))
    assert.ok(result.kind === 'accepted')
    return result.payment
  }
  const paid = await one.pay(account.id, 150_000)
  await one.until('paid', async () => (await one.read(paid.id)).state === 'succeeded')
  const inFlight = await one.pay(account.id, 10_300)
  const declined = await one.pay(account.id, 10_400)
  const leaves = await wait(60)
  const stays = await wait(2 * 3_600)

  const backup = join(folder, 'backup')
  await takeBackup({ db: lost.db, keys, clock: one.clock, filesDir: join(one.folder, 'files') }, backup, noProgress)

  const lostOnes = await Promise.all([150_100, 150_200, 10_600].map((amount) => one.pay(account.id, amount)))
  await one.until('the wait is over', async () => (await one.read(leaves.id)).state === 'succeeded', 1_000)
  const seen = [...one.simulator.journal.outward.entries()]
  const left = await one.read(leaves.id)
  assert.deepEqual(
    seen.map(({ rrn }) => rrn).sort(),
    [...[paid, inFlight, declined, ...lostOnes].map(({ rrn }) => rrn), left.rrn].sort(),
  )
  await one.got('gone', one.hub.close())

  const next = await pools()
  const restoring = { url: next.url, keys, clock: one.clock, filesDir: join(folder, 'files') }
  const { doubts } = await restoreBackup(restoring, backup, 'test', noProgress)
  assert.deepEqual([doubts.asked, doubts.barred, doubts.stopped], [2, 2, [1]])
  const two = await startSettledHub(next, { before: one.world })
  after(() => two.stop())

  // What was in flight is asked about; what it becomes is what the switch says.
  await two.until('asked', async () => (await two.read(inFlight.id)).state === 'succeeded', 1_000)
  await two.until('asked', async () => (await two.read(declined.id)).state === 'declined', 1_000)
  assert.match(await two.states(inFlight.id), /^sent unconfirmed succeeded$/)

  // What was held may have left: no timer, no customer and no approver moves it.
  await two.moveTo(doubts.closedUntil - MINUTE_MS)
  for (const { id } of [leaves, stays]) assert.equal((await two.read(id)).state, 'held')
  assert.deepEqual((await findBarred(next.db, 10)).map(({ id }) => id).sort(), [leaves.id, stays.id].sort())

  const again = () =>
    two.got('answered', initiate(two.hub.room, requestFrom(account.id, { amountPaise: paid.amountPaise })))
  const refused = async () => {
    const result = await again()
    return result.kind === 'refused' ? result.reason : result.kind
  }
  assert.equal(await refused(), 'stopped')
  await inTransaction(next.db, (tx) => stopTenant(tx, 1, null))
  assert.equal(await refused(), 'capacity_exhausted')
  await two.moveTo(doubts.closedUntil)
  const fresh = await two.pay(account.id, 150_000)
  const hours = new Set(seen.map(({ rrn }) => rrn.slice(0, 6)))
  assert.ok(!hours.has(rrnHour(must(parseRrn(fresh.rrn ?? ''), 'RRN'))))

  // NPCI's files have what the restored hub does not know: each of it is a break.
  await two.cut()
  await two.settle()
  const rows = await two.still(
    next.db<
      { rrn: string }[]
    >`select distinct rrn from break where closed_at is null and kind in ('B06', 'B25') order by rrn`,
  )
  assert.deepEqual(
    rows.map(({ rrn }) => rrn),
    [...lostOnes.map(({ rrn }) => rrn), left.rrn].sort(),
  )

  // People read the file: one had left, the other never did.
  const rrn = must(parseRrn(left.rrn ?? ''), 'RRN')
  const by = { at: two.clock.now(), operator: 'test' }
  assert.equal(await two.still(tellFound(next.db, leaves.id, rrn, by)), true)
  assert.equal(await two.still(tellFound(next.db, stays.id, null, by)), true)
  assert.equal(await two.still(tellFound(next.db, stays.id, null, by)), false)
  await two.until('told', async () => (await two.read(leaves.id)).state === 'succeeded', 1_000)
  assert.match(await two.states(leaves.id), /^held unconfirmed succeeded$/)
  await two.until('left', async () => (await two.read(stays.id)).state === 'succeeded', 60_000)

  const all = [...two.simulator.journal.outward.entries()]
  assert.deepEqual(
    all.filter(({ originals }) => originals !== 1),
    [],
  )
  assert.equal(new Set(all.map((entry) => entry.rrn)).size, all.length)
})

test('what is broken, of another release or under another key is refused, and so is a database in use; nothing is put anywhere', async () => {
  const { db, url: usedUrl } = await pools()
  await db`insert into account (lane, account_id, tenant_id, kind, created_at) values (1, 1, 0, 'RBI-STL', now())`
  await db`insert into tenant (tenant_id, kind, name) values (7, 'business', 'Example Business')`
  const backup = join(folder, 'small')
  await takeBackup({ db, keys, clock: systemClock, filesDir: join(folder, 'none') }, backup, noProgress)
  await assert.rejects(
    takeBackup({ db, keys, clock: systemClock, filesDir: join(folder, 'none') }, backup, noProgress),
    /is there already/,
  )
  const target = await pools()
  const into = { url: target.url, keys, clock: systemClock, filesDir: join(folder, 'put') }
  const from = (change: (folder: string) => void): string => {
    const copy = mkdtempSync(join(folder, 'copy-'))
    cpSync(backup, copy, { recursive: true })
    change(copy)
    return copy
  }
  const refused = (change: (folder: string) => void, why: RegExp, how = into) =>
    assert.rejects(restoreBackup(how, from(change), 'test', noProgress), why)
  const content = readFileSync(join(backup, 'database.sealed'))
  const put = (bytes: Uint8Array) => (at: string) => writeFileSync(join(at, 'database.sealed'), bytes)
  const flipped = Buffer.from(content)
  flipped[content.length >> 1] = (flipped[content.length >> 1] ?? 0) ^ 1
  const says = (what: object) => (at: string) => {
    const manifest = JSON.parse(readFileSync(join(at, 'manifest.json'), 'utf8'))
    writeFileSync(join(at, 'manifest.json'), JSON.stringify({ ...manifest, ...what }))
  }
  await refused(put(flipped), /broken/)
  await refused(put(content.subarray(0, -20)), /broken/)
  await refused(put(new Uint8Array()), /broken/)
  await refused((at) => rmSync(join(at, 'database.sealed')), /broken/)
  await refused((at) => rmSync(join(at, 'manifest.json')), /no backup/)
  await refused(says({ format: 'turant backup 2' }), /no backup that this release can read/)
  await refused(says({ sha256: '0'.repeat(64) }), /broken/)
  await refused(says({ files: { 'fil_00000000000000000000000000000000.sealed': '00' } }), /broken/)
  await refused(says({ files: { '../evil': '00' } }), /no backup/)
  await refused(says({ lastMigration: '0099-later' }), /another release/)
  const others = openFileStore(join(folder, 'other-kek.json'), undefined)
  await refused(() => undefined, /does not open this backup/, { ...into, keys: others })
  await refused(() => undefined, /not empty/, { ...into, url: usedUrl })
  assert.deepEqual([...(await target.db`select tenant_id from tenant where tenant_id = 7`)], [])

  const { doubts } = await restoreBackup(into, backup, 'test', noProgress)
  assert.deepEqual(doubts.stopped, [1, 7])
  const [shop] = await target.db<{ name: string; stopped: boolean }[]>`
    select name, stopped_at is not null as stopped from tenant where tenant_id = 7`
  assert.deepEqual({ ...shop }, { name: 'Example Business', stopped: true })
  await assert.rejects(restoreBackup(into, backup, 'test', noProgress), /not empty/)
  await assert.rejects(target.db`truncate entry`, /append-only/)
})

test('an account number or a key that was drawn after the backup is not drawn again', async () => {
  const { db } = await pools()
  const next = async (from: typeof db): Promise<bigint> =>
    (await from<{ n: bigint }[]>`select nextval('account_number_seq') as n`)[0]?.n ?? 0n
  const before = await next(db)
  const backup = join(folder, 'sequences')
  await takeBackup({ db, keys, clock: systemClock, filesDir: join(folder, 'none') }, backup, noProgress)
  const lost = await next(db)
  const target = await pools()
  const into = { url: target.url, keys, clock: systemClock, filesDir: join(folder, 'put') }
  await restoreBackup(into, backup, 'test', noProgress)
  const fresh = await next(target.db)
  assert.ok(before < lost && fresh > lost + 100_000n, `${before} ${lost} ${fresh}`)
})

test('by hand: a hub is killed, its folder is lost, and another one goes on from the backup', async () => {
  const [first, second] = [hubFolder('first'), hubFolder('second')]
  const one = startHub({ TURANT_DATA_DIR: first })
  const before = await one.ready()
  const pay = async (hub: Ready, amount: string, key: string) => {
    const response = await fetch(`${hub.baseUrl}/v1/payments`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${hub.apiKey}`,
        'Idempotency-Key': key,
        'Content-Type': 'application/json',
        Prefer: 'wait=10',
      },
      body: JSON.stringify({
        amount,
        from: hub.accounts.remitter,
        to: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' },
      }),
    })
    const { id, status, code } = (await response.json()) as { id?: string; status: string; code?: string }
    return { id, status, code }
  }
  const status = async (hub: Ready, id: string | undefined): Promise<number> =>
    (await fetch(`${hub.baseUrl}/v1/payments/${id}`, { headers: { Authorization: `Bearer ${hub.apiKey}` } })).status
  const paid = await pay(before, '150000', 'rent-march')
  assert.equal(paid.status, 'succeeded')
  const silent = await pay(before, '10500', 'rent-april')

  const backup = join(first, 'backup')
  const env = { TURANT_DATA_DIR: first }
  const taken = spawnSync(process.execPath, [BACKUP, '--to', backup], {
    env: { ...inherited, ...env },
    encoding: 'utf8',
  })
  assert.match(taken.stdout, /only the key kek-1-[0-9a-f]+ of the key store \(file\) opens it/)
  const lost = await pay(before, '150000', 'rent-may')
  assert.equal(lost.status, 'succeeded')
  one.child.kill('SIGKILL')
  await one.ended

  for (const name of ['api-key', 'customers-key', 'checker-key']) copyFileSync(join(first, name), join(second, name))
  const restore = () =>
    spawnSync(process.execPath, [RESTORE, '--from', backup], {
      env: { ...inherited, TURANT_DATA_DIR: second },
      encoding: 'utf8',
    })
  assert.match(restore().stderr, /there is no key file .*kek.json/)
  copyFileSync(join(first, 'kek.json'), join(second, 'kek.json'))
  const done = restore()
  assert.match(done.stdout, /1 payments in flight are asked about again/, done.stderr)
  assert.match(restore().stderr, /not empty/)

  const two = startHub({ TURANT_DATA_DIR: second })
  const now = await two.ready()
  assert.equal(await status(now, paid.id), 200)
  assert.equal(await status(now, lost.id), 404)
  assert.deepEqual(await pay(now, '150000', 'rent-march'), paid)
  assert.deepEqual((await pay(now, '150000', 'rent-june')).code, 'stopped')
  const answer = await fetch(`${now.baseUrl}/v1/payments/${silent.id}`, {
    headers: { Authorization: `Bearer ${now.apiKey}` },
  })
  assert.equal(((await answer.json()) as { status: string }).status, 'processing')
  two.child.kill('SIGTERM')
  assert.equal(await two.ended, 0)
})
