import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { systemClock } from '../base/clock.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { initiate } from '../payment/initiate.ts'
import { record } from '../payment/record.ts'
import { hashOfAct, writeActs } from './acts.ts'
import { copyRoots, digestOfRoot, readRoots, readSink, type Signer, signRoot } from './roots.ts'
import { sealWindows } from './seals.ts'
import { readChain } from './store.ts'
import { verifyAudit } from './verify.ts'

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
const folder = mkdtempSync(join(tmpdir(), 'turant-roots-'))
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await t.close()
})
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const auditKey = keys.publicKey.export({ format: 'der', type: 'spki' })
const signer: Signer = {
  sign: async (bytes) => sign('sha256', bytes, { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }),
  auditKey: async () => auditKey,
}
const sink = join(folder, 'roots.jsonl')
const told = () => undefined
// A window that ends where the clock will be in two seconds: no test need wait for it to be over.
const AHEAD = -2
const verify = (what: Db = db) => verifyAudit(what, { told, auditKey, copied: readSink(sink) })

const account = await t.open(10_000_000n)
for (let i = 0; i < 12; i += 1) {
  const result = await initiate(t.room, requestFrom(account.id, { reference: `INV-${i}` }))
  assert.ok(result.kind === 'accepted')
  const fact =
    i % 3 === 0
      ? ({ kind: 'declined', responseCode: 'M1' } as const)
      : ({ kind: 'approved', responseCode: '00' } as const)
  await record(t.room, result.payment, fact)
}
// What the test room wrote before the first window began is in it all the same.
await db`update seal_state set sealed_until = sealed_until - interval '1 hour'`

test('what was written in a window is an act in the chain of its tenant, once', async () => {
  const rows = await sealWindows(db, systemClock, AHEAD)
  const [written] = await db<{ n: number }[]>`
    select ((select count(*) from event) + (select count(*) from entry))::integer as n`
  assert.equal(rows, written?.n)
  assert.equal(await sealWindows(db, systemClock, AHEAD), 0)
  const acts = await db<{ tenant_id: number; action: string }[]>`
    select tenant_id, action from act order by tenant_id, action`
  assert.deepEqual(
    acts.map((act) => `${act.tenant_id} ${act.action}`),
    ['0 ledger.sealed', '1 ledger.sealed', '1 payments.sealed'],
  )
})

test('hubs that seal at the same time seal nothing twice and leave nothing out', async () => {
  await db`update seal_state set sealed_until = sealed_until + interval '1 second'`
  await Promise.all(Array.from({ length: 5 }, () => sealWindows(db, systemClock, -4)))
  assert.deepEqual((await verify()).faults, [])
})

test('roots follow one another, signed, and are copied once each', async () => {
  assert.equal((await signRoot(db, systemClock, signer))?.no, 1)
  assert.equal(await signRoot(db, systemClock, signer), undefined, 'nothing has grown since')
  await inTransaction(db, (tx) =>
    writeActs(tx, [
      {
        tenantId: 1,
        at: 0,
        actor: { kind: 'hub', id: 'hub' },
        action: 'view.created',
        subject: null,
        outcome: 'done',
        detail: {},
        requestId: null,
        address: null,
      },
    ]),
  )
  const roots = await Promise.all([1, 2, 3].map(() => signRoot(db, systemClock, signer)))
  assert.deepEqual(
    roots.flatMap((root) => root?.no ?? []),
    [2],
  )
  assert.equal(await copyRoots(db, sink, 0), 2)
  assert.equal(await copyRoots(db, sink, 2), 2)
  assert.deepEqual(
    readSink(sink).map(({ no }) => no),
    [1, 2],
  )
  const verdict = await verify()
  assert.deepEqual([verdict.faults, verdict.roots], [[], 2])
  assert.ok(verdict.sealed > 24)
})

/** Runs as somebody who owns the database and has switched the triggers off, and takes it back. */
async function tampered(change: string): Promise<readonly string[]> {
  const tx = await db.reserve()
  try {
    await tx`begin`
    await tx`set local session_replication_role = replica`
    await tx.unsafe(change)
    return (await verify(tx as unknown as Db)).faults
  } finally {
    await tx`rollback`
    tx.release()
  }
}

const one = "(select payment_id from event where state = 'declined' order by payment_id limit 1)"
const changes: readonly (readonly [what: string, change: string])[] = [
  ['the state of a step', `update event set state = 'succeeded' where payment_id = ${one} and sequence = 2`],
  ['its response code', `update event set response_code = 'M2' where payment_id = ${one} and sequence = 2`],
  ['its instant', `update event set at = at + interval '1 microsecond' where payment_id = ${one} and sequence = 1`],
  ['when it was written', `update event set written_at = written_at - interval '2 hours' where payment_id = ${one}`],
  ['the tenant of a step', `update event set tenant_id = 0 where payment_id = ${one} and sequence = 1`],
  ['a step gone', `delete from event where payment_id = ${one} and sequence = 2`],
  [
    'a payment gone with its steps',
    `delete from event where payment_id = ${one}; delete from payment where payment_id = ${one}`,
  ],
  [
    'a step that was never made',
    `insert into event (lane, payment_id, sequence, tenant_id, state, at) select lane, payment_id, 3, tenant_id, 'succeeded', at from event where payment_id = ${one} and sequence = 2`,
  ],
  ['the amount of a payment', `update payment set amount = amount + 1 where payment_id = ${one}`],
  ['its account', `update payment set account_id = account_id + 64 where payment_id = ${one}`],
  ['its reference', `update payment set reference = 'INV-1000' where payment_id = ${one}`],
  ['its RRN', `update payment set rrn = '632612999999' where payment_id = ${one}`],
  ['the IFSC it went to', `update payment set beneficiary_ifsc = 'HDFC0000124' where payment_id = ${one}`],
  ['its state alone', `update payment set state = 'succeeded' where payment_id = ${one}`],
  [
    'a leg and its counterpart',
    `update entry set amount = amount * 2, balance_after = balance_after + amount where journal_id = ${one}`,
  ],
  ['a leg gone', `delete from entry where journal_id = ${one} and amount < 0 and kind = 'hold'`],
  ['the heads of a root', `update audit_root set heads = replace(heads, '"1"', '"2"') where root_no = 1`],
  [
    'a signature',
    `update audit_root set signature = set_byte(signature, 3, (get_byte(signature, 3) + 1) % 256) where root_no = 2`,
  ],
  ['the instant of a root', `update audit_root set at = at + interval '1 hour' where root_no = 1`],
  ['a root gone', 'delete from audit_root where root_no = 1'],
  ['the last root gone', 'delete from audit_root where root_no = 2'],
]
for (const [what, change] of changes) {
  test(`found: ${what}`, async () => {
    const faults = await tampered(change)
    assert.ok(faults.length > 0)
  })
}

test('any single flipped bit of what was sealed is found', async () => {
  const columns = ['state', 'response_code'] as const
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...columns),
      fc.nat({ max: 11 }),
      fc.nat(),
      fc.integer({ min: 0, max: 6 }),
      async (column, n, at, bit) => {
        const [row] = await db<{ payment_id: string; text: string }[]>`
          select payment_id, ${db(column)} as text from event where sequence = 2 order by payment_id offset ${n} limit 1`
        const text = Buffer.from(row?.text ?? '', 'latin1')
        const i = at % text.length
        text[i] = (text[i] ?? 0) ^ (1 << bit)
        if (text.includes(0)) return
        const changed = text.toString('latin1').replaceAll("'", "''")
        const faults = await tampered(
          `update event set ${column} = '${changed}' where sequence = 2 and payment_id = '${row?.payment_id}'`,
        )
        assert.ok(faults.length > 0, `${column}: ${changed}`)
      },
    ),
    { numRuns: 60 },
  )
})

test('a history that was written anew, hashes and all, is found by the signature; with a new key, by the copy', async () => {
  // Everything a database's owner can do: the act, its hash, the end of the chain, and the root over it with a hash that fits.
  const [act] = await readChain(db, 0, 0n, 1)
  const [root] = await readRoots(db, 0, 1)
  assert.ok(act?.act !== undefined && root !== undefined)
  const hash = hashOfAct(act.row.previous, 1n, { ...act.act, detail: {} })
  const heads = root.heads.replace(act.row.hash, hash)
  const redone = `
    update act set detail = '{}', hash = '${hash}' where tenant_id = 0 and sequence = 1;
    update act_chain set hash = '${hash}' where tenant_id = 0;
    update audit_root set heads = '${heads}', digest = '${digestOfRoot({ ...root, heads })}' where root_no = 1`
  const faults = await tampered(redone)
  assert.ok(faults.includes("root 1: the signature is not the audit key's"), faults.join('\n'))
  assert.ok(!faults.some((fault) => fault.includes('act 1: it is not what was written')), 'the chain itself fits')

  const forged = readSink(sink).map((root) => ({ ...root, digest: 'b'.repeat(64) }))
  const other = join(folder, 'other.jsonl')
  writeFileSync(other, forged.map((root) => JSON.stringify(root)).join('\n'))
  const copied = await verifyAudit(db, { told, auditKey, copied: readSink(other) })
  assert.ok(copied.faults.includes('root 1: the copy says something else'))
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' })
  assert.match((await verifyAudit(db, { told, auditKey: stranger })).faults.join(), /signed with another key/)
})

test('a line of the copy that is none is refused with its number', () => {
  const broken = join(folder, 'broken.jsonl')
  writeFileSync(broken, `${readFileSync(sink, 'utf8').split('\n')[0]}\n{"no":"two"}\n`)
  assert.throws(() => readSink(broken), /line 2 is not a root/)
})

test('a window waits for whoever is writing, but not for long: then it is closed with the next attempt', async () => {
  const tx = await db.reserve()
  await tx`begin`
  await tx`
    insert into event (lane, payment_id, sequence, tenant_id, state, at)
    values (0, gen_random_uuid(), 1, 1, 'sent', now())`
  assert.equal(await sealWindows(db, systemClock, -10), 0)
  await tx`rollback`
  tx.release()
})
