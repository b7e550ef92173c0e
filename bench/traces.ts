import { ensureDatabase } from '../src/db/embedded.ts'
import { defaultProfile } from '../src/imps/profile.ts'
import { payOutward } from './payments.ts'
import type { Figure } from './support/figures.ts'
import { type BenchAccount, type BenchHub, openAccounts, startHub } from './support/hub.ts'
import { startPostgres } from './support/postgres.ts'
import { startReceivers } from './webhooks.ts'

const ROUNDS = 5
const ACCOUNTS = 1_000
const WARM_UP_MS = 3_000

/** What is kept of traces; null: nothing is traced. */
const kinds = [
  [null, 'without traces'],
  [0.1, 'with traces, a tenth of them kept'],
  [1, 'with traces, all kept'],
] as const

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/** The main load on three hubs, which trace nothing, a tenth and everything to a receiver of OTLP, in turn: what it costs. */
export async function benchTraces(connections: number, seconds: number): Promise<Figure[]> {
  const receivers = await startReceivers(1, 0, 0, () => undefined)
  const [collector = ''] = receivers.urls.good
  const postgres = await startPostgres()
  const institutions = defaultProfile.institutions.map((one) => one.code)
  const sides: { hub: BenchHub; accounts: readonly BenchAccount[]; rates: number[]; cpu: number[] }[] = []
  try {
    for (const [i, [ratio]] of kinds.entries()) {
      const hub = await startHub({
        DATABASE_URL: await ensureDatabase(postgres.url, `traces_${i}`),
        ...(ratio === null ? {} : { TURANT_TRACES_URL: collector, TURANT_TRACES_RATIO: String(ratio) }),
      })
      const accounts = await openAccounts(hub, ACCOUNTS, institutions)
      sides.push({ hub, accounts, rates: [], cpu: [] })
      await payOutward(hub, accounts, connections, WARM_UP_MS)
    }
    const lengthMs = Math.max(3, seconds / 10) * 1000
    for (let round = 0; round < ROUNDS; round += 1) {
      // Who begins changes, so that what else the machine does meets all alike.
      for (let i = 0; i < sides.length; i += 1) {
        const side = sides[(i + round) % sides.length]
        if (side === undefined) continue
        const before = side.hub.cpuSeconds()
        const { perSecond, done, errors, firstError } = await payOutward(side.hub, side.accounts, connections, lengthMs)
        if (errors > 0) throw new Error(`${errors} errors: ${firstError}`)
        side.rates.push(perSecond)
        side.cpu.push(((side.hub.cpuSeconds() - before) / done) * 1e6)
      }
    }
  } finally {
    for (const { hub } of sides) await hub.stop()
    await postgres.stop()
    receivers.stop()
  }
  const [plain] = sides
  return kinds.flatMap(([ratio, name], i): Figure[] => {
    const side = sides[i]
    if (side === undefined || plain === undefined) return []
    const rates = side.rates.map((rate) => rate.toFixed(0)).join(', ')
    const cpu = `hub CPU ${median(side.cpu).toFixed(0)} µs a payment`
    if (ratio === null)
      return [
        {
          what: `outward ${name}, median of ${ROUNDS}`,
          value: median(side.rates),
          unit: '/s',
          note: `${cpu}; ${rates} /s`,
        },
      ]
    return [
      {
        what: `outward ${name}, over the same without`,
        value: median(side.rates) / median(plain.rates),
        unit: '×',
        note: `${cpu}; ${rates} /s`,
      },
    ]
  })
}
