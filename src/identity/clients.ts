import { createHash, type KeyObject } from 'node:crypto'
import { isWithin } from '../base/address.ts'
import type { Clock } from '../base/clock.ts'
import type { Db } from '../db/pool.ts'
import type { Caller } from './caller.ts'
import { claimOnce, type FoundKey, findKey, noteUse } from './client-store.ts'
import { digestOfKey, readKey, sameDigest } from './keys.ts'
import { clientRights, type Right } from './rights.ts'
import { readSigningKey, type SignatureAlgorithm } from './signature.ts'

/** A key that is a setting and not in the database: the sandbox's own. It signs nothing. */
export type StaticKey = {
  readonly tenantId: number
  readonly name: string
  readonly sha256: Uint8Array
  /** What it may do; all that a program may, when absent. */
  readonly rights?: readonly Right[]
}

/** Who a key is, and the keys that its requests are signed with. */
export type Known = {
  readonly caller: Caller
  readonly signing: ReadonlyMap<string, { readonly algorithm: SignatureAlgorithm; readonly key: KeyObject }>
}

export type ClientsDeps = {
  readonly clock: Clock
  /** The hub's own pool: before it is known who asks, there is no tenant. */
  readonly db: Db
  readonly staticKeys: readonly StaticKey[]
}

export type Clients = {
  /**
   * Who sends this `Authorization` header from this address; undefined for nobody. Most answers come from memory and are no promise.
   * What was revoked by another process is found out within a second.
   * @throws when the database is away
   */
  readonly identify: (
    authorization: string | undefined,
    address: string,
  ) => Known | undefined | Promise<Known | undefined>
  /** True once for each: a nonce of a key. @param expiresAt  epoch milliseconds: until when it must be remembered */
  readonly claimOnce: (what: string, expiresAt: number) => Promise<boolean>
  /** Something about a client changed here: look again. */
  readonly forget: () => void
}

/** The longest header that is looked at. */
const MAX_HEADER = 512
/** How long what was found is believed. */
const FRESH_MS = 1_000
/** Headers that are remembered: as many keys as anybody has in use at once. */
const MAX_KNOWN = 10_000

type Kept = { readonly found: FoundKey; readonly known: Known; readonly at: number }

export function createClients({ clock, db, staticKeys }: ClientsDeps): Clients {
  const kept = new Map<string, Kept>()
  const looking = new Map<string, Promise<Kept | undefined>>()
  const own = new Map<string, Known>()

  const ofStatic = (key: string, address: string): Known | undefined => {
    const digest = digestOfKey(key)
    let found: Known | undefined
    for (const one of staticKeys)
      if (sameDigest(one.sha256, digest)) found = { caller: callerOfStatic(one, address), signing: new Map() }
    return found
  }
  const keep = (authorization: string, one: Kept): void => {
    if (kept.size >= MAX_KNOWN) kept.clear()
    kept.set(authorization, one)
  }
  const look = async (key: string, keyId: string, live: boolean): Promise<Kept | undefined> => {
    const at = clock.now()
    const found = await findKey(db, keyId)
    if (found === undefined || !sameDigest(found.sha256, digestOfKey(key)) || found.client.live !== live)
      return undefined
    noteUse(db, keyId, at).catch(() => undefined) // a convenience for people; the request does not wait for it
    return { found, known: knownOf(found, 'key', ''), at }
  }
  /**
   * Of the requests that come with a key while it is being looked for, all get what is found: at full load there are some sixty
   * in the moment after what was known went stale, and each asked three things of the database.
   */
  const lookOnce = (authorization: string, key: string, keyId: string, live: boolean): Promise<Kept | undefined> => {
    const begun = looking.get(authorization)
    if (begun !== undefined) return begun
    const asked = look(key, keyId, live)
      .then((one) => {
        // A wrong key is not remembered, and what was forgotten meanwhile neither: whoever guesses fills no memory.
        if (one !== undefined && looking.get(authorization) === asked) keep(authorization, one)
        return one
      })
      .finally(() => {
        if (looking.get(authorization) === asked) looking.delete(authorization)
      })
    looking.set(authorization, asked)
    return asked
  }
  const usable = (one: Kept | undefined, address: string): Known | undefined =>
    one !== undefined && isUsable(one.found, address, clock.now()) ? from(one.known, address) : undefined

  return {
    identify(authorization, address) {
      if (authorization === undefined || authorization.length > MAX_HEADER) return undefined
      const mine = own.get(authorization)
      if (mine !== undefined) return from(mine, address)
      const now = clock.now()
      const before = kept.get(authorization)
      if (before !== undefined && before.at + FRESH_MS > now && before.at <= now) {
        return usable(before, address)
      }
      const key = /^bearer +([!-~]+)$/i.exec(authorization)?.[1]
      if (key === undefined) return undefined
      const parts = readKey(key)
      if (parts !== undefined)
        return lookOnce(authorization, key, parts.keyId, parts.live).then((one) => usable(one, address))
      const found = ofStatic(key, address)
      // One way to write it is remembered for each key, and three more.
      if (found !== undefined && own.size < staticKeys.length * 4) own.set(authorization, found)
      return found
    },
    claimOnce: (what, expiresAt) =>
      claimOnce(db, createHash('sha256').update(what).digest('hex').slice(0, 32), expiresAt),
    forget() {
      kept.clear()
      looking.clear()
    },
  }
}

const from = (known: Known, address: string): Known =>
  known.caller.address === address ? known : { ...known, caller: { ...known.caller, address } }

/** Whether a key or a token works now, from this address. */
export function isUsable(
  { client, expiresAt, revokedAt }: Pick<FoundKey, 'client' | 'expiresAt' | 'revokedAt'>,
  address: string,
  now: number,
): boolean {
  if (client.disabledAt !== null || revokedAt !== null) return false
  if (expiresAt !== null && expiresAt <= now) return false
  return client.networks.length === 0 || isWithin(address, client.networks)
}

/** A client as a caller. Who made it, and who made the key, is the same as it where two are needed. */
export function knownOf(
  { client, signing, madeBy }: Pick<FoundKey, 'client' | 'signing' | 'madeBy'>,
  via: 'key' | 'token',
  address: string,
): Known {
  return {
    caller: {
      tenantId: client.tenantId,
      actor: { kind: 'client', id: client.id, name: client.name },
      same: [...new Set([client.id, ...client.madeBy, ...madeBy])],
      rights: new Set(client.rights),
      roles: client.rights.includes('approvals:decide') ? ['checker'] : [],
      via,
      live: client.live,
      reauthenticatedAt: null,
      address,
    },
    signing: new Map(
      signing.map(({ id, algorithm, spki }) => [id, { algorithm, key: readSigningKey(algorithm, spki) }] as const),
    ),
  }
}

const callerOfStatic = ({ tenantId, name, rights = clientRights }: StaticKey, address: string): Caller => ({
  tenantId,
  actor: { kind: 'client', id: `cli_${name}`, name },
  same: [`cli_${name}`],
  rights: new Set(rights),
  roles: rights.includes('approvals:decide') ? ['checker'] : [],
  via: 'key',
  live: false,
  reauthenticatedAt: null,
  address,
})
