import { between, type Random } from '../../src/base/random.ts'
import type { Row } from './check.ts'
import type { Asked } from './customers.ts'
import type { WireTap } from './wire-tap.ts'

/** What a payment of that amount comes to when nothing is in its way: its states, the last response code, its verifications. @source api.md §4 */
const expected: ReadonlyMap<bigint, readonly [states: string, responseCode: string | null, verifications: number]> =
  new Map([
    [7_700n, ['sent succeeded', '00', 0]],
    [10_191n, ['sent deemed', '91', 0]],
    [10_291n, ['sent deemed', '91', 0]],
    [10_300n, ['sent unconfirmed succeeded', '00', 1]],
    [10_400n, ['sent unconfirmed declined', 'M0', 1]],
    // The late answer is used: nobody asks a second time.
    [10_700n, ['sent unconfirmed succeeded', '00', 1]],
    [10_800n, ['sent succeeded', '00', 0]],
    [10_900n, ['sent declined', 'M1', 0]],
    [11_000n, ['sent declined', 'M3', 0]],
    [11_100n, ['sent declined', 'M5', 0]],
    [11_200n, ['sent declined', 'M2', 0]],
    [11_300n, ['sent declined', '51', 0]],
    [11_400n, ['sent unconfirmed declined', 'M0', 1]],
    [11_500n, ['sent unconfirmed succeeded', '00', 1]],
    [11_600n, ['sent unconfirmed succeeded', '00', 1]],
  ])

export const ORDINARY = 7_700n

/** One of the amounts that ask for an outcome. */
export function drawProbe(random: Random): bigint {
  const amounts = [...expected.keys()].filter((amount) => amount !== ORDINARY)
  return amounts[between(random, 0, amounts.length - 1)] as bigint
}

/**
 * After the heal, with one payment at a time, the outcome is exact.
 * @param timesHold  false where clocks are wrong: then so is when to ask
 */
export function checkProbe(
  probe: Asked,
  rows: readonly Row[],
  tap: WireTap,
  timesHold: boolean,
  wrongs: string[],
): void {
  const { amountPaise } = probe.request
  const [states, responseCode, verifications] = expected.get(amountPaise) ?? ['', null, 0]
  const row = rows.find((one) => one.reference === probe.key)
  if (row === undefined) {
    wrongs.push(`after the heal, a payment of ${amountPaise} paise was not taken`)
    return
  }
  // A process without the link holds it for the one that has it.
  const went = row.states.join(' ').replace(/^held /, '')
  const counted = tap.find(row.rrn ?? '', row.remitter_bank)?.verifications.length ?? 0
  const exact = went === states && counted === verifications
  // A process whose clock is ahead takes what another has just sent for overdue, and asks; the end is the same.
  const same = timesHold ? exact : went.split(' ').at(-1) === states.split(' ').at(-1)
  if (!same || row.response_code !== responseCode) {
    const was = `${went}, ${row.response_code}, ${counted} verifications`
    wrongs.push(
      `after the heal, a payment of ${amountPaise} paise went ${was}, not ${states}, ${responseCode}, ${verifications}`,
    )
  }
}
