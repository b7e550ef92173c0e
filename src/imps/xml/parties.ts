import { type Mmid, type Mobile, parseStan, type Rrn, type Stan } from '../../base/identifiers.ts'
import type { Beneficiary, Channel, Remitter } from '../../base/party.ts'
import { bankCodeOf } from '../ifsc.ts'
import { defaultMmid, nbinOfMmid } from '../mmid.ts'
import type { WireProfile } from '../profile.ts'
import type { Reference } from '../rail-message.ts'
import { stanOfRrn } from '../rrn.ts'
import { XmlError } from './error.ts'
import type { tables } from './messages.ts'
import type { ValuesOf } from './table.ts'

/** Who pays and who is paid, between the canonical message and the two address forms of the wire. @source protocol.md §2.5 */

const missing = (path: string): XmlError => new XmlError('missing', path)

/** Device TYPE. The wire has no word for USSD; a handset asked. @source protocol.md §2.4 */
export const deviceTypes = {
  mobile: 'MOB',
  internet: 'INET',
  branch: 'BRC',
  atm: 'ATM',
  sms: 'SMS',
  ivr: 'IVR',
  ussd: 'MOB',
} as const satisfies Record<Channel, string>

const channelsByDevice: ReadonlyMap<string, Channel> = new Map([
  ['MOB', 'mobile'],
  ['INET', 'internet'],
  ['BRC', 'branch'],
  ['ATM', 'atm'],
  ['SMS', 'sms'],
  ['IVR', 'ivr'],
  ['WAP', 'mobile'],
  ['MAT', 'atm'],
])

/** The address of an account or of a mobile number as the sister rails write it. @source protocol.md §7.4 */
export const addressOf = ({ account, ifsc }: { readonly account: string; readonly ifsc: string }): string =>
  `${account}@${ifsc}.ifsc.npci`

const mobileAddressOf = (mobile: Mobile, mmid: Mmid): string => `${mobile}@${mmid}.mmid.npci`

const NO_MOBILE = '0000000000'

type Asking = Pick<Reference, 'rrn' | 'stan' | 'remitterBank'> & {
  readonly channel: Channel
  readonly remitter: Remitter
  readonly beneficiary?: Beneficiary
  readonly remarks?: string
}

/**
 * Turns whoever asks into the fields of the payer. A payment to a mobile number is sent from one, where the remitter has one:
 * both sides then speak P2P; all else is sent from the account.
 */
export function createPayers(profile: WireProfile) {
  const institutions = new Map(profile.institutions.map((institution) => [institution.remitterBank, institution]))
  const { address, city, state, country } = profile.iso.location
  const deviceLocation = address.padEnd(23) + city.padEnd(13) + state + country

  return (request: Asking, transactionId: string) => {
    const { remitter, beneficiary } = request
    const { account, ifsc, mobile } = remitter
    const institution = institutions.get(request.remitterBank)
    // A mobile number alone stands for the default account behind it.
    const mmid = remitter.mmid ?? (institution && defaultMmid(institution.nbin))
    const byMobile =
      mobile !== undefined && mmid !== undefined && (beneficiary?.kind === 'mmid' || account === undefined)
    const bank3 = transactionId.slice(0, 3).padEnd(3, '0')
    const number = mobile ?? NO_MOBILE
    return {
      rrn: request.rrn,
      stan: request.stan,
      note: request.remarks === '' ? undefined : request.remarks,
      payerName: remitter.name === '' ? undefined : remitter.name,
      payerVerifiedName: remitter.name === '' ? undefined : remitter.name,
      payerIdentity: account !== undefined && ifsc !== undefined ? `${account}|${ifsc}` : undefined,
      deviceMobile: mobile,
      deviceLocation,
      deviceType: deviceTypes[request.channel],
      terminal: bank3 + number.slice(5),
      acceptor: `${bank3}91${number}`,
      ...(byMobile
        ? {
            payerForm: 'MOBILE' as const,
            payerAddress: mobileAddressOf(mobile, mmid),
            payerMmid: mmid,
            payerMobile: mobile,
          }
        : fromAccount(remitter)),
    }
  }
}

function fromAccount({ account, ifsc }: Remitter) {
  if (account === undefined) throw missing('Payer/Ac/Detail[ACNUM]@value')
  if (ifsc === undefined) throw missing('Payer/Ac/Detail[IFSC]@value')
  return {
    payerForm: 'ACCOUNT' as const,
    payerAddress: addressOf({ account, ifsc }),
    payerAccount: account,
    payerIfsc: ifsc,
  }
}

/** The fields of the payee. */
export function payeeOf(beneficiary: Beneficiary) {
  if (beneficiary.kind === 'mmid') {
    return { payeeForm: 'MOBILE' as const, payeeMmid: beneficiary.mmid, payeeMobile: beneficiary.mobile }
  }
  const { account, ifsc, name } = beneficiary
  return {
    payeeForm: 'ACCOUNT' as const,
    payeeAccount: account,
    payeeIfsc: ifsc,
    payeeName: name === '' ? undefined : name,
  }
}

/** The STAN: Txn@refId where that is one, else the last six of the RRN, which it always is. @source protocol.md §2.5 */
export const stanOf = ({ rrn, stan }: { readonly rrn: Rrn; readonly stan?: string | undefined }): Stan =>
  parseStan(stan) ?? stanOfRrn(rrn)

type RequestValues =
  | ValuesOf<typeof tables.ReqPay>
  | ValuesOf<typeof tables.ReqChkTxn>
  | ValuesOf<typeof tables.ReqValAdd>
type PayerValues = Pick<
  RequestValues,
  'payerForm' | 'payerAccount' | 'payerIfsc' | 'payerMmid' | 'payerMobile' | 'payerName' | 'deviceMobile'
>
type PayeeValues = Pick<
  RequestValues,
  'payeeForm' | 'payeeAccount' | 'payeeIfsc' | 'payeeMmid' | 'payeeMobile' | 'payeeName'
>

/**
 * The remitter bank of a request, from the message alone and never from a directory: it is half of the duplicate key, and a
 * directory changes. The first four digits of the payer's MMID, or the first four letters of the payer's IFSC.
 */
function remitterBankOf({ payerForm, payerMmid, payerIfsc }: PayerValues): string {
  if (payerForm === 'MOBILE') return nbinOfMmid(needed(payerMmid, 'Payer/Ac/Detail[MMID]@value'))
  return bankCodeOf(needed(payerIfsc, 'Payer/Ac/Detail[IFSC]@value'))
}

/** The payer of any request. */
export function readRemitter(values: PayerValues): Remitter {
  const { payerName: name, payerAccount: account, payerIfsc: ifsc, payerMmid: mmid } = values
  const mobile = values.payerMobile ?? values.deviceMobile
  return {
    ...(name !== undefined && { name }),
    ...(account !== undefined && { account }),
    ...(ifsc !== undefined && { ifsc }),
    ...(mobile !== undefined && { mobile }),
    ...(mmid !== undefined && { mmid }),
  }
}

/** @param at the path of the payee, for the error */
function readBeneficiary(values: PayeeValues, at: string): Beneficiary {
  const name = values.payeeName
  switch (needed(values.payeeForm, `${at}/Ac@addrType`)) {
    case 'MOBILE':
      return {
        kind: 'mmid',
        mobile: needed(values.payeeMobile, `${at}/Ac/Detail[MOBNUM]@value`),
        mmid: needed(values.payeeMmid, `${at}/Ac/Detail[MMID]@value`),
      }
    case 'ACCOUNT':
      return {
        kind: 'account',
        ifsc: needed(values.payeeIfsc, `${at}/Ac/Detail[IFSC]@value`),
        account: needed(values.payeeAccount, `${at}/Ac/Detail[ACNUM]@value`),
        ...(name !== undefined && { name }),
      }
  }
}

function needed<T>(value: T | undefined, path: string): T {
  if (value === undefined) throw missing(path)
  return value
}

/** What every request says, whichever it is. @param payee the path of its payee, for an error */
export function readRequest(values: RequestValues, payee: string) {
  return {
    rrn: values.rrn,
    stan: stanOf(values),
    remitterBank: remitterBankOf(values),
    channel: channelsByDevice.get(values.deviceType ?? '') ?? 'internet',
    remitter: readRemitter(values),
    beneficiary: readBeneficiary(values, payee),
    ...(values.note !== undefined && { remarks: values.note }),
  } as const
}
