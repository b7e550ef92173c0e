import {
  binary,
  type Decoded,
  DecodeError,
  decode,
  describe,
  digits,
  EncodeError,
  encode,
  type Message,
  message,
  peek,
  type Row,
  type Rows,
  salvage,
  type Wire,
} from '@turant/iso8583'
import { unreachable } from '../../base/brand.ts'
import { type Ifsc, type Mmid, type Mobile, parseMmid, parseMobile } from '../../base/identifiers.ts'
import { type Beneficiary, type Channel, channels, type Remitter } from '../../base/party.ts'
import { type BankDirectory, bankOfIfsc, createBankDirectory } from '../banks.ts'
import { bankCodeOf } from '../ifsc.ts'
import { defaultMmid, suffixOfMmid } from '../mmid.ts'
import type { IsoProfile, TransactionTypes, WireProfile } from '../profile.ts'
import type {
  FundTransferRequest,
  FundTransferResponse,
  NetworkFunction,
  NetworkRequest as NetworkRequestMessage,
  RailMessage,
  VerificationRequest,
  VerificationResponse,
  WrappedKey,
} from '../rail-message.ts'
import { withoutMacTag } from './mac-place.ts'
import { impsTags, NetworkRequest, NetworkResponse, ReceivedRequest, Response, SentRequest } from './messages.ts'
import { toWireText } from './wire-text.ts'
import { createWireTimes, nearestInstant, wireTimes } from './wire-time.ts'

/** What the beneficiary's side says to an original or a verification. */
export type AnswerParts = {
  readonly responseCode: string
  /** Goes out as 20 ASCII characters at most, and only if given: what the remitter typed is not echoed as a registered name. */
  readonly registeredName?: string
  /** Six characters; the STAN when absent and the response code is 00. */
  readonly approvalCode?: string
  /** The account credited; the one asked for when absent. */
  readonly beneficiaryAccount?: string
}

export interface IsoDialect {
  /**
   * One message, without its length header.
   * @throws {EncodeError} for a message the wire cannot carry: a P2A original without the remitter's account (DE 102), an
   *   account too long for it, an amount outside DE 4
   */
  encode(message: RailMessage): Uint8Array
  /**
   * One message, every part checked and branded.
   * @param now epoch milliseconds: DE 7 has no year, so `transmittedAt` is the instant nearest to this
   * @throws {DecodeError} with code and path, never a value
   */
  decode(bytes: Uint8Array, now: number): RailMessage
  /**
   * The 0210 to a 0200, by the build rule: the request echoed byte for byte, unknown DE 120 tags included, less the
   * elements of `stripFromResponse`, with DE 38, 39, 103 and tag 046 set.
   * @param requestBytes the bytes that `request` was decoded from
   */
  answer(requestBytes: Uint8Array, request: FundTransferRequest | VerificationRequest, parts: AnswerParts): Uint8Array
  answerNetwork(request: NetworkRequestMessage, responseCode: string): Uint8Array
  /**
   * The answer to a request that `decode` refused: 30 for a broken message, 12 for one that IMPS does not have (0220, 0420,
   * another transaction type), 13 for an amount of zero. Undefined when the message is an answer itself, or too broken to
   * say which request it would be an answer to.
   */
  refuse(requestBytes: Uint8Array): Uint8Array | undefined
  /** The message for people, values masked. */
  describe(bytes: Uint8Array): string
}

/** DE 70. @source protocol.md §1.3 */
export const networkCodes = {
  logOn: '001',
  logOff: '002',
  cutOver: '201',
  echo: '301',
  keyExchange: '184',
} as const satisfies Record<NetworkFunction, string>

type Fields = Decoded<typeof SentRequest>
type Tags = Fields['imps']
type Building<T> = { -readonly [K in keyof T]: T[K] }
type Meaning = { readonly verification: boolean; readonly addressing: Beneficiary['kind'] }

const refused = (...path: string[]): DecodeError => new DecodeError('refused', path)
const missing = (...path: string[]): DecodeError => new DecodeError('missing', path)

const meaningsOf = (types: TransactionTypes): ReadonlyMap<string, Meaning> =>
  new Map([
    [types.p2a, { verification: false, addressing: 'account' }],
    [types.p2p, { verification: false, addressing: 'mmid' }],
    [types.verifyP2a, { verification: true, addressing: 'account' }],
    [types.verifyP2p, { verification: true, addressing: 'mmid' }],
  ])

/** The ISO 8583 wire of one profile. Pure: the same message gives the same bytes. */
export function createIsoDialect(profile: WireProfile): IsoDialect {
  const { iso } = profile
  const wire: Wire = { numeric: iso.numeric, bitmap: iso.bitmap, lengths: iso.lengths }
  const meanings = meaningsOf(iso.types)
  const outward = createOutward(profile)
  const channelOf = createChannelReader(profile)
  const answerWith = createAnswerer(iso, wire)
  const refuse = createRefuser(iso, wire, readMessage)

  function readMessage(bytes: Uint8Array, now: number): RailMessage {
    const mti = mtiOf(bytes, wire)
    switch (mti) {
      case '0200':
        return readRequest(bytes, now)
      case '0210':
        return readResponse(decode(Response, bytes, wire))
      case '0800':
        return readNetworkRequest(decode(NetworkRequest, bytes, wire), now)
      case '0810': {
        const { stan, responseCode, networkFunction, keyMaterial } = decode(NetworkResponse, bytes, wire)
        return {
          kind: 'networkResponse',
          function: functionOf(networkFunction),
          stan,
          responseCode: responseCode.trimEnd(),
          ...readKey(keyMaterial),
        }
      }
      default:
        throw new DecodeError('mti', ['MTI'])
    }
  }

  function meaningOf(type: string): Meaning {
    const meaning = meanings.get(type)
    if (meaning === undefined) throw refused('DE 120', 'tag 001')
    return meaning
  }

  function readRequest(bytes: Uint8Array, now: number): FundTransferRequest | VerificationRequest {
    const fields = decode(ReceivedRequest, bytes, wire)
    if (fields.processingCode !== iso.de3) throw refused('DE 3')
    if (fields.currency !== iso.currency) throw refused('DE 49')
    const transmittedAt = nearestInstant(fields.transmittedAt, now)
    if (transmittedAt === undefined) throw refused('DE 7')
    const tags = fields.imps
    const { verification, addressing } = meaningOf(tags.type)
    if (addressing === 'account' && fields.remitterAccount === undefined) throw missing('DE 102')
    const request: Building<FundTransferRequest | VerificationRequest> = {
      kind: verification ? 'verificationRequest' : 'fundTransferRequest',
      rrn: fields.rrn,
      stan: fields.stan,
      remitterBank: fields.remitterBank,
      amountPaise: fields.amountPaise,
      transmittedAt,
      channel: channelOf(fields.merchantType, fields.entryMode),
      remitter: readRemitter(fields),
      beneficiary: addressing === 'account' ? readAccount(tags) : readMobile(fields.primaryNumber, tags),
    }
    if (tags.remarks !== undefined && tags.remarks !== '') request.remarks = tags.remarks
    return request
  }

  function readResponse(fields: Decoded<typeof Response>): FundTransferResponse | VerificationResponse {
    const responseCode = fields.responseCode.trimEnd()
    const approvalCode = fields.approvalCode?.trim()
    // In any other answer, tag 046 may be what the remitter typed, sent back.
    const registeredName = responseCode === '00' ? fields.imps.beneficiaryName?.trim() : undefined
    const answer: Building<FundTransferResponse | VerificationResponse> = {
      kind: meaningOf(fields.imps.type).verification ? 'verificationResponse' : 'fundTransferResponse',
      rrn: fields.rrn,
      stan: fields.stan,
      remitterBank: fields.remitterBank,
      amountPaise: fields.amountPaise,
      responseCode,
    }
    if (registeredName !== undefined && registeredName !== '') answer.registeredName = registeredName
    if (approvalCode !== undefined && approvalCode !== '') answer.approvalCode = approvalCode
    return answer
  }

  function writeResponse(answer: FundTransferResponse | VerificationResponse): Uint8Array {
    if (answer.amountPaise === undefined) throw new Error('an ISO answer without DE 4')
    const imps: Building<Tags> = {
      type: answer.kind === 'fundTransferResponse' ? iso.types.p2a : iso.types.verifyP2a,
    }
    if (answer.registeredName !== undefined) imps.beneficiaryName = toWireText(answer.registeredName, REGISTERED_NAME)
    const fields: Building<Decoded<typeof Response>> = {
      amountPaise: answer.amountPaise,
      stan: answer.stan,
      remitterBank: answer.remitterBank,
      rrn: answer.rrn,
      responseCode: answer.responseCode.padEnd(2),
      currency: iso.currency,
      imps,
    }
    if (answer.approvalCode !== undefined) fields.approvalCode = answer.approvalCode.padEnd(6)
    return encode(Response, fields, wire)
  }

  return {
    encode(rail) {
      switch (rail.kind) {
        case 'fundTransferRequest':
        case 'verificationRequest':
          return encode(SentRequest, outward(rail), wire)
        case 'fundTransferResponse':
        case 'verificationResponse':
          return writeResponse(rail)
        case 'networkRequest': {
          const transmittedAt = wireTimes(rail.transmittedAt).transmitted
          return encode(
            NetworkRequest,
            { transmittedAt, stan: rail.stan, networkFunction: networkCodes[rail.function], ...writeKey(rail.key) },
            wire,
          )
        }
        case 'networkResponse':
          return encode(
            NetworkResponse,
            {
              stan: rail.stan,
              responseCode: rail.responseCode.padEnd(2),
              networkFunction: networkCodes[rail.function],
              ...writeKey(rail.key),
            },
            wire,
          )
        default:
          return unreachable(rail)
      }
    },
    decode: readMessage,
    answer: answerWith,
    answerNetwork(request, responseCode) {
      return encode(
        NetworkResponse,
        {
          transmittedAt: wireTimes(request.transmittedAt).transmitted,
          stan: request.stan,
          responseCode: responseCode.padEnd(2),
          networkFunction: networkCodes[request.function],
        },
        wire,
      )
    },
    refuse,
    describe: (bytes) => describe<Message>([ReceivedRequest, Response, NetworkRequest, NetworkResponse], bytes, wire),
  }
}

/** The message type alone; the four characters of the usual wire without reading the bitmap. */
function mtiOf(bytes: Uint8Array, wire: Wire): string {
  if (wire.numeric === 'bcd' || bytes.length < 4) return peek(bytes, wire).mti
  return String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0, bytes[3] ?? 0)
}

const functionsByCode: ReadonlyMap<string, NetworkFunction> = new Map([
  [networkCodes.logOn, 'logOn'],
  [networkCodes.logOff, 'logOff'],
  [networkCodes.cutOver, 'cutOver'],
  [networkCodes.echo, 'echo'],
  [networkCodes.keyExchange, 'keyExchange'],
])

const CRYPTOGRAM = 32

const readKey = (material: string | undefined): { readonly key?: WrappedKey } =>
  material === undefined
    ? {}
    : {
        key: {
          cryptogram: material.slice(0, CRYPTOGRAM).toUpperCase(),
          checkValue: material.slice(CRYPTOGRAM).toUpperCase(),
        },
      }

const writeKey = (key: WrappedKey | undefined): { readonly keyMaterial?: string } =>
  key === undefined ? {} : { keyMaterial: key.cryptogram + key.checkValue }

function functionOf(code: string): NetworkFunction {
  const found = functionsByCode.get(code)
  if (found === undefined) throw refused('DE 70')
  return found
}

function readNetworkRequest(fields: Decoded<typeof NetworkRequest>, now: number): NetworkRequestMessage {
  const transmittedAt = nearestInstant(fields.transmittedAt, now)
  if (transmittedAt === undefined) throw refused('DE 7')
  return {
    kind: 'networkRequest',
    function: functionOf(fields.networkFunction),
    stan: fields.stan,
    transmittedAt,
    ...readKey(fields.keyMaterial),
  }
}

/** DE 18 and 22 as a channel: the pair, else DE 18 alone, else `internet`. For display; nothing is decided by it. */
function createChannelReader({ channelMap }: WireProfile): (merchantType: string, entryMode: string) => Channel {
  const known = new Map<string, Channel>()
  for (const channel of channels) {
    const { merchantType, entryMode } = channelMap[channel]
    if (!known.has(merchantType + entryMode)) known.set(merchantType + entryMode, channel)
    if (!known.has(merchantType)) known.set(merchantType, channel)
  }
  return (merchantType, entryMode) => known.get(merchantType + entryMode) ?? known.get(merchantType) ?? 'internet'
}

function readRemitter({ remitterAccount, imps: { remitterName, remitterMobile } }: Fields): Remitter {
  const remitter: Building<Remitter> = {}
  if (remitterName !== undefined && remitterName !== '') remitter.name = remitterName
  if (remitterAccount !== undefined) remitter.account = remitterAccount
  if (remitterMobile !== undefined) {
    const { mmid, mobile } = readRemitterMobile(remitterMobile)
    remitter.mmid = mmid
    remitter.mobile = mobile
  }
  return remitter
}

/** Tag 050: MMID and mobile number, with or without 91 between them. */
function readRemitterMobile(value: string): { mmid: Mmid; mobile: Mobile } {
  const mmid = parseMmid(value.slice(0, 7))
  const mobile = value.length === 17 || value.slice(7, 9) === '91' ? parseMobile(value.slice(-10)) : undefined
  if (mmid === undefined || mobile === undefined) throw refused('DE 120', 'tag 050')
  return { mmid, mobile }
}

function readAccount({ beneficiaryIfsc, beneficiaryAccount, beneficiaryName }: Tags): Beneficiary {
  if (beneficiaryIfsc === undefined) throw missing('DE 120', 'tag 059')
  if (beneficiaryAccount === undefined) throw missing('DE 120', 'tag 062')
  return {
    kind: 'account',
    ifsc: beneficiaryIfsc,
    account: beneficiaryAccount,
    ...(beneficiaryName !== undefined && beneficiaryName !== '' && { name: beneficiaryName }),
  }
}

/**
 * DE 2 of P2P: NBIN, three digits, `91`, mobile number. Where tag 049 is there it has the last three digits of the MMID,
 * or all seven; else they are those of DE 2. @source protocol.md §1.4, §1.5
 */
function readMobile(primaryNumber: string, { beneficiaryMmid }: Tags): Beneficiary {
  const mobile = primaryNumber.length === 19 ? parseMobile(primaryNumber.slice(9)) : undefined
  if (mobile === undefined) throw refused('DE 2')
  const length = beneficiaryMmid?.length ?? 0
  if (length !== 0 && length !== 3 && length !== 7) throw refused('DE 120', 'tag 049')
  const mmid = parseMmid(
    length === 7
      ? beneficiaryMmid
      : length === 3
        ? primaryNumber.slice(0, 4) + beneficiaryMmid
        : primaryNumber.slice(0, 7),
  )
  if (mmid === undefined) throw refused('DE 120', 'tag 049')
  return { kind: 'mmid', mobile, mmid }
}

const REMITTER_NAME = 50
const REGISTERED_NAME = 20
const REMARKS = 50
const NO_MOBILE = '0000000000'

/** DE 43: address 1-23, city 24-36, state 37-38, country 39-40. @source protocol.md §1.4 */
const locationOf = ({ address, city, state, country }: IsoProfile['location']): string =>
  address.slice(0, 23).padEnd(23) + city.slice(0, 13).padEnd(13) + state + country

/** Turns an original or a verification into the elements of its 0200. */
function createOutward(profile: WireProfile): (request: FundTransferRequest | VerificationRequest) => Fields {
  const { iso, channelMap } = profile
  const times = createWireTimes()
  const acceptorLocation = locationOf(iso.location)
  const institutions = new Map(profile.institutions.map((institution) => [institution.remitterBank, institution]))
  const accountNumbers = createAccountNumbers(createBankDirectory(profile))
  const typeOf = ({ kind, beneficiary }: FundTransferRequest | VerificationRequest): string => {
    if (kind === 'fundTransferRequest') return beneficiary.kind === 'account' ? iso.types.p2a : iso.types.p2p
    return beneficiary.kind === 'account' ? iso.types.verifyP2a : iso.types.verifyP2p
  }

  return (request) => {
    const { remitter, beneficiary } = request
    const institution = institutions.get(request.remitterBank)
    const bank3 = institution?.bank3 ?? request.remitterBank.padStart(3, '0').slice(-3)
    const { merchantType, entryMode } = channelMap[request.channel]
    const { transmitted, localTime, localDate } = times(request.transmittedAt)
    const mobile = remitter.mobile ?? NO_MOBILE

    const imps: Building<Tags> = { type: typeOf(request) }
    if (remitter.name !== undefined) imps.remitterName = toWireText(remitter.name, REMITTER_NAME)
    // A mobile number alone stands for the default account behind it; tag 050 has no form for it without an MMID.
    const mmid = remitter.mmid ?? (institution && defaultMmid(institution.nbin))
    if (remitter.mobile !== undefined && mmid !== undefined) imps.remitterMobile = mmid + remitter.mobile
    if (request.remarks !== undefined) imps.remarks = toWireText(request.remarks, REMARKS)

    let primaryNumber: string
    if (beneficiary.kind === 'account') {
      primaryNumber = accountNumbers(beneficiary.ifsc)
      if (beneficiary.name !== undefined) imps.beneficiaryName = toWireText(beneficiary.name, REGISTERED_NAME)
      imps.beneficiaryIfsc = beneficiary.ifsc
      imps.beneficiaryAccount = beneficiary.account
      if (remitter.account === undefined) throw new EncodeError('missing', ['DE 102'])
    } else {
      primaryNumber = `${beneficiary.mmid}91${beneficiary.mobile}`
      imps.beneficiaryMmid = suffixOfMmid(beneficiary.mmid)
    }

    const fields: Building<Fields> = {
      primaryNumber,
      processingCode: iso.de3,
      amountPaise: request.amountPaise,
      transmittedAt: transmitted,
      stan: request.stan,
      localTime,
      localDate,
      merchantType,
      entryMode,
      remitterBank: request.remitterBank,
      rrn: request.rrn,
      terminal: bank3 + mobile.slice(5),
      acceptor: `${bank3}91${mobile}`,
      acceptorLocation,
      currency: iso.currency,
      imps,
    }
    if (remitter.account !== undefined) fields.remitterAccount = remitter.account
    return fields
  }
}

/**
 * DE 2 of P2A, made once per bank. Its public layout is unknown; this is the proposal of protocol.md §1.4: NBIN, `000`,
 * `91`, ten zeros. Four zeros where the directory has no NBIN: DE 120 tag 059 says the bank.
 */
function createAccountNumbers(directory: BankDirectory): (ifsc: Ifsc) => string {
  const made = new Map<string, string>()
  return (ifsc) => {
    const code = bankCodeOf(ifsc)
    const known = made.get(code)
    if (known !== undefined) return known
    const number = `${bankOfIfsc(directory, ifsc)?.nbin ?? '0000'}00091${NO_MOBILE}`
    if (directory.byCode.has(code)) made.set(code, number)
    return number
  }
}

/** Elements that belong to one message and are wrong in any other. */
const macs = [64, 128]

/** The names of the elements that an answer does not repeat from its request. */
const unechoedNames = ({ rows }: Message, stripped: readonly number[]): readonly string[] =>
  Object.entries(rows)
    .filter(([, { de }]) => stripped.includes(de) || macs.includes(de))
    .map(([name]) => name)

const ACCOUNT_MOST = 28
const IMPS_MOST = 999
const TAG_HEAD = 6

function createAnswerer(iso: IsoProfile, wire: Wire): IsoDialect['answer'] {
  const table: Message = Response
  const unechoed = unechoedNames(ReceivedRequest, iso.stripFromResponse)
  return (requestBytes, request, parts) => {
    // What was just read belongs to nobody else, so it is made into the answer where it is: half the time of a copy.
    const received = decode(ReceivedRequest, requestBytes, wire)
    nameOwner(received.imps, parts.registeredName)
    const fields: Record<string, unknown> = received
    for (const name of unechoed) if (fields[name] !== undefined) fields[name] = undefined
    if (iso.mac.enabled && received.additional !== undefined)
      fields.additional = withoutMacTag(received.additional) || undefined
    fields.responseCode = parts.responseCode.padEnd(2)
    const approvalCode = parts.approvalCode ?? (parts.responseCode === '00' ? request.stan : undefined)
    if (approvalCode !== undefined) fields.approvalCode = approvalCode.padEnd(6)
    const account =
      parts.beneficiaryAccount ?? (request.beneficiary.kind === 'account' ? request.beneficiary.account : undefined)
    // An account longer than DE 103 is in DE 120 tag 062 anyway; an answer that cannot be sent would be worse.
    if (account !== undefined && account.length <= ACCOUNT_MOST) fields.beneficiaryAccount = account
    return encode(table, fields, wire)
  }
}

/** Puts the registered name into tag 046 of the request's tags, if there is one and room for it; else takes the tag out. */
function nameOwner(received: Tags, registeredName: string | undefined): void {
  const tags: Record<string, unknown> = received
  tags.beneficiaryName = registeredName === undefined ? undefined : toWireText(registeredName, REGISTERED_NAME)
  if (received.unknownTags !== undefined && lengthOf(received) > IMPS_MOST) tags.beneficiaryName = undefined
}

const tagNames = Object.keys(impsTags)

function lengthOf(tags: Tags): number {
  const values: Readonly<Record<string, unknown>> = tags
  let length = 0
  for (const name of tagNames) {
    const value = values[name]
    if (typeof value === 'string') length += TAG_HEAD + value.length
  }
  for (const { value } of tags.unknownTags ?? []) length += TAG_HEAD + value.length
  return length
}

/** Message types that ask for an answer, and the type of the answer. */
const answerTypes: ReadonlyMap<string, string> = new Map([
  ['0200', '0210'],
  ['0220', '0230'],
  ['0420', '0430'],
  ['0800', '0810'],
])

/** What is wrong with a request, as a response code. @source protocol.md §4, §1.2 */
function refusalCode(mti: string, error: unknown): string {
  if (mti === '0220' || mti === '0420') return '12'
  if (!(error instanceof DecodeError)) throw error
  if (error.code !== 'refused') return '30'
  switch (error.path.join(' ')) {
    case 'DE 3':
    case 'DE 49':
    case 'DE 70':
    case 'DE 120 tag 001':
      return '12'
    case 'DE 4':
      return '13'
    default:
      return '30'
  }
}

/** The element with its length kept and its content not looked at. */
function loosened({ de, is }: Row, wire: Wire): Row {
  const packed = is.characters === 'n' && (is.encoding ?? wire.numeric) === 'bcd'
  const min = is.prefix === 0 ? is.max : 0
  return { de, is: packed ? digits(is.max, is.prefix, { min }) : binary(is.max, is.prefix, { min }), optional: true }
}

const looseRows = (rows: Rows, wire: Wire): Rows =>
  Object.fromEntries(
    Object.entries(rows).map(([name, row]): [string, Row] => [
      name,
      name === 'stan' || name === 'rrn' ? { ...row, optional: true } : loosened(row, wire),
    ]),
  )

const openingType = /^001002[0-9]{2}/

function createRefuser(
  iso: IsoProfile,
  wire: Wire,
  read: (bytes: Uint8Array, now: number) => RailMessage,
): IsoDialect['refuse'] {
  const received = looseRows(ReceivedRequest.rows, wire)
  const network = looseRows(NetworkRequest.rows, wire)
  const unechoed = new Set(unechoedNames(ReceivedRequest, iso.stripFromResponse))
  const responseCode = { responseCode: { de: 39, is: Response.rows.responseCode.is } } as const
  const tables = new Map<string, { readonly asked: Message; readonly answered: Message }>()
  for (const [asked, answered] of answerTypes) {
    const rows = asked === '0800' ? network : received
    tables.set(asked, { asked: message(asked, rows), answered: message(answered, { ...rows, ...responseCode }) })
  }

  return (requestBytes) => {
    let mti: string
    try {
      mti = peek(requestBytes, wire).mti
    } catch {
      return undefined
    }
    const table = tables.get(mti)
    if (table === undefined) return undefined
    const fields: Record<string, unknown> = { ...salvage(table.asked, requestBytes, wire) }
    if (fields.stan === undefined || (mti !== '0800' && fields.rrn === undefined)) return undefined
    for (const name of Object.keys(fields)) if (mti !== '0800' && unechoed.has(name)) delete fields[name]
    delete fields.keyMaterial
    // Of a DE 120 that may be broken, only the transaction type goes back.
    if (fields.imps instanceof Uint8Array) {
      const type = openingType.exec(Buffer.from(fields.imps).toString('latin1'))
      if (type === null) delete fields.imps
      else fields.imps = Buffer.from(type[0], 'latin1')
    }
    fields.responseCode = whyRefused(mti, requestBytes, read)
    return encode(table.answered, fields, wire)
  }
}

function whyRefused(mti: string, bytes: Uint8Array, read: (bytes: Uint8Array, now: number) => RailMessage): string {
  try {
    read(bytes, 0)
    return '30'
  } catch (error) {
    return refusalCode(mti, error)
  }
}
