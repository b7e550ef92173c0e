import { createHash, timingSafeEqual } from 'node:crypto'
import type { Caller } from './caller.ts'
import { clientRights } from './rights.ts'

/**
 * identity: who may do what. It promises that a secret is only ever compared as a digest, in constant time, and that nobody
 * acts on a tenant without a key of that tenant. For now: API keys and nothing else.
 */

/** An API key as the hub keeps it: never the key itself. */
export type ApiKey = { readonly tenantId: number; readonly name: string; readonly sha256: Uint8Array }

export const digestOfKey = (key: string): Uint8Array => createHash('sha256').update(key).digest()

/** The longest token that is looked at. */
const MAX_TOKEN = 512

/**
 * Checks the value of an `Authorization` header: `Bearer` and a key. A value that was right once is remembered, so that the
 * digest is not taken for every request; there are at most as many of those as keys, and one more per way to write `Bearer`.
 */
export function createKeyCheck(
  keys: readonly ApiKey[],
): (authorization: string | undefined, address: string) => Caller | undefined {
  const remembered = new Map<string, Caller>()
  const maxRemembered = keys.length * 4
  return (authorization, address) => {
    if (authorization === undefined) return undefined
    const known = remembered.get(authorization)
    if (known !== undefined) return known.address === address ? known : { ...known, address }
    const token = /^bearer +([!-~]+)$/i.exec(authorization.slice(0, MAX_TOKEN))?.[1]
    if (token === undefined) return undefined
    const digest = digestOfKey(token)
    let caller: Caller | undefined
    for (const key of keys) {
      if (timingSafeEqual(key.sha256, digest)) caller = callerOf(key, address)
    }
    if (caller !== undefined && remembered.size < maxRemembered) remembered.set(authorization, caller)
    return caller
  }
}

const callerOf = ({ tenantId, name }: ApiKey, address: string): Caller => ({
  tenantId,
  actor: { kind: 'client', id: `cli_${name}`, name },
  same: [`cli_${name}`],
  rights: new Set(clientRights),
  roles: ['checker'],
  via: 'key',
  live: false,
  reauthenticatedAt: null,
  address,
})
