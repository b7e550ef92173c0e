import { fraction, type Random } from '../base/random.ts'

export interface BackOff {
  /** How long to wait before the next try, milliseconds. */
  next(): number
  reset(): void
}

/** Exponential back-off from `firstMs` to `maxMs`; each wait is drawn from the upper half, so that a thousand clients do not come back at once. */
export function createBackOff(random: Random, firstMs: number, maxMs: number): BackOff {
  let ceiling = firstMs
  return {
    next() {
      const wait = ceiling * (0.5 + fraction(random) / 2)
      ceiling = Math.min(ceiling * 2, maxMs)
      return wait
    },
    reset() {
      ceiling = firstMs
    },
  }
}
