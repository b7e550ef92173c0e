import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import {
  must,
  parseAccountId,
  parseAccountNumber,
  parseIfsc,
  parseMmid,
  parseMobile,
  parsePaymentLinkId,
  parseRrn,
  parseStan,
} from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { insertCustomer } from '../../src/customer/customer-store.ts'
import { insertFactor } from '../../src/customer/factor-store.ts'
import type { Tx } from '../../src/db/pool.ts'
import { asTenant } from '../../src/db/tenant.ts'
import { insertCredential, insertPerson } from '../../src/identity/person-store.ts'
import { saveView } from '../../src/identity/view-store.ts'
import { openAccount } from '../../src/ledger/store.ts'
import { insertBeneficiary } from '../../src/payment/beneficiary-store.ts'
import { createChanges } from '../../src/payment/changes.ts'
import { insertEnquiry } from '../../src/payment/enquiry-store.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { setBlocked } from '../../src/payment/policy-store.ts'
import { receive } from '../../src/payment/receive.ts'
import { record } from '../../src/payment/record.ts'
import { findPayment } from '../../src/payment/store.ts'
import { insertLink } from '../../src/payment-link/store.ts'
import { keepUnmatched } from '../../src/rail/store.ts'
import { sealedPlaces } from '../../src/secrecy/places.ts'
import { openTestDatabase } from '../support/database.ts'
import { findInDump, needlesOf } from '../support/dump.ts'
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
  customer: 'Wilhelmina Fernandes',
  customerMobile: '9512345673',
  factorMobile: '9412345674',
  beneficiary: 'Umashankar Bhatnagar',
  registeredAccount: '99001122334455',
  label: 'my landlord Umashankar',
  person: 'Quintus Pereira',
  login: 'quintus.pereira@bank.example',
  totp: 'JBSWY3DPEHPK3PXPJBSWY3DP',
  blockedAccount: '66001122334455',
  proposed: 'Hyacinth Lobo',
  proposedAccount: '55001122334455',
  linkToken: 'Zm9yIHRlc3RzIG9ubHkhIQ',
  linkNumber: '7001223344556677',
  paper: 'fir of Vikram Deshpande.pdf',
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

  await keepPeople(account)

  const personal = { ...secrets, number: account.accountNumber }
  const { found, values } = await findInDump(db, needlesOf(personal))
  assert.deepEqual(found, [])
  assert.ok(values > 1_000)
  const read = await findPayment(db, testVault, 1, paid.payment.id)
  assert.deepEqual(
    [read?.beneficiary, read?.remarks, read?.registeredName, read?.remitter.name],
    [toAccount, secrets.remarks, secrets.registered, secrets.payer],
  )
})

/** Everybody else of whom the hub knows something: a customer with a factor, a person with a credential, a beneficiary, a change that waits. */
async function keepPeople(account: { readonly id: string }): Promise<void> {
  const now = t.room.clock.now()
  await testVault.prepare([0, 1], now)
  const changes = createChanges({
    clock: t.room.clock,
    vault: testVault,
    asTenant: (tenantId, run) => asTenant(db, tenantId, run),
    newId: () => randomUUID().replaceAll('-', ''),
    approvalMs: 86_400_000,
    make: {},
  })
  await db`
    insert into approval_rule (tenant_id, subject_kind, steps, valid_from, created_at)
    values (1, 'beneficiary', '[{"anyOf":[{"role":"checker","count":1}]}]', '2020-01-01', now())`
  await asTenant(db, 1, async (tx) => {
    const mobile = must(parseMobile(secrets.customerMobile), 'mobile')
    const customer = await insertCustomer(
      tx,
      testVault,
      { tenantId: 1, name: secrets.customer, mobile, language: 'en', reference: null },
      now,
    )
    assert.ok(typeof customer !== 'string')
    const factor = { kind: 'sms', secret: secrets.factorMobile, proof: null, proofUntil: null } as const
    await insertFactor(tx, testVault, customer, { id: randomUUID().replaceAll('-', ''), ...factor }, now)
    const made = await insertBeneficiary(tx, testVault, {
      id: `ben_${randomUUID().replaceAll('-', '')}`,
      tenantId: 1,
      to: { kind: 'account', ifsc: 'HDFC0000123', account: secrets.registeredAccount, name: secrets.beneficiary },
      label: secrets.label,
      madeBy: ['cli_x'],
      createdAt: now,
    })
    assert.ok(made)
    const roles = ['viewer'] as const
    const person = await insertPerson(
      tx,
      testVault,
      { tenantId: 1, name: secrets.person, login: secrets.login, roles },
      'x',
      now,
    )
    assert.ok(person !== undefined)
    await insertCredential(
      tx,
      testVault,
      person,
      { kind: 'totp', text: secrets.totp, passkeyId: null, counter: 0 },
      now,
    )
    const view = {
      id: `viw_${'9'.repeat(32)}`,
      name: secrets.paper,
      filters: {},
      columns: [],
      createdAt: now,
      updatedAt: now,
    }
    await saveView(tx, testVault, { tenantId: 1, personId: person.id }, view)
    const { index } = { index: testVault.index('account', secrets.blockedAccount) }
    await setBlocked(tx, 1, { kind: 'account', index }, { reason: 'fraud', by: 'cli_x', at: now }, now)
    const change = { tenantId: 1, kind: 'beneficiary', subjectId: account.id, maker: 'cli_x', makerSame: [] } as const
    const content = { name: secrets.proposed, account: secrets.proposedAccount }
    assert.ok((await changes.propose(tx, { ...change, content })) !== undefined)
    await insertPaper(tx)
    await insertUpload(tx)
    await insertWebhook(tx)
    await insertPaymentLink(tx, account.id)
    await insertArrivals(tx)
  })
}

/** What came from NPCI and from a bank, what was said of a break, and where raw rows are: each with a text that only its seal hides. */
async function insertArrivals(tx: Tx): Promise<void> {
  const key = (digit: string): string => digit.repeat(32)
  const seal = (place: string, row: string): Uint8Array => testVault.seal(place, 1, row, secrets.paper)
  const hash = '0'.repeat(64)
  await tx`
    insert into settlement_file (file_id, tenant_id, institution, kind, layout, name, settled_on, cycle, sha256, bytes, encrypted, signed, state, rows,
                                 amount, kept, sealed, came_by, received_by, received_at)
    values (${key('1')}, 1, 'TRN', 'adjustment', 'adjustment/csv/1', 'IMPSADJReportTRN221126_5C.csv', '2026-11-22', '5', ${hash}, 1, false, false,
            'accepted', 1, 1, true, ${seal('settlement_file.sealed', key('1'))}, 'api', 'cli_x', now())`
  await tx`
    insert into adjustment_line (line_id, file_id, tenant_id, line, report, flag, reason_code, rrn, remitter_bank, beneficiary_bank, txn_on, adjusted_on,
                                 amount, adjusted, compensation, fields, sealed)
    values (${key('2')}, ${key('1')}, 1, 2, 'adjustment', 'TCC', '102', '632609000125', 'TRN', 'HDF', '2026-11-22', '2026-11-22', 1, 1, 0, '{}',
            ${seal('adjustment_line.sealed', key('2'))})`
  await tx`
    insert into timeout_line (line_id, file_id, tenant_id, line, rrn, stan, remitter_bank, beneficiary_bank, at, amount, fields, sealed)
    values (${key('3')}, ${key('1')}, 1, 2, '632609000125', '000125', 'TRN', 'HDF', now(), 1, '{}', ${seal('timeout_line.sealed', key('3'))})`
  await tx`
    insert into statement (statement_id, file_id, tenant_id, institution, ordinal, profile, account_index, number, from_on, until_on, opening, closing,
                           lines, continues, sealed)
    values (${key('4')}, ${key('1')}, 1, 'TRN', 1, 'rbi', ${testVault.index('account', secrets.paper)}, '', '2026-11-22', '2026-11-22', 0, 1, 1, true,
            ${seal('statement.sealed', key('4'))})`
  await tx`
    insert into statement_line (line_id, statement_id, tenant_id, ordinal, row, booked_on, value_on, amount, sealed)
    values (${key('5')}, ${key('4')}, 1, 1, 2, '2026-11-22', '2026-11-22', 1, ${seal('statement_line.sealed', key('5'))})`
  await tx`
    insert into raw_archive (archive_id, tenant_id, institution, settled_on, cycle, archive, rows, sealed, sha256, made_at)
    values (${key('6')}, 1, 'TRN', '2026-11-22', '5', 'trn-221126-5', 1, ${seal('raw_archive.sealed', key('6'))}, ${hash}, now())`
  const [found] = await db<{ break_id: string }[]>`
    insert into break (kind, detail, tenant_id, opened_at) values ('B30', '', 1, now()) returning break_id::text`
  await tx`
    insert into break_comment (comment_id, break_id, tenant_id, author, sealed, at)
    values (${key('7')}, ${found?.break_id ?? null}::uuid, 1, 'cli_x', ${seal('break_comment.sealed', key('7'))}, now())`
}

/** A paper about a dispute, whose name is that of a person. */
async function insertPaper(tx: Tx): Promise<void> {
  const [dispute, paper] = ['d'.repeat(32), 'e'.repeat(32)]
  const sealed = testVault.seal('evidence_file.sealed', 1, paper, secrets.paper)
  const content = testVault.sealBytes('evidence_file.content', 1, paper, Buffer.from(secrets.paper))
  await tx`
    insert into dispute (dispute_id, tenant_id, payment_id, lane, direction, institution, rrn, remitter_bank, family, state, amount,
                         transaction_on, flag, reason_code, stepped_on, rules, opened_by, opened_at, updated_at)
    values (${dispute}, 1, ${dispute}, 0, 'outward', 'TRN', '632609000123', '700001', 'chargeback', 'raised', 1, '2026-11-22', 'B', '108', '2026-11-23',
            '0123456789abcdef', 'cli_x', now(), now())`
  await tx`
    insert into evidence_file (evidence_id, tenant_id, dispute_id, media_type, bytes, sha256, sealed, content, added_by, added_at)
    values (${paper}, 1, ${dispute}, 'text/plain', 1, ${'0'.repeat(64)}, ${sealed}, ${content}, 'cli_x', now())`
}

/** What somebody is asked to pay, and for what. */
async function insertPaymentLink(tx: Tx, accountId: string): Promise<void> {
  const made = await insertLink(tx, testVault, {
    id: must(parsePaymentLinkId(`lnk_${'8'.repeat(32)}`), 'link id'),
    tenantId: 1,
    accountId: must(parseAccountId(accountId), 'account id'),
    amountPaise: null,
    partial: false,
    uses: 'once',
    reference: null,
    description: secrets.paper,
    returnUrl: null,
    token: secrets.linkToken,
    virtualAccount: {
      ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
      accountNumber: must(parseAccountNumber(secrets.linkNumber), 'account'),
    },
    expiresAt: null,
    createdAt: t.room.clock.now(),
    madeBy: 'cli_x',
    key: undefined,
  })
  assert.equal(made.kind, 'made')
}

/** An endpoint's secret, and what a receiver answered. */
async function insertWebhook(tx: Tx): Promise<void> {
  const [endpoint, secret, attempt] = ['1'.repeat(32), '2'.repeat(32), '3'.repeat(32)]
  await tx`
    insert into webhook_endpoint (endpoint_id, tenant_id, url, schemes) values (${endpoint}, 1, 'https://shop.example/', '{v1}')`
  await tx`
    insert into webhook_secret (secret_id, endpoint_id, tenant_id, scheme, sealed, created_at)
    values (${secret}, ${endpoint}, 1, 'v1', ${testVault.seal('webhook_secret.sealed', 1, secret, secrets.paper)}, now())`
  await tx`
    insert into webhook_attempt (attempt_id, endpoint_id, tenant_id, event_id, at, duration_ms, status, sealed)
    values (${attempt}, ${endpoint}, 1, 'evt_x', now(), 1, 200, ${testVault.seal('webhook_attempt.sealed', 1, attempt, secrets.paper)})`
}

/** A row for NPCI, with whose account it is, and the file that it leaves in. */
async function insertUpload(tx: Tx): Promise<void> {
  const [file, row] = ['f'.repeat(32), 'a'.repeat(32)]
  const ofFile = testVault.seal('upload_file.sealed', 1, file, secrets.paper)
  const ofRow = testVault.seal('upload_row.sealed', 1, row, secrets.paper)
  await tx`
    insert into upload_file (upload_id, tenant_id, institution, kind, purpose, name, made_on, sequence, rows, amount, sealed, sha256, state, made_at)
    values (${file}, 1, 'TRN', 'upload_classic', 'tcc_ret', 'IMPSUPLOADTRN221126_1.csv', '2026-11-22', 1, 1, 1, ${ofFile}, ${'0'.repeat(64)},
            'waiting', now())`
  await tx`
    insert into upload_row (row_id, tenant_id, institution, purpose, flag, reason_code, rrn, nbin, direction, amount, sealed, upload_id, made_at)
    values (${row}, 1, 'TRN', 'tcc_ret', 'TCC', '102', '632609000124', '700001', 'inward', 1, ${ofRow}, ${file}, now())`
}

test('each place that commands about keys go through has its rows here, and they open as they say', async () => {
  for (const { table, column, row, tenantless } of sealedPlaces) {
    const rows = await db<{ tenant: number; row: string; sealed: Uint8Array }[]>`
      select ${tenantless ? db`0` : db`tenant_id`} as tenant, ${db(row)}::text as row, ${db(column)} as sealed
      from ${db(table)} where ${db(column)} is not null`
    assert.ok(rows.length > 0, `nothing was sealed in ${table}.${column}`)
    for (const one of rows)
      assert.ok(testVault.openBytes(`${table}.${column}`, one.tenant, one.row.replaceAll('-', ''), one.sealed))
  }
})

test('a value that stands somewhere in the plain, in JSON, in a URL, as hex or as Base64 is found', async () => {
  const { db: other } = await openTestDatabase()
  const value = 'Zoë "Z" Ångström'
  const bytes = Buffer.from(value)
  const ways: readonly [where: string, text: string, raw: Uint8Array][] = [
    ['plain', `x ${value} x`, Buffer.from('')],
    ['upper case', value.toUpperCase(), Buffer.from('')],
    ['JSON', JSON.stringify({ name: value }), Buffer.from('')],
    ['URL', encodeURIComponent(value), Buffer.from('')],
    ['hex', bytes.toString('hex').toUpperCase(), Buffer.from('')],
    ...[0, 1, 2, 3, 4].map(
      (before) =>
        [
          `base64 after ${before}`,
          Buffer.concat([Buffer.alloc(before, 'q'), bytes, Buffer.from('tail')]).toString('base64'),
          Buffer.from(''),
        ] as [string, string, Uint8Array],
    ),
    ['base64url', Buffer.concat([Buffer.from('q'), bytes]).toString('base64url'), Buffer.from('')],
    ['bytes', '', Buffer.concat([Buffer.alloc(3), bytes])],
  ]
  await other`create table thief (note text, raw bytea)`
  for (const [where, text, raw] of ways) {
    await other`delete from thief`
    await other`insert into thief values (${text}, ${Buffer.from(raw)})`
    const { found } = await findInDump(other, needlesOf({ who: value }))
    assert.deepEqual(
      found.map((one) => one.what),
      ['who'],
      where,
    )
  }
  await other`update thief set note = '', raw = '\\x0077001122334455'`
  assert.deepEqual((await findInDump(other, needlesOf({ packed: '77001122334455' }))).found, [
    { where: 'thief.raw', what: 'packed' },
  ])
  await other`drop table thief`
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
