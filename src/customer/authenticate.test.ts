import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { register, authenticate as sign } from '../../test/support/authenticator.ts'
import { CUSTOMER_ORIGIN, customersOf } from '../../test/support/customers.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { rememberSecret } from '../../test/support/logs.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { accountKey, must, parseMobile, paymentKey } from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { inTransaction } from '../db/transaction.ts'
import { findEvidence } from '../payment/evidence-store.ts'
import { initiate } from '../payment/initiate.ts'
import { awaitedBy } from '../payment/payment.ts'
import { findPayment } from '../payment/store.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { type AuthenticateDeps, type Begun, begin, submit } from './authenticate.ts'
import { type Customer, insertCustomer } from './customer-store.ts'
import { insertFactor, newFactorId, revokeFactors } from './factor-store.ts'
import { lockMs, lockTable } from './lock.ts'
import { handleOf, isTrivialMpin, passkeyChallenge, pepperedMpin } from './proof.ts'

// ASVS 6.5.1, 6.6.2, 6.6.3: a code is for one payment, once, three tries, three minutes.

let ahead = 0
const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead }
const { db, url } = await openTestDatabase({ connections: 40 })
const t = await createTestRoom(url, { clock })
const deps = customersOf(db, t.room)
after(() => t.close())
await db`update tenant set customer_authentication = 'hub' where tenant_id = 1`

const MPIN = '395174'
let people = 0
type Person = { readonly customer: Customer; readonly mobile: string; readonly totp: TOTP }

/** A customer with every factor but a passkey. */
async function aPerson(): Promise<Person> {
  people += 1
  const mobile = must(parseMobile(`98765${String(people).padStart(5, '0')}`), 'mobile')
  const secret = new Secret({ size: 20 })
  const now = clock.now()
  await testVault.prepare([1], now)
  const customer = await inTransaction(db, async (tx) => {
    const fresh = { tenantId: 1, name: 'Asha Devi', mobile, language: 'en', reference: null }
    const made = await insertCustomer(tx, testVault, fresh, now)
    assert.ok(made !== 'reference_taken')
    const enrolled = { proof: null, proofUntil: null }
    const hash = await deps.hashing.hash(pepperedMpin(testVault, made, MPIN))
    await insertFactor(tx, testVault, made, { id: newFactorId(), kind: 'mpin', secret: hash, ...enrolled }, now)
    await insertFactor(tx, testVault, made, { id: newFactorId(), kind: 'sms', secret: mobile, ...enrolled }, now)
    const hex = Buffer.from(secret.buffer).toString('hex')
    await insertFactor(tx, testVault, made, { id: newFactorId(), kind: 'totp', secret: hex, ...enrolled }, now)
    return made
  })
  return { customer, mobile, totp: new TOTP({ secret }) }
}

async function aPayment({ customer }: Person): Promise<StoredPayment> {
  const account = await t.open(1_000_000n)
  await db`update account set customer_id = ${customer.key} where account_id = ${accountKey(account.id)}`
  const paid = await initiate(t.room, requestFrom(account.id))
  assert.ok(paid.kind === 'accepted' && awaitedBy(paid.payment) === 'authentication')
  return paid.payment
}

const asking = ({ id }: StoredPayment, tenantId = 1) => ({
  tenantId,
  paymentId: id,
  actor: { kind: 'client', id: 'cli_bank' },
  address: '203.0.113.9',
  requestId: null,
})
const begun = (result: Begun) => (result.kind === 'begun' ? result : assert.fail(JSON.stringify(result.kind)))
/** Asks for a code and reads it from the phone. */
async function codeFor(payment: StoredPayment, { mobile }: Person): Promise<string> {
  begun(await begin(deps, asking(payment), 'sms'))
  return rememberSecret(/^[0-9]{6}/.exec(deps.box.list(1, mobile, 1)[0]?.text ?? '')?.[0] ?? assert.fail('no message'))
}
const stored = async ({ id }: StoredPayment) => (await findPayment(db, testVault, 1, id)) ?? assert.fail('gone')
const evidenceFor = async ({ id }: StoredPayment) => (await findEvidence(db, [id])).get(id)
const other = (code: string): string => (code === '000001' ? '000002' : '000001')
const acts = ({ id }: StoredPayment) => db<{ action: string; outcome: string; detail: string }[]>`
  select action, outcome, detail from act where subject = ${id} order by sequence`

// ASVS 6.5.4
describe('two factors, one payment', () => {
  test('MPIN and the code that was sent let it go, with evidence; the message says what it costs and who gets it', async () => {
    const asha = await aPerson()
    const payment = await aPayment(asha)
    const code = await codeFor(payment, asha)
    const text = deps.box.list(1, asha.mobile, 1)[0]?.text ?? ''
    assert.match(text, /^[0-9]{6} is the code to pay Rs 100\.00 to Asha "Devi" \\ \{1,2\} XX6789\. /)
    assert.ok(text.endsWith(`\n\n@bank.example #${code}`))
    const done = await submit(deps, asking(payment), { mpin: MPIN, sms: code })
    assert.ok(done.kind === 'done' && done.payment.state === 'sent')
    const evidence = await evidenceFor(payment)
    assert.deepEqual(
      [evidence?.source, evidence?.factors, evidence?.customerId, evidence?.recordedBy],
      ['hub', ['mpin', 'sms'], asha.customer.key, 'cli_bank'],
    )
    assert.deepEqual(
      (await acts(payment)).map(({ action, outcome }) => [action, outcome]),
      [['authentication.done', 'done']],
    )
    assert.ok(!JSON.stringify(await acts(payment)).includes(code))
    assert.deepEqual((await submit(deps, asking(payment), { mpin: MPIN, sms: code })).kind, 'not_awaiting')
  })

  test('MPIN and an authenticator app do, once for each code it shows, over all payments', async () => {
    const asha = await aPerson()
    const [first, second] = [await aPayment(asha), await aPayment(asha)]
    begun(await begin(deps, asking(first), 'totp'))
    begun(await begin(deps, asking(second), 'totp'))
    const code = asha.totp.generate({ timestamp: clock.now() })
    assert.equal((await submit(deps, asking(first), { mpin: MPIN, totp: code })).kind, 'done')
    assert.equal((await submit(deps, asking(second), { mpin: MPIN, totp: code })).kind, 'wrong')
    assert.equal((await stored(second)).state, 'held')
    ahead += 60_000
    const next = asha.totp.generate({ timestamp: clock.now() })
    assert.equal((await submit(deps, asking(second), { mpin: MPIN, totp: next })).kind, 'done')
  })

  test('one code of an app, sent for two payments at once, lets one of them go', async () => {
    const asha = await aPerson()
    const payments = [await aPayment(asha), await aPayment(asha)]
    for (const payment of payments) begun(await begin(deps, asking(payment), 'totp'))
    const code = asha.totp.generate({ timestamp: clock.now() })
    const results = await Promise.all(payments.map((one) => submit(deps, asking(one), { mpin: MPIN, totp: code })))
    assert.equal(
      results.filter(({ kind }) => kind === 'done').length,
      1,
      JSON.stringify(results.map(({ kind }) => kind)),
    )
  })

  test('a passkey signs the payment: another payment’s signature, another site’s and a repeated one are wrong', async () => {
    const asha = await aPerson()
    const word = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
    const rp = { origin: CUSTOMER_ORIGIN, rpId: 'bank.example' }
    const { key, answer } = register({ ...rp, challenge: word(Buffer.alloc(32)) }, word(handleOf(asha.customer)))
    const { verifyRegistration, relyingPartyOf } = await import('../identity/passkeys.ts')
    const party = relyingPartyOf([CUSTOMER_ORIGIN]) ?? assert.fail()
    const made = await verifyRegistration(party, Buffer.alloc(32), answer)
    assert.ok(made.kind === 'verified')
    const secret = JSON.stringify({ ...made.passkey, publicKey: word(made.passkey.publicKey) })
    await inTransaction(db, (tx) =>
      insertFactor(
        tx,
        testVault,
        asha.customer,
        { id: newFactorId(), kind: 'passkey', secret, proof: null, proofUntil: null },
        clock.now(),
      ),
    )
    const [payment, elsewhere] = [await aPayment(asha), await aPayment(asha)]
    const { challenge, passkey } = begun(await begin(deps, asking(payment), 'passkey'))
    const { challenge: foreign } = begun(await begin(deps, asking(elsewhere), 'passkey'))
    assert.equal(Object(passkey).challenge, word(passkeyChallenge(challenge)))
    const forOther = sign({ ...rp, challenge: word(passkeyChallenge(foreign)) }, key)
    assert.equal((await submit(deps, asking(payment), { mpin: MPIN, passkey: forOther })).kind, 'wrong')
    const phished = sign(
      { ...rp, origin: 'https://bank.example.evil.in', challenge: word(passkeyChallenge(challenge)) },
      key,
    )
    assert.equal((await submit(deps, asking(payment), { mpin: MPIN, passkey: phished })).kind, 'wrong')
    const right = sign({ ...rp, challenge: word(passkeyChallenge(challenge)) }, key)
    assert.equal((await submit(deps, asking(payment), { mpin: MPIN, passkey: right })).kind, 'done')
    assert.deepEqual((await evidenceFor(payment))?.factors, ['mpin', 'passkey'])
    assert.equal((await submit(deps, asking(elsewhere), { mpin: MPIN, passkey: right })).kind, 'wrong')
  })

  test('pairs of one kind, one factor alone and three at once are no two factors, and cost no try', async () => {
    const asha = await aPerson()
    const payment = await aPayment(asha)
    const sms = await codeFor(payment, asha)
    const totp = asha.totp.generate({ timestamp: clock.now() })
    for (const given of [{}, { sms }, { mpin: MPIN }, { sms, totp }, { mpin: MPIN, sms, totp }])
      assert.equal((await submit(deps, asking(payment), given)).kind, 'not_two_factors', Object.keys(given).join(' '))
    assert.equal(
      (await submit(deps, asking(payment), { mpin: MPIN, totp })).kind,
      'not_begun',
      'the other one was asked for',
    )
    assert.equal((await submit(deps, asking(payment), { mpin: MPIN, sms })).kind, 'done')
  })
})

describe('a code is for one payment, as it stands', () => {
  test("another payment's code, and another customer's, are wrong", async () => {
    const [asha, ravi] = [await aPerson(), await aPerson()]
    const [one, two, his] = [await aPayment(asha), await aPayment(asha), await aPayment(ravi)]
    const [codeOne, codeTwo, codeHis] = [await codeFor(one, asha), await codeFor(two, asha), await codeFor(his, ravi)]
    const wrong = [codeOne, codeHis].filter((code) => code !== codeTwo)
    for (const code of wrong) assert.equal((await submit(deps, asking(two), { mpin: MPIN, sms: code })).kind, 'wrong')
    assert.equal((await stored(two)).state, 'held')
  })

  test('a payment whose amount or payee was changed has no code: every code of before is void', async () => {
    const edits = [
      (id: string) => db`update payment set amount = amount + 1 where payment_id = ${id}`,
      (id: string) => db`update payment set beneficiary_ifsc = 'ICIC0000001' where payment_id = ${id}`,
      async (id: string) => {
        const sealed = testVault.seal(
          'payment.sealed',
          1,
          id,
          JSON.stringify([null, null, null, null, 'Asha', '66600', null, null, null]),
        )
        await db`update payment set sealed = ${sealed}::bytea where payment_id = ${id}`
      },
    ]
    for (const edit of edits) {
      const asha = await aPerson()
      const payment = await aPayment(asha)
      const sms = await codeFor(payment, asha)
      await edit(paymentKey(payment.id))
      assert.equal((await submit(deps, asking(payment), { mpin: MPIN, sms })).kind, 'changed')
      assert.equal((await submit(deps, asking(payment), { mpin: MPIN, sms })).kind, 'not_begun')
      assert.equal((await stored(payment)).state, 'held')
      assert.equal(await evidenceFor(payment), undefined)
      assert.deepEqual(
        (await acts(payment)).map(({ action }) => action),
        ['authentication.void'],
      )
      await db`update payment set amount = ${paise(10_000n)} where payment_id = ${paymentKey(payment.id)}` // for the books
    }
  })

  test('an edit between the check and the commit is seen under the lock', async () => {
    const asha = await aPerson()
    const payment = await aPayment(asha)
    const sms = await codeFor(payment, asha)
    const edits: AuthenticateDeps = {
      ...deps,
      hashing: {
        ...deps.hashing,
        async verify(secret, phc) {
          await db`update payment set amount = amount + 1 where payment_id = ${paymentKey(payment.id)}`
          return deps.hashing.verify(secret, phc)
        },
      },
    }
    assert.notEqual((await submit(edits, asking(payment), { mpin: MPIN, sms })).kind, 'done')
    assert.equal(await evidenceFor(payment), undefined)
    assert.equal((await stored(payment)).state, 'held')
    await db`update payment set amount = ${paise(10_000n)} where payment_id = ${paymentKey(payment.id)}`
  })

  test('asking again voids what was asked before', async () => {
    const asha = await aPerson()
    const payment = await aPayment(asha)
    const first = await codeFor(payment, asha)
    const second = await codeFor(payment, asha)
    if (first !== second) assert.equal((await submit(deps, asking(payment), { mpin: MPIN, sms: first })).kind, 'wrong')
    assert.equal((await submit(deps, asking(payment), { mpin: MPIN, sms: second })).kind, 'done')
  })

  test('it works until the last of 180 seconds and not in it', async () => {
    for (const [ms, kind] of [
      [179_999, 'done'],
      [180_000, 'not_begun'],
    ] as const) {
      let now = clock.now()
      const still: Clock = { ...clock, now: () => now }
      const timed = { ...deps, room: { ...t.room, clock: still } }
      const asha = await aPerson()
      const payment = await aPayment(asha)
      begun(await begin(timed, asking(payment), 'sms'))
      const sms = /^[0-9]{6}/.exec(deps.box.list(1, asha.mobile, 1)[0]?.text ?? '')?.[0]
      now += ms
      assert.equal((await submit(timed, asking(payment), { mpin: MPIN, sms })).kind, kind, `${ms} ms`)
    }
  })

  test('another tenant, a payment that does not wait, and a customer who is stopped get nowhere', async () => {
    const asha = await aPerson()
    const payment = await aPayment(asha)
    const sms = await codeFor(payment, asha)
    assert.equal((await begin(deps, asking(payment, 2), 'sms')).kind, 'unknown')
    assert.equal((await submit(deps, asking(payment, 2), { mpin: MPIN, sms })).kind, 'unknown')
    await db`update customer set stopped_at = now(), stopped_by = 'customer' where customer_id = ${asha.customer.key}`
    assert.equal((await submit(deps, asking(payment), { mpin: MPIN, sms })).kind, 'stopped')
    assert.equal((await begin(deps, asking(payment), 'sms')).kind, 'stopped')
    await db`update customer set stopped_at = null, stopped_by = null where customer_id = ${asha.customer.key}`
    await inTransaction(db, (tx) => revokeFactors(tx, asha.customer, { kind: 'mpin' }, clock.now()))
    assert.equal(
      (await submit(deps, asking(payment), { mpin: MPIN, sms })).kind,
      'wrong',
      'a revoked factor proves nothing',
    )
    assert.equal((await begin(deps, asking(payment), 'sms')).kind, 'not_enrolled')
  })
})

describe('tries', () => {
  test('of 200 right ones at once exactly one lets the payment go, and it goes once', async () => {
    const asha = await aPerson()
    const payment = await aPayment(asha)
    const sms = await codeFor(payment, asha)
    const sent = t.sent.length
    const results = await Promise.all(
      Array.from({ length: 200 }, () => submit(deps, asking(payment), { mpin: MPIN, sms })),
    )
    const done = results.filter(({ kind }) => kind === 'done')
    assert.equal(done.length, 1, JSON.stringify(results.map(({ kind }) => kind)))
    assert.equal(t.sent.length - sent, 1)
    const [{ used, tries } = { used: -1, tries: -1 }] = await db<{ used: number; tries: number }[]>`
      select count(used_at)::int as used, max(tries)::int as tries from authentication where payment_id = ${paymentKey(payment.id)}`
    assert.ok(used === 1 && tries <= 3)
    assert.equal((await acts(payment)).filter(({ action }) => action === 'authentication.done').length, 1)
    await t.proveBooks()
  })

  test('of 200 guesses at once three are judged, whatever comes after them', async () => {
    const asha = await aPerson()
    const payment = await aPayment(asha)
    const sms = await codeFor(payment, asha)
    let judged = 0
    const counting: AuthenticateDeps = {
      ...deps,
      hashing: {
        ...deps.hashing,
        verify(secret, phc) {
          judged += 1
          return deps.hashing.verify(secret, phc)
        },
      },
    }
    const results = await Promise.all(
      Array.from({ length: 200 }, () => submit(counting, asking(payment), { mpin: MPIN, sms: other(sms) })),
    )
    assert.equal(judged, 3)
    assert.equal(results.filter(({ kind }) => kind === 'wrong').length, 3)
    // The right one comes too late, also when the lock is over.
    ahead += 31_000
    assert.equal((await submit(deps, asking(payment), { mpin: MPIN, sms })).kind, 'not_begun')
    assert.equal((await stored(payment)).state, 'held')
    const written = (await acts(payment)).map(({ action }) => action)
    assert.equal(written.filter((action) => action === 'authentication.refused').length, 3)
    assert.equal(written.filter((action) => action === 'authentication.locked').length, 1)
  })

  test('guesses over 60 payments at once are as few as over one: the customer is locked, and not for good', async () => {
    const asha = await aPerson()
    const payments = await Promise.all(Array.from({ length: 60 }, () => aPayment(asha)))
    for (const payment of payments) begun(await begin(deps, asking(payment), 'totp'))
    const results = await Promise.all(
      payments.map((payment) => submit(deps, asking(payment), { mpin: MPIN, totp: '000000' })),
    )
    const kinds = (kind: string): number => results.filter((one) => one.kind === kind).length
    assert.deepEqual([kinds('wrong'), kinds('locked')], [3, 57])
    const [first] = payments
    assert.ok(first)
    const locked = await begin(deps, asking(first), 'totp')
    assert.ok(locked.kind === 'locked' && locked.retryAfterS > 0 && locked.retryAfterS <= 30)
    ahead += 30_001
    begun(await begin(deps, asking(first), 'totp'))
    const code = asha.totp.generate({ timestamp: clock.now() })
    assert.equal((await submit(deps, asking(first), { mpin: MPIN, totp: code })).kind, 'done')
    const [row] = await db<
      { failures: number }[]
    >`select failures from customer where customer_id = ${asha.customer.key}`
    assert.equal(row?.failures, 0)
  })

  test('the lock doubles from 30 seconds to an hour and always ends', () => {
    const table: readonly (readonly [number, number])[] = [
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 30_000],
      [4, 60_000],
      [5, 120_000],
      [9, 1_920_000],
      [10, 3_600_000],
      [1_000_000, 3_600_000],
    ]
    for (const [failures, ms] of table) assert.equal(lockMs(failures), ms, `${failures} failures`)
    assert.equal(lockTable.at(-1), lockMs(1_000_000), 'the table that PostgreSQL is given ends where no more is added')
  })

  test('a payment has five challenges at most', async () => {
    const asha = await aPerson()
    const payment = await aPayment(asha)
    for (let n = 0; n < 5; n += 1) begun(await begin(deps, asking(payment), 'totp'))
    assert.equal((await begin(deps, asking(payment), 'totp')).kind, 'too_many_challenges')
  })
})

describe('messages', () => {
  test('a message that did not go is told, its code is void, and no log has it', async () => {
    const told: string[] = []
    const failing: AuthenticateDeps = {
      ...deps,
      messenger: { send: async () => ({ kind: 'failed', why: 'timeout' }) },
      unsent: (why) => told.push(why),
    }
    const asha = await aPerson()
    const payment = await aPayment(asha)
    assert.equal((await begin(failing, asking(payment), 'sms')).kind, 'not_sent')
    assert.deepEqual(told, ['timeout'])
    const [row] = await db<{ voided: boolean }[]>`
      select voided_at is not null as voided from authentication where payment_id = ${paymentKey(payment.id)}`
    assert.equal(row?.voided, true)
    begun(await begin(deps, asking(payment), 'sms'))
  })

  test('a number gets five in ten minutes, over all its payments', async () => {
    const asha = await aPerson()
    const results: string[] = []
    for (let n = 0; n < 6; n += 1) results.push((await begin(deps, asking(await aPayment(asha)), 'sms')).kind)
    assert.deepEqual(results, ['begun', 'begun', 'begun', 'begun', 'begun', 'too_many_messages'])
  })
})

describe('a crash', () => {
  class Crash extends Error {}
  const roomThatDies = (when: 'before' | 'after'): AuthenticateDeps => ({
    ...deps,
    room: {
      ...t.room,
      crashPoint: (at) => {
        if (at === `record:${when}-commit`) throw new Crash()
      },
    },
  })
  /** Dies at the first commit, the try's, or at the second, which lets the payment go. */
  const dying = (n: 1 | 2, when: 'before' | 'after'): AuthenticateDeps => {
    if (n === 2) return roomThatDies(when)
    return {
      ...deps,
      async asTenantAtOnce(tenantId, run) {
        await deps.asTenantAtOnce(tenantId, (tx) => {
          const found = run(tx)
          if (when === 'after') return found
          found.catch(() => undefined)
          throw new Crash()
        })
        throw new Crash()
      },
    }
  }

  for (const [n, when, left] of [
    [1, 'before', { evidence: false, tries: 0, used: false, state: 'held', acts: [] }],
    [1, 'after', { evidence: false, tries: 1, used: false, state: 'held', acts: [] }],
    [2, 'before', { evidence: false, tries: 1, used: false, state: 'held', acts: [] }],
    [2, 'after', { evidence: true, tries: 1, used: true, state: 'sent', acts: ['authentication.done'] }],
  ] as const) {
    test(`${when} commit ${n} of an authentication leaves all of it or nothing: no release without evidence, no evidence without release`, async () => {
      const asha = await aPerson()
      const payment = await aPayment(asha)
      const sms = await codeFor(payment, asha)
      await assert.rejects(submit(dying(n, when), asking(payment), { mpin: MPIN, sms }), Crash)
      const [row] = await db<{ tries: number; used_at: number | null }[]>`
        select tries, used_at from authentication where payment_id = ${paymentKey(payment.id)}`
      const found = {
        evidence: (await evidenceFor(payment)) !== undefined,
        tries: row?.tries,
        used: row?.used_at !== null,
        state: (await stored(payment)).state,
        acts: (await acts(payment)).map(({ action }) => action),
      }
      assert.deepEqual(found, left)
      // Whoever asks again has what was begun, or is told that the payment has gone.
      const again = await submit(deps, asking(payment), { mpin: MPIN, sms })
      assert.equal(again.kind, left.evidence ? 'not_awaiting' : 'done')
      assert.equal((await stored(payment)).state, 'sent')
      assert.deepEqual(
        (await acts(payment)).map(({ action }) => action),
        ['authentication.done'],
      )
      await t.proveBooks()
    })
  }
})

test('MPINs that everybody tries first are trivial', () => {
  for (const mpin of ['000000', '121212', '123123', '123456', '654321', '890123', '987654'])
    assert.ok(isTrivialMpin(mpin), mpin)
  for (const mpin of [MPIN, '862057', '112358', '100000']) assert.ok(!isTrivialMpin(mpin), mpin)
})
