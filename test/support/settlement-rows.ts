import fc from 'fast-check'
import { paise } from '../../src/base/money.ts'
import { addDays, startOfDay } from '../../src/imps/cycles.ts'
import type { TableKind } from '../../src/imps/files/layout.ts'
import type { Identity } from '../../src/imps/files/line-reader.ts'
import { adjustmentChannels, type RowOf, type Side, udirFlags } from '../../src/imps/files/rows.ts'
import type { NewRow } from '../../src/imps/files/write-table.ts'

/** Rows of every kind of file, as arbitrary as their layouts allow. */

export const identity = { bank: 'TRN', day: '2026-11-27', cycle: '5' } as const satisfies Identity
export const uploadIdentity = { bank: 'TRN', day: '2026-11-27', serial: '1' } as const satisfies Identity

const string = (characters: string, minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength })
const digits = (min: number, max = min) => string('0123456789', min, max)
const letters = (min: number, max = min) => string('ABCDEFGHXYZabc0123456789', min, max)
const printable = (max: number) =>
  fc
    .string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: max,
    })
    .map((text) => text.trim() || '"')
const money = (digitCount: number) => fc.bigInt({ min: 0n, max: 10n ** BigInt(digitCount) - 1n }).map(paise)
const day = fc.integer({ min: 0, max: 3_000 }).map((days) => addDays('2020-01-01', days))
const at = fc.integer({ min: 0, max: 100_000_000 }).map((seconds) => startOfDay('2024-01-01') + seconds * 1000)
const clock = fc.integer({ min: 0, max: 86_399 }).map((seconds) => new Date(seconds * 1000).toISOString().slice(11, 19))
const subType = fc.constantFrom('F3', 'FC')
const channel = fc.constantFrom(...adjustmentChannels)
const rrn = digits(6, 12)
const settlementDate = fc.constant(identity.day)

/** Without the keys that are undefined: an absent field is no property. */
const record = <T extends object>(model: { [P in keyof T]: fc.Arbitrary<T[P]> }, requiredKeys: (keyof T)[]) =>
  fc.record(model, { requiredKeys, noNullPrototype: true })

const raw = <S extends Side>(side: S): fc.Arbitrary<Omit<RowOf['raw_remitter'], 'line'>> =>
  record(
    {
      side: fc.constant<Side>(side),
      rrn,
      stan: digits(6, 12),
      responseCode: fc.constantFrom('00', '08', '51', 'M0', 'm1'),
      amountPaise: money(12),
      at,
      settlementDate,
      remitterBank: digits(4),
      beneficiaryBank: digits(4),
      remitterAccount: letters(1, 19),
      beneficiaryAccount: letters(1, 19),
      remitterMobile: digits(10),
      beneficiaryMobile: digits(10),
      subType,
      purposeCode: digits(2),
      parentRrn: digits(12),
    },
    [
      'side',
      'rrn',
      'stan',
      'responseCode',
      'amountPaise',
      'at',
      'settlementDate',
      'remitterBank',
      'beneficiaryBank',
      'remitterAccount',
      'beneficiaryAccount',
      'subType',
    ],
  )

export const rowsOf: { readonly [K in TableKind]: fc.Arbitrary<NewRow<K>> } = {
  raw_remitter: raw('remitter'),
  raw_beneficiary: raw('beneficiary'),
  timeout: record(
    {
      txnUid: printable(35),
      subType,
      at,
      settlementDate,
      responseCode: fc.constant('08'),
      rrn,
      stan: digits(6, 12),
      remitterBank: digits(4),
      beneficiaryBank: digits(4),
      beneficiaryAccount: letters(1, 34),
      remitterMobile: digits(10, 12),
      amountPaise: money(12),
    },
    [
      'txnUid',
      'subType',
      'at',
      'settlementDate',
      'responseCode',
      'rrn',
      'stan',
      'remitterBank',
      'beneficiaryBank',
      'beneficiaryAccount',
      'amountPaise',
    ],
  ),
  adjustment: fc.tuple(day, fc.option(clock, { nil: undefined })).chain(([adjDate, raised]) =>
    record<NewRow<'adjustment'>>(
      {
        flag: letters(1, 5),
        reasonCode: letters(3, 5),
        txnUid: printable(35),
        uid: printable(35),
        rrn,
        bankRef: printable(100),
        adjRef: printable(100),
        remitterBank: letters(3),
        beneficiaryBank: letters(3),
        responseCode: letters(2, 3),
        txnDate: day,
        txnTime: clock,
        adjDate: fc.constant(adjDate),
        amountPaise: money(12),
        adjAmountPaise: money(12),
        chargebackDate: day,
        chargebackRef: printable(100),
        terminalId: printable(16),
        remitterMobile: digits(10, 12),
        beneficiaryMobile: digits(10, 12),
        remitterAccount: letters(1, 30),
        beneficiaryAccount: letters(1, 30),
        remitterFeePaise: money(12),
        beneficiaryFeePaise: money(12),
        beneficiarySwitchingFeePaise: money(12),
        adjFeePaise: money(12),
        npciFeePaise: money(12),
        remitterFeeTaxPaise: money(12),
        beneficiaryFeeTaxPaise: money(12),
        npciTaxPaise: money(12),
        proof: printable(100),
        compensationPaise: money(12),
        raisedAt: fc.constant(Date.parse(`${adjDate}T${raised ?? '00:00:00'}+05:30`)),
        penaltyDays: fc.integer({ min: 0, max: 9_999 }),
        subType,
        indicator: printable(20),
        adjType: printable(60),
        mcc: digits(4),
        channel,
        settlementDate,
        purposeCode: letters(2),
        parentRrn: digits(12),
      },
      [
        'flag',
        'reasonCode',
        'txnUid',
        'rrn',
        'bankRef',
        'adjRef',
        'remitterBank',
        'beneficiaryBank',
        'responseCode',
        'txnDate',
        'txnTime',
        'adjDate',
        'amountPaise',
        'adjAmountPaise',
        'remitterFeePaise',
        'beneficiaryFeePaise',
        'beneficiarySwitchingFeePaise',
        'adjFeePaise',
        'npciFeePaise',
        'remitterFeeTaxPaise',
        'beneficiaryFeeTaxPaise',
        'npciTaxPaise',
        'compensationPaise',
        'penaltyDays',
        'subType',
        'channel',
        'settlementDate',
      ],
    ),
  ),
  udir: fc.record(
    {
      flag: fc.constantFrom(...udirFlags),
      reasonCode: letters(2, 5),
      rrn,
      adjRef: printable(100),
      remitterBank: letters(3),
      beneficiaryBank: letters(3),
      responseCode: letters(2, 3),
      txnDate: day,
      adjDate: day,
      amountPaise: money(12),
      subType,
      channel,
    },
    { noNullPrototype: true },
  ),
  upload_classic: record(
    {
      bankRef: printable(100),
      flag: letters(1, 4),
      txnDate: day,
      adjAmountPaise: money(12),
      rrn: digits(12),
      card: letters(5, 34),
      evidenceFile: printable(50),
      reasonCode: letters(3, 5),
      other: printable(400),
    },
    ['bankRef', 'flag', 'txnDate', 'adjAmountPaise', 'rrn', 'card', 'reasonCode'],
  ),
  upload_good_faith: record(
    {
      txnDate: day,
      amountPaise: money(8),
      rrn: digits(12),
      txnId: printable(35),
      remitterBank: letters(3),
      beneficiaryBank: letters(3),
      bankRef: printable(100),
      npciRef: printable(100),
      adjDate: day,
      reasonCode: letters(4),
      flag: letters(4),
      account: letters(9, 30),
      subType,
    },
    [
      'txnDate',
      'amountPaise',
      'rrn',
      'remitterBank',
      'beneficiaryBank',
      'bankRef',
      'npciRef',
      'adjDate',
      'reasonCode',
      'flag',
      'account',
      'subType',
    ],
  ),
}
