import { between, chance, createSeededRandom, randomHex } from '../../src/base/random.ts'
import { matrix } from '../../src/imps/disputes/matrix.ts'
import { rulesOn } from '../../src/imps/disputes/rule.ts'
import type { Fact, Finding } from '../../src/payment/payment.ts'
import type { RawSaid } from '../support/books.ts'
import { T } from '../support/books.ts'

/** What happens to one payment, drawn from its seed alone: nothing of it need agree with anything else. */

/** Cycles of a story: its acts and its raw row fall into them. */
export const CYCLES = 6

export type Act =
  | { readonly kind: 'message'; readonly fact: Fact }
  /** A line of the report of a cycle. `ref`: the same one is the same line. */
  | { readonly kind: 'confirmation'; readonly flag: 'TCC' | 'RET'; readonly ref: number; readonly amountShare: 1n | 2n }
  | {
      readonly kind: 'adjustment'
      readonly flag: string
      readonly reason: string
      readonly ref: number
      readonly verdictFor: 'remitter' | 'beneficiary'
    }
  /** Two people found it out. */
  | { readonly kind: 'finding'; readonly finding: Finding; readonly approvalId: string }
  | { readonly kind: 'account'; readonly status: 'open' | 'frozen' }
  /** The cycle before this one comes again, files and report. */
  | { readonly kind: 'again' }
  | { readonly kind: 'sweep' }

export type Story = {
  readonly seed: number
  readonly direction: 'outward' | 'inward'
  readonly amountPaise: bigint
  /** Inward: whether the account takes it when it comes. */
  readonly takes: boolean
  readonly raw: { readonly said: RawSaid['raw']; readonly cycle: number } | null
  readonly acts: readonly (readonly [cycle: number, act: Act])[]
}

const online: readonly Fact[] = [
  { kind: 'approved', responseCode: '00' },
  { kind: 'approved', responseCode: '00' },
  { kind: 'deemed', responseCode: '91' },
  { kind: 'declined', responseCode: 'M1' },
  { kind: 'lapsed' },
  { kind: 'unclear', responseCode: '08' },
  { kind: 'reversed' },
]
const found: readonly Finding[] = ['found_paid', 'found_unpaid', 'found_returned', 'found_settled', 'found_unsettled']
const lines = rulesOn(matrix, T).flatMap(({ flag, reasons }) => reasons.slice(0, 1).map((reason) => ({ flag, reason })))

export function drawStory(seed: number): Story {
  const random = createSeededRandom(seed)
  const one = <A>(all: readonly A[]): A => all[between(random, 0, all.length - 1)] as A
  const direction = chance(random, 0.65) ? 'outward' : 'inward'
  const act = (): Act => {
    const draw = between(random, 1, 20)
    if (draw <= 4) return { kind: 'message', fact: one(online) }
    if (draw <= 8)
      return {
        kind: 'confirmation',
        flag: one(['TCC', 'RET'] as const),
        ref: between(random, 0, 1),
        amountShare: chance(random, 0.1) ? 2n : 1n,
      }
    if (draw <= 14)
      return {
        kind: 'adjustment',
        ...one(lines),
        ref: between(random, 0, 2),
        verdictFor: one(['remitter', 'beneficiary'] as const),
      }
    if (draw <= 16) return { kind: 'finding', finding: one(found), approvalId: randomHex(random, 32) }
    if (draw <= 17) return { kind: 'account', status: one(['open', 'frozen'] as const) }
    return draw <= 18 ? { kind: 'sweep' } : { kind: 'again' }
  }
  const acts = Array.from({ length: between(random, 2, 14) }, (): [number, Act] => [
    between(random, 0, CYCLES - 1),
    act(),
  ])
  return {
    seed,
    direction,
    amountPaise: one([10_000n, 150_000n, 3_000_000n]),
    takes: chance(random, 0.7),
    raw: chance(random, 0.85)
      ? { said: one(['00', '00', '08', '08', 'declined'] as const), cycle: between(random, 0, CYCLES - 2) }
      : null,
    // An answer comes first, more often than not.
    acts: [...(chance(random, 0.8) ? [[0, { kind: 'message', fact: one(online) }] as const] : []), ...acts].toSorted(
      ([a], [b]) => a - b,
    ),
  }
}
