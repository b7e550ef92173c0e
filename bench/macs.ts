import { readFileSync } from 'node:fs'
import { softKey } from '../src/imps/iso8583/mac.ts'
import { createMacPlace } from '../src/imps/iso8583/mac-place.ts'
import { defaultProfile, macAlgorithms } from '../src/imps/profile.ts'
import type { Figure } from './support/figures.ts'

/** What MACs add to a message over ISO 8583: made on the way out, checked on the way in. */

const RUNS = 60
const ROUNDS = 1_000

/** The least of several runs, which neighbours on the machine cannot lower; microseconds. */
function measure(call: () => unknown): number {
  let kept: unknown
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < RUNS; run += 1) {
    const from = performance.now()
    for (let i = 0; i < ROUNDS; i += 1) kept = call()
    least = Math.min(least, ((performance.now() - from) * 1000) / ROUNDS)
  }
  if (kept === undefined) throw new Error('nothing was measured')
  return Number(least.toFixed(2))
}

const named = { 'iso9797-1-alg3-pad1': 'retail', 'aes-cmac': 'aes' } as const

/** A hub of 4,000 payments a second has 8,000 messages: at this, a sixth of a core. Single DES costs three times itself here. */
const GATE_US = 20

export function benchMacs(): Figure[] {
  return macAlgorithms.flatMap((algorithm) =>
    (['48.099', '64/128'] as const).flatMap((carrier) => {
      const name = `request-${named[algorithm]}-${carrier === '48.099' ? 'tag' : 'end'}`
      const vector = JSON.parse(readFileSync(new URL(`../test/vectors/mac/${name}.json`, import.meta.url), 'utf8'))
      const { iso } = defaultProfile
      const place = createMacPlace({ ...iso, mac: { ...iso.mac, enabled: true, algorithm, carrier } })
      const key = softKey(algorithm, Buffer.from(vector.key, 'hex'))
      const [plain, sealed] = [Buffer.from(vector.plain, 'hex'), Buffer.from(vector.hex, 'hex')]
      const figure = (what: string, call: () => unknown): Figure => ({
        what: `MAC by ${algorithm} in ${carrier}: ${what}, ${plain.length} bytes`,
        value: measure(call),
        unit: 'µs',
        gate: { kind: 'atMost', value: GATE_US },
      })
      return [figure('made', () => place.add(plain, key)), figure('checked', () => place.check(sealed, [key]))]
    }),
  )
}
