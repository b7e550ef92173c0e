import type { Field, FieldType, Layout, Trailer } from './layout.ts'
import { adjustmentChannels, udirFlags } from './rows.ts'

/**
 * The layouts that ship. IMPS' raw layout is known to members only: the fixed-width one here has NFS' offsets, its ancestor's, and what
 * IMPS needs beside them stands in places of this project's choice; the CSV one has the words of UPI's sample. The simulator writes
 * them; a member bank replaces them by its own. @source settlement.md §2.3, §2.4 (a), (c), §4.2
 */

const text = (max: number): FieldType => ({ kind: 'text', max })
const digits = (min: number, max = min): FieldType => ({ kind: 'digits', min, max })
const letters = (min: number, max = min): FieldType => ({ kind: 'letters', min, max })
const code = (...of: readonly string[]): FieldType => ({ kind: 'code', of })
const rupees = (count: number): FieldType => ({ kind: 'paise', digits: count, point: true })
const bare = (count: number): FieldType => ({ kind: 'paise', digits: count, point: false })
const count = (places: number): FieldType => ({ kind: 'count', digits: places })
const iso: FieldType = { kind: 'date', mask: 'YYYY-MM-DD' }
const compact: FieldType = { kind: 'date', mask: 'YYYYMMDD' }
const short: FieldType = { kind: 'date', mask: 'YYMMDD' }
const clock: FieldType = { kind: 'time', mask: 'HH:MM:SS' }
const tight: FieldType = { kind: 'time', mask: 'HHMMSS' }

/** A cut RRN is still a row: what it belongs to is for the match to say (B13). */
const rrn = digits(6, 12)
const nbin = digits(4)
const bank3 = letters(3)
const subType = code('F3', 'FC')

const need = (name: string, column: string, is: FieldType): Field => ({ name, column, is })
const may = (name: string, column: string, is: FieldType): Field => ({ name, column, is, optional: true })
const at = (from: number, to: number, field: Field): Field => ({ ...field, at: [from, to] })
/** A place that is NPCI's and says nothing to the hub. */
const unused = (from: number, to: number, column: string): Field => ({
  name: `_${from}`,
  column,
  at: [from, to],
  is: text(to - from),
  optional: true,
})
const fixed = (from: number, to: number, column: string, value: string): Field => ({
  ...unused(from, to, column),
  value,
})
const again = (from: number, to: number, column: string, same: string, is: FieldType): Field => ({
  name: `_${from}`,
  column,
  at: [from, to],
  is,
  same,
})

/** OC 132, from 5 May 2026: payments of a bulk have a parent. */
const BULK_FROM = '2026-05-05'
const bulk = [may('purposeCode', 'Purpose Code', letters(2)), may('parentRrn', 'Parent RRN', digits(12))]

const trailer: Trailer = {
  mark: 'TRAILER',
  fields: [
    need('bank', 'Bank Code', bank3),
    need('settlementDate', 'Settlement Date', compact),
    need('cycle', 'Cycle', letters(1, 3)),
    need('count', 'Count', count(9)),
    need('sumPaise', 'Sum', rupees(18)),
  ],
}

const fixedTrailer: Trailer = {
  mark: 'TRAILER',
  fields: [
    at(7, 10, need('bank', 'Participant ID', bank3)),
    at(10, 16, need('settlementDate', 'Settlement date', short)),
    at(16, 19, need('cycle', 'Cycle', letters(1, 3))),
    at(19, 28, need('count', 'Number of records', count(9))),
    at(28, 46, need('sumPaise', 'Sum of amounts', bare(18))),
  ],
}

const rawCsv = [
  need('bank', 'Bank Code', bank3),
  need('subType', 'Tran Type', subType),
  need('rrn', 'RRN', rrn),
  need('responseCode', 'Rcode', letters(2, 3)),
  need('stan', 'StanID', digits(6, 12)),
  need('txnDate', 'Tran Date', compact),
  need('txnTime', 'Tran Time', tight),
  need('settlementDate', 'Settlement Date', compact),
  { name: '_currency', column: 'Settlement Ccy', is: digits(3), value: '356' },
  need('amountPaise', 'Tran Amt', rupees(12)),
  need('remitterBank', 'Remitter Code', nbin),
  need('remitterAccount', 'Rem Acc', letters(1, 30)),
  may('remitterMobile', 'Rem Mobile', digits(10, 12)),
  need('beneficiaryBank', 'Beneficiary Code', nbin),
  need('beneficiaryAccount', 'Bene Acc', letters(1, 30)),
  may('beneficiaryMobile', 'Bene Mobile', digits(10, 12)),
] satisfies readonly Field[]

/** The first 157 places are the same in both of NFS' files. */
const nfs = [
  at(0, 3, need('bank', 'Participant ID', bank3)),
  at(3, 5, need('subType', 'Transaction type', subType)),
  unused(5, 7, 'From account type'),
  unused(7, 9, 'To account type'),
  at(9, 21, need('rrn', 'Transaction serial number (RRN)', rrn)),
  at(21, 23, need('responseCode', 'Response code', letters(2))),
  at(23, 27, need('beneficiaryBank', 'PAN, first four: NBIN', nbin)),
  unused(27, 42, 'PAN, rest'),
  unused(42, 43, 'Member number'),
  unused(43, 49, 'Approval number'),
  at(49, 61, need('stan', 'STAN', digits(6, 12))),
  at(61, 67, need('txnDate', 'Transaction date', short)),
  at(67, 73, need('txnTime', 'Transaction time', tight)),
  unused(73, 77, 'MCC'),
  at(77, 83, need('settlementDate', 'Card acceptor settlement date', short)),
  unused(83, 98, 'Card acceptor ID'),
  unused(98, 106, 'Terminal ID'),
  unused(106, 146, 'Terminal location'),
  at(146, 157, need('remitterBank', 'Acquirer ID: NBIN', nbin)),
] satisfies readonly Field[]

const issuer = [
  ...nfs,
  unused(157, 160, 'Network ID'),
  at(160, 179, need('remitterAccount', 'Account 1 number', letters(1, 19))),
  at(179, 189, may('remitterMobile', 'Account 1 branch', digits(10))),
  at(189, 208, need('beneficiaryAccount', 'Account 2 number', letters(1, 19))),
  at(208, 218, may('beneficiaryMobile', 'Account 2 branch', digits(10))),
  fixed(218, 221, 'Transaction currency', '356'),
  at(221, 236, need('amountPaise', 'Transaction amount', bare(15))),
  again(236, 251, 'Actual transaction amount', 'amountPaise', bare(15)),
  unused(251, 266, 'Activity fee'),
  fixed(266, 269, 'Settlement currency', '356'),
  again(269, 284, 'Settlement amount', 'amountPaise', bare(15)),
  unused(284, 299, 'Settlement fee'),
  unused(299, 314, 'Processing fee'),
  unused(314, 407, 'Billing and conversion'),
] satisfies readonly Field[]

const acquirer = [
  ...nfs,
  again(157, 163, 'Acquirer settlement date', 'settlementDate', short),
  fixed(163, 166, 'Transaction currency', '356'),
  at(166, 181, need('amountPaise', 'Transaction amount', bare(15))),
  again(181, 196, 'Actual transaction amount', 'amountPaise', bare(15)),
  unused(196, 211, 'Activity fee'),
  fixed(211, 214, 'Settlement currency', '356'),
  again(214, 229, 'Settlement amount', 'amountPaise', bare(15)),
  unused(229, 244, 'Settlement fee'),
  unused(244, 259, 'Processing fee'),
  unused(259, 274, 'Conversion'),
  at(274, 293, need('remitterAccount', 'Account 1 number', letters(1, 19))),
  at(293, 303, may('remitterMobile', 'Account 1 branch', digits(10))),
  at(303, 322, need('beneficiaryAccount', 'Account 2 number', letters(1, 19))),
  at(322, 332, may('beneficiaryMobile', 'Account 2 branch', digits(10))),
] satisfies readonly Field[]

const bulkAt = (from: number): readonly Field[] => [
  at(from, from + 2, may('purposeCode', 'Purpose Code', letters(2))),
  at(from + 2, from + 14, may('parentRrn', 'Parent RRN', digits(12))),
]

const raw = (kind: 'raw_remitter' | 'raw_beneficiary'): readonly Layout[] => {
  const [name, records, length] = kind === 'raw_remitter' ? ['IMPSISSR', issuer, 407] : ['IMPSACQR', acquirer, 332]
  const csv = {
    kind,
    fileName: `${name}{BANK}{DDMMYY}_{CYCLE}.csv`,
    trailer,
    form: { kind: 'csv', delimiter: ',' },
  } as const
  const txt = { kind, fileName: `${name}{BANK}{DDMMYY}_{CYCLE}.txt`, trailer: fixedTrailer } as const
  return [
    { id: `${kind}/csv/1`, from: '2000-01-01', ...csv, fields: rawCsv },
    { id: `${kind}/csv/2`, from: BULK_FROM, ...csv, fields: [...rawCsv, ...bulk] },
    { id: `${kind}/fixed/1`, from: '2000-01-01', ...txt, form: { kind: 'fixed', length }, fields: records },
    {
      id: `${kind}/fixed/2`,
      from: BULK_FROM,
      ...txt,
      form: { kind: 'fixed', length: length + 14 },
      fields: [...records, ...bulkAt(length)],
    },
  ]
}

/** @source NPCI OC 28 Annexure G */
const timeoutFields = [
  need('txnUid', 'TXN UID', text(35)),
  need('subType', 'TXN Type', subType),
  need('txnDate', 'TXN Date', iso),
  need('txnTime', 'TXN Time', clock),
  need('settlementDate', 'Settlement Date', iso),
  need('responseCode', 'Response Code', code('08')),
  need('rrn', 'RRN', rrn),
  need('stan', 'STAN', digits(6, 12)),
  need('remitterBank', 'Remitter', nbin),
  need('beneficiaryBank', 'Beneficiary', nbin),
  need('beneficiaryAccount', 'Beneficiary Mobile/Account/Aadhaar No', letters(1, 34)),
  may('remitterMobile', 'Remitter Mobile No', digits(10, 12)),
  need('amountPaise', 'TXN Amount', rupees(12)),
] satisfies readonly Field[]

const channel = code(...adjustmentChannels)

/** The columns of UPI's report and those OC 117 gave IMPS'. */
const adjustmentFields = [
  need('txnUid', 'Txnuid', text(35)),
  may('uid', 'Uid', text(35)),
  need('adjDate', 'Adjdate', iso),
  may('adjType', 'Adjtype', text(60)),
  need('remitterBank', 'Remitter', bank3),
  need('beneficiaryBank', 'Beneficiary', bank3),
  need('responseCode', 'Response', letters(2, 3)),
  need('txnDate', 'Txndate', iso),
  need('txnTime', 'Txntime', clock),
  need('rrn', 'RRN', rrn),
  may('terminalId', 'Terminalid', text(16)),
  may('beneficiaryMobile', 'Ben_Mobile_No', digits(10, 12)),
  may('remitterMobile', 'Rem_Mobile_No', digits(10, 12)),
  may('chargebackDate', 'Chbdate', iso),
  may('chargebackRef', 'Chbref', text(100)),
  need('amountPaise', 'Txnamount', rupees(12)),
  need('adjAmountPaise', 'Adjamount', rupees(12)),
  may('remitterFeePaise', 'Rem_Fee', rupees(12)),
  may('beneficiaryFeePaise', 'Ben_Fee', rupees(12)),
  may('beneficiarySwitchingFeePaise', 'Ben_FeeSW', rupees(12)),
  may('adjFeePaise', 'Adjfee', rupees(12)),
  may('npciFeePaise', 'Npcifee', rupees(12)),
  may('remitterFeeTaxPaise', 'Remfeetax', rupees(12)),
  may('beneficiaryFeeTaxPaise', 'Benfeetax', rupees(12)),
  may('npciTaxPaise', 'Npcitax', rupees(12)),
  need('adjRef', 'Adjref', text(100)),
  need('bankRef', 'Bankadjref', text(100)),
  may('proof', 'Adjproof', text(100)),
  may('compensationPaise', 'Compensation amount', rupees(12)),
  may('raisedTime', 'Adj raised time', clock),
  may('penaltyDays', 'No of days for penalty', count(4)),
  ...['SHDT73', 'SHDT74', 'SHDT75', 'SHDT76', 'SHDT77'].map((column) => may(`_${column}`, column, text(100))),
  need('subType', 'Transaction_Type', subType),
  may('indicator', 'Txn Indicator', text(20)),
  may('beneficiaryAccount', 'Ben a/c', letters(1, 30)),
  may('remitterAccount', 'Rem a/c', letters(1, 30)),
  need('flag', 'Dispute Flag', letters(1, 5)),
  need('reasonCode', 'Reason Code', letters(3, 5)),
  may('mcc', 'MCC', digits(4)),
  need('channel', 'Originating Channel', channel),
  need('settlementDate', 'Adjustment settlement date', iso),
] satisfies readonly Field[]

/** Flags without fund movement. @source NPCI OC 117 */
const udirFields = [
  need('adjDate', 'Adjdate', iso),
  need('flag', 'Dispute Flag', code(...udirFlags)),
  need('remitterBank', 'Remitter', bank3),
  need('beneficiaryBank', 'Beneficiary', bank3),
  need('responseCode', 'Response', letters(2, 3)),
  need('txnDate', 'Txndate', iso),
  need('rrn', 'RRN', rrn),
  need('amountPaise', 'Txnamount', rupees(12)),
  need('adjRef', 'Adjref', text(100)),
  need('reasonCode', 'Reason Code', letters(2, 5)),
  need('subType', 'Transaction_Type', subType),
  need('channel', 'Originating Channel', channel),
] satisfies readonly Field[]

/** @source NPCI OC 28 Annexure D; flags have grown to four characters since */
const classicFields = [
  need('bankRef', 'Bankadjref', text(100)),
  need('flag', 'Flag', letters(1, 4)),
  need('txnDate', 'shtdat', iso),
  need('adjAmountPaise', 'adjamt', rupees(12)),
  need('rrn', 'Shser', digits(12)),
  need('card', 'Shcrd', letters(5, 34)),
  may('evidenceFile', 'filename', text(50)),
  need('reasonCode', 'reason', letters(3, 5)),
  may('other', 'specifyother', text(400)),
] satisfies readonly Field[]

/** @source NPCI OC 129: an amount has at most nine characters, the point among them */
const goodFaithFields = [
  need('txnDate', 'TXN Date', compact),
  need('amountPaise', 'TXN Amount', rupees(8)),
  need('rrn', 'RRN', digits(12)),
  may('txnId', 'TRAN ID', text(35)),
  need('remitterBank', 'Remitter Bank Code', bank3),
  need('beneficiaryBank', 'Beneficiary Bank Code', bank3),
  need('bankRef', 'Bank Adj Ref', text(100)),
  need('npciRef', 'IRCS Adj Ref', text(100)),
  need('adjDate', 'Adj Date', compact),
  { name: '_penalty', column: 'Penalty Flag', is: code('N'), value: 'N' },
  need('reasonCode', 'Reason Code', letters(4)),
  need('flag', 'Adj Flag', letters(4)),
  need('account', 'Account Number', letters(9, 30)),
  need('subType', 'Txn Sub Type', subType),
] satisfies readonly Field[]

const csv = { kind: 'csv', delimiter: ',' } as const
const titles = [
  'National Payments Corporation of India',
  'Immediate Payment Service',
  'Time-out (RC-08) Report for {BANK} as on {DD-MM-YYYY} ({CYCLE})',
]

/** What ships, the older version of a layout first. */
export const defaultLayouts: readonly Layout[] = [
  ...raw('raw_remitter'),
  ...raw('raw_beneficiary'),
  {
    id: 'timeout/csv/1',
    kind: 'timeout',
    from: '2000-01-01',
    fileName: 'IMPSRC08{BANK}{DDMMYY}_{CYCLE}.csv',
    form: csv,
    fields: timeoutFields,
    trailer,
  },
  {
    id: 'timeout/xlsx/1',
    kind: 'timeout',
    from: '2000-01-01',
    fileName: 'IMPSRC08{BANK}{DDMMYY}_{CYCLE}.xlsx',
    form: { kind: 'xlsx', titles },
    fields: timeoutFields,
    trailer,
  },
  {
    id: 'adjustment/csv/1',
    kind: 'adjustment',
    from: '2023-08-04', // OC 117
    fileName: 'IMPSADJReport{BANK}{DDMMYY}_{CYCLE}.csv',
    form: csv,
    fields: adjustmentFields,
    trailer,
  },
  {
    id: 'adjustment/csv/2',
    kind: 'adjustment',
    from: BULK_FROM,
    fileName: 'IMPSADJReport{BANK}{DDMMYY}_{CYCLE}.csv',
    form: csv,
    fields: [...adjustmentFields, ...bulk],
    trailer,
  },
  {
    id: 'udir/csv/1',
    kind: 'udir',
    from: '2023-08-04', // OC 117
    fileName: 'IMPSUDIRADJReport{BANK}{DDMMYY}_{CYCLE}.csv',
    form: csv,
    fields: udirFields,
    trailer,
  },
  {
    id: 'upload_classic/csv/1',
    kind: 'upload_classic',
    from: '2000-01-01',
    fileName: 'IMPSUPLOAD{BANK}{DDMMYY}_{SERIAL}.csv',
    form: csv,
    fields: classicFields,
  },
  {
    id: 'upload_good_faith/csv/1',
    kind: 'upload_good_faith',
    from: '2025-11-27', // OC 129
    fileName: 'IMPSGOODFAITH{BANK}{DDMMYY}_{SERIAL}.csv',
    form: csv,
    fields: goodFaithFields,
  },
]
