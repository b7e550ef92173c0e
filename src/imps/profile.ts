import { must, type Nbin, parseNbin } from '../base/identifiers.ts'
import { type Paise, paise, parsePaise } from '../base/money.ts'
import { type Channel, channels } from '../base/party.ts'
import type { BankSetting } from './banks.ts'
import { type CycleGrid, defaultCycles, readCycles } from './cycles.ts'
import { matrix } from './disputes/matrix.ts'
import { ownRules } from './disputes/own.ts'
import type { Rule } from './disputes/rule.ts'
import { checkOverride, type ResponseAction, type ResponseClass, type ResponseCodeOverride } from './response-codes.ts'
import {
  distinct,
  list,
  matching,
  oneOf,
  parsed,
  type Read,
  refuseSetting,
  type Section,
  SettingError,
  section,
  whole,
} from './settings-reader.ts'
import { readAccounts, type StatementAccount, sandboxAccount } from './statement-accounts.ts'

/**
 * The wire profile: everything about the rail that is not public or not the same everywhere. The default is the
 * sandbox's; a member bank writes its own from its copy of NPCI's specification. @source protocol.md §9
 */

export type LinkRole = 'remitter' | 'beneficiary'

/** One port of the switch that the hub connects to. NPCI has one for each role. @source NPCI OC 74 */
export type LinkProfile = {
  readonly id: string
  readonly role: LinkRole
  readonly host: string
  readonly port: number
  /** TLS on this link; plain TCP when absent. */
  readonly tls?: LinkTls
  /** The file of the key (ZMK) that working keys for MACs come under, relative to the folder of keys. */
  readonly zmk?: string
}

/** TLS on one link. Files are PEM, relative to the folder of keys; what is secret is in them and never in a profile. */
export type LinkTls = {
  /** Who vouches for the switch. */
  readonly ca: string
  /** Our certificate and its key, for mutual TLS: both or neither. */
  readonly cert?: string
  readonly key?: string
  /** The name in the switch's certificate where it is not `host`. */
  readonly serverName?: string
  /** SHA-256 of the switch's public key (SPKI), base64: with it no other key will do, whoever vouches for it. */
  readonly pin?: string
}

/** How messages are authenticated. */
export const macAlgorithms = ['iso9797-1-alg3-pad1', 'aes-cmac'] as const
export type MacAlgorithm = (typeof macAlgorithms)[number]

/** MACs on financial messages. @source protocol.md §1.7 */
export type MacProfile = {
  readonly enabled: boolean
  readonly algorithm: MacAlgorithm
  /** Tag 099 of DE 48, or the last element: DE 128, DE 64 where there is no second bitmap. */
  readonly carrier: '48.099' | '64/128'
  /** What a MAC in DE 48 is over, 0 being the message type; a MAC in DE 64 or 128 is over all that stands before it. */
  readonly fields: readonly number[]
  /** What a request with a bad MAC is answered. */
  readonly badRequestCode: string
  /** True when the hub asks for a key (DE 70 = 184 without one) while it has none; else it waits for the switch's. */
  readonly askForKey: boolean
  /** How long a MAC of the key before is still good, milliseconds: for what was on its way when the key changed. */
  readonly oldKeyMs: number
  /** So many bad MACs in a row and the key is no longer believed in: nothing new is sent before another comes. */
  readonly maxBad: number
}

/** DE 120 tag 001 of each message. @source protocol.md §1.6 */
export type TransactionTypes = {
  readonly p2a: string
  readonly p2p: string
  readonly verifyP2a: string
  readonly verifyP2p: string
}

/** DE 43: 23 + 13 + 2 + 2 characters. */
export type TerminalLocation = {
  readonly address: string
  readonly city: string
  readonly state: string
  readonly country: string
}

export type IsoProfile = {
  /** What stands before each message on the stream: two bytes, big-endian, or four digits. */
  readonly lengthHeader: 'binary2' | 'ascii4'
  /** True when the length counts the header itself. */
  readonly lengthIncludesHeader: boolean
  readonly bitmap: 'binary' | 'hex'
  readonly numeric: 'ascii' | 'bcd'
  /** The digits before LLVAR and LLLVAR elements. */
  readonly lengths: 'ascii' | 'bcd'
  readonly maxFrameBytes: number
  readonly links: readonly LinkProfile[]
  /** Processing code of every financial message. */
  readonly de3: string
  /** ISO 4217 number of the rupee. */
  readonly currency: string
  readonly location: TerminalLocation
  readonly netMgmt: {
    readonly echoMs: number
    readonly replyMs: number
    readonly logonFirstRetryMs: number
    readonly logonRetryMs: number
  }
  readonly types: TransactionTypes
  /** Elements that an answer does not echo. */
  readonly stripFromResponse: readonly number[]
  readonly mac: MacProfile
}

/** The two wires IMPS speaks. */
export const wires = ['iso8583', 'xml'] as const
export type WireKind = (typeof wires)[number]

/** What is sent over HTTPS, by the name of its root element. */
export const xmlApis = [
  'ReqPay',
  'RespPay',
  'ReqChkTxn',
  'RespChkTxn',
  'ReqValAdd',
  'RespValAdd',
  'ReqHbt',
  'RespHbt',
  'ReqListAccPvd',
  'RespListAccPvd',
  'ReqComplaint',
  'RespComplaint',
] as const
export type XmlApi = (typeof xmlApis)[number]

/** The XML wire: HTTPS with mutual TLS both ways. @source protocol.md §2, §9 */
export type XmlProfile = {
  /**
   * Whether this hub speaks XML at all. A profile without an `xml` section says no: nothing is listened on, and nothing asked. Never a
   * setting of its own.
   */
  readonly enabled: boolean
  /** The id of the link, as leases, logs and payments name it. */
  readonly id: string
  /** NPCI's side: `{host}` of the URL templates, with the port where it is not 443. */
  readonly host: string
  /** Where the hub posts each message; `{host}` `{api}` `{ver}` `{txnId}` are filled in. `default` serves those not named. */
  readonly urls: Readonly<Partial<Record<XmlApi, string>>> & { readonly default: string }
  /** Where the hub listens for NPCI. */
  readonly callback: { readonly host: string; readonly port: number }
  /** Head@orgId of what NPCI sends; anything else is refused. */
  readonly npciOrgId: string
  readonly ver: string
  readonly heartbeatVer: string
  readonly prodType: string
  readonly namespace: string
  readonly namespace2: string
  /** Milliseconds. How long an Ack may take, ours and theirs. */
  readonly ackMs: number
  /** How long the remitter waits for RespPay. */
  readonly responseMs: number
  /** How long the hub waits for RespValAdd. */
  readonly enquiryMs: number
  readonly heartbeatMs: number
  /** So many heartbeats without an answer, and the link is down. */
  readonly missedHeartbeats: number
  /** How often the member directory is asked for again. */
  readonly directoryMs: number
  /** Head@ts further off than this is logged and counted; it decides nothing. */
  readonly skewMs: number
  readonly maxBytes: number
  readonly maxDepth: number
  /** Messages posted whose Ack is not there yet; with so many, new payments wait. */
  readonly maxUnacked: number
  /** Response code for a mobile number with several accounts and no consent to any. @source NPCI OC 119; the code is not public */
  readonly severalAccountsCode: string
  /** What NPCI says of a complaint that it has not; not public. @source NPCI OC 117 */
  readonly noComplaintCode: string
}

/** DE 18 and DE 22 for one channel. */
export type ChannelProfile = { readonly merchantType: string; readonly entryMode: string }

/** Milliseconds. @source protocol.md §5.5 */
export type Timers = {
  /** How long the remitter waits for the answer to an original. */
  readonly responseMs: number
  /** When to verify, counted from sending the original. */
  readonly verifyAtMs: readonly number[]
  /** When to verify again, counted from the last of `verifyAtMs`. */
  readonly thenMs: readonly number[]
  readonly connectMs: number
  /** How long a payment may wait for a link before the hub refuses it. */
  readonly heldMs: number
}

/** One bank that the hub speaks for. */
export type Institution = {
  readonly code: string
  readonly name: string
  readonly nbin: Nbin
  readonly ifscPrefix: string
  /** DE 32. */
  readonly remitterBank: string
  /** First three characters of DE 41 and DE 42; the bank participation code that begins Txn@id and Head@msgId. */
  readonly bank3: string
  /** The wire of each direction where it is not `WireProfile.wire`: banks move to XML one by one. */
  readonly wire?: { readonly outward?: WireKind; readonly inward?: WireKind }
  /** True where the bank takes foreign inward remittances; without it they are declined with M4. @source protocol.md §3.2 */
  readonly foreignRemittance?: boolean
  /** Where its money is elsewhere: accounts whose statements come in. */
  readonly accounts?: readonly StatementAccount[]
}

export type WireProfile = {
  /** Which wire carries what is not said otherwise by an institution. */
  readonly wire: WireKind
  readonly iso: IsoProfile
  readonly xml: XmlProfile
  readonly timers: Timers
  readonly channelMap: Readonly<Record<Channel, ChannelProfile>>
  readonly limits: {
    readonly perPaymentPaise: Paise
    readonly channelPaise: Readonly<Partial<Record<Channel, Paise>>>
  }
  readonly institutions: readonly Institution[]
  /** True in the sandbox: banks without an NBIN get a made-up one. */
  readonly sandboxNbins: boolean
  readonly banks: readonly BankSetting[]
  readonly responseCodes: readonly ResponseCodeOverride[]
  /** When settlement cycles begin and end, the oldest grid first. */
  readonly cycles: readonly CycleGrid[]
  /** NPCI's dispute matrix, with the bank's own rows where it has any. */
  readonly disputeRules: readonly Rule[]
}

const letter = (index: number): string => String.fromCharCode(65 + index)

/** The sandbox's member bank and 39 sub-members. Their codes, numbers and IFSC prefixes belong to no real bank. */
const sandboxInstitutions: readonly Institution[] = Array.from({ length: 40 }, (_, index) => {
  const number = String(index + 1).padStart(2, '0')
  const code = index === 0 ? 'TRN' : `S${number}`
  const nbin = must(parseNbin(`70${number}`), 'NBIN')
  return {
    code,
    name: index === 0 ? 'Turant Demo Bank' : `Sandbox Bank ${number}`,
    nbin,
    ifscPrefix: index === 0 ? 'TRNT' : `QT${letter(Math.floor(index / 26))}${letter(index % 26)}`,
    remitterBank: `7000${number}`,
    bank3: code,
    accounts: [sandboxAccount(nbin, code)],
  }
})

/** The banks behind the simulated switch that pay to the hub's: DE 32 600001 to 600008. They exist nowhere else. */
const banksBehind: readonly BankSetting[] = Array.from({ length: 8 }, (_, index) => ({
  code: `SIM${letter(index)}`,
  name: `Simulated Bank ${letter(index)}`,
  nbin: must(parseNbin(`600${index + 1}`), 'NBIN'),
  settlementCode: `R0${index + 1}`,
}))

const channel = (merchantType: string, entryMode: string): ChannelProfile => ({ merchantType, entryMode })

/**
 * The sandbox's profile, and the value of every setting that a profile leaves out.
 * Sources are in protocol.md §9; DE 18 and 22 are a guess there, too: channels that share a pair
 * are told apart by nobody on the other side.
 */
export const defaultProfile: WireProfile = {
  wire: 'iso8583',
  iso: {
    lengthHeader: 'binary2',
    lengthIncludesHeader: false,
    bitmap: 'binary',
    numeric: 'ascii',
    lengths: 'ascii',
    maxFrameBytes: 4096,
    links: [
      { id: 'npci-remitter', role: 'remitter', host: '127.0.0.1', port: 7601 },
      { id: 'npci-beneficiary', role: 'beneficiary', host: '127.0.0.1', port: 7602 },
    ],
    de3: '900000',
    currency: '356',
    location: { address: 'TURANT', city: 'MUMBAI', state: 'MH', country: 'IN' },
    netMgmt: { echoMs: 180_000, replyMs: 15_000, logonFirstRetryMs: 5_000, logonRetryMs: 300_000 },
    types: { p2a: '48', p2p: '45', verifyP2a: '34', verifyP2p: '32' },
    stripFromResponse: [14, 18, 22, 25, 35, 40, 42, 43, 52, 61],
    mac: {
      enabled: false,
      algorithm: 'iso9797-1-alg3-pad1',
      carrier: '48.099',
      fields: [0, 2, 3, 4, 11, 12, 37, 38, 39],
      badRequestCode: '63',
      askForKey: true,
      oldKeyMs: 300_000,
      maxBad: 10,
    },
  },
  xml: {
    enabled: true,
    id: 'npci-xml',
    host: '127.0.0.1:7603',
    urls: { default: 'https://{host}/imps/{api}/{ver}/urn:txnid:{txnId}' },
    callback: { host: '127.0.0.1', port: 8443 },
    npciOrgId: 'NPCI',
    ver: '2.0',
    heartbeatVer: '1.0',
    prodType: 'IMPS',
    namespace: 'http://npci.org/upi/schema/',
    namespace2: 'http://npci.org/cm/schema/',
    ackMs: 5_000,
    responseMs: 55_000,
    enquiryMs: 10_000,
    heartbeatMs: 180_000,
    missedHeartbeats: 3,
    directoryMs: 86_400_000,
    skewMs: 60_000,
    maxBytes: 262_144, // the directory of 1,200 members; any other message is below 8,000
    maxDepth: 16,
    maxUnacked: 2_000,
    severalAccountsCode: 'MT',
    noComplaintCode: 'NC',
  },
  timers: {
    responseMs: 40_000,
    verifyAtMs: [56_000, 66_000, 76_000],
    thenMs: [300_000, 900_000, 1_800_000, 3_600_000],
    connectMs: 10_000,
    heldMs: 900_000,
  },
  channelMap: {
    mobile: channel('4814', '019'),
    internet: channel('4829', '012'),
    branch: channel('4829', '012'),
    atm: channel('6011', '012'),
    sms: channel('4814', '012'),
    ivr: channel('4814', '012'),
    ussd: channel('4814', '012'),
  },
  limits: {
    perPaymentPaise: paise(50_000_000n), // 5 lakh rupees. @source NPCI OC 103
    channelPaise: { sms: paise(500_000n), ivr: paise(500_000n), ussd: paise(500_000n) }, // 5,000 rupees. @source settlement.md R4
  },
  institutions: sandboxInstitutions,
  sandboxNbins: true,
  banks: banksBehind,
  responseCodes: [],
  cycles: defaultCycles,
  disputeRules: matrix,
}

const DAY_MS = 86_400_000
const milliseconds = whole(1, 7 * DAY_MS)
const printable = (least: number, most: number): Read<string> =>
  matching(new RegExp(`^[\\x20-\\x7e]{${least},${most}}$`), `${least} to ${most} printable ASCII characters`)
const digitString = (count: number): Read<string> =>
  matching(new RegExp(`^[0-9]{${count}}$`), `a string of ${count} digits`)
const amount = parsed(parsePaise, 'a string of digits in paise, more than zero')
const nbin = parsed(parseNbin, 'a string of 4 digits')
const ifscPrefix = matching(/^[A-Z]{4}$/, 'the 4 capital letters an IFSC begins with')
const day = matching(/^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/, 'a day such as "2026-01-31"')
const yesOrNo = oneOf(true, false)
const threeCharacters = matching(/^[A-Z0-9]{3}$/, '3 capital letters and digits')
const linkId = matching(/^[a-z0-9][a-z0-9-]{0,31}$/, '1 to 32 small letters, digits and dashes')
const hostName = matching(/^[A-Za-z0-9._:-]{1,255}$/, 'a host name or address')
const wire = oneOf<WireKind>(...wires)

const ascending =
  (read: Read<readonly number[]>): Read<readonly number[]> =>
  (value, path) => {
    const times = read(value, path)
    for (const [index, time] of times.entries()) {
      if (time <= (times[index - 1] ?? 0)) return refuseSetting(path, 'a list of rising times', value)
    }
    return times
  }

const file = matching(/^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]{1,200}$/, 'the name of a file in the folder of keys')
const keyPin = matching(/^[A-Za-z0-9+/]{43}=$/, 'a SHA-256 in base64, 44 characters')

const linkTls = section<LinkTls>((at, path) => {
  const [cert, key, serverName, pin] = [
    at.maybe('cert', file),
    at.maybe('key', file),
    at.maybe('serverName', hostName),
    at.maybe('pin', keyPin),
  ]
  if ((cert === undefined) !== (key === undefined)) throw new SettingError(`${path}: cert and key go together`)
  return {
    ca: at.need('ca', file),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { serverName }),
    ...(pin !== undefined && { pin }),
  }
})

const link = section<LinkProfile>((at) => {
  const [tls, zmk] = [at.maybe('tls', linkTls), at.maybe('zmk', file)]
  return {
    id: at.need('id', linkId),
    role: at.need('role', oneOf('remitter', 'beneficiary')),
    host: at.need('host', hostName),
    port: at.need('port', whole(1, 65_535)),
    ...(tls !== undefined && { tls }),
    ...(zmk !== undefined && { zmk }),
  }
})

const location = section<TerminalLocation>((at) => ({
  address: at.need('address', printable(1, 23)),
  city: at.need('city', printable(1, 13)),
  state: at.need('state', matching(/^[A-Z]{2}$/, '2 capital letters')),
  country: at.need('country', matching(/^[A-Z]{2}$/, '2 capital letters')),
}))

const netMgmt = section<IsoProfile['netMgmt']>((at) => ({
  echoMs: at.take('echoMs', milliseconds, defaultProfile.iso.netMgmt.echoMs),
  replyMs: at.take('replyMs', milliseconds, defaultProfile.iso.netMgmt.replyMs),
  logonFirstRetryMs: at.take('logonFirstRetryMs', milliseconds, defaultProfile.iso.netMgmt.logonFirstRetryMs),
  logonRetryMs: at.take('logonRetryMs', milliseconds, defaultProfile.iso.netMgmt.logonRetryMs),
}))

const types = section<TransactionTypes>((at, path) => {
  const found = {
    p2a: at.take('p2a', digitString(2), defaultProfile.iso.types.p2a),
    p2p: at.take('p2p', digitString(2), defaultProfile.iso.types.p2p),
    verifyP2a: at.take('verifyP2a', digitString(2), defaultProfile.iso.types.verifyP2a),
    verifyP2p: at.take('verifyP2p', digitString(2), defaultProfile.iso.types.verifyP2p),
  }
  distinct(Object.values(found), path, 'type', (type) => type)
  return found
})

/** What an answer is matched by, and what it is about: these are always echoed. */
const alwaysEchoed = [2, 3, 4, 11, 32, 37, 120]

const stripped: Read<readonly number[]> = (value, path) => {
  const elements = list(whole(2, 127), 0, 64)(value, path)
  for (const element of elements) {
    if (alwaysEchoed.includes(element)) throw new SettingError(`${path}: DE ${element} must be echoed`)
  }
  return elements
}

/** Message type, amount, STAN, RRN, response code: a MAC that leaves one of them out proves nothing about a payment. */
const alwaysProved = [0, 4, 11, 37, 39]

const macFields: Read<readonly number[]> = (value, path) => {
  const elements = list(whole(0, 127), 1, 64)(value, path)
  distinct(elements.map(String), path, 'DE', (de) => de)
  for (const de of alwaysProved)
    if (!elements.includes(de)) throw new SettingError(`${path}: DE ${de} must be among them`)
  for (const de of [1, 48, 64]) {
    if (elements.includes(de)) throw new SettingError(`${path}: DE ${de} is not under its own MAC`)
  }
  return elements
}

const mac = section<MacProfile>((at) => {
  const base = defaultProfile.iso.mac
  return {
    enabled: at.take('enabled', yesOrNo, base.enabled),
    algorithm: at.take('algorithm', oneOf(...macAlgorithms), base.algorithm),
    carrier: at.take('carrier', oneOf('48.099', '64/128'), base.carrier),
    fields: at.take('fields', macFields, base.fields),
    badRequestCode: at.take(
      'badRequestCode',
      matching(/^[A-Z0-9]{2}$/, '2 capital letters and digits'),
      base.badRequestCode,
    ),
    askForKey: at.take('askForKey', yesOrNo, base.askForKey),
    oldKeyMs: at.take('oldKeyMs', milliseconds, base.oldKeyMs),
    maxBad: at.take('maxBad', whole(1, 10_000), base.maxBad),
  }
})

const iso = section<IsoProfile>((at, path) => {
  const base = defaultProfile.iso
  const links = at.need('links', list(link, 1, 64))
  distinct(links, `${path}.links`, 'id', ({ id }) => id)
  const macs = at.take('mac', mac, base.mac)
  const keyless = links.findIndex(({ zmk }) => zmk === undefined)
  if (macs.enabled && keyless !== -1) throw new SettingError(`${path}.links[${keyless}].zmk is missing: mac is enabled`)
  return {
    lengthHeader: at.take('lengthHeader', oneOf('binary2', 'ascii4'), base.lengthHeader),
    lengthIncludesHeader: at.take('lengthIncludesHeader', yesOrNo, base.lengthIncludesHeader),
    bitmap: at.take('bitmap', oneOf('binary', 'hex'), base.bitmap),
    numeric: at.take('numeric', oneOf('ascii', 'bcd'), base.numeric),
    lengths: at.take('lengths', oneOf('ascii', 'bcd'), base.lengths),
    maxFrameBytes: at.take('maxFrameBytes', whole(512, 9_999), base.maxFrameBytes),
    links,
    de3: at.take('de3', digitString(6), base.de3),
    currency: at.take('currency', digitString(3), base.currency),
    location: at.take('location', location, base.location),
    netMgmt: at.take('netMgmt', netMgmt, base.netMgmt),
    types: at.take('types', types, base.types),
    stripFromResponse: at.take('stripFromResponse', stripped, base.stripFromResponse),
    mac: macs,
  }
})

/** `{host}` and the others are filled in by the rail. Always HTTPS: both sides show a certificate. */
const urlTemplate = matching(
  /^https:\/\/(?:[A-Za-z0-9._~:/?=&%-]|\{(?:host|api|ver|txnId)\}){1,200}$/,
  'an https URL with {host}, {api}, {ver} and {txnId} where they belong',
)
const uri = matching(/^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#=%-]{1,120}$/, 'the URI of a namespace')
const wireVersion = matching(/^[0-9]{1,2}\.[0-9]{1,3}$/, 'a version such as "2.0"')

const urls = section<XmlProfile['urls']>((at) => {
  const found: Partial<Record<XmlApi, string>> = {}
  for (const api of xmlApis) {
    const template = at.maybe(api, urlTemplate)
    if (template !== undefined) found[api] = template
  }
  return { ...found, default: at.take('default', urlTemplate, defaultProfile.xml.urls.default) }
})

const callback = section<XmlProfile['callback']>((at) => ({
  host: at.take('host', hostName, defaultProfile.xml.callback.host),
  port: at.take('port', whole(0, 65_535), defaultProfile.xml.callback.port),
}))

const xml = section<XmlProfile>((at, path) => {
  const base = defaultProfile.xml
  const found: XmlProfile = {
    enabled: at.take('enabled', oneOf<true>(true), true),
    id: at.take('id', linkId, base.id),
    host: at.need('host', hostName),
    urls: at.take('urls', urls, base.urls),
    callback: at.take('callback', callback, base.callback),
    npciOrgId: at.take('npciOrgId', printable(1, 20), base.npciOrgId),
    ver: at.take('ver', wireVersion, base.ver),
    heartbeatVer: at.take('heartbeatVer', wireVersion, base.heartbeatVer),
    prodType: at.take('prodType', matching(/^[A-Z0-9]{1,10}$/, '1 to 10 capital letters and digits'), base.prodType),
    namespace: at.take('namespace', uri, base.namespace),
    namespace2: at.take('namespace2', uri, base.namespace2),
    ackMs: at.take('ackMs', milliseconds, base.ackMs),
    responseMs: at.take('responseMs', milliseconds, base.responseMs),
    enquiryMs: at.take('enquiryMs', milliseconds, base.enquiryMs),
    heartbeatMs: at.take('heartbeatMs', milliseconds, base.heartbeatMs),
    missedHeartbeats: at.take('missedHeartbeats', whole(1, 100), base.missedHeartbeats),
    directoryMs: at.take('directoryMs', milliseconds, base.directoryMs),
    skewMs: at.take('skewMs', milliseconds, base.skewMs),
    maxBytes: at.take('maxBytes', whole(4_096, 4_194_304), base.maxBytes),
    maxDepth: at.take('maxDepth', whole(8, 64), base.maxDepth),
    maxUnacked: at.take('maxUnacked', whole(1, 100_000), base.maxUnacked),
    severalAccountsCode: at.take(
      'severalAccountsCode',
      matching(/^[A-Z0-9]{1,3}$/, '1 to 3 capital letters and digits'),
      base.severalAccountsCode,
    ),
    noComplaintCode: at.take(
      'noComplaintCode',
      matching(/^[A-Z0-9]{1,20}$/, '1 to 20 capital letters and digits'),
      base.noComplaintCode,
    ),
  }
  if (found.responseMs < found.ackMs) {
    return refuseSetting(`${path}.responseMs`, 'no less than ackMs', found.responseMs)
  }
  return found
})

const timers = section<Timers>((at, path) => {
  const base = defaultProfile.timers
  const found = {
    responseMs: at.take('responseMs', milliseconds, base.responseMs),
    verifyAtMs: at.take('verifyAtMs', ascending(list(milliseconds, 1, 10)), base.verifyAtMs),
    thenMs: at.take('thenMs', ascending(list(milliseconds, 0, 20)), base.thenMs),
    connectMs: at.take('connectMs', milliseconds, base.connectMs),
    heldMs: at.take('heldMs', milliseconds, base.heldMs),
  }
  const first = found.verifyAtMs[0] ?? 0
  if (first < found.responseMs) return refuseSetting(`${path}.verifyAtMs`, 'no earlier than responseMs', first)
  return found
})

/** The channels a section names, each read; a key that is no channel is refused by `section`. */
function perChannel<T>(at: Section, read: Read<T>): Partial<Record<Channel, T>> {
  const found: Partial<Record<Channel, T>> = {}
  for (const name of channels) {
    const setting = at.maybe(name, read)
    if (setting !== undefined) found[name] = setting
  }
  return found
}

const channelProfile = section<ChannelProfile>((at) => ({
  merchantType: at.need('merchantType', digitString(4)),
  entryMode: at.need('entryMode', digitString(3)),
}))

const limits = section<WireProfile['limits']>((at) => ({
  perPaymentPaise: at.take('perPaymentPaise', amount, defaultProfile.limits.perPaymentPaise),
  channelPaise: at.take(
    'channelPaise',
    section((inner) => perChannel(inner, amount)),
    defaultProfile.limits.channelPaise,
  ),
}))

const wiresOf = section<NonNullable<Institution['wire']>>((at) => {
  const [outward, inward] = [at.maybe('outward', wire), at.maybe('inward', wire)]
  return { ...(outward !== undefined && { outward }), ...(inward !== undefined && { inward }) }
})

const institution = section<Institution>((at) => {
  const own = at.maybe('wire', wiresOf)
  const foreignRemittance = at.maybe('foreignRemittance', yesOrNo)
  const accounts = at.maybe('accounts', readAccounts)
  return {
    code: at.need('code', matching(/^[A-Z0-9]{3,8}$/, '3 to 8 capital letters and digits')),
    name: at.need('name', printable(1, 60)),
    nbin: at.need('nbin', nbin),
    ifscPrefix: at.need('ifscPrefix', ifscPrefix),
    remitterBank: at.need('remitterBank', matching(/^[0-9]{3,11}$/, 'a string of 3 to 11 digits')),
    bank3: at.need('bank3', threeCharacters),
    ...(own !== undefined && { wire: own }),
    ...(foreignRemittance !== undefined && { foreignRemittance }),
    ...(accounts !== undefined && { accounts }),
  }
})

const institutions: Read<readonly Institution[]> = (value, path) => {
  const found = list(institution, 1, 2_000)(value, path)
  distinct(found, path, 'code', ({ code }) => code)
  distinct(found, path, 'nbin', (row) => row.nbin)
  distinct(found, path, 'ifscPrefix', (row) => row.ifscPrefix)
  distinct(found, path, 'remitterBank', ({ remitterBank }) => remitterBank)
  const accounts = found.flatMap((one) => one.accounts ?? [])
  distinct(accounts, path, 'accounts', ({ number }) => number)
  return found
}

const bank = section<BankSetting>((at) => {
  const [name, number, takesImps, settlementCode] = [
    at.maybe('name', printable(1, 80)),
    at.maybe('nbin', nbin),
    at.maybe('takesImps', yesOrNo),
    at.maybe('settlementCode', threeCharacters),
  ]
  return {
    code: at.need('code', ifscPrefix),
    ...(name !== undefined && { name }),
    ...(number !== undefined && { nbin: number }),
    ...(takesImps !== undefined && { takesImps }),
    ...(settlementCode !== undefined && { settlementCode }),
  }
})

const banks: Read<readonly BankSetting[]> = (value, path) => {
  const found = list(bank, 0, 5_000)(value, path)
  distinct(found, path, 'code', ({ code }) => code)
  distinct(
    found.filter((row) => row.nbin !== undefined),
    path,
    'nbin',
    (row) => row.nbin ?? '',
  )
  distinct(
    found.filter((row) => row.settlementCode !== undefined),
    path,
    'settlementCode',
    (row) => row.settlementCode ?? '',
  )
  return found
}

const responseCode = section<ResponseCodeOverride>((at, path) => {
  const name = at.maybe('name', matching(/^[a-z][a-z0-9_]{1,39}$/, '2 to 40 small letters, digits and underscores'))
  const meaning = at.maybe('meaning', printable(1, 120))
  const source = at.maybe('source', oneOf('npci', 'beneficiary_bank', 'remitter_bank'))
  const retryable = at.maybe('retryable', yesOrNo)
  const from = at.maybe('from', day)
  const override: ResponseCodeOverride = {
    wire: at.take('wire', oneOf('original', 'verification'), 'original'),
    code: at.need('code', matching(/^[A-Z0-9]{1,20}$/, '1 to 20 capital letters and digits')),
    class: at.need(
      'class',
      oneOf<ResponseClass>('success', 'deemed', 'businessDecline', 'technicalDecline', 'unknown'),
    ),
    action: at.need('action', oneOf<ResponseAction>('keep', 'reverse', 'ask')),
    ...(name !== undefined && { name }),
    ...(meaning !== undefined && { meaning }),
    ...(source !== undefined && { source }),
    ...(retryable !== undefined && { retryable }),
    ...(from !== undefined && { from }),
  }
  checkOverride(override, path)
  return override
})

const responseCodes: Read<readonly ResponseCodeOverride[]> = (value, path) => {
  const found = list(responseCode, 0, 1_000)(value, path)
  distinct(found, path, 'row', ({ wire, code, from }) => `${wire} ${code} ${from ?? 'always'}`)
  return found
}

const profile = section<WireProfile>((at, path) => {
  const isoGiven = at.maybe('iso', iso)
  const xmlGiven = at.maybe('xml', xml)
  const usual = at.take('wire', wire, defaultProfile.wire)
  if (usual === 'iso8583' && isoGiven === undefined) throw new SettingError(`${path}.iso is missing`)
  const found: WireProfile = {
    wire: usual,
    iso: isoGiven ?? { ...defaultProfile.iso, links: [] },
    xml: xmlGiven ?? { ...defaultProfile.xml, enabled: false },
    timers: at.take('timers', timers, defaultProfile.timers),
    channelMap: at.take(
      'channelMap',
      section((inner) => ({ ...defaultProfile.channelMap, ...perChannel(inner, channelProfile) })),
      defaultProfile.channelMap,
    ),
    limits: at.take('limits', limits, defaultProfile.limits),
    institutions: at.need('institutions', institutions),
    sandboxNbins: at.take('sandboxNbins', yesOrNo, false),
    banks: at.take('banks', banks, defaultProfile.banks),
    responseCodes: at.take('responseCodes', responseCodes, defaultProfile.responseCodes),
    cycles: at.take('cycles', readCycles, defaultProfile.cycles),
    disputeRules: at.take('disputeRules', ownRules, defaultProfile.disputeRules),
  }
  checkWires(found, path)
  return found
})

/** A wire that carries something has a section; what XML needs to tell apart is told apart. */
function checkWires(
  { wire: usual, iso: { links }, xml: xmlWire, timers: times, institutions: own }: WireProfile,
  path: string,
): void {
  const used = new Set<WireKind>([
    usual,
    ...own.flatMap(({ wire: its }) => [its?.outward ?? usual, its?.inward ?? usual]),
  ])
  if (used.has('iso8583') && links.length === 0) throw new SettingError(`${path}.iso is missing`)
  if (!xmlWire.enabled) {
    if (used.has('xml')) throw new SettingError(`${path}.xml is missing`)
    return
  }
  if (links.some(({ id }) => id === xmlWire.id))
    throw new SettingError(`${path}.xml.id: ${xmlWire.id} is a link of iso`)
  // An answer names its bank by the first three characters of Txn@id, and by nothing else.
  distinct(own, `${path}.institutions`, 'bank3', ({ bank3 }) => bank3)
  const [first = 0] = times.verifyAtMs
  if (first < xmlWire.responseMs) refuseSetting(`${path}.timers.verifyAtMs`, 'no earlier than xml.responseMs', first)
}

/**
 * Reads a wire profile: JSON text, or what `JSON.parse` made of it. Settings left out are the default profile's; who the
 * hub is (`institutions`) and where the switch is (`iso.links`, `xml.host`) have no default, and NBINs are not made up. A profile
 * without `xml` speaks ISO 8583 only (`xml.enabled` is false); one whose every wire is XML needs no `iso`, and has no ISO links.
 * @throws {SettingError} one line naming the first bad setting, such as `profile.timers.responseMs must be …`
 */
export function parseProfile(json: unknown): WireProfile {
  return profile(typeof json === 'string' ? parseJson(json) : json, 'profile')
}

/**
 * The same profile with another wire for whatever names none of its own.
 * @throws {SettingError} one line, when the profile has no section for that wire
 */
export function onWire(given: WireProfile, wire: WireKind): WireProfile {
  const changed = { ...given, wire }
  checkWires(changed, 'profile')
  return changed
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SettingError('profile is not JSON')
  }
}

/**
 * The same profile with every timer multiplied: 0.05 makes the rail 20 times faster. For the sandbox and tests.
 * @param factor more than 0, at most 3, so that no timer outgrows 2^31 ms
 */
export function scaleTimers(wireProfile: WireProfile, factor: number): WireProfile {
  if (!(factor > 0 && factor <= 3))
    throw new SettingError(`timer scale must be more than 0 and at most 3, not ${factor}`)
  const scaled = (ms: number): number => Math.max(1, Math.round(ms * factor))
  const { timers: t, iso: i, xml: x } = wireProfile
  return {
    ...wireProfile,
    timers: {
      responseMs: scaled(t.responseMs),
      verifyAtMs: t.verifyAtMs.map(scaled),
      thenMs: t.thenMs.map(scaled),
      connectMs: scaled(t.connectMs),
      heldMs: scaled(t.heldMs),
    },
    iso: {
      ...i,
      netMgmt: {
        echoMs: scaled(i.netMgmt.echoMs),
        replyMs: scaled(i.netMgmt.replyMs),
        logonFirstRetryMs: scaled(i.netMgmt.logonFirstRetryMs),
        logonRetryMs: scaled(i.netMgmt.logonRetryMs),
      },
      mac: { ...i.mac, oldKeyMs: scaled(i.mac.oldKeyMs) },
    },
    // skewMs is how far two clocks may differ, which no speed changes.
    xml: {
      ...x,
      ackMs: scaled(x.ackMs),
      responseMs: scaled(x.responseMs),
      enquiryMs: scaled(x.enquiryMs),
      heartbeatMs: scaled(x.heartbeatMs),
      directoryMs: scaled(x.directoryMs),
    },
  }
}
