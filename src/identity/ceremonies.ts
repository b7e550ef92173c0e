import { hash } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'

/**
 * What the hub must know again when an answer comes to what it asked: given out sealed, so that nothing is kept for whoever asks and
 * never answers, and nobody can make one up, change one, or use one for something else. Whoever accepts an answer claims it, once.
 */

/** What something was asked for. */
export type Purpose = 'sign_in' | 'prove' | 'passkey' | 'totp' | 'customer'

export type Ceremony = {
  /** Random for each: the challenge of a passkey, and what is claimed. */
  readonly challenge: Uint8Array
  /** For whom; null: for whoever it turns out to be. */
  readonly personId: string | null
  /** An authenticator app's secret that is to be proved. */
  readonly secret?: Uint8Array
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

export type Ceremonies = {
  /** @returns what the caller sends back with the answer: base64url */
  readonly begin: (purpose: Purpose, ceremony: Omit<Ceremony, 'expiresAt'>) => Promise<string>
  /** @returns undefined for what was not begun here, for something else, or too long ago. @throws when the database is away */
  readonly read: (purpose: Purpose, text: string) => Promise<Ceremony | undefined>
  /** True once for each. */
  readonly claim: (ceremony: Ceremony) => Promise<boolean>
}

const LIFE_MS = 300_000
/** The hub's own tenant: who asks may be nobody's yet. */
const TENANT = 0
const PLACE = 'ceremony'

export function createCeremonies(deps: {
  readonly clock: Clock
  readonly vault: Vault
  /** @param id  32 hex digits */
  readonly claimOnce: (id: string, expiresAt: number) => Promise<boolean>
}): Ceremonies {
  const { clock, vault } = deps
  return {
    async begin(purpose, { challenge, personId, secret }) {
      const now = clock.now()
      await vault.prepare([TENANT], now)
      const text = JSON.stringify([
        Buffer.from(challenge).toString('base64url'),
        personId,
        secret === undefined ? null : Buffer.from(secret).toString('base64url'),
        now + LIFE_MS,
      ])
      return Buffer.from(vault.seal(PLACE, TENANT, purpose, text)).toString('base64url')
    },
    async read(purpose, text) {
      const sealed = Buffer.from(text, 'base64url')
      await vault.load([sealed])
      let opened: string | undefined
      try {
        opened = vault.open(PLACE, TENANT, purpose, sealed)
      } catch {
        return undefined // not ours, altered, or begun for something else
      }
      if (opened === undefined) return undefined
      const [challenge, personId, secret, expiresAt]: [string, string | null, string | null, number] =
        JSON.parse(opened)
      if (expiresAt <= clock.now()) return undefined
      return {
        challenge: Buffer.from(challenge, 'base64url'),
        personId,
        ...(secret === null ? {} : { secret: Buffer.from(secret, 'base64url') }),
        expiresAt,
      }
    },
    claim: ({ challenge, expiresAt }) =>
      deps.claimOnce(hash('sha256', Buffer.concat([Buffer.from('ceremony '), challenge])).slice(0, 32), expiresAt),
  }
}
