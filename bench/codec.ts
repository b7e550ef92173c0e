import { type Decoded, decode, digits, encode, message, text, tlv } from '../packages/iso8583/src/index.ts'
import { createSeededRandom, type Random } from '../src/base/random.ts'

/** One measured figure, for `bench/run` and for the table that this file prints by itself. */
export type Row = {
  readonly what: string
  readonly unit: string
  readonly value: number
  readonly median: number
  readonly gate: number
  readonly ok: boolean
}

/** A P2A original as a remitter bank sends it: 18 elements, four tags, 225 bytes. @source protocol.md §1.4, §1.5 */
const FundTransfer = message('0200', {
  beneficiary: { de: 2, is: digits(19, 2) },
  processingCode: { de: 3, is: digits(6) },
  amount: { de: 4, is: digits(12) },
  transmittedAt: { de: 7, is: digits(10) },
  stan: { de: 11, is: digits(6) },
  localTime: { de: 12, is: digits(6) },
  localDate: { de: 13, is: digits(4) },
  settlementDate: { de: 15, is: digits(4) },
  channel: { de: 18, is: digits(4) },
  entryMode: { de: 22, is: digits(3) },
  condition: { de: 25, is: digits(2) },
  remitterBank: { de: 32, is: digits(11, 2) },
  rrn: { de: 37, is: text(12, 0, { class: 'an' }) },
  terminal: { de: 41, is: text(8) },
  acceptor: { de: 42, is: text(15) },
  currency: { de: 49, is: digits(3) },
  remitterAccount: { de: 102, is: text(28, 2), optional: true },
  imps: {
    de: 120,
    is: tlv(999, 3, {
      type: { tag: '001', is: digits(2) },
      remitterName: { tag: '045', is: text(50, 3), optional: true },
      beneficiaryName: { tag: '046', is: text(20, 3), optional: true },
      remarks: { tag: '051', is: text(50, 3), optional: true },
      ifsc: { tag: '059', is: text(11), optional: true },
      account: { tag: '062', is: text(30, 3), optional: true },
    }),
  },
})

/** A second and a third shape, so that the loops are measured as the hub runs them: warm for more than one table. */
const Answer = message('0210', {
  amount: { de: 4, is: digits(12) },
  stan: { de: 11, is: digits(6) },
  rrn: { de: 37, is: text(12, 0, { class: 'an' }) },
  approvalCode: { de: 38, is: text(6), optional: true },
  responseCode: { de: 39, is: text(2) },
})
const Echo = message('0800', {
  transmittedAt: { de: 7, is: digits(10) },
  stan: { de: 11, is: digits(6) },
  networkCode: { de: 70, is: digits(3) },
})

const ELEMENTS = 18
const BYTES = 225
const SAMPLES = 256 // different messages in rotation
const RUNS = 250 // short ones: on a busy machine some still fall between the neighbours' turns
const ROUNDS = 4_000

const numberOf = (random: Random, width: number): string =>
  Array.from({ length: width }, () => random.next32() % 10).join('')

const sample = (random: Random): Decoded<typeof FundTransfer> => ({
  beneficiary: `7002000910${numberOf(random, 9)}`,
  processingCode: '900000',
  amount: numberOf(random, 12),
  transmittedAt: '1122134500',
  stan: numberOf(random, 6),
  localTime: '191500',
  localDate: '1122',
  settlementDate: '1123',
  channel: '4814',
  entryMode: '019',
  condition: '00',
  remitterBank: '700001',
  rrn: numberOf(random, 12),
  terminal: `TRN${numberOf(random, 5)}`,
  acceptor: `TRN919${numberOf(random, 9)}`,
  currency: '356',
  remitterAccount: numberOf(random, 14),
  imps: {
    type: '48',
    remitterName: 'ASHA SHARMA',
    ifsc: 'HDFC0001234',
    account: numberOf(random, 14),
  },
})

/** The least and the middle of several runs, in microseconds per call. */
function measure(call: (i: number) => unknown): { least: number; median: number } {
  let kept: unknown
  const took = Array.from({ length: RUNS }, () => {
    const from = performance.now()
    for (let i = 0; i < ROUNDS; i += 1) kept = call(i % SAMPLES)
    return ((performance.now() - from) * 1000) / ROUNDS
  }).sort((a, b) => a - b)
  if (kept === undefined) throw new Error('nothing was measured')
  return { least: took[0]!, median: took[RUNS >> 1]! }
}

/** Measures the codec on this machine: about two seconds. The gate is on the least of the runs, which noise cannot lower. */
export function benchCodec(): Row[] {
  const random = createSeededRandom(8583)
  const values = Array.from({ length: SAMPLES }, () => sample(random))
  const frames = values.map((value) => encode(FundTransfer, value))
  if (Object.keys(values[0]!).length !== ELEMENTS || frames.some(({ length }) => length !== BYTES)) {
    throw new Error('the measured message is not the one that the gate names')
  }
  const answer = { amount: '000000150000', stan: '123456', rrn: '632519123456', responseCode: '00' }
  const echo = { transmittedAt: '1122134500', stan: '123456', networkCode: '301' }
  for (let i = 0; i < 10_000; i += 1) {
    decode(Answer, encode(Answer, i % 2 === 0 ? answer : { ...answer, approvalCode: '123456' }))
    decode(Echo, encode(Echo, echo))
  }
  const encoding = measure((i) => encode(FundTransfer, values[i]!))
  const decoding = measure((i) => decode(FundTransfer, frames[i]!))
  const row = (what: string, { least, median }: { least: number; median: number }, gate: number): Row => ({
    what: `${what} the ${ELEMENTS}-element 0200 of ${BYTES} bytes, validated`,
    unit: 'µs',
    value: Number(least.toFixed(3)),
    median: Number(median.toFixed(3)),
    gate,
    ok: least <= gate,
  })
  return [row('encode', encoding, 1.2), row('decode', decoding, 1.0)]
}

if (import.meta.main) {
  const rows = benchCodec()
  console.log(`${'what'.padEnd(58)}${'min'.padStart(10)}${'median'.padStart(10)}${'gate'.padStart(10)}`)
  for (const { what, unit, value, median, gate, ok } of rows) {
    const figures = [value, median, gate].map((figure) => `${figure.toFixed(2)} ${unit}`.padStart(10)).join('')
    console.log(`${what.padEnd(58)}${figures}  ${ok ? 'ok' : 'TOO SLOW'}`)
  }
  process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1
}
