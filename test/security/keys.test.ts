import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import type { PaymentId } from '../../src/base/identifiers.ts'
import { createPool, type Db } from '../../src/db/pool.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { record } from '../../src/payment/record.ts'
import { findPayment } from '../../src/payment/store.ts'
import { openFileStore } from '../../src/secrecy/file-store.ts'
import { keyTable } from '../../src/secrecy/key-table.ts'
import { indexPlaces, nameOf, sealedPlaces } from '../../src/secrecy/places.ts'
import { countByKey, type ResealDeps, reseal } from '../../src/secrecy/reseal.ts'
import { destroyKek, renewKey, rotateIndex, rotateKek } from '../../src/secrecy/rotate.ts'
import { shred } from '../../src/secrecy/shred.ts'
import { type OpenVault, openVault } from '../../src/secrecy/vault.ts'
import { readZmk, writeZmk } from '../../src/zmk-file.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestRoom, requestFrom, type TestRoom } from '../support/payment-room.ts'

const folder = mkdtempSync(join(tmpdir(), 'turant-keys-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A hub of its own: database, key file, a vault that runs, and a clock whose wall can be set. */
async function start(name: string, startAt = Date.UTC(2026, 10, 20)) {
  const { db, url } = await openTestDatabase()
  const at = { now: startAt }
  const clock: Clock = { ...systemClock, now: () => at.now }
  const path = join(folder, `${name}.json`)
  const keys = openFileStore(path, undefined)
  const open = () => openVault({ keys: openFileStore(path, undefined), table: keyTable(db), block: 1_000_000 })
  const vault = await open()
  const t = await createTestRoom(url, { clock, vault })
  after(() => t.close())
  const deps = (own: OpenVault): ResealDeps => ({ db, vault: own, clock, pauseMs: 0, told: () => undefined })
  return { db, url, at, clock, path, keys, open, vault, t, deps, operator: { id: 'tester', clock } }
}

const payee = { kind: 'account', ifsc: 'HDFC0000123', account: '77001122334455', name: 'Xenia Vaidyanathan' } as const
async function pay(t: TestRoom, from: Parameters<typeof requestFrom>[0]): Promise<PaymentId> {
  const paid = await initiate(t.room, requestFrom(from, { to: Object(payee) }))
  assert.ok(paid.kind === 'accepted')
  await record(t.room, paid.payment, { kind: 'approved', responseCode: '00', registeredName: 'XENIA V' })
  return paid.payment.id
}
const nameIn = async (db: Db, vault: OpenVault, id: PaymentId) => {
  const found = await findPayment(db, vault, 1, id)
  return found?.beneficiary.kind === 'account' ? found.beneficiary.name : undefined
}
const actsOf = async (db: Db): Promise<string[]> =>
  (await db<{ action: string }[]>`select action from act order by at, sequence`).map(({ action }) => action)

// ASVS 11.2.2
test('a new key-encryption key wraps every data key, hubs go on, and the old one can then be destroyed', async () => {
  const { db, vault, open, keys, operator, t, path } = await start('kek')
  const account = await t.open()
  const id = await pay(t, account.id)
  const old = await keys.current()
  const { kek, wrapped } = await rotateKek(db, keys, operator)
  assert.notEqual(kek, old)
  assert.ok(wrapped >= 2)
  const rows = await db<{ kek: string }[]>`select distinct kek from data_key`
  assert.deepEqual([...rows], [{ kek }])
  assert.equal(await nameIn(db, vault, id), payee.name)
  await vault.prepare([5], operator.clock.now()) // a hub that was open before wraps its next data key by the new one
  assert.equal((await db`select from data_key where kek <> ${kek}`).length, 0)

  await assert.rejects(destroyKek(db, keys, kek, operator), /still wraps \d+ data keys/)
  await destroyKek(db, keys, old, operator)
  assert.equal(await nameIn(db, await open(), id), payee.name)
  assert.deepEqual(await openFileStore(path, undefined).list(), [kek])
  assert.deepEqual(await actsOf(db), ['kek.rotated', 'kek.destroyed'])
})

test('a rotation that was broken off goes on with the key that it made', async () => {
  const { db, vault, keys, operator } = await start('broken')
  await vault.prepare([1, 2, 3], operator.clock.now())
  const made = await keys.rotate() // and then the power went
  const { kek } = await rotateKek(db, keys, operator)
  assert.equal(kek, made)
  assert.equal((await keys.list()).length, 2)
  assert.equal((await db`select from data_key where kek <> ${kek}`).length, 0)
})

test('a retired data key is let go of by running hubs, and its rows are sealed again while payments go on', async () => {
  const { db, vault, open, operator, t, deps } = await start('renew')
  const account = await t.open(100_000_000n)
  const before: PaymentId[] = []
  for (let i = 0; i < 20; i += 1) before.push(await pay(t, account.id))
  const [retired] = await renewKey(db, 1, operator)
  assert.ok(retired !== undefined)
  const between = vault.seal('t.c', 1, 'r', 'text') // no batch under way fails
  assert.equal(vault.open('t.c', 1, 'r', between), 'text')
  assert.ok((await vault.look()) > 0)
  assert.equal(await vault.look(), 0)
  await vault.prepare([1], operator.clock.now())
  assert.notEqual(Buffer.from(vault.seal('t.c', 1, 'r', 'text')).readUInt32BE(1), retired)

  let going = true
  const during: PaymentId[] = []
  const load = (async () => {
    while (going) during.push(...(await Promise.all([pay(t, account.id), pay(t, account.id)])))
  })()
  const other = await open()
  const month = '2026-11'
  const { rows, broken } = await reseal(deps(other), [{ kid: retired, tenantId: 1, month }])
  going = false
  await load
  assert.deepEqual(broken, [])
  assert.ok(rows >= 41, `${rows} rows: 20 payments with two values, and the account`)
  assert.equal((await countByKey(db)).get(retired) ?? 0, 0)
  for (const id of [...before, ...during]) assert.equal(await nameIn(db, vault, id), payee.name)
  await t.proveBooks()
  assert.equal((await reseal(deps(other), [{ kid: retired, tenantId: 1, month }])).rows, 0)
  assert.deepEqual(await actsOf(db), ['data_key.retired'])
})

test('a value that was altered is named and left, and the rest is sealed again', async () => {
  const { db, open, operator, t, deps } = await start('altered')
  const account = await t.open()
  const [bad, good] = [await pay(t, account.id), await pay(t, account.id)]
  const key = bad.slice(4)
  await db`update payment set sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40)) where payment_id = ${key}::uuid`
  const [retired = 0] = await renewKey(db, 1, operator)
  const vault = await open()
  const { broken } = await reseal(deps(vault), [{ kid: retired, tenantId: 1, month: '2026-11' }])
  assert.equal(broken.length, 1)
  assert.match(broken[0] ?? '', /^payment\.sealed /)
  assert.equal(await nameIn(db, vault, good), payee.name)
})

test('a month that was shredded is gone for running hubs too, what lasts stays, and nothing links its payments', async () => {
  const hub = await start('shred', Date.UTC(2021, 2, 10))
  const { db, vault, at, keys, operator, t, deps, open, path } = hub
  const account = await t.open(100_000_000n)
  const old = await pay(t, account.id)
  at.now = Date.UTC(2021, 3, 10)
  const next = await pay(t, account.id)
  await vault.prepare([2], at.now)
  at.now = Date.UTC(2026, 10, 20)
  const recent = await pay(t, account.id)
  const march = { tenantId: 1, month: '2021-03', despiteRetention: undefined }
  const [key] = await db<{ kek: string; wrapped: Uint8Array }[]>`
    select kek, wrapped from data_key where tenant_id = 1 and month = '2021-03'`
  assert.ok(key !== undefined)
  copyFileSync(path, join(folder, 'backup.json'))

  await assert.rejects(shred(deps(await open()), operator, { ...march, month: '2026-11' }), /2026-11 is not over/)
  await assert.rejects(
    shred(deps(await open()), operator, { ...march, month: '2026-10' }),
    /records of 2026-10 must be kept until the end of 2031-10/,
  )
  assert.equal(await nameIn(db, vault, old), payee.name)
  const done = await shred(deps(await open()), operator, march)
  assert.deepEqual({ ...done, keks: [] }, { keys: 1, keks: [], kept: 1, cleared: 1 })

  await vault.look()
  assert.equal(await nameIn(db, vault, old), 'ERASED')
  const erased = await findPayment(db, vault, 1, old)
  assert.deepEqual(
    [erased?.remitter.name, erased?.registeredName, erased?.remarks, erased?.amountPaise],
    ['ERASED', 'ERASED', null, 10_000n],
  )
  for (const id of [next, recent]) assert.equal(await nameIn(db, vault, id), payee.name)
  const [row] = await db`select other_account, other_mobile from payment where payment_id = ${old.slice(4)}::uuid`
  assert.deepEqual({ ...row }, { other_account: null, other_mobile: null })
  // The account was opened in that month, is in use, and stays.
  const again = await pay(t, account.id)
  assert.equal((await findPayment(db, vault, 1, again))?.remitter.name, 'Ramesh Kumar')
  const acts = await db`select action, subject, detail from act`
  assert.deepEqual(
    [...acts].map((act) => ({ ...act })),
    [{ action: 'data_key.shredded', subject: '2021-03', detail: '{"keys":"2"}' }],
  )
  assert.deepEqual(await shred(deps(await open()), operator, march), { keys: 0, keks: [], kept: 0, cleared: 0 })

  // A backup from before has the wrapped key, and opens with the key-encryption key of then: until that is destroyed as well.
  assert.deepEqual(done.keks, [key.kek])
  assert.equal((await keys.unwrap(key.kek, key.wrapped, 'data key 1 2021-03')).length, 32)
  await rotateKek(db, keys, operator)
  await destroyKek(db, keys, key.kek, operator)
  await assert.rejects(openFileStore(path, undefined).unwrap(key.kek, key.wrapped, 'data key 1 2021-03'), /has no key/)
  const copy = openFileStore(join(folder, 'backup.json'), undefined)
  assert.equal(
    (await copy.unwrap(key.kek, key.wrapped, 'data key 1 2021-03')).length,
    32,
    'a copy of the key file is a key too',
  )
})

test('nothing is shredded while money of that month is on its way, and the law can be gone against with a reason only', async () => {
  const { db, at, operator, t, deps, open } = await start('open', Date.UTC(2026, 8, 10))
  const account = await t.open()
  const paid = await initiate(t.room, requestFrom(account.id))
  assert.ok(paid.kind === 'accepted')
  at.now = Date.UTC(2026, 10, 20)
  const september = { tenantId: 1, month: '2026-09', despiteRetention: 'order of a court, no. 7' }
  await assert.rejects(shred(deps(await open()), operator, september), /1 payments of that month are not final yet/)
  assert.equal((await db`select from data_key where wrapped is null`).length, 0)
  await record(t.room, paid.payment, { kind: 'approved', responseCode: '00' })
  assert.equal((await shred(deps(await open()), operator, september)).keys, 1)
  const [act] = await db<{ detail: string }[]>`select detail from act`
  assert.match(act?.detail ?? '', /"despiteRetention":"order of a court, no\. 7"/)
})

test('blind indexes get a new key without a plain value: broken off in the middle, no hub starts, and it goes on', async () => {
  const hub = await start('index')
  const { db, vault, keys, operator, t, open } = hub
  const account = await t.open(100_000_000n)
  await pay(t, account.id)
  await db`insert into blocked (tenant_id, what, kind, reason, blocked_by, blocked_at)
           values (1, ${vault.index('account', '123456789')}::uuid, 'account', 'x', 'cli_x', now())`
  await db`insert into beneficiary_seen (lane, account_id, tenant_id, beneficiary, first_at, amount)
           values (${Number(account.id.slice(4)) % 64}, ${account.id.slice(4)}, 1, ${vault.index('account', 'HDFC0000123/77001122334455')}::uuid, now(), 1)`
  const old = await indexesOf(db)

  // A hub is there: nothing is begun.
  const doors = createPool(hub.url, { connections: 1, name: 'turant doors' })
  await doors`select 1`
  await assert.rejects(
    rotateIndex(db, keys, operator, () => undefined),
    /a hub is connected: stop all hubs/,
  )
  await doors.end({ timeout: 1 })
  await until(
    async () =>
      (await db`select from pg_stat_activity where application_name = 'turant doors' and datname = current_database()`)
        .length === 0,
  )
  assert.deepEqual(await indexesOf(db), old)
  await open()

  const stopped = new Error('the power went')
  let calls = 0
  const goes = rotateIndex(db, keys, operator, () => {
    calls += 1
    if (calls === 7) throw stopped
  })
  await assert.rejects(goes, stopped)
  await assert.rejects(open(), /on their way to a new key: npm run keys -- rotate-index goes on with that/)
  const rows = await rotateIndex(db, keys, operator, () => undefined)
  assert.equal(rows, 4, 'the account, the payment, the blocked one, the one seen')
  const now = await indexesOf(db)
  for (const [place, values] of now) {
    assert.equal(values.length, old.get(place)?.length)
    for (const value of values) assert.ok(!old.get(place)?.includes(value), `${place} is under the key of before`)
  }
  const next = await open()
  const find = (kind: 'account', value: string) => next.index(kind, value)
  assert.deepEqual(now.get('payment.other_account'), [find('account', payee.account)])
  assert.deepEqual(now.get('blocked.what'), [find('account', '123456789')])
  assert.deepEqual(now.get('beneficiary_seen.beneficiary'), [find('account', 'HDFC0000123/77001122334455')])
  assert.deepEqual(now.get('account.number_index'), [find('account', account.accountNumber)])
  assert.equal(next.index('code', 'mpin 1'), vault.index('code', 'mpin 1'), 'the pepper of PINs keeps its key')
  await rotateIndex(db, keys, operator, () => undefined) // and once more, from two keys to three
  assert.deepEqual((await indexesOf(db)).get('blocked.what'), [(await open()).index('account', '123456789')])
})

async function indexesOf(db: Db): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const place of indexPlaces) {
    const rows = await db<{ value: string }[]>`
      select ${db(place.column)}::text as value from ${db(place.table)} where ${db(place.column)} is not null`
    found.set(
      nameOf(place),
      rows.map(({ value }) => value.replaceAll('-', '')),
    )
  }
  return found
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setImmediate(resolve))
}

test('the commands, as an operator types them', async () => {
  const { db, url, path, t, vault, operator } = await start('command')
  const account = await t.open()
  await pay(t, account.id)
  // The key of a link is under the same key-encryption key, in a file of the folder that holds the hub's keys.
  const links = mkdtempSync(join(folder, 'links-'))
  const zmk = Buffer.from('112233445566778899aabbccddeeff00', 'hex')
  const link = join(links, 'npci-remitter.json')
  await writeZmk(link, 'npci-remitter', 'aes-cmac', zmk, openFileStore(path, undefined))
  writeFileSync(join(links, 'other.json'), '{}')
  const program = new URL('../../src/cli/keys.ts', import.meta.url).pathname
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [program, ...args], {
      env: { ...env, DATABASE_URL: url, TURANT_KEY_FILE: path, TURANT_KEYS: links },
    }).then(
      ({ stdout }) => stdout,
      (error: { stderr: string; code: number }) => `${error.code} ${error.stderr}`,
    )
  const listed = await run('list', '--rows')
  assert.match(listed, /^kek-1-[0-9a-f]{8} {3}current\n/)
  assert.match(listed, / 1 {2}2026-11 {2} +1000000 {2}.*in use +3 {2}kek-1-/)
  const [old = ''] = await openFileStore(path, undefined).list()
  copyFileSync(link, join(folder, 'before.json'))
  const rotated = await run('rotate')
  assert.match(
    rotated,
    /^\d data keys are wrapped by kek-2-[0-9a-f]{8} now\n.*npci-remitter\.json is sealed by it now\nNeeded no more.*: kek-1-/,
  )
  const read = (file: string) =>
    readZmk(file, 'npci-remitter', 'aes-cmac', { keys: openFileStore(path, undefined), plainAllowed: false })
  assert.deepEqual(Buffer.from(await read(link)), zmk)
  renameSync(join(folder, 'before.json'), link)
  assert.match(await run('destroy', old, '--yes'), /^1 .*still seals .*npci-remitter\.json: npm run keys -- rotate/)
  assert.match(await run('rotate'), /npci-remitter\.json is sealed by it now/)
  assert.match(await run('destroy', old), /^2 .*add --yes/)
  assert.match(await run('destroy', old, '--yes'), /is destroyed\. Copies of the key file may still have it\.\n$/)
  assert.deepEqual(Buffer.from(await read(link)), zmk)
  assert.match(await run('shred', '--tenant', '1', '--month', '2026-11'), /^2 .*would be destroyed for good: add --yes/)
  assert.match(
    await run('shred', '--tenant', '1', '--month', '2026-10', '--yes'),
    /^1 .*must be kept until the end of 2031-10/,
  )
  assert.match(await run('shred', '--tenant', 'x', '--month', '2026-10', '--yes'), /^2 .*--tenant must be a number/)
  assert.match(await run('renew', '--tenant', '9'), /^There is no data key of this month/)
  assert.match(await run('reseal'), /^0 values sealed again/)
  assert.match(await run('destroy', 'kek-nobody', '--yes'), /^1 .*has no key kek-nobody\n$/)
  await vault.prepare([1], operator.clock.now())
  assert.ok((await db`select from data_key`).length > 0)
})

test('every column with bytes is sealed and known to the commands, or no secret; every blind index is known too', async () => {
  const { db } = await start('places')
  const columns = await db<{ name: string; type: string }[]>`
    select c.relname || '.' || a.attname as name, a.atttypid::regtype::text as type
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`
  const of = (type: string) => columns.filter((one) => one.type === type).map(({ name }) => name)
  const notSealed = new Set([
    'data_key.wrapped', // a data key, wrapped
    'approval_request.digest',
    'approval_vote.digest', // SHA-256 of what was decided about
    'client_key.sha256',
    'access_token.sha256', // of 256 random bits
    'session.sha256',
    'wallet_session.sha256',
    'invitation.sha256', // of 256 random bits too
    'audit_root.signature', // of what anybody may know
    'client_signing_key.spki',
    'client_token_key.spki', // public keys
    'authentication.digest',
    'authentication.nonce',
    'evidence.digest',
    'evidence.nonce', // of a payment, beside random bits
  ])
  const sealed = new Set(sealedPlaces.map(nameOf))
  assert.deepEqual(
    of('bytea').filter((name) => !sealed.has(name) && !notSealed.has(name)),
    [],
    'put it into src/secrecy/places.ts, or here',
  )
  assert.deepEqual(
    [...sealed].filter((name) => !of('bytea').includes(name)),
    [],
  )
  const indexed = new Set(indexPlaces.map(nameOf))
  const noIndex = new Set([
    'account_id',
    'hash',
    'once', // ids, digests
    'authentication.code',
    'factor.proof',
    'wallet_sign_in.code', // HMACs of codes, for minutes
    'sign_in_try.counted_for', // HMACs of who failed, for a day
    'settlement_file.supersedes', // the id of another file
    'entry.journal_id',
    'idempotency_key.key_hash',
    'idempotency_key.body_hash',
    'payment_link.token_hash',
    'payment_link.key_hash',
    'payment_link.body_hash',
  ])
  const unknown = of('uuid').filter((name) => !indexed.has(name) && !noIndex.has(name) && !/(_id|\.id)$/.test(name))
  assert.deepEqual(unknown, [], 'put it into src/secrecy/places.ts, or here')
  // Also where rows are never changed, the sealed column can be.
  for (const { table, column } of sealedPlaces)
    await db`update ${db(table)} set ${db(column)} = ${db(column)} where false`
  for (const { table, column } of indexPlaces)
    await db`update ${db(table)} set ${db(column)} = ${db(column)} where false`
})
