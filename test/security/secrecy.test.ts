import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  must,
  parseAccountNumber,
  parseIfsc,
  parseMmid,
  parseMobile,
  parseRrn,
  parseStan,
} from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { openAccount } from '../../src/ledger/store.ts'
import { insertEnquiry } from '../../src/payment/enquiry-store.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { receive } from '../../src/payment/receive.ts'
import { record } from '../../src/payment/record.ts'
import { findPayment } from '../../src/payment/store.ts'
import { keepUnmatched } from '../../src/rail/store.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestRoom } from '../support/payment-room.ts'
import { testVault } from '../support/vault.ts'

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
after(() => t.close())

const secrets = {
  payer: 'Zubeida Quraishi',
  payerMobile: '9812345670',
  payee: 'Xenia Vaidyanathan',
  payeeAccount: '77001122334455',
  registered: 'XENIA V VAIDYANATHAN',
  remarks: 'school fees of Kabir',
  payeeMobile: '9712345671',
  sender: 'Yashodhara Ojha',
  senderAccount: '88001122334455',
  senderMobile: '9612345672',
  body: 'BODY-OF-AN-ANSWER',
  frame: 'FRAME-NOBODY-ASKED-FOR',
}

// ASVS 14.2.4
test('a copy of the whole database tells no account number, no mobile, no name and no body of a message', async () => {
  const account = await openAccount(
    db,
    testVault,
    {
      tenantId: 1,
      institution: 'TRN',
      nbin: '7001',
      name: secrets.payer,
      ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
      mobile: must(parseMobile(secrets.payerMobile), 'mobile'),
      mmid: must(parseMmid('7001001'), 'MMID'),
      reference: null,
      openingBalance: 1_000_000n,
    },
    t.room.clock.now(),
  )
  assert.ok(typeof account !== 'string')
  const common = {
    tenantId: 1,
    channel: 'mobile',
    reference: null,
    actor: 'cli_x',
    from: account.id,
    amountPaise: paise(100n),
  } as const
  const toAccount = {
    kind: 'account',
    ifsc: must(parseIfsc('HDFC0000123'), 'IFSC'),
    account: must(parseAccountNumber(secrets.payeeAccount), 'account'),
    name: secrets.payee,
  } as const
  const paid = await initiate(t.room, {
    ...common,
    idempotencyKey: 'a',
    bodyHash: 'a'.repeat(64),
    to: toAccount,
    remarks: secrets.remarks,
  })
  assert.ok(paid.kind === 'accepted')
  const recorded = await record(t.room, paid.payment, {
    kind: 'approved',
    responseCode: '00',
    registeredName: secrets.registered,
  })
  assert.ok(recorded.kind === 'moved')
  const toMobile = {
    kind: 'mmid',
    mobile: must(parseMobile(secrets.payeeMobile), 'mobile'),
    mmid: must(parseMmid('9229123'), 'MMID'),
  } as const
  await initiate(t.room, { ...common, idempotencyKey: 'b', bodyHash: 'b'.repeat(64), to: toMobile, remarks: null })
  await receive(
    t.room,
    {
      rrn: must(parseRrn('632612000042'), 'RRN'),
      stan: must(parseStan('000042'), 'STAN'),
      remitterBank: '924000',
      amountPaise: paise(200n),
      transmittedAt: t.room.clock.now(),
      channel: 'mobile',
      remitter: {
        name: secrets.sender,
        account: must(parseAccountNumber(secrets.senderAccount), 'account'),
        mobile: must(parseMobile(secrets.senderMobile), 'mobile'),
      },
      beneficiary: { kind: 'account', ifsc: account.ifsc, account: account.accountNumber },
    },
    { link: 'beneficiary', epoch: 1 },
    () => ({ bytes: Buffer.from(secrets.body), responseCode: '00' }),
  )
  await insertEnquiry(db, testVault, {
    tenantId: 1,
    institution: 'TRN',
    accountId: account.id,
    beneficiary: toAccount,
    askedName: secrets.payee,
    status: 'verified',
    registeredName: secrets.registered,
    score: 90,
    responseCode: '00',
    transactionId: null,
    rrn: must(parseRrn('632612000043'), 'RRN'),
    createdAt: t.room.clock.now(),
  })
  const unmatched = {
    link: 'remitter',
    reason: 'undecodable',
    rrn: null,
    frame: Buffer.from(secrets.frame),
    brk: null,
  } as const
  await keepUnmatched(db, testVault, unmatched, t.room.clock.now())

  const tables = await db<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`
  let rows = 0
  for (const { name } of tables) {
    for (const row of await db.unsafe<Record<string, unknown>[]>(`select * from ${name}`)) {
      rows += 1
      for (const [column, value] of Object.entries(row)) {
        const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)
        for (const [what, secret] of Object.entries({ ...secrets, number: account.accountNumber })) {
          assert.ok(!text.toLowerCase().includes(secret.toLowerCase()), `${what} stands in ${name}.${column}`)
        }
      }
    }
  }
  assert.ok(rows > 100)
  const read = await findPayment(db, testVault, 1, paid.payment.id)
  assert.deepEqual(
    [read?.beneficiary, read?.remarks, read?.registeredName, read?.remitter.name],
    [toAccount, secrets.remarks, secrets.registered, secrets.payer],
  )
})

test('a sealed value that was moved to another row, or changed by a bit, is refused and not shown', async () => {
  const [one, two] = await db<{ payment_id: string; sealed: Uint8Array }[]>`
    select payment_id, sealed from payment where direction = 'outward' order by payment_id limit 2`
  assert.ok(one && two)
  const read = () =>
    findPayment(db, testVault, 1, `pay_${one.payment_id.replaceAll('-', '')}` as Parameters<typeof findPayment>[3])
  assert.ok(await read())
  await db`update payment set sealed = ${Buffer.from(two.sealed)} where payment_id = ${one.payment_id}`
  await assert.rejects(read(), /altered, or is another row's/)
  const bit = Buffer.from(one.sealed)
  bit[40] = (bit[40] ?? 0) ^ 1
  await db`update payment set sealed = ${bit} where payment_id = ${one.payment_id}`
  await assert.rejects(read(), /altered/)
})
