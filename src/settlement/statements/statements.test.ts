import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openTestDatabase } from '../../../test/support/database.ts'
import { arrivalOf, openIntake } from '../../../test/support/intake.ts'
import { testVault } from '../../../test/support/vault.ts'
import { csvProfileFor, shippedLayouts } from '../../imps/files/detect.ts'
import { defaultProfile } from '../../imps/profile.ts'
import { statementForms, writeAccountStatement } from '../../simulator/cycles/bank-statement.ts'
import { IntakeError } from '../intake/file.ts'
import { takeFile } from '../intake/take.ts'
import { readCsvStatement } from './csv.ts'
import { readMt940 } from './mt940.ts'
import { readStatements } from './read.ts'
import { cycleIn, plainReference, rrnIn } from './references.ts'
import { statementsOf } from './store.ts'

const { db } = await openTestDatabase()
const ACCOUNT = '997001000001'

const read = (name: string, text: string) => {
  const found = readStatements(name, Buffer.from(text), defaultProfile.institutions)
  if (found === undefined) throw new Error('no statement')
  return found
}
/** Why a file is refused, and where. */
const faultOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (!(error instanceof IntakeError)) throw error
    const { fault, row, column } = error.refusal
    return [fault, row, column].filter((part) => part !== undefined).join(' ')
  }
  return 'taken'
}

for (const form of statementForms) {
  test(`what the switch writes as ${form} is read as it was meant, to the paisa`, () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
        fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }).filter((amount) => amount !== 0n),
        (openingPaise, movedPaise) => {
          const cycle = { settlementDate: '2026-11-27', number: '5' }
          const { name, text } = writeAccountStatement(form, {
            bank: 'TRN',
            account: ACCOUNT,
            cycle,
            number: 7,
            openingPaise,
            movedPaise,
          })
          const { institution, statements } = read(name, text)
          const [one] = statements
          assert.equal(institution, 'TRN')
          assert.deepEqual([one?.openingPaise, one?.closingPaise], [openingPaise, openingPaise + movedPaise])
          assert.deepEqual(
            one?.lines.map(({ amountPaise }) => amountPaise),
            [movedPaise],
          )
          assert.deepEqual(cycleIn(one?.lines[0]?.narration ?? ''), cycle)
        },
      ),
      { numRuns: 100 },
    )
  })
}

/** As a bank sends it: an envelope, two pages, a reversal, narrations over several lines. */
const MT940 = `{1:F01HDFCINBBAXXX0000000000}{2:I940TRNTINBBXXXXN}{4:
:20:ST261127
:25:${ACCOUNT}
:28C:00331/001
:60F:C261126INR1000000,
:61:2611271127D1500,5NTRF633110000001//8004512345678901
:86:IMPS/P2A/633110000001/ASHA
 DEVI/HDFC
:61:261127RD1500,50NTRF633110000001
:86:REV
:62M:C261127INR1000000,00
-}
{4:
:20:ST261127
:25:${ACCOUNT}
:28C:00331/002
:60M:C261127INR1000000,00
:61:2601021231C0,01NMSCNONREF
:62F:D261127INR0,99
:86:what the bank says of the whole
-}
`

test('MT940 as banks send it: envelope, pages, reversals, entry dates over the turn of the year', () => {
  const good = MT940.replace(':62F:D261127INR0,99', ':62F:C261127INR1000000,01')
  const [first, second] = readMt940(good)
  assert.deepEqual(
    first?.lines.map((line) => [line.row, line.bookedOn, line.amountPaise, line.reference, line.narration]),
    [
      [6, '2026-11-27', -150_050n, '8004512345678901', 'IMPS/P2A/633110000001/ASHA DEVI/HDFC'],
      [9, '2026-11-27', 150_050n, '633110000001', 'REV'],
    ],
  )
  assert.deepEqual(
    [second?.number, second?.lines[0]?.valueOn, second?.lines[0]?.bookedOn],
    ['00331/002', '2026-01-02', '2025-12-31'],
  )
  assert.deepEqual([second?.lines[0]?.amountPaise, second?.lines[0]?.reference], [1n, ''])
})

const wrongMt940: readonly (readonly [from: string | RegExp, to: string, fault: string])[] = [
  ['x', 'x', 'balance_differs 19'],
  [/:62M:.*/, ':62M:C261127INR1000000,001', 'bad_value 11 :62M:'],
  [':60F:C261126INR', ':60F:C261126USD', 'bad_value 5 :60F:'],
  [':61:2611271127D', ':61:2613271127D', 'bad_value 6 :61:'],
  ['D1500,5NTRF', 'D1500.5NTRF', 'bad_value 6 :61:'],
  ['D1500,5NTRF', 'D0,NTRF', 'bad_value 6 :61:'],
  [/:25:.*\n/, '', 'cut_short 2'],
  [/:62M:[\s\S]*/, '', 'cut_short 2'],
  [/^[\s\S]*?:20:/, 'garbage\n:20:', 'unreadable 1'],
]
for (const [from, to, fault] of wrongMt940) {
  test(`MT940 with ${String(from)} as ${to} is refused: ${fault}`, () => {
    assert.equal(
      faultOf(() => readMt940(MT940.replace(from, to))),
      fault,
    )
  })
}

test('the sum of many lines of large amounts is exact, where numbers with a point would not be', () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, index) => `:61:261127C4999999999,${String(index % 100).padStart(2, '0')}NTRFX`,
  )
  const sum = Array.from({ length: 20_000 }, (_, index) => 499_999_999_900n + BigInt(index % 100)).reduce(
    (all, one) => all + one,
  )
  const text = `:20:X\n:25:${ACCOUNT}\n:28C:1\n:60F:C261127INR0,\n${lines.join('\n')}\n:62F:C261127INR${sum / 100n},${String(sum % 100n).padStart(2, '0')}\n-\n`
  assert.equal(readMt940(text)[0]?.closingPaise, sum)
})

const entry = (state: string, more = '') => `
      <Ntry><Amt Ccy="INR">1500.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>${state}
        <BookgDt><Dt>2026-11-27</Dt></BookgDt><ValDt><DtTm>2026-11-28T01:00:00+05:30</DtTm></ValDt>${more}</Ntry>`
const camt = (namespace: string, entries: string, closing = '1001500.50') => `<?xml version="1.0" encoding="UTF-8"?>
<Document${namespace}><BkToCstmrStmt><GrpHdr/><Stmt><Id>S1</Id>
  <Acct><Id><Othr><Id>${ACCOUNT}</Id></Othr></Id></Acct>
  <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="INR">1000000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-27</Dt></Dt></Bal>
  <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="INR">${closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-27</Dt></Dt></Bal>
  ${entries}</Stmt></BkToCstmrStmt></Document>`
const details = `<NtryDtls><TxDtls><Refs><EndToEndId>633110000001</EndToEndId></Refs><RmtInf><Ustrd>IMPS rent</Ustrd></RmtInf></TxDtls></NtryDtls>`
const batch = `<NtryDtls><TxDtls><Amt Ccy="INR">1000.00</Amt><Refs><TxId>A</TxId></Refs></TxDtls><TxDtls><Amt Ccy="INR">500.50</Amt><Refs><TxId>B</TxId></Refs></TxDtls></NtryDtls>`

for (const version of ['02', '03', '04', '05', '06', '07', '08', 'none']) {
  test(`camt.053 of version ${version} is read, with what is only announced left out`, () => {
    const own = version === 'none' ? '' : ` xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"`
    const early = version < '04'
    const state = (code: string) => (early ? `<Sts>${code}</Sts>` : `<Sts><Cd>${code}</Cd></Sts>`)
    const found = read('s.xml', camt(own, entry(state('BOOK'), details) + entry(state('PDNG'))))
    assert.equal(found.layout, version === 'none' ? 'camt.053' : `camt.053.001.${version}`)
    assert.deepEqual(
      found.statements[0]?.lines.map((line) => [
        line.bookedOn,
        line.valueOn,
        line.amountPaise,
        line.reference,
        line.narration,
      ]),
      [['2026-11-27', '2026-11-28', 150_050n, '633110000001', '633110000001 IMPS rent']],
    )
  })
}

test('an entry of several transactions is a line of each where they come to it', () => {
  const [one] = read('s.xml', camt('', entry('<Sts>BOOK</Sts>', batch))).statements
  assert.deepEqual(
    one?.lines.map(({ amountPaise, reference }) => [amountPaise, reference]),
    [
      [100_000n, 'A'],
      [50_050n, 'B'],
    ],
  )
  const off = read('s.xml', camt('', entry('<Sts>BOOK</Sts>', batch.replace('500.50', '500.49')))).statements[0]
  assert.deepEqual(
    off?.lines.map(({ amountPaise }) => amountPaise),
    [150_050n],
  )
})

const wrongCamt: readonly (readonly [text: string, fault: string])[] = [
  [camt('', entry('<Sts>BOOK</Sts>'), '1001500.49'), 'balance_differs 5'],
  [camt(' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.09"', ''), 'layout_mismatch 1'],
  [camt('', entry('<Sts>BOOK</Sts>')).replace('Ccy="INR">1500.50', 'Ccy="USD">1500.50'), 'bad_value 7 Amt/@Ccy'],
  [camt('', entry('<Sts>BOOK</Sts>')).replace('>1500.50<', '>1,500.50<'), 'bad_value 7 Amt'],
  [camt('', '').replace('CLBD', 'XXXX'), 'cut_short 2 Bal'],
  [camt('', entry('<Sts>BOOK</Sts>')).replace('<Document>', '<!DOCTYPE x [<!ENTITY a "b">]><Document>'), 'unreadable'],
  [camt('', entry('<Sts>BOOK</Sts>')).slice(0, -60), 'unreadable'],
  [camt('', entry('<Sts>BOOK</Sts>')).replace(ACCOUNT, '123456789012'), 'unknown_account 5'],
]
for (const [text, fault] of wrongCamt) {
  test(`camt.053 is refused: ${fault}`, () =>
    assert.equal(
      faultOf(() => read('s.xml', text)),
      fault,
    ))
}

const profileOf = (name: string) => csvProfileFor(name, undefined, shippedLayouts)!
const HDFC = `Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance
26/11/2026,IMPS-633010000001-ASHA,633010000001,26/11/2026,"1,500.50",,998499.50
27/11/2026,NEFT,N1,27/11/2026,,0.50,998500.00
`
test('CSV by profile: every balance is the one before it and its movement', () => {
  const one = readCsvStatement(HDFC, ACCOUNT, profileOf('hdfc'))
  assert.deepEqual(
    [one.openingPaise, one.closingPaise, one.from, one.until],
    [100_000_000n, 99_850_000n, '2026-11-26', '2026-11-27'],
  )
  assert.deepEqual(
    one.lines.map(({ amountPaise }) => amountPaise),
    [-150_050n, 50n],
  )
  const wrong = (from: string, to: string) =>
    faultOf(() => readCsvStatement(HDFC.replace(from, to), ACCOUNT, profileOf('hdfc')))
  assert.equal(wrong('998500.00', '998500.01'), 'balance_differs 3 Closing Balance')
  assert.equal(wrong('"1,500.50",', ','), 'bad_value 2 Withdrawal Amt.')
  assert.equal(wrong('26/11/2026,IMPS', '11/26/2026,IMPS'), 'bad_value 2 Date')
  assert.equal(wrong('Narration', 'Text'), 'layout_mismatch 1 Narration')
  const icici = `Transaction ID,Value Date,Description,Transaction Amount(INR),Cr/Dr,Available Balance(INR)
S1,27/11/2026,MMT/IMPS/633110000001/x,10.00,CR,110.00
S2,27/11/2026,MMT/IMPS/633110000002/x,5.00,DR,105.00
`
  assert.deepEqual(
    readCsvStatement(icici, ACCOUNT, profileOf('icici_current')).lines.map(({ amountPaise }) => amountPaise),
    [1_000n, -500n],
  )
})

test('an RRN is found in a narration where it is the only number that decodes to about that day', () => {
  assert.equal(rrnIn('IMPS/P2A/633110000001/ASHA', '2026-11-27'), '633110000001')
  assert.equal(rrnIn('MMT/IMPS/633110000001/x 633112000009', '2026-11-27'), undefined)
  assert.equal(rrnIn('a/c 501001234567', '2026-11-27'), undefined)
  assert.equal(rrnIn('633110000001', '2026-12-20'), undefined)
  assert.equal(rrnIn('536523000001', '2026-01-01'), '536523000001')
  assert.equal(plainReference('NEFT 50100123456789'), null)
  assert.equal(plainReference('633110000001'), '633110000001')
})

test('statements are kept once, say whether they follow on, and another of the same number is refused', async (t) => {
  const set = openIntake(t, { db, vault: testVault })
  const write = (number: number, openingPaise: bigint, movedPaise: bigint) =>
    writeAccountStatement('mt940', {
      bank: 'TRN',
      account: ACCOUNT,
      cycle: { settlementDate: '2026-11-27', number: String(number) },
      number,
      openingPaise,
      movedPaise,
    })
  const take = async ({ name, text }: { name: string; text: string }) =>
    takeFile(set.deps, arrivalOf(name, Buffer.from(text)))
  const first = await take(write(1, 100n, 50n))
  assert.equal((await take(write(1, 100n, 50n))).kind, 'known')
  assert.equal((await take(write(1, 100n, 51n))).file.refusal?.fault, 'statement_known')
  const [second, third] = [await take(write(2, 150n, -20n)), await take(write(3, 131n, 1n))]
  const continues = await Promise.all(
    [first, second, third].map(async ({ file }) => (await statementsOf(db, file.id))[0]?.continues),
  )
  assert.deepEqual(continues, [true, true, false])
  assert.equal(
    (await take({ name: 'other.sta', text: write(4, 132n, 1n).text.replace(ACCOUNT, '501001234567') })).file.refusal
      ?.fault,
    'unknown_account',
  )
})
