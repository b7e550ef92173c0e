import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import {
  accountKey,
  must,
  parseAccountId,
  parseAccountNumber,
  parseIfsc,
  parseMmid,
  parseMobile,
  parsePaymentId,
} from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { hubAccount } from '../ledger/chart.ts'
import { lapse, release } from './approvals.ts'
import {
  areTwoFactors,
  type BoundPayment,
  boundDigest,
  type Evidence,
  type FactorWord,
  factorKinds,
  factorWords,
  type InstitutionEvidence,
  isFresh,
  proves,
} from './evidence.ts'
import { findEvidence, insertEvidence } from './evidence-store.ts'
import { initiate } from './initiate.ts'
import { awaitedBy } from './payment.ts'
import { record, recordProved } from './record.ts'
import { findPayment } from './store.ts'
import type { StoredPayment } from './stored.ts'

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most })
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
const name = fc.string({ unit: fc.constantFrom(...'ABC "\\,[]{}'), minLength: 1, maxLength: 12 })
const payee = fc.oneof(
  fc.record({
    kind: fc.constant('account' as const),
    ifsc: fc.constantFrom('HDFC0000123', 'SBIN0001234').map((one) => must(parseIfsc(one), 'IFSC')),
    account: digits(1, 20).map((one) => must(parseAccountNumber(one), 'account')),
    name,
  }),
  fc.record({
    kind: fc.constant('mmid' as const),
    mobile: digits(9, 9).map((one) => must(parseMobile(`9${one}`), 'mobile')),
    mmid: digits(7, 7).map((one) => must(parseMmid(one), 'MMID')),
  }),
)
const payment = fc.record({
  id: hex(32).map((one) => must(parsePaymentId(`pay_${one}`), 'payment id')),
  amountPaise: fc.bigInt({ min: 1n, max: 50_000_000n }).map(paise),
  accountId: fc.integer({ min: 1, max: 999_999 }).map((one) => must(parseAccountId(`acc_${one}`), 'account id')),
  remitter: fc.record({ account: digits(5, 14).map((one) => must(parseAccountNumber(one), 'account')) }),
  beneficiary: payee,
})
const challenge = fc.record({ nonce: hex(64), expiresAt: fc.integer({ min: 1, max: 2 ** 45 }) })

test('two payments have one digest only when they are the same in amount, payee, payer, nonce and expiry', () => {
  const told = (one: BoundPayment, { nonce, expiresAt }: { nonce: string; expiresAt: number }) =>
    JSON.stringify([
      one.id,
      String(one.amountPaise),
      one.accountId,
      one.remitter.account,
      Object.entries(one.beneficiary).sort(),
      nonce,
      expiresAt,
    ])
  fc.assert(
    fc.property(payment, challenge, payment, challenge, (a, x, b, y) => {
      const same = told(a, x) === told(b, y)
      assert.equal(boundDigest(a, x.nonce, x.expiresAt) === boundDigest(b, y.nonce, y.expiresAt), same)
    }),
    { numRuns: 500 },
  )
})

test('any one change of what is bound makes another digest; what is not bound makes none', () => {
  const changes = (one: BoundPayment, other: BoundPayment): BoundPayment[] => [
    { ...one, id: other.id },
    { ...one, amountPaise: paise(one.amountPaise + 1n) },
    { ...one, accountId: must(parseAccountId('acc_1000001'), 'account id') },
    { ...one, remitter: { account: must(parseAccountNumber('X1'), 'account') } },
    ...(one.beneficiary.kind === 'account'
      ? [
          {
            ...one,
            beneficiary: {
              ...one.beneficiary,
              account: must(parseAccountNumber(`${one.beneficiary.account}1`), 'account'),
            },
          },
          { ...one, beneficiary: { ...one.beneficiary, ifsc: must(parseIfsc('ICIC0000001'), 'IFSC') } },
          { ...one, beneficiary: { ...one.beneficiary, name: `${one.beneficiary.name}x` } },
          {
            ...one,
            beneficiary: { kind: 'account' as const, ifsc: one.beneficiary.ifsc, account: one.beneficiary.account },
          },
        ]
      : [
          { ...one, beneficiary: { ...one.beneficiary, mobile: must(parseMobile('6000000000'), 'mobile') } },
          {
            ...one,
            beneficiary: {
              ...one.beneficiary,
              mmid: must(parseMmid(one.beneficiary.mmid === '1234567' ? '7654321' : '1234567'), 'MMID'),
            },
          },
          { ...one, beneficiary: { ...one.beneficiary, bank: 'HDFC' } },
        ]),
  ]
  fc.assert(
    fc.property(payment, payment, challenge, (one, other, { nonce, expiresAt }) => {
      fc.pre(one.id !== other.id)
      const digest = boundDigest(one, nonce, expiresAt)
      for (const changed of changes(one, other)) assert.notEqual(boundDigest(changed, nonce, expiresAt), digest)
      assert.notEqual(boundDigest(one, nonce, expiresAt + 1), digest)
      assert.notEqual(boundDigest(one, `${nonce.slice(1)}${nonce[0] === 'a' ? 'b' : 'a'}`, expiresAt), digest)
      assert.equal(boundDigest({ ...one, remarks: 'other' } as BoundPayment, nonce, expiresAt), digest)
    }),
    { numRuns: 200 },
  )
})

test('two factors are of two kinds, and one of them is made or proved anew', () => {
  const dynamic = new Set(['sms', 'totp', 'passkey', 'device'])
  for (const a of factorWords)
    for (const b of factorWords)
      assert.equal(
        areTwoFactors([a, b]),
        factorKinds[a] !== factorKinds[b] && (dynamic.has(a) || dynamic.has(b)),
        `${a} and ${b}`,
      )
  assert.ok(!areTwoFactors(['sms', 'totp', 'passkey']), 'three of one kind are one')
  assert.ok(!areTwoFactors([]))
})

const stated = (at: number, factors: readonly FactorWord[] = ['password', 'sms']): InstitutionEvidence => ({
  factors,
  reference: 'AUTH-1',
  at,
  digest: null,
})

test('what an institution says is of the last 15 minutes, give or take a minute of its clock', () => {
  const now = 1_800_000_000_000
  const table: readonly (readonly [number, boolean])[] = [
    [now, true],
    [now + 60_000, true],
    [now + 60_001, false],
    [now - 899_999, true],
    [now - 900_000, false],
  ]
  for (const [at, fresh] of table) assert.equal(isFresh(stated(at), now), fresh, `${at - now} ms`)
})

const { url } = await openTestDatabase()
const t = await createTestRoom(url)
after(() => t.close())
const setMode = (mode: 'none' | 'hub' | 'evidence') =>
  t.db`update tenant set customer_authentication = ${mode} where tenant_id = 1`

async function aCustomersAccount() {
  const account = await t.open(100_000n)
  const { id } = await t.makeCustomer()
  await t.db`update account set customer_id = ${id} where account_id = ${account.id.slice(4)}`
  return account
}
const stored = async ({ id }: StoredPayment) => (await findPayment(t.db, testVault, 1, id)) ?? assert.fail('gone')

test("an institution's payment needs its word, and keeps it for good", async () => {
  await setMode('evidence')
  const account = await t.open(100_000n)
  const now = t.room.clock.now()
  const without = await initiate(t.room, requestFrom(account.id))
  assert.deepEqual(without, { kind: 'refused', reason: 'authentication_evidence_required' })
  const stale = await initiate(t.room, requestFrom(account.id, { evidence: stated(now - 901_000) }))
  assert.deepEqual(stale, { kind: 'refused', reason: 'authentication_evidence_stale' })
  const request = requestFrom(account.id, { evidence: stated(now), actor: 'cli_bank' })
  const paid = await initiate(t.room, request)
  assert.ok(paid.kind === 'accepted' && paid.payment.state === 'sent')
  const kept = (await findEvidence(t.db, [paid.payment.id])).get(paid.payment.id)
  assert.deepEqual(
    [kept?.source, kept?.factors, kept?.reference, kept?.recordedBy, kept?.provedAt],
    ['institution', ['password', 'sms'], 'AUTH-1', 'cli_bank', now],
  )
  // Asked again when its word is old: the same payment, and no second evidence.
  const again = await initiate(t.room, { ...request, evidence: stated(now - 2_000_000) })
  assert.ok(again.kind === 'accepted' && again.replayed && again.payment.id === paid.payment.id)
  await assert.rejects(t.db`update evidence set factors = '{sms,mpin}'`, /append.only|change/i)
  await assert.rejects(t.db`delete from evidence`, /append.only|change/i)
  await setMode('none')
  const unexpected = await initiate(t.room, requestFrom(account.id, { evidence: stated(now) }))
  assert.deepEqual(unexpected, { kind: 'refused', reason: 'authentication_evidence_not_expected' })
})

test("only a customer's account of a tenant whose customers the hub asks waits for factors", async () => {
  await setMode('hub')
  const own = await t.open(100_000n)
  const paid = await initiate(t.room, requestFrom(own.id))
  assert.ok(paid.kind === 'accepted' && paid.payment.state === 'sent')
  const theirs = await aCustomersAccount()
  const waits = await initiate(t.room, requestFrom(theirs.id))
  assert.ok(waits.kind === 'accepted')
  assert.deepEqual([waits.payment.state, awaitedBy(waits.payment)], ['held', 'authentication'])
  await setMode('none')
  const free = await initiate(t.room, requestFrom(theirs.id))
  assert.ok(free.kind === 'accepted' && free.payment.state === 'sent')
  await setMode('hub')
})

async function aWaiting(): Promise<StoredPayment> {
  const paid = await initiate(t.room, requestFrom((await aCustomersAccount()).id))
  assert.ok(paid.kind === 'accepted' && awaitedBy(paid.payment) === 'authentication')
  return paid.payment
}
const nonce = 'ab'.repeat(32)
const evidenceOf = (of: StoredPayment, change: Partial<Evidence> = {}): Evidence => {
  const expiresAt = t.room.clock.now() + 60_000
  return {
    paymentId: of.id,
    tenantId: 1,
    customerId: 1n,
    source: 'hub',
    factors: ['mpin', 'sms'],
    digest: boundDigest(of, nonce, expiresAt),
    nonce,
    expiresAt,
    reference: null,
    provedAt: t.room.clock.now(),
    recordedAt: t.room.clock.now(),
    recordedBy: 'cli_x',
    policyVersion: 1,
    ...change,
  }
}
const write = (one: Evidence) => t.db.begin((tx) => insertEvidence(tx as never, [one]))

test('door 2 lets nothing go without evidence, and opens no break about it', async () => {
  const waiting = await aWaiting()
  const refused = await record(t.room, waiting, { kind: 'released', stage: 'authentication' })
  assert.equal(refused.kind, 'contradicted')
  assert.deepEqual(await stored(waiting), waiting)
  await write(evidenceOf(waiting))
  const released = await release(t.room, waiting, 'authentication')
  assert.ok(released.kind === 'moved' && released.payment.state === 'sent')
  const [{ count } = { count: -1 }] = await t.db<{ count: number }[]>`select count(*)::int from break`
  assert.equal(count, 0)
})

test('evidence of another amount, another payment or an institution lets nothing go', async () => {
  for (const make of [
    (of: StoredPayment) =>
      evidenceOf(of, { digest: boundDigest({ ...of, amountPaise: paise(1n) }, nonce, t.room.clock.now()) }),
    (of: StoredPayment) => evidenceOf(of, { expiresAt: t.room.clock.now() + 61_000 }),
    (of: StoredPayment) => evidenceOf(of, { source: 'institution', reference: 'X' }),
  ]) {
    const waiting = await aWaiting()
    await write(make(waiting))
    assert.equal((await record(t.room, waiting, { kind: 'released', stage: 'authentication' })).kind, 'contradicted')
    assert.deepEqual(await stored(waiting), waiting)
  }
  const waiting = await aWaiting()
  assert.ok(!proves(undefined, waiting))
  assert.ok(proves(evidenceOf(waiting), waiting))
})

test('no hand that runs SQL lets a hold go without evidence', async () => {
  const waiting = await aWaiting()
  await assert.rejects(
    t.db`update hold set awaiting = null where payment_id = ${waiting.id.slice(4)}`,
    /has no evidence of its two factors/,
  )
  await assert.rejects(
    t.db`update hold set awaiting = 'lag' where payment_id = ${waiting.id.slice(4)}`,
    /has no evidence of its two factors/,
  )
})

test('what was not proved comes back when its time is over', async () => {
  const silent = await aWaiting()
  await lapse(t.room)
  assert.equal((await stored(silent)).state, 'held')
  await t.db`update hold set due_at = now() - interval '1 second' where payment_id = ${silent.id.slice(4)}`
  await lapse(t.room)
  const { state, reason } = await stored(silent)
  assert.deepEqual([state, reason], ['refused', 'not_authenticated'])
  await t.proveBooks()
})

/** What a customer proved just now. */
const proofOf = (of: StoredPayment, change: Partial<Evidence> = {}, usable = true) => {
  const used: string[] = []
  const { policyVersion: _, ...evidence } = evidenceOf(of, change)
  return { evidence, lock: async () => usable, use: () => [Promise.resolve(used.push(of.id))], used }
}

test('what was proved is kept, used up and lets the payment go in one commit, once', async () => {
  const waiting = await aWaiting()
  const proof = proofOf(waiting)
  const { recorded, steps } = await recordProved(t.room, waiting, proof)
  assert.ok(recorded.kind === 'moved' && recorded.payment.state === 'sent')
  assert.deepEqual(
    steps.map(({ state, version }) => [state, version]),
    [
      ['held', 2],
      ['sent', 3],
    ],
  )
  const found = (await findEvidence(t.db, [waiting.id])).get(waiting.id)
  assert.deepEqual([found?.nonce, found?.policyVersion], [nonce, 1])
  assert.equal((await recordProved(t.room, waiting, proof)).recorded.kind, 'contradicted')
  assert.deepEqual(proof.used, [waiting.id])
  const other = proofOf(waiting, { nonce: '02'.repeat(32) })
  assert.equal((await recordProved(t.room, waiting, other)).recorded.kind, 'contradicted')
  assert.deepEqual(other.used, [])
  await t.proveBooks()
})

test('what was proved is found again after a commit of which nobody heard', async () => {
  const waiting = await aWaiting()
  let deaf = true
  const room: typeof t.room = {
    ...t.room,
    crashPoint(at) {
      if (at !== 'record:after-commit' || !deaf) return
      deaf = false
      throw Object.assign(new Error('lost'), { code: 'CONNECTION_CLOSED' })
    },
  }
  const proof = proofOf(waiting)
  const { recorded, steps } = await recordProved(room, waiting, proof)
  assert.ok(recorded.kind === 'repeated' && recorded.payment.state === 'sent' && steps.length === 0)
  assert.deepEqual(proof.used, [waiting.id])
})

test('what was proved of something else, or with what cannot be used any more, lets nothing go and uses nothing up', async () => {
  for (const make of [
    (of: StoredPayment) => proofOf(of, {}, false),
    (of: StoredPayment) => proofOf(of, { expiresAt: t.room.clock.now() + 61_000 }),
    (of: StoredPayment) =>
      proofOf(of, { digest: boundDigest({ ...of, amountPaise: paise(1n) }, nonce, t.room.clock.now()) }),
  ]) {
    const waiting = await aWaiting()
    const proof = make(waiting)
    assert.equal((await recordProved(t.room, waiting, proof)).recorded.kind, 'contradicted')
    assert.deepEqual(await stored(waiting), waiting)
    assert.equal((await findEvidence(t.db, [waiting.id])).size, 0)
    assert.deepEqual(proof.used, [])
  }
})

test('whoever proved a payment does not wait for the accounts of the hub, which a batch of payments holds', async () => {
  const waiting = await aWaiting()
  const batch = await t.db.reserve()
  await batch`begin`
  await batch`select from account where account_id = ${accountKey(hubAccount('OUT-CLR', waiting.lane))} for update`
  try {
    const { recorded } = await recordProved(t.room, waiting, proofOf(waiting))
    assert.ok(recorded.kind === 'moved' && recorded.payment.state === 'sent')
  } finally {
    await batch`rollback`
    batch.release()
  }
})

test('when the account was frozen meanwhile, the money of a proved payment goes back, with what was proved kept', async () => {
  const waiting = await aWaiting()
  assert.ok(waiting.accountId !== null)
  await t.db`update account set status = 'frozen' where account_id = ${accountKey(waiting.accountId)}`
  const proof = proofOf(waiting)
  const { recorded } = await recordProved(t.room, waiting, proof)
  assert.ok(recorded.kind === 'moved')
  assert.deepEqual([recorded.payment.state, recorded.payment.reason], ['refused', 'account_frozen'])
  assert.deepEqual(proof.used, [waiting.id])
  assert.equal((await findEvidence(t.db, [waiting.id])).size, 1)
  await t.proveBooks()
})
