import { argon2, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { sameDigest } from './keys.ts'

/**
 * Passwords, and whatever else people keep in their heads: hashed with argon2id off the event loop, a few at a time, so that a flood of
 * sign-ins slows sign-ins and nothing else.
 * @source RFC 9106; OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane
 */

/** What a hash costs: memory in KiB, passes, lanes. */
export type Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number }

export const presentCost: Cost = { memory: 19_456, passes: 2, parallelism: 1 }

const SALT_BYTES = 16
const TAG_BYTES = 32

export type HashingOptions = {
  readonly cost?: Cost
  /** Hashes that are made at the same time: each takes a thread and its memory for some 35 ms. */
  readonly atOnce?: number
  /** Hashes that may wait. */
  readonly maxWaiting?: number
}

/** There are as many hashes to make as the hub accepts. */
export class HashingBusy extends Error {
  override name = 'HashingBusy'
}

export type Verdict = {
  readonly right: boolean
  /** It is right, and was hashed at another cost than the present one: hash it again. */
  readonly outdated: boolean
}

export type Hashing = {
  /** @returns a PHC string. @throws {HashingBusy} */
  readonly hash: (secret: string) => Promise<string>
  /**
   * @param phc  undefined: nobody's; takes as long as somebody's, and is wrong
   * @throws {HashingBusy}
   */
  readonly verify: (secret: string, phc: string | undefined) => Promise<Verdict>
}

const derive = promisify(argon2)

type Phc = Cost & { readonly salt: Uint8Array; readonly tag: Uint8Array }

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '')

const writePhc = ({ memory, passes, parallelism, salt, tag }: Phc): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`

const form =
  /^\$argon2id\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})\$([A-Za-z0-9+/]{11,22})\$([A-Za-z0-9+/]{43})$/

/** @throws when it is not what `hash` made */
function readPhc(text: string): Phc {
  const found = form.exec(text)
  if (found === null) throw new Error('a stored hash cannot be read')
  const [, memory = '', passes = '', parallelism = '', salt = '', tag = ''] = found
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

/** The same characters, however a keyboard composed them. @source NIST SP 800-63B §3.1.1.2 */
const normal = (secret: string): string => secret.normalize('NFKC')

export function createHashing({ cost = presentCost, atOnce = 2, maxWaiting = 64 }: HashingOptions = {}): Hashing {
  let running = 0
  const waiting: (() => void)[] = []

  const tagOf = async (
    secret: string,
    { memory, passes, parallelism }: Cost,
    salt: Uint8Array,
  ): Promise<Uint8Array> => {
    if (running >= atOnce) {
      if (waiting.length >= maxWaiting) throw new HashingBusy('too many passwords wait to be hashed')
      await new Promise<void>((go) => waiting.push(go)) // whoever ends hands its place over
    } else running += 1
    try {
      return await derive('argon2id', {
        message: normal(secret),
        nonce: salt,
        parallelism,
        tagLength: TAG_BYTES,
        memory,
        passes,
      })
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
  const nobodys: Phc = { ...cost, salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) }

  return {
    async hash(secret) {
      const salt = randomBytes(SALT_BYTES)
      return writePhc({ ...cost, salt, tag: await tagOf(secret, cost, salt) })
    },
    async verify(secret, phc) {
      const stored = phc === undefined ? nobodys : readPhc(phc)
      const right = sameDigest(await tagOf(secret, stored, stored.salt), stored.tag) && phc !== undefined
      const sameCost =
        stored.memory === cost.memory && stored.passes === cost.passes && stored.parallelism === cost.parallelism
      return { right, outdated: right && !sameCost }
    },
  }
}

export const MIN_PASSWORD = 12
export const MAX_PASSWORD = 200

/** Words that everybody would try here first. */
const ownWords = ['turant', 'imps', 'npci', 'password', 'payment']
/** What must be left of a password without such words, and without what is known of its owner. */
const LEAST_BESIDE_WORDS = 8

/**
 * Why a password cannot be taken, in words that follow "must"; undefined when it can. Any characters will do, in any mixture.
 * @param known  what others know of its owner: login, name
 * @source NIST SP 800-63B §3.1.1.2
 */
export function refusePassword(
  password: string,
  known: readonly string[],
  common: CommonPasswords,
): string | undefined {
  const { length } = [...normal(password)]
  if (length < MIN_PASSWORD || length > MAX_PASSWORD) return `have ${MIN_PASSWORD} to ${MAX_PASSWORD} characters`
  const lower = normal(password).toLowerCase()
  if (common.has(lower)) return 'not be one that many people use'
  const words = [
    ...ownWords,
    ...known.flatMap((one) =>
      normal(one)
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u),
    ),
  ]
  const rest = words.filter((word) => word.length >= 4).reduce((text, word) => text.replaceAll(word, ''), lower)
  if ([...rest].length < LEAST_BESIDE_WORDS) return 'not be made of your name, your login or ours'
  return undefined
}

export type CommonPasswords = { readonly has: (lower: string) => boolean }

/**
 * The 20,000 passwords of at least twelve characters that leaked most often, in lower case.
 * @source SecLists, 10-million-password-list-top-1000000.txt (MIT)
 */
export function readCommonPasswords(): CommonPasswords {
  const text = gunzipSync(readFileSync(new URL('./common-passwords.txt.gz', import.meta.url))).toString()
  return new Set(text.trimEnd().split('\n'))
}
