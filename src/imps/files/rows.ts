import type { Paise } from '../../base/money.ts'

/**
 * The content of NPCI's settlement files as data, the same for the hub and the simulator. This folder promises: a file is read whole
 * and proved by its own totals, or refused with file, sheet, row and column; nothing here touches a disk, a socket or a clock; what
 * a writer writes its reader reads back. Instants are epoch milliseconds, dates `YYYY-MM-DD` in IST, money paise; `line` is the
 * 1-based row of the file, heads and titles counted, so that a person finds it. @source settlement.md §2.3, §2.4, §4.2
 */

/** A day in IST, `2026-11-27`. */
export type Day = string

export const fileKinds = [
  'ntsl', //            the settlement statement of one cycle
  'raw_remitter', //    NPCI's "issuer" file: our outward payments
  'raw_beneficiary', // NPCI's "acquirer" file: our inward payments
  'timeout', //         RC-08 report
  'adjustment', //      TCC, RET, chargebacks and their kin, with fund movement
  'udir', //            UDIR adjustment report, without fund movement
  'upload_classic', //  what a member uploads: TCC, RET, B, A, R ...
  'upload_good_faith',
] as const
export type FileKind = (typeof fileKinds)[number]

/** Which cycle a file speaks of: `number` is 1 to 10, or of a dispute cycle its name (`DC1`). Text form `2026-11-27/5`. */
export type FileCycle = { readonly settlementDate: Day; readonly number: CycleNumber }
/** `1` to `99`, or `DC1`, `DC2` for cycles that carry disputes only. */
export type CycleNumber = string

export type Side = 'remitter' | 'beneficiary'
/** NPCI's sub-types of IMPS: F3 read as to an account, FC as to a mobile number (settlement.md §4.2, not verified). */
export type SubType = 'F3' | 'FC'

/** One payment in a raw file. */
export type RawRow = {
  readonly line: number
  /** `remitter` is our outward, `beneficiary` our inward. */
  readonly side: Side
  /** 12 digits; 6 to 11 where somebody on the way cut it short. */
  readonly rrn: string
  readonly stan: string
  /** `00` approved, `08` deemed, any other a decline. */
  readonly responseCode: string
  readonly amountPaise: Paise
  /** Epoch milliseconds, to the second. */
  readonly at: number
  readonly settlementDate: Day
  /** NBIN. */
  readonly remitterBank: string
  readonly beneficiaryBank: string
  readonly remitterAccount: string
  readonly beneficiaryAccount: string
  readonly remitterMobile?: string
  readonly beneficiaryMobile?: string
  readonly subType: SubType
  /** From 5 May 2026 on; 89 is a bulk payment's child. @source NPCI OC 132 */
  readonly purposeCode?: string
  readonly parentRrn?: string
}

/** A line of the statement's upper block, as it is written: `Remitter P2A Approved Transaction Amount`. Totals are in `Ntsl.totals`. */
export type NtslRow = {
  readonly line: number
  readonly description: string
  readonly count: number
  readonly debitPaise: Paise
  readonly creditPaise: Paise
}

/** A line of the statement's dispute block: `TCC FROM|TO BNK bankref/RRN/date/F3  amount`. */
export type NtslDispute = {
  readonly line: number
  /** As written: `Chargeback`, `RET`, `Fraud Chargeback` ... */
  readonly adjustment: string
  /** `from`: that bank raised it against us; `to`: we raised it against that bank. */
  readonly direction: 'from' | 'to'
  /** Three letters. */
  readonly bank: string
  readonly bankRef: string
  readonly rrn: string
  readonly txnDate: Day
  readonly subType: SubType
  readonly debitPaise: Paise
  readonly creditPaise: Paise
}

/** The statement of one cycle, proved: subtotals, Settlement Amount and Final Settlement Amount follow from the lines above them. */
export type Ntsl = {
  readonly cycle: FileCycle
  /** Three letters of the bank, and the window as the title says it. */
  readonly bank: string
  readonly from: string
  readonly to: string
  readonly rows: readonly NtslRow[]
  readonly disputes: readonly NtslDispute[]
  readonly totals: NtslTotals
}

/** Net amounts: more than zero is to the bank's credit. */
export type NtslTotals = {
  readonly remitterPaise: Paise
  readonly beneficiaryPaise: Paise
  readonly settlementPaise: Paise
  readonly adjustedPaise: Paise
  readonly adjustedFeePaise: Paise
  readonly adjustmentSwitchingFeePaise: Paise
  readonly penaltyPaise: Paise
  readonly compensationPaise: Paise
  readonly finalPaise: Paise
}

/** One deemed payment of the RC-08 report. @source NPCI OC 28 Annexure G */
export type TimeoutRow = {
  readonly line: number
  readonly txnUid: string
  readonly subType: SubType
  readonly at: number
  readonly settlementDate: Day
  readonly responseCode: string
  readonly rrn: string
  readonly stan: string
  /** NBIN. */
  readonly remitterBank: string
  readonly beneficiaryBank: string
  /** Account, mobile number with NBIN, or what stands for them. */
  readonly beneficiaryAccount: string
  readonly remitterMobile?: string
  readonly amountPaise: Paise
}

/** How an adjustment came about. @source NPCI OC 117 */
export const adjustmentChannels = ['UDIR', 'Auto-Update', 'Web', 'Online-VR', 'Online-CS', 'File'] as const
export type AdjustmentChannel = (typeof adjustmentChannels)[number]

/** One adjustment. Banks are three-letter settlement codes here, not NBINs. */
export type AdjustmentRow = {
  readonly line: number
  /** `TCC`, `RET`, `B`, `FC` ... settlement.md §4.1 */
  readonly flag: string
  readonly reasonCode: string
  readonly txnUid: string
  readonly uid?: string
  readonly rrn: string
  /** What the bank that raised it calls it (Bankadjref). */
  readonly bankRef: string
  /** NPCI's own reference (Adjref). */
  readonly adjRef: string
  readonly remitterBank: string
  readonly beneficiaryBank: string
  readonly responseCode: string
  readonly txnDate: Day
  readonly txnTime: string
  readonly adjDate: Day
  readonly amountPaise: Paise
  readonly adjAmountPaise: Paise
  readonly chargebackDate?: Day
  readonly chargebackRef?: string
  readonly terminalId?: string
  readonly remitterMobile?: string
  readonly beneficiaryMobile?: string
  readonly remitterAccount?: string
  readonly beneficiaryAccount?: string
  readonly remitterFeePaise: Paise
  readonly beneficiaryFeePaise: Paise
  readonly beneficiarySwitchingFeePaise: Paise
  readonly adjFeePaise: Paise
  readonly npciFeePaise: Paise
  readonly remitterFeeTaxPaise: Paise
  readonly beneficiaryFeeTaxPaise: Paise
  readonly npciTaxPaise: Paise
  readonly proof?: string
  readonly compensationPaise: Paise
  /** When it was raised, epoch milliseconds. */
  readonly raisedAt?: number
  readonly penaltyDays: number
  readonly subType: SubType
  readonly indicator?: string
  /** Adjtype: the flag in NPCI's words. */
  readonly adjType?: string
  readonly mcc?: string
  readonly channel: AdjustmentChannel
  /** When the money of it moves; OC 117. */
  readonly settlementDate: Day
  readonly purposeCode?: string
  readonly parentRrn?: string
}

/** Beneficiary time-out, unable, invalid; remitter complaint, decline, invalid. No settlement impact. @source NPCI OC 117 */
export const udirFlags = ['BTO', 'BUU', 'BIR', 'RRC', 'RDR', 'RIR'] as const
export type UdirFlag = (typeof udirFlags)[number]

export type UdirRow = {
  readonly line: number
  readonly flag: UdirFlag
  readonly reasonCode: string
  readonly rrn: string
  readonly adjRef: string
  readonly remitterBank: string
  readonly beneficiaryBank: string
  readonly responseCode: string
  readonly txnDate: Day
  readonly adjDate: Day
  readonly amountPaise: Paise
  readonly subType: SubType
  readonly channel: AdjustmentChannel
}

/** One row of a classic upload: TCC, RET, B, A, R ... @source NPCI OC 28 Annexure D */
export type ClassicUploadRow = {
  readonly line: number
  readonly bankRef: string
  readonly flag: string
  /** shtdat: the day of the transaction. */
  readonly txnDate: Day
  readonly adjAmountPaise: Paise
  readonly rrn: string
  /** NBIN 00 product 00 mobile, or NBIN and account. */
  readonly card: string
  readonly evidenceFile?: string
  readonly reasonCode: string
  readonly other?: string
}

/** One row of a good-faith upload. @source NPCI OC 129 */
export type GoodFaithUploadRow = {
  readonly line: number
  readonly txnDate: Day
  readonly amountPaise: Paise
  readonly rrn: string
  readonly txnId?: string
  /** Three letters. */
  readonly remitterBank: string
  readonly beneficiaryBank: string
  readonly bankRef: string
  readonly npciRef: string
  readonly adjDate: Day
  readonly reasonCode: string
  readonly flag: string
  readonly account: string
  readonly subType: SubType
}

/** What the rows of each kind of file are. */
export type RowOf = {
  ntsl: NtslRow
  raw_remitter: RawRow
  raw_beneficiary: RawRow
  timeout: TimeoutRow
  adjustment: AdjustmentRow
  udir: UdirRow
  upload_classic: ClassicUploadRow
  upload_good_faith: GoodFaithUploadRow
}
