import type { Clock } from './base/clock.ts'
import type { Vault } from './base/vault.ts'
import type { Db } from './db/pool.ts'
import { inTransaction } from './db/transaction.ts'
import { createHashing } from './identity/passwords.ts'
import { findByLogin, insertCredential, insertPerson, openCredential } from './identity/person-store.ts'
import { type Role, roleNames } from './identity/rights.ts'
import { makeTotpSecret, totpText } from './identity/totp.ts'

/**
 * The people of the sandbox's first tenant: one of each role, who can sign in to the console. Their password is known to whoever reads
 * this; the secret of their apps is made once per database and is in `.turant/sandbox.json`, which its owner alone can read.
 */

export const DEMO_PASSWORD = 'monsoon over marine drive'

/** What somebody who signs in as one of them must know. */
export type DemoStaff = {
  readonly tenant: number
  readonly login: string
  readonly password: string
  /** For an authenticator app, in base32. */
  readonly totpSecret: string
}

const names: Readonly<Record<Role, string>> = {
  viewer: 'Vikram Nair',
  maker: 'Meera Joshi',
  checker: 'Charu Bose',
  operations: 'Omar Siddiqui',
  developer: 'Divya Rao',
  auditor: 'Anil Kapadia',
  administrator: 'Aditi Menon',
}
const loginOf = (role: Role): string => `${role}@sandbox.example`

/**
 * Makes them, once per database. What somebody changed of them since stays changed: who lost password or app is left out of the answer.
 */
export async function ensureDemoStaff(
  db: Db,
  vault: Vault,
  tenant: number,
  clock: Clock,
): Promise<Readonly<Partial<Record<Role, DemoStaff>>>> {
  await vault.prepare([tenant], clock.now())
  let hash: string | undefined
  const made: [Role, DemoStaff][] = []
  for (const role of roleNames) {
    const login = loginOf(role)
    const { candidate } = await findByLogin(db, vault, tenant, login)
    let secret: Uint8Array | undefined
    if (candidate === undefined) {
      hash ??= await createHashing().hash(DEMO_PASSWORD)
      secret = await insertOne(
        db,
        vault,
        { tenantId: tenant, name: names[role], login, roles: [role] },
        hash,
        clock.now(),
      )
    } else {
      const app = candidate.credentials.find(({ kind }) => kind === 'totp')
      const text = app === undefined ? undefined : await openCredential(vault, app)
      secret = text === undefined ? undefined : Buffer.from(text, 'base64')
    }
    if (secret !== undefined)
      made.push([role, { tenant, login, password: DEMO_PASSWORD, totpSecret: totpText(secret) }])
  }
  return Object.fromEntries(made)
}

/** @returns the secret of the app; undefined when another process made the person just now */
function insertOne(
  db: Db,
  vault: Vault,
  person: Parameters<typeof insertPerson>[2],
  hash: string,
  now: number,
): Promise<Uint8Array | undefined> {
  const secret = makeTotpSecret()
  return inTransaction(db, async (tx) => {
    const one = await insertPerson(tx, vault, person, 'sandbox', now)
    if (one === undefined) return undefined
    const common = { passkeyId: null, counter: 0 }
    await insertCredential(tx, vault, one, { kind: 'password', text: hash, ...common }, now)
    const text = Buffer.from(secret).toString('base64')
    await insertCredential(tx, vault, one, { kind: 'totp', text, ...common }, now)
    return secret
  })
}
