import {
  account,
  choice,
  day,
  id,
  ifsc,
  instant,
  mmid,
  mobile,
  nbin,
  type Rule,
  rrn,
  rupees,
  rupeesOrNone,
  spoken,
  text,
  version,
  word,
} from './rule.ts'
import { table } from './table.ts'

/**
 * The messages of NPCI's XML wire as tables. Elements are written in the order of their first row. What another bank may leave
 * out, or spell in its own way, is optional here; which of the address forms is required is the dialect's to say.
 * @source protocol.md §2.3 and §2.4
 */

// The same checks where the hub keeps plain text.
const accountText: Rule<string> = account
const ifscText: Rule<string> = ifsc
const nbinText: Rule<string> = nbin

const head = {
  ver: { path: 'Head@ver', is: version, mask: 'show', unread: true },
  at: { path: 'Head@ts', is: instant, mask: 'show' },
  orgId: { path: 'Head@orgId', is: text(20), mask: 'show' },
  msgId: { path: 'Head@msgId', is: id, mask: 'show' },
  prodType: { path: 'Head@prodType', is: word(10), mask: 'show', unread: true },
} as const

/** What every Txn says. */
const transaction = {
  transactionId: { path: 'Txn@id', is: id, mask: 'show' },
  transactedAt: { path: 'Txn@ts', is: instant, optional: true, mask: 'show' },
  type: { path: 'Txn@type', is: word(20), mask: 'show' },
} as const

/** Of a transaction about a payment. */
const payment = {
  ...transaction,
  rrn: { path: 'Txn@custRef', is: rrn, mask: 'show' },
  // The STAN, where six digits; anything else of another bank's is not one.
  stan: { path: 'Txn@refId', is: text(35), optional: true, mask: 'show' },
} as const

const remarks = {
  note: { path: 'Txn@note', is: spoken(50), optional: true },
  refCategory: { path: 'Txn@refCategory', always: '00' },
  purpose: { path: 'Txn@purpose', always: '00' },
} as const

/** What a message says of the one it is about. */
const original = {
  originalRrn: { path: 'Txn@orgRrn', is: rrn, optional: true, mask: 'show' },
  originalTransactionId: { path: 'Txn@orgTxnId', is: id, optional: true, mask: 'show' },
  originalMsgId: { path: 'Txn@orgMsgId', is: id, optional: true, mask: 'show' },
  originalAt: { path: 'Txn@orgTxnDate', is: instant, optional: true, mask: 'show' },
} as const

const addressForm = choice('ACCOUNT', 'MOBILE')

/** The kinds of account the wire knows. The hub's own are not told apart on it: `DEFAULT`. */
export const accountTypes = [
  'SAVINGS',
  'CURRENT',
  'DEFAULT',
  'NRE',
  'NRO',
  'CREDIT',
  'PPIWALLET',
  'BANKWALLET',
  'SOD',
  'UOD',
  'SEMICLOSEDPPIWALLET',
  'SEMICLOSEDBANKWALLET',
  'SNRR',
] as const
const accountType: Rule<string> = choice(...accountTypes)

const payer = {
  payerAddress: { path: 'Payer@addr', is: text(255), unread: true },
  payerName: { path: 'Payer@name', is: spoken(99), optional: true },
  payerNumber: { path: 'Payer@seqNum', always: '0' },
  payerKind: { path: 'Payer@type', always: 'PERSON' },
  payerCode: { path: 'Payer@code', always: '0000' },
  payerIdentity: { path: 'Payer/Info/Identity@id', is: text(60), unread: true },
  payerIdentityType: { path: 'Payer/Info/Identity@type', always: 'ACCOUNT' },
  payerVerifiedName: { path: 'Payer/Info/Identity@verifiedName', is: spoken(99), unread: true },
  payerRating: { path: 'Payer/Info/Rating@verifiedAddress', always: 'TRUE' },
  deviceMobile: { path: 'Payer/Device/Tag[MOBILE]@value', is: mobile, optional: true, lenient: true, mask: 'last4' },
  deviceLocation: { path: 'Payer/Device/Tag[LOCATION]@value', is: text(40, 40), unread: true, mask: 'show' },
  deviceType: { path: 'Payer/Device/Tag[TYPE]@value', is: word(10), optional: true, lenient: true, mask: 'show' },
  terminal: { path: 'Payer/Device/Tag[cardAccpTrId]@value', is: text(8, 8), unread: true, mask: 'last4' },
  acceptor: { path: 'Payer/Device/Tag[cardAccIdCode]@value', is: text(15, 15), unread: true, mask: 'last4' },
  payerForm: { path: 'Payer/Ac@addrType', is: addressForm, optional: true, mask: 'show' },
  payerAccount: { path: 'Payer/Ac/Detail[ACNUM]@value', is: account, optional: true, mask: 'last4' },
  payerIfsc: { path: 'Payer/Ac/Detail[IFSC]@value', is: ifsc, optional: true, mask: 'show' },
  payerMmid: { path: 'Payer/Ac/Detail[MMID]@value', is: mmid, optional: true, mask: 'show' },
  payerMobile: { path: 'Payer/Ac/Detail[MOBNUM]@value', is: mobile, optional: true, mask: 'last4' },
  payerAccountType: { path: 'Payer/Ac/Detail[ACTYPE]@value', always: 'DEFAULT' },
} as const

/** The remitter bank has checked who pays; the base64 of `00|APPROVED`, without its padding. @source protocol.md §2.3 */
const approval = {
  credentialType: { path: 'Payer/Creds/Cred@type', always: 'PreApproved' },
  credentialSubType: { path: 'Payer/Creds/Cred@subType', always: 'NA' },
  credential: { path: 'Payer/Creds/Cred/Data', always: 'MDB8QVBQUk9WRUQ' },
} as const

const payerAmount = {
  amountPaise: { path: 'Payer/Amount@value', is: rupees, mask: 'show' },
  currency: { path: 'Payer/Amount@curr', always: 'INR', checked: true },
} as const

/** With initiationMode 12, and only then. */
const institution = {
  institutionKind: { path: 'Payer/Institution@type', is: choice('MTO', 'BANK'), optional: true, mask: 'show' },
  institutionRoute: { path: 'Payer/Institution@route', is: choice('MTSS', 'RDA'), optional: true, mask: 'show' },
  institutionName: { path: 'Payer/Institution/Name@value', is: spoken(99), optional: true, mask: 'show' },
  institutionAccount: { path: 'Payer/Institution/Name@acNum', is: accountText, optional: true, mask: 'last4' },
  institutionIfsc: { path: 'Payer/Institution/Name@ifsc', is: ifscText, optional: true, mask: 'show' },
  remittancePurpose: { path: 'Payer/Institution/Purpose@code', is: word(20), optional: true, mask: 'show' },
  remittancePurposeNote: { path: 'Payer/Institution/Purpose@note', is: spoken(50), optional: true },
  originatorName: { path: 'Payer/Institution/Originator@name', is: spoken(99), optional: true },
  originatorReference: { path: 'Payer/Institution/Originator@refNo', is: text(35), optional: true, mask: 'show' },
  originatorKind: { path: 'Payer/Institution/Originator@type', is: word(20), optional: true, mask: 'show' },
  originatorLocation: { path: 'Payer/Institution/Originator/Address@location', is: spoken(255), optional: true },
  remittanceBeneficiary: { path: 'Payer/Institution/Beneficiary@name', is: spoken(99), optional: true },
} as const

/** The payee, in `Payees/Payee` of a payment and in `Payee` of a name enquiry. */
const payee = <const At extends string>(at: At) =>
  ({
    payeeName: { path: `${at}@name`, is: spoken(99), optional: true },
    payeeNumber: { path: `${at}@seqNum`, always: '1' },
    payeeKind: { path: `${at}@type`, always: 'PERSON' },
    payeeCode: { path: `${at}@code`, always: '0000' },
    payeeForm: { path: `${at}/Ac@addrType`, is: addressForm, optional: true, mask: 'show' },
    payeeAccount: { path: `${at}/Ac/Detail[ACNUM]@value`, is: account, optional: true, mask: 'last4' },
    payeeIfsc: { path: `${at}/Ac/Detail[IFSC]@value`, is: ifsc, optional: true, mask: 'show' },
    payeeMmid: { path: `${at}/Ac/Detail[MMID]@value`, is: mmid, optional: true, mask: 'show' },
    payeeMobile: { path: `${at}/Ac/Detail[MOBNUM]@value`, is: mobile, optional: true, mask: 'last4' },
    payeeAccountType: { path: `${at}/Ac/Detail[ACTYPE]@value`, always: 'DEFAULT' },
  }) as const

const payeeAmount = {
  payeeAmountPaise: { path: 'Payees/Payee/Amount@value', is: rupees, optional: true, mask: 'show' },
  payeeCurrency: { path: 'Payees/Payee/Amount@curr', always: 'INR', checked: true },
} as const

/** PAY leaves the remitter bank, CREDIT reaches the beneficiary bank; subType DR_REVERSAL gives a remitter its money back (UDIR). */
const ReqPay = table('ReqPay', {
  ...head,
  ...payment,
  subType: { path: 'Txn@subType', is: word(20), optional: true, mask: 'show' },
  initiationMode: { path: 'Txn@initiationMode', is: word(3), optional: true, mask: 'show' },
  ...remarks,
  ...original,
  ...payer,
  ...approval,
  ...payerAmount,
  ...institution,
  ...payeeAmount,
  ...payee('Payees/Payee'),
})

const response = {
  inReplyTo: { path: 'Resp@reqMsgId', is: id, mask: 'show' },
  result: { path: 'Resp@result', is: choice('SUCCESS', 'FAILURE', 'DEEMED'), mask: 'show' },
  errCode: { path: 'Resp@errCode', is: word(20), optional: true, mask: 'show' },
} as const

/** What the switch says of the remitter's leg. The hub reads two things of it; the rest is for people. */
const payerReference = {
  payerSettled: { path: 'Resp/Ref[PAYER]@settAmount', is: rupees, unread: true, mask: 'show' },
  payerAmountPaise: { path: 'Resp/Ref[PAYER]@orgAmount', is: rupeesOrNone, optional: true, mask: 'show' },
  payerRefCurrency: { path: 'Resp/Ref[PAYER]@settCurrency', always: 'INR' },
  payerRefNumber: { path: 'Resp/Ref[PAYER]@seqNum', always: '0' },
  payerRefCode: { path: 'Resp/Ref[PAYER]@code', always: '0000' },
  payerResponseCode: { path: 'Resp/Ref[PAYER]@respCode', is: word(20), optional: true, mask: 'show' },
  reversalResponseCode: { path: 'Resp/Ref[PAYER]@reversalRespCode', is: word(20), optional: true, mask: 'show' },
} as const

/** What the beneficiary bank says: this is the answer. */
const payeeReference = {
  creditedAddress: { path: 'Resp/Ref[PAYEE]@addr', is: text(255), unread: true },
  settled: { path: 'Resp/Ref[PAYEE]@settAmount', is: rupees, unread: true, mask: 'show' },
  amountPaise: { path: 'Resp/Ref[PAYEE]@orgAmount', is: rupeesOrNone, optional: true, mask: 'show' },
  refCurrency: { path: 'Resp/Ref[PAYEE]@settCurrency', always: 'INR' },
  refNumber: { path: 'Resp/Ref[PAYEE]@seqNum', always: '1' },
  refCode: { path: 'Resp/Ref[PAYEE]@code', always: '0000' },
  approvalCode: { path: 'Resp/Ref[PAYEE]@approvalNum', is: word(6), optional: true, lenient: true, mask: 'show' },
  responseCode: { path: 'Resp/Ref[PAYEE]@respCode', is: word(20), optional: true, mask: 'show' },
  registeredName: { path: 'Resp/Ref[PAYEE]@regName', is: spoken(99), optional: true, lenient: true },
  creditedAccount: { path: 'Resp/Ref[PAYEE]@acNum', is: accountText, optional: true, lenient: true, mask: 'last4' },
  creditedIfsc: { path: 'Resp/Ref[PAYEE]@IFSC', is: ifscText, optional: true, lenient: true, mask: 'show' },
  creditedType: { path: 'Resp/Ref[PAYEE]@accType', is: accountType, optional: true, lenient: true, mask: 'show' },
} as const

/** NPCI adds Ref PAYER when it hands the answer on to the remitter bank; a beneficiary bank sends Ref PAYEE alone. */
const RespPay = table('RespPay', {
  ...head,
  ...payment,
  subType: { path: 'Txn@subType', is: word(20), optional: true, mask: 'show' },
  ...response,
  ...payerReference,
  ...payeeReference,
})

/** Has this payment been credited? The verification of the ISO wire. */
const ReqChkTxn = table('ReqChkTxn', {
  ...head,
  ...payment,
  subType: { path: 'Txn@subType', always: 'PAY' },
  ...remarks,
  ...original,
  ...payer,
  ...payerAmount,
  ...payeeAmount,
  ...payee('Payees/Payee'),
})

const RespChkTxn = table('RespChkTxn', {
  ...head,
  ...payment,
  ...original,
  ...response,
  ...payerReference,
  ...payeeReference,
})

/** Who owns this account? Moves no money. */
const ReqValAdd = table('ReqValAdd', {
  ...head,
  ...payment,
  ...remarks,
  ...payer,
  ...payee('Payee'),
})

const RespValAdd = table('RespValAdd', {
  ...head,
  ...transaction,
  ...response,
  ifsc: { path: 'Resp@IFSC', is: ifscText, optional: true, lenient: true, mask: 'show' },
  account: { path: 'Resp@acNum', is: accountText, optional: true, lenient: true, mask: 'last4' },
  accountType: { path: 'Resp@accType', is: accountType, optional: true, lenient: true, mask: 'show' },
  approvalCode: { path: 'Resp@approvalNum', is: word(6), optional: true, lenient: true, mask: 'show' },
  holderCode: { path: 'Resp@code', always: '0000' },
  holderKind: { path: 'Resp@type', always: 'PERSON' },
  maskName: { path: 'Resp@maskName', is: spoken(99), optional: true, lenient: true },
})

/** Txn@subType of a check that asks about a complaint. *Profile*: NPCI says that a check asks, and not in which words. */
export const COMPLAINT = 'COMPLAINT'

/**
 * UDIR: a remitter bank has NPCI raise what its customer complains of. That the message is, and what it may say, is public (NPCI OC 117);
 * its attributes are not: they are this project's, in the words of UPI's.
 */
const ReqComplaint = table('ReqComplaint', {
  ...head,
  ...payment,
  ...original,
  flag: { path: 'Complaint@reqAdjFlag', is: word(4), mask: 'show' },
  reason: { path: 'Complaint@reqAdjCode', is: word(5), mask: 'show' },
  amountPaise: { path: 'Complaint@reqAdjAmount', is: rupees, mask: 'show' },
  currency: { path: 'Complaint@curr', always: 'INR', checked: true },
})

/** What NPCI calls the dispute. */
const complaintReference = { reference: { path: 'Resp@crn', is: text(35), optional: true, mask: 'show' } } as const

const RespComplaint = table('RespComplaint', { ...head, ...payment, ...response, ...complaintReference })

/** A check about a complaint, and its answer: `Txn@id` is the complaint's. */
export const complaintChecks = {
  ReqChkTxn: table('ReqChkTxn', { ...head, ...payment, subType: { path: 'Txn@subType', is: word(20), mask: 'show' } }),
  RespChkTxn: table('RespChkTxn', {
    ...head,
    ...payment,
    subType: { path: 'Txn@subType', is: word(20), mask: 'show' },
    ...response,
    ...complaintReference,
  }),
} as const

/** What a check is about, before the rest of it is read. */
export const checkSubType = (root: 'ReqChkTxn' | 'RespChkTxn') =>
  table(root, { subType: { path: 'Txn@subType', is: word(20), optional: true, lenient: true, mask: 'show' } })

const ReqHbt = table('ReqHbt', {
  ...head,
  ...transaction,
  signal: { path: 'HbtMsg@type', is: choice('ALIVE', 'EOD'), mask: 'show' },
  value: { path: 'HbtMsg@value', is: text(20), optional: true, mask: 'show' },
})

const RespHbt = table('RespHbt', { ...head, ...transaction, ...response })

const ReqListAccPvd = table('ReqListAccPvd', { ...head, ...transaction })

/** The members of IMPS, as NPCI lists them. */
const RespListAccPvd = table('RespListAccPvd', {
  ...head,
  ...transaction,
  ...response,
  providers: {
    path: 'AccPvdList/AccPvd',
    each: {
      name: { path: '@name', is: spoken(99), mask: 'show' },
      nbin: { path: '@iin', is: nbinText, mask: 'show' },
      bankCode: { path: '@bankCode', is: word(3), mask: 'show' },
      ifsc: { path: '@ifsc', is: word(11), mask: 'show' },
      active: { path: '@active', is: choice('Y', 'N'), mask: 'show' },
      products: { path: '@prods', always: 'IMPS' },
      modifiedAt: { path: '@lastModifiedTs', is: text(40), optional: true, lenient: true, mask: 'show' },
      features: { path: '@featureSupported', is: text(255), optional: true, lenient: true, mask: 'show' },
    },
  },
})

/** Received, or not: the HTTP answer to any message. Alone in having no Head, and not signed. */
export const Ack = table('Ack', {
  api: { path: '@api', is: word(35), mask: 'show' },
  reqMsgId: { path: '@reqMsgId', is: id, mask: 'show' },
  at: { path: '@ts', is: instant, mask: 'show' },
  err: { path: '@err', is: text(50), optional: true, mask: 'show' },
})

/** Txn@subType of what gives a remitter its money back (UDIR). */
export const DR_REVERSAL = 'DR_REVERSAL'

/** The value of an HbtMsg that ends a day. */
export const endOfDay = day

/** Every message with a Head, by the name of its root element. */
export const tables = {
  ReqPay,
  RespPay,
  ReqChkTxn,
  RespChkTxn,
  ReqValAdd,
  RespValAdd,
  ReqHbt,
  RespHbt,
  ReqListAccPvd,
  RespListAccPvd,
  ReqComplaint,
  RespComplaint,
} as const
