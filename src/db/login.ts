import { randomBytes } from 'node:crypto'
import { createPool, errorCode } from './pool.ts'
import { asTenant } from './tenant.ts'

/** The role that the hub logs in as on a database of its own: it may act as the hub and as a tenant, and owns nothing. */
const LOGIN = 'turant_login'

/**
 * Makes the hub's log-in on a server that this process started, with a password that lives as long as the process. Migrations go on
 * as the owner; everything else as this role, so that not even a statement that says `reset role` reaches a table as its owner.
 *
 * @param ownerUrl  of whoever ran the migrations and may make roles
 * @returns the URL to use from now on
 */
export async function ensureLogin(ownerUrl: string): Promise<string> {
  const owner = createPool(ownerUrl, { connections: 1, name: 'turant start' })
  const password = randomBytes(24).toString('hex')
  try {
    const [found] = await owner`select from pg_roles where rolname = ${LOGIN}`
    // A password cannot be a parameter of this statement; this one is hex digits of ours.
    await owner.unsafe(
      `${found === undefined ? 'create' : 'alter'} role ${LOGIN} login noinherit password '${password}'`,
    )
    await owner.unsafe(`grant turant_hub, turant_tenant to ${LOGIN}`)
  } finally {
    await owner.end({ timeout: 5 })
  }
  const url = new URL(ownerUrl)
  url.username = LOGIN
  url.password = password
  return url.href
}

/**
 * Why the hub cannot work as it should over this URL; undefined when it can: whoever logs in may act as both roles.
 * @throws when the database is away
 */
export async function whyNoRoles(url: string): Promise<string | undefined> {
  const db = createPool(url, { connections: 1, name: 'turant start', role: 'turant_hub' })
  try {
    await asTenant(db, 0, (tx) => tx`select 1`)
    return undefined
  } catch (error) {
    if (errorCode(error) !== '42501') throw error // anything but a lack of rights
    return 'the role that logs in may not act as turant_hub and turant_tenant: grant turant_hub, turant_tenant to it'
  } finally {
    await db.end({ timeout: 5 })
  }
}
