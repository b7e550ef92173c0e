import { parseArgs } from 'node:util'
import { fuzzApi } from './fuzz/api.ts'
import { fuzzIso8583 } from './fuzz/iso8583.ts'
import { fuzzXml } from './fuzz/xml.ts'

/**
 * `npm run fuzz`: spoilt frames through framer and decoder, spoilt documents to the signature's door, requests to the API. The API's inputs
 * follow from seed and number, so one of them alone is not tried again: the same seed makes the same run.
 */

type Run = { readonly count: number; readonly seed: number; readonly from: number }
type Outcome = {
  readonly lines: readonly string[]
  readonly failures: readonly { readonly input: number; readonly why: string; readonly document: string }[]
}

const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(0)} kB`
const onProgress = (done: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done}`)
}

const targets = {
  iso8583(run: Run): Outcome {
    const report = fuzzIso8583({ ...run, onProgress })
    return {
      lines: [
        `${report.inputs} frames of seed ${run.seed} in ${(report.tookMs / 1000).toFixed(1)} s`,
        `  ${report.decoded} decoded, ${report.refused} refused, ${report.unframed} without a frame`,
        `  slowest ${report.slowestMs.toFixed(2)} ms, memory ${kilobytes(report.grownBytes)} more than before`,
      ],
      failures: report.failures.map(({ input, target, why, hex }) => ({
        input,
        why: `${target}: ${why}`,
        document: hex,
      })),
    }
  },
  async xml(run: Run): Promise<Outcome> {
    const report = await fuzzXml({ ...run, onProgress })
    const refused = [...report.refused].sort(([, a], [, b]) => b - a).map(([code, times]) => `${times} ${code}`)
    return {
      lines: [
        `${report.inputs} signed documents of seed ${run.seed} in ${(report.tookMs / 1000).toFixed(1)} s`,
        `  ${report.opened} opened, each to what was signed; refused: ${refused.join(', ')}`,
        `  slowest ${report.slowestMs.toFixed(2)} ms, memory ${kilobytes(report.grownBytes)} more than before`,
      ],
      failures: report.failures,
    }
  },
  async api({ count, seed }: Run): Promise<Outcome> {
    const report = await fuzzApi({ count, seed, onProgress })
    const statuses = [...report.byStatus].sort(([a], [b]) => a - b).map(([status, times]) => `${times} × ${status}`)
    return {
      lines: [
        `${report.requests} requests of seed ${seed} in ${(report.tookMs / 1000).toFixed(1)} s`,
        `  ${report.done.size} of ${report.operations} operations did something; ${statuses.join(', ')}`,
        `  slowest ${report.slowestMs.toFixed(1)} ms`,
      ],
      failures:
        report.failure === undefined ? [] : [{ input: report.requests, why: 'see below', document: report.failure }],
    }
  },
} as const

/** Of all targets, so many of the frames are documents and requests: a document costs as much as thirty frames, a request as some hundred. */
const share = { iso8583: 1, xml: 1 / 10, api: 1 / 1_000 } as const

const USAGE =
  'usage: npm run fuzz -- [--target iso8583|xml|api|all] [--count N] [--seed S] [--from I], all whole numbers'

const isTarget = (name: string): name is keyof typeof targets | 'all' => name === 'all' || Object.hasOwn(targets, name)

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', default: 'all' },
      count: { type: 'string', default: '300000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
    },
  })
  const [count = 0, seed = 0, from = 0] = [values.count, values.seed, values.from].map(Number)
  const areNumbers = [count, seed, from].every((value) => Number.isSafeInteger(value) && value >= 0) && count > 0
  const target = isTarget(values.target) ? values.target : undefined
  if (!areNumbers || target === undefined) {
    console.error(USAGE)
    process.exitCode = 2
    return
  }
  const chosen: readonly (keyof typeof targets)[] = target === 'all' ? ['iso8583', 'xml', 'api'] : [target]
  for (const name of chosen) {
    const part = target === 'all' ? Math.ceil(count * share[name]) : count
    const { lines, failures } = await targets[name]({ count: part, seed, from })
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    for (const line of lines) console.log(line)
    for (const { input, why, document } of failures) {
      console.log(`FAILED input ${input} of ${name}: ${why}`)
      console.log(`  again: --target ${name} --seed ${seed} --from ${input} --count 1\n  ${document}`)
    }
    if (failures.length > 0) process.exitCode = 1
  }
}

await main()
// Of the API's database connections are left, and it is gone when they are.
process.exit()
