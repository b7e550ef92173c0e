import { createSeededRandom } from '../../src/base/random.ts'
import { defaultProfile } from '../../src/imps/profile.ts'
import { createXmlDialect } from '../../src/imps/xml/dialect.ts'
import { XmlError } from '../../src/imps/xml/error.ts'
import { openSigned, SignatureError, sign } from '../../src/imps/xml/signature.ts'
import { makeSigningKey } from '../../src/sandbox-keys.ts'
import { DSIG, limits, payment, signFreely } from '../support/signed-documents.ts'
import { onTheWire, readXmlVectors } from '../vectors/xml/read.ts'
import { memoryInUse } from './memory.ts'
import { spoil } from './spoil-xml.ts'

/**
 * Spoilt documents to the signature's door. A run holds when nothing opens but what a pinned key signed, every refusal is a
 * `SignatureError`, none takes longer than the limit, and memory after is as before. Input number `i` of a seed is always spoilt in the same way.
 */

const SLOW_MS = 20
const SUSPECT_MS = 10 // measured again, alone
const GROWTH_BYTES = 8 * 1024 * 1024
const LOOK_EVERY = 32 // inputs whose text is also read, signed or not: what the parser meets once a signature is good
const FAILURES = 20
const SHOWN = 2_000 // characters of a document that failed

const NOW = Date.UTC(2026, 10, 22)
const span = { fromMs: NOW - 86_400_000, untilMs: NOW + 86_400_000 }

export type XmlFailure = { readonly input: number; readonly why: string; readonly document: string }
export type XmlFuzzReport = {
  readonly inputs: number
  readonly opened: number
  /** How many ended with each code. */
  readonly refused: ReadonlyMap<string, number>
  readonly slowestMs: number
  readonly grownBytes: number
  readonly tookMs: number
  readonly failures: readonly XmlFailure[]
}

/** What a bank and a switch say to each other, in canonical form. */
const documents: readonly string[] = [
  payment(),
  payment('200000.00'),
  ...readXmlVectors()
    .filter(({ writes, message }) => writes === true && message !== undefined)
    .map(({ text }) => onTheWire(text)),
]

/** As costly as a document may be for the library, and more than that. */
const heavy: readonly string[] = [
  '<a></a>'.repeat(385),
  '<a></a>'.repeat(1_400),
  `<a>${'<b c="" d="" e="" f=""></b>'.repeat(215)}</a>`,
  `<a>&lt;${'x'.repeat(60)}&gt;</a>`.repeat(385),
  '&amp;'.repeat(12_000),
].map((content) => payment().replace('</ns2:ReqPay>', `${content}</ns2:ReqPay>`))
const HEAVY_EVERY = 2_048

/** Documents to spoil, the keys that count, and the only texts that may ever open. */
async function createPlace() {
  const npci = await makeSigningKey('NPCI', span)
  const before = await makeSigningKey('NPCI before', span)
  const stranger = await makeSigningKey('somebody', span)
  const key = npci.privateKey
  const good = [
    ...documents.map((document) => sign(document, npci)),
    ...documents.map((document) => sign(document, before)),
    ...documents.slice(0, 2).map((document) => signFreely(document, { key, prefix: 'ds:' })),
  ]
  const bad = [
    ...documents.slice(0, 3).map((document) => sign(document, stranger)),
    signFreely(payment('3.00', ' Id="x"'), { key, references: [{ uri: '#x' }] }),
    signFreely(payment('4.00'), { key, references: [{}, {}] }),
    signFreely(payment('5.00'), { key, hash: 'sha1', algorithm: `${DSIG}rsa-sha1` }),
    signFreely(payment('6.00'), { key, secret: npci.certificate.toString() }),
  ]
  const all = [...good, ...good, ...bad]
  const asBytes = all.map((text) => Buffer.from(text))
  const costly = heavy.map((document) => signFreely(document, { key, prefix: 'ds:' }))
  const pinned = [before.certificate, npci.certificate]
  return { all, asBytes, costly, pinned, signed: new Set([...documents, ...heavy]) }
}

type Place = Awaited<ReturnType<typeof createPlace>>

/** What became of one document: `opened`, the code of its refusal, or what is wrong with that. */
function end(bytes: Uint8Array, { pinned, signed }: Place): { readonly kind: string; readonly why?: string } {
  try {
    const { text } = openSigned(bytes, pinned, NOW, limits)
    return signed.has(text) ? { kind: 'opened' } : { kind: 'opened', why: 'opened, and nobody signed it' }
  } catch (error) {
    if (error instanceof SignatureError) return { kind: error.code }
    return { kind: 'threw', why: `threw ${String(error)}` }
  }
}

const dialect = createXmlDialect(defaultProfile)

/** What else is done with a text: each of these ends as a value or as an `XmlError`. */
function look(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('utf8')
  for (const [name, read] of Object.entries({ read: dialect.read, readAck: dialect.readAck })) {
    try {
      read(text)
    } catch (error) {
      if (!(error instanceof XmlError)) return `${name} threw ${String(error)}`
    }
  }
  try {
    dialect.headOf(text)
    dialect.describe(text)
  } catch (error) {
    return `describing threw ${String(error)}`
  }
  return undefined
}

export type XmlFuzzOptions = {
  readonly count: number
  readonly seed: number
  readonly from?: number
  readonly onProgress?: (done: number) => void
}

/** A parser that talks to the console about a stranger's document would fill a log with it. */
function listen(): { readonly said: string[]; stop(): void } {
  const { warn, error, log } = console
  const said: string[] = []
  console.warn = console.error = console.log = (...words: unknown[]) => void said.push(words.join(' '))
  return { said, stop: () => void Object.assign(console, { warn, error, log }) }
}

/** Runs `count` inputs of a seed. The keys are new each time; what is done to the documents is not. */
export async function fuzzXml({ count, seed, from = 0, onProgress }: XmlFuzzOptions): Promise<XmlFuzzReport> {
  const place = await createPlace()
  const ears = listen()
  const tally = new Map<string, number>()
  const failures: XmlFailure[] = []
  const warm = from + Math.min(20_000, count >> 1)
  let grownFrom = 0
  let slowestMs = 0
  const startedAt = performance.now()
  for (let i = from; i < from + count; i += 1) {
    if (i === warm) grownFrom = memoryInUse()
    if (i % 10_000 === 0) onProgress?.(i - from)
    const random = createSeededRandom(Math.imul(seed, 0x9e3779b1) + i)
    const bases = random.next32() % HEAVY_EVERY === 0 ? place.costly : place.all
    const bytes = spoil(bases[random.next32() % bases.length]!, random, place.all, place.asBytes)
    const at = performance.now()
    const { kind, why } = end(bytes, place)
    let tookMs = performance.now() - at
    if (tookMs > SUSPECT_MS) tookMs = again(() => end(bytes, place))
    slowestMs = Math.max(slowestMs, tookMs)
    tally.set(kind, (tally.get(kind) ?? 0) + 1)
    const late = tookMs > SLOW_MS ? `took ${tookMs.toFixed(1)} ms` : undefined
    const wrong = why ?? late ?? (i % LOOK_EVERY === 0 ? look(bytes) : undefined) ?? ears.said[0]
    ears.said.length = 0
    if (wrong !== undefined && failures.length < FAILURES) {
      failures.push({ input: i, why: wrong, document: Buffer.from(bytes).toString('utf8').slice(0, SHOWN) })
    }
  }
  const tookMs = performance.now() - startedAt
  ears.stop()
  const grownBytes = memoryInUse() - grownFrom
  if (grownBytes > GROWTH_BYTES) {
    failures.push({ input: from + count, why: `memory grew by ${grownBytes} bytes`, document: '' })
  }
  const opened = tally.get('opened') ?? 0
  tally.delete('opened')
  return { inputs: count, opened, refused: tally, slowestMs, grownBytes, tookMs, failures }
}

/** The least of five more times, on the clock of this thread: the input's own cost, without the collector and the neighbours. */
function again(call: () => unknown): number {
  let least = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 5; turn += 1) {
    const { user, system } = process.threadCpuUsage()
    call()
    const used = process.threadCpuUsage({ user, system })
    least = Math.min(least, (used.user + used.system) / 1000)
  }
  return least
}
