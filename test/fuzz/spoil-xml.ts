import { createHash } from 'node:crypto'
import { between, type Random } from '../../src/base/random.ts'
import { C14N, DSIG, ENVELOPED, EXCLUSIVE, parts, RSA_SHA256, SHA256 } from '../support/signed-documents.ts'
import { createDraft, load, mutate } from './mutate.ts'

/** Ways to spoil a signed document: as bytes, as text between tags, and as someone would who knows how signatures are wrapped. */

type Spoil = (text: string, random: Random, others: readonly string[]) => string

const pick = <T>(random: Random, from: readonly T[]): T => from[random.next32() % from.length]!

/** Where some tag starts, from a place drawn at random. */
function tagFrom(text: string, random: Random): number {
  const at = text.indexOf('<', between(random, 0, text.length))
  return at === -1 ? text.indexOf('<') : at
}

const insertAt = (text: string, at: number, piece: string): string => text.slice(0, at) + piece + text.slice(at)

const pieces = [
  '<!-- x -->',
  '<![CDATA[x]]>',
  '<?x y?>',
  '<!DOCTYPE x>',
  '<!DOCTYPE x [<!ENTITY a "b">]>',
  '&a;',
  '&#10;',
  '&#x0;',
  '\r\n',
  ' ',
  'x',
  '<a/>',
  '<a></a>',
  '<a>',
  '</a>',
  '<Txn id="EVIL"></Txn>',
  `<Signature xmlns="${DSIG}"></Signature>`,
  `<Object xmlns="${DSIG}"></Object>`,
  '\u00a0',
  '\ufeff',
  '\0',
]
const insertPiece: Spoil = (text, random) => insertAt(text, tagFrom(text, random), pick(random, pieces))
const insertAnywhere: Spoil = (text, random) => insertAt(text, between(random, 0, text.length), pick(random, pieces))

const algorithms = [
  C14N,
  `${C14N}#WithComments`,
  EXCLUSIVE,
  ENVELOPED,
  SHA256,
  RSA_SHA256,
  `${DSIG}sha1`,
  `${DSIG}rsa-sha1`,
]
const strange = [`${DSIG}hmac-sha1`, 'http://www.w3.org/TR/1999/REC-xpath-19991116', 'constructor', '__proto__', '']
const exchangeAlgorithm: Spoil = (text, random) => {
  const turn = between(random, 0, 4)
  let seen = 0
  return text.replace(/Algorithm="[^"]*"/g, (found) => {
    const is = seen === turn
    seen += 1
    return is ? `Algorithm="${pick(random, [...algorithms, ...strange])}"` : found
  })
}

const uris = ['URI="#x"', 'URI="#EVIL"', 'URI="https://example.org/"', '', 'URI="" Id="x"', "URI=''"]
const exchangeUri: Spoil = (text, random) => text.replace('URI=""', pick(random, uris))

/** The value of some attribute, which is where the money and the account are. */
const exchangeValue: Spoil = (text, random) => {
  const at = text.indexOf('="', between(random, 0, text.length))
  const end = at === -1 ? -1 : text.indexOf('"', at + 2)
  if (end === -1) return text
  return `${text.slice(0, at + 2)}${pick(random, ['', '1', '200000.00', 'EVIL', '&lt;', '&#65;', 'é', '\n'])}${text.slice(end)}`
}

/** A digest that fits what stands there now: only RSA can tell. */
const fitDigest: Spoil = (text) => {
  const { before, after, signature } = parts(text)
  if (signature === '') return text
  const digest = createHash('sha256')
    .update(before + after)
    .digest('base64')
  return before + signature.replace(/(<(?:ds:)?DigestValue>)[^<]*/, `$1${digest}`) + after
}

const exchangeSignature: Spoil = (text, random, others) => {
  const { before, after } = parts(text)
  return before + parts(pick(random, others)).signature + after
}

const doubleSignature: Spoil = (text, random, others) => {
  const { before, signature, after } = parts(text)
  const second = parts(pick(random, others)).signature
  return random.next32() % 2 === 0 ? before + signature + second + after : before + second + signature + after
}

const stripSignature: Spoil = (text) => {
  const { before, after } = parts(text)
  return before + after
}

/** The signed document where a reader does not look, another where it does, and the signature anywhere. */
const wrap: Spoil = (text, random, others) => {
  const { before, signature, after } = parts(text)
  const original = before + after
  const evil = parts(pick(random, others).replaceAll(/ id="[^"]*"/g, ' id="EVIL"'))
  const within = (content: string): string => signature.replace(/<\/(ds:)?Signature>$/, `${content}$&`)
  switch (random.next32() % 8) {
    case 0:
      return evil.before + within(original) + evil.after
    case 1:
      return evil.before + original + signature + evil.after
    case 2:
      return `<Message>${evil.before}${evil.after}${text}</Message>`
    case 3:
      return evil.before + text + evil.after
    case 4:
      return `<Message>${evil.before}${signature}${evil.after}${original}</Message>`
    case 5:
      return `<Message>${evil.before}${within(original)}${evil.after}</Message>`
    case 6:
      return `${evil.before}<Extensions>${original}</Extensions>${signature}${evil.after}`
    default:
      return evil.before + within(`<Object>${original}</Object>`) + evil.after
  }
}

/** One element twice, gone, or somewhere else. */
const moveElement: Spoil = (text, random) => {
  const from = tagFrom(text, random)
  const name = /^<([\w:.-]+)/.exec(text.slice(from, from + 60))?.[1]
  if (name === undefined) return text
  const closing = `</${name}>`
  const end = text.indexOf(closing, from)
  if (end === -1) return text
  const element = text.slice(from, end + closing.length)
  const rest = text.slice(0, from) + text.slice(end + closing.length)
  const way = random.next32() % 3
  return way === 0 ? rest : insertAt(way === 1 ? text : rest, tagFrom(way === 1 ? text : rest, random), element)
}

const declarations = [
  'xmlnsx="u"',
  'xml:lang="hi"',
  'xmlns:a=\'u" b="1\'',
  'xmlns="u"',
  'xmlns=""',
  'xmlns:a="u"',
  'xmlns:ns2="u"',
  `xmlns:ds="${DSIG}"`,
  'xmlns:xml="u"',
  'xmlns:a=""',
]
const declare: Spoil = (text, random) => {
  const from = tagFrom(text, random)
  const name = /^<[\w:.-]+/.exec(text.slice(from, from + 60))?.[0]
  return name === undefined ? text : insertAt(text, from + name.length, ` ${pick(random, declarations)}`)
}

/** The same document, written differently: what opens must be what was signed all the same. */
const rewrite: Spoil = (text, random) => {
  switch (random.next32() % 6) {
    case 0:
      return text.replace(/><\/[\w:.-]+>/g, '/>')
    case 1:
      return `<?xml version="1.0" encoding="UTF-8"?>\n${text}`
    case 2:
      return text.replaceAll('" ', '"\n')
    case 3:
      return text.replace(/="([0-9])/, (_all, digit: string) => `="&#${digit.charCodeAt(0)};`)
    case 4:
      return text.replace(/="([^"']*)"/g, "='$1'")
    default:
      return `${text}\n`
  }
}

const bulk: Spoil = (text, random) => {
  const count = between(random, 100, 12_000)
  const content = pick(random, [
    () => 'x'.repeat(count * 5),
    () => '&amp;'.repeat(count),
    () => '<a></a>'.repeat(Math.min(count, 1_450)),
    () => '<a>'.repeat(count & 31) + '</a>'.repeat(count & 31),
    () => `<a ${Array.from({ length: count & 63 }, (_, i) => `a${i}=""`).join(' ')}></a>`.repeat(20),
    () => `<${'a'.repeat(count)}/>`,
    () => ' '.repeat(count),
    () => `<a ${' '.repeat(count)}`,
    () => `&#${'0'.repeat(count)};`,
    () => `<a b="${'<'.repeat(count)}"/>`,
    () => '<!--'.repeat(count),
    () => '&a'.repeat(count),
  ])()
  return insertAt(text, tagFrom(text, random), content)
}

const spoils: readonly Spoil[] = [
  ...[insertPiece, insertAnywhere, exchangeAlgorithm, exchangeUri, exchangeValue, exchangeValue, exchangeValue],
  ...[
    fitDigest,
    exchangeSignature,
    doubleSignature,
    stripSignature,
    wrap,
    wrap,
    moveElement,
    moveElement,
    declare,
    rewrite,
  ],
]

const draft = createDraft()

/** As bytes, by the hand that spoils ISO frames. */
function spoilBytes(text: string, random: Random, others: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.from(text)
  if (bytes.length > draft.bytes.length) return bytes
  load(draft, bytes)
  mutate(draft, random, others)
  return Buffer.from(draft.bytes.subarray(0, draft.length))
}

/** Spoils a signed document in one to three ways; some come out as good as they went in. */
export function spoil(
  text: string,
  random: Random,
  others: readonly string[],
  asBytes: readonly Uint8Array[],
): Uint8Array {
  if (random.next32() % 3 === 0) return spoilBytes(text, random, asBytes)
  let spoilt = text
  if (random.next32() % 128 === 0) spoilt = bulk(spoilt, random, others)
  for (let turns = between(random, 1, 3); turns > 0; turns -= 1) spoilt = pick(random, spoils)(spoilt, random, others)
  return Buffer.from(spoilt)
}
