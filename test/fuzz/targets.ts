import { readdirSync, readFileSync } from 'node:fs'
import {
  binary,
  decode,
  describe,
  digits,
  encode,
  type Header,
  hex,
  message,
  minorUnits,
  salvage,
  text,
  tlv,
  type Wire,
} from '@turant/iso8583'
import { between, type Random } from '../../src/base/random.ts'
import { createIsoDialect } from '../../src/imps/iso8583/dialect.ts'
import { softKey } from '../../src/imps/iso8583/mac.ts'
import { createMacPlace } from '../../src/imps/iso8583/mac-place.ts'
import { defaultProfile, type MacProfile } from '../../src/imps/profile.ts'
import { withMacs } from '../support/link-keys.ts'
import { bytesOf, readVectors } from '../vectors/read.ts'

/** Something that reads messages, and good messages to spoil for it. */
export interface Target {
  readonly name: string
  readonly header: Header
  readonly inclusive: boolean
  readonly bases: readonly Uint8Array[]
  /** A message that is well formed around something that is not, or undefined. */
  craft(random: Random): Uint8Array | undefined
  /** Reads one message; throws `DecodeError` or nothing. */
  read(bytes: Uint8Array): void
  /** What else is done with bytes that nobody knows: for logs and for refusals. Throws nothing. */
  look(bytes: Uint8Array): void
}

/** Every kind of element, near both ends of both bitmaps. */
const rows = {
  number: { de: 2, is: digits(19, 2) },
  code: { de: 3, is: digits(6) },
  amount: { de: 4, is: minorUnits(12) },
  entryMode: { de: 22, is: digits(3) },
  reference: { de: 37, is: text(12, 0, { class: 'an' }) },
  additional: { de: 48, is: text(999, 3, { min: 0 }), optional: true },
  pinBlock: { de: 52, is: text(16, 0, { class: 'hex' }), optional: true },
  chip: { de: 55, is: binary(255, 3), optional: true },
  mac: { de: 64, is: hex(8), optional: true },
  account: { de: 102, is: text(28, 2), optional: true },
  tags: {
    de: 120,
    is: tlv(999, 3, {
      type: { tag: '001', is: digits(2) },
      name: { tag: '045', is: text(50, 3, { min: 0 }), optional: true },
      account: { tag: '062', is: text(30, 3, { class: 'an' }), optional: true },
    }),
    optional: true,
  },
  mac2: { de: 128, is: binary(8), optional: true },
} as const
const Everything = message('0200', rows)

/** The same with DE 120 as plain text, to write tags that the table would not. */
const Untagged = message('0200', { ...rows, tags: { de: 120, is: text(999, 3) } })

/** Tags with true lengths, but in any order, repeated, unknown, too long or too short. */
function craftTags(random: Random): string {
  let content = ''
  for (let turns = between(random, 1, 6); turns > 0; turns -= 1) {
    const tag = ['001', '045', '062', '900', '901'][random.next32() % 5]!
    const length =
      tag === '001' && random.next32() % 8 !== 0 ? 2 : between(random, 0, random.next32() % 16 === 0 ? 150 : 12)
    content += `${tag}${String(length).padStart(3, '0')}${'7'.repeat(length)}`
  }
  return content
}

const short = {
  number: '70020009109876543',
  code: '900000',
  amount: 150000n,
  entryMode: '019',
  reference: '632519123456',
}
const long = {
  ...short,
  additional: '0990160123456789ABCDEF',
  pinBlock: '0123456789abcdef',
  chip: Buffer.from('9f2608aabbccddeeff0011', 'hex'),
  mac: '00FF00FF00FF00FF',
  account: '50100012345678',
  mac2: Buffer.alloc(8, 0xff),
}
const values = [
  short,
  long,
  { ...long, tags: { type: '48', name: 'ASHA', account: '50100012345678' } },
  {
    ...short,
    tags: {
      type: '48',
      unknownTags: [
        { tag: '900', value: 'x' },
        { tag: '901', value: '' },
      ],
      tagOrder: ['900', '001'],
    },
  },
]

function tableTarget(wire: Wire, header: Header, inclusive: boolean): Target {
  return {
    name: `table ${Object.values(wire).join(' ')} ${header}`,
    header,
    inclusive,
    bases: values.map((value) => encode(Everything, value, wire)),
    craft: (random) => encode(Untagged, { ...short, tags: craftTags(random) }, wire),
    read(bytes) {
      const again = encode(Everything, decode(Everything, bytes, wire), wire)
      // A second bitmap without a bit in it is read but not written; so is a hexadecimal one in lower case.
      const less = bytes.length - again.length
      if (less === (wire.bitmap === 'hex' ? 16 : 8)) return
      if (less !== 0 || (wire.bitmap !== 'hex' && Buffer.compare(again, bytes) !== 0)) {
        throw new Error('decoded to what encodes to other bytes')
      }
    },
    look(bytes) {
      salvage(Everything, bytes, wire)
      describe([Everything], bytes, wire)
    },
  }
}

/** The hub's own reader, over the vectors written by hand: good ones and bad ones. */
function dialectTarget(): Target {
  const dialect = createIsoDialect(defaultProfile)
  const vectors = readVectors()
  const now = Date.parse(vectors[0]!.now)
  return {
    name: 'IMPS dialect',
    header: 'binary2',
    inclusive: false,
    bases: vectors.map(bytesOf),
    craft: () => undefined,
    read: (bytes) => {
      dialect.decode(bytes, now)
    },
    look(bytes) {
      dialect.refuse(bytes)
      dialect.describe(bytes)
    },
  }
}

/** MACs over spoilt messages: whatever is proved must say, of the payment, what somebody with the key has said. */
function macTarget(carrier: MacProfile['carrier'], end: 'tag' | 'end'): Target {
  const profile = withMacs({ carrier })(defaultProfile)
  const dialect = createIsoDialect(profile)
  const place = createMacPlace(profile.iso)
  const folder = new URL('../vectors/mac/', import.meta.url)
  const vectors: { hex: string; key: string }[] = readdirSync(folder)
    .filter((file) => file.endsWith(`-retail-${end}.json`))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
  const keys = [softKey(profile.iso.mac.algorithm, Buffer.from(vectors[0]!.key, 'hex'))]
  const saidBy = (bytes: Uint8Array): string => {
    const message = dialect.decode(bytes, 0)
    if (message.kind === 'networkRequest' || message.kind === 'networkResponse') return ''
    const code = 'responseCode' in message ? message.responseCode : ''
    return `${message.kind.endsWith('Request')} ${message.rrn} ${message.stan} ${message.amountPaise} ${code}`
  }
  const bases = vectors.map(({ hex: text }) => Buffer.from(text, 'hex'))
  const said = new Set(bases.map(saidBy))
  return {
    name: `MACs in ${carrier}`,
    header: 'binary2',
    inclusive: false,
    bases,
    craft: () => undefined,
    read(bytes) {
      const says = saidBy(bytes)
      if (place.check(bytes, keys) === 'good' && !said.has(says)) throw new Error('proved what nobody said')
    },
    look(bytes) {
      dialect.refuse(bytes)
    },
  }
}

export const createTargets = (): readonly Target[] => [
  tableTarget({}, 'binary2', false),
  tableTarget({ numeric: 'bcd', bitmap: 'binary', lengths: 'bcd' }, 'binary2', true),
  tableTarget({ numeric: 'ascii', bitmap: 'hex', lengths: 'binary' }, 'ascii4', false),
  dialectTarget(),
  macTarget('48.099', 'tag'),
  macTarget('64/128', 'end'),
]
