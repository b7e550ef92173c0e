import { getRandomValues } from 'node:crypto'

/** Chance, passed in. */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  next32(): number
}

/** Chance from the operating system, drawn 4 kB at a time. */
export function createSystemRandom(): Random {
  const pool = new Uint32Array(1024)
  let used = pool.length
  return {
    next32() {
      if (used === pool.length) {
        getRandomValues(pool)
        used = 0
      }
      return pool[used++] as number
    },
  }
}

/** Chance from a seed (sfc32): the same seed gives the same run on every machine. Not for secrets. */
export function createSeededRandom(seed: number): Random {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  let c = seed >>> 0
  let counter = 1
  const next32 = () => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 16; i += 1) next32()
  return { next32 }
}

/** A number in [0, 1). */
export const fraction = (random: Random): number => random.next32() / 0x1_0000_0000

/** A whole number in [low, high]. */
export const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(fraction(random) * (high - low + 1))

/** True with probability `p`. */
export const chance = (random: Random, p: number): boolean => fraction(random) < p

/** So many hex digits. */
export function randomHex(random: Random, digits: number): string {
  let text = ''
  while (text.length < digits) text += random.next32().toString(16).padStart(8, '0')
  return text.slice(0, digits)
}
