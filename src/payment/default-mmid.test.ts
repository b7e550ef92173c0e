import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import {
  type AccountId,
  accountIdOf,
  must,
  parseIfsc,
  parseMmid,
  parseMobile,
  parseRrn,
  parseStan,
} from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { type Candidate, defaultAccount, openAccount, setDefaultForMobile } from '../ledger/store.ts'
import { initiate, replay } from './initiate.ts'
import type { InwardOutcome } from './receive.ts'
import { receive } from './receive.ts'
import { findPayment } from './store.ts'

// Payments to a mobile number and a bank's default MMID (NBIN and 000). @source NPCI OC 119

const { url } = await openTestDatabase()
const t = await createTestRoom(url)
after(() => t.close())

let made = 0
/** An account at TRN (NBIN 7001) of this mobile number, or of the other bank (7002). */
async function open(
  mobile: string,
  more: { defaultForMobile?: boolean; tenantId?: number; other?: boolean } = {},
): Promise<AccountId> {
  made += 1
  const [institution, nbin] = more.other === true ? ['TAA', '7002'] : ['TRN', '7001']
  const opened = await openAccount(
    t.db,
    testVault,
    {
      tenantId: more.tenantId ?? 1,
      institution,
      nbin,
      name: `Owner ${made}`,
      ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
      mobile: must(parseMobile(mobile), 'mobile'),
      mmid: must(parseMmid(`${nbin}${String(made).padStart(3, '0')}`), 'MMID'),
      defaultForMobile: more.defaultForMobile ?? false,
      reference: null,
      openingBalance: 0n,
    },
    t.room.clock.now(),
  )
  if (typeof opened === 'string') throw new Error(opened)
  return opened.id
}

let serial = 0
/** What becomes of 100 rupees for this mobile number and MMID: the account that was credited, or why not. */
async function pay(mobile: string, mmid = '7001000'): Promise<AccountId | string | null> {
  serial += 1
  const stan = String(serial).padStart(6, '0')
  const outcomes: InwardOutcome[] = []
  await receive(
    t.room,
    {
      rrn: must(parseRrn(`632612${stan}`), 'RRN'),
      stan: must(parseStan(stan), 'STAN'),
      remitterBank: '240001',
      amountPaise: paise(10_000n),
      transmittedAt: t.room.clock.now(),
      channel: 'mobile',
      remitter: { name: 'ASHA DEVI' },
      beneficiary: { kind: 'mmid', mobile: must(parseMobile(mobile), 'mobile'), mmid: must(parseMmid(mmid), 'MMID') },
    },
    { link: 'beneficiary', epoch: 1 },
    (outcome) => {
      outcomes.push(outcome)
      return { bytes: new Uint8Array([1]), responseCode: outcome.kind === 'credited' ? '00' : 'MT' }
    },
  )
  const [outcome] = outcomes
  if (outcome?.kind === 'declined') return outcome.reason
  const [row] = await t.db<{ account_id: bigint }[]>`
    select account_id from payment where rrn = ${`632612${stan}`} and direction = 'inward'`
  return row === undefined ? null : accountIdOf(row.account_id)
}

test('the only account of a mobile number is its default', async () => {
  const only = await open('9100000001')
  await open('9100000001', { other: true })
  assert.equal(await pay('9100000001'), only)
  assert.equal(await pay('9100000009'), 'account_not_found')
})

test('of several accounts without consent none is credited, also when the first was credited a moment ago', async () => {
  const first = await open('9100000002')
  assert.equal(await pay('9100000002'), first)
  const second = await open('9100000002')
  assert.equal(await pay('9100000002'), 'several_accounts')
  assert.equal(await pay('9100000002', `7001${String(made).padStart(3, '0')}`), second)
  await t.proveBooks()
})

test('consent decides, can move to another account, and can be taken back', async () => {
  const first = await open('9100000003', { defaultForMobile: true })
  const second = await open('9100000003')
  assert.equal(await pay('9100000003'), first)
  await setDefaultForMobile(t.db, testVault, 1, second, true)
  assert.equal(await pay('9100000003'), second)
  const third = await open('9100000003', { defaultForMobile: true })
  assert.equal(await pay('9100000003'), third)
  await setDefaultForMobile(t.db, testVault, 1, third, false)
  assert.equal(await pay('9100000003'), 'several_accounts')
})

test('a default that is closed is none; the account that is left is', async () => {
  const first = await open('9100000004', { defaultForMobile: true })
  const second = await open('9100000004')
  await t.db`update account set status = 'closed' where account_id = ${first.slice(4)}`
  assert.equal(await pay('9100000004'), second)
  await t.db`update account set status = 'closed' where account_id = ${second.slice(4)}`
  assert.equal(await pay('9100000004'), 'account_closed')
})

test("no tenant takes another tenant's default; from a closed account anybody may", async () => {
  const theirs = await open('9100000005', { tenantId: 2, defaultForMobile: true })
  const ours = await open('9100000005')
  assert.equal(await setDefaultForMobile(t.db, testVault, 1, ours, true), 'default_taken')
  await assert.rejects(open('9100000005', { defaultForMobile: true }), /default_taken/)
  assert.equal(await setDefaultForMobile(t.db, testVault, 1, theirs, false), undefined)
  assert.equal(await pay('9100000005'), theirs)
  await t.db`update account set status = 'closed' where account_id = ${theirs.slice(4)}`
  await setDefaultForMobile(t.db, testVault, 1, ours, true)
  assert.equal(await pay('9100000005'), ours)
})

test('of twenty consents at once for as many accounts exactly one holds', async () => {
  const accounts: AccountId[] = []
  for (let i = 0; i < 5; i += 1) accounts.push(await open('9100000006'))
  await Promise.all([0, 1, 2, 3].flatMap(() => accounts.map((id) => setDefaultForMobile(t.db, testVault, 1, id, true))))
  const rows =
    await t.db`select from account where mobile_index = ${testVault.index('mobile', '9100000006')}::uuid and default_for_mobile`
  assert.equal(rows.length, 1)
})

test('the bank that the payer named is kept with the payment', async () => {
  const { id } = await t.open()
  const to = {
    kind: 'mmid',
    mobile: must(parseMobile('9876543210'), 'mobile'),
    mmid: must(parseMmid('9240000'), 'MMID'),
    bank: 'NULL',
  } as const
  const result = await initiate(t.room, requestFrom(id, { to }))
  assert.equal(result.kind, 'accepted')
  const payment = result.kind === 'accepted' ? await findPayment(t.db, testVault, 1, result.payment.id) : undefined
  assert.deepEqual(payment?.beneficiary, to)

  const asked = requestFrom(id, { to, idempotencyKey: 'kept' })
  assert.equal(await replay(t.db, testVault, asked), undefined)
  const taken = await initiate(t.room, asked)
  assert.deepEqual(await replay(t.db, testVault, asked), taken.kind === 'accepted' && { ...taken, replayed: true })
  assert.deepEqual(await replay(t.db, testVault, { ...asked, bodyHash: 'f'.repeat(64) }), {
    kind: 'refused',
    reason: 'key_reused',
  })
  assert.equal(await replay(t.db, testVault, { ...asked, tenantId: 2 }), undefined)
})

const candidates = fc
  .array(
    fc.record({
      status: fc.constantFrom<Candidate['status'][]>('open', 'frozen', 'closed'),
      defaultForMobile: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  .map((all) => all.map((one, i): Candidate => ({ id: accountIdOf(100 + i), ...one })))

test('what is found is one of the candidates, never a closed one beside a living one, and several only without consent', () => {
  fc.assert(
    fc.property(candidates, (all) => {
      const found = defaultAccount(all)
      const living = all.filter(({ status }) => status !== 'closed')
      if (found === undefined) return assert.equal(all.length, 0)
      if (found === 'several_accounts')
        return assert.ok(living.length > 1 && living.every(({ defaultForMobile }) => !defaultForMobile))
      const one = all.find(({ id }) => id === found)
      assert.ok(one)
      assert.ok(living.length === 0 || one.status !== 'closed')
      assert.ok(living.length < 2 || one.defaultForMobile)
    }),
  )
})
