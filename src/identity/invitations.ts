import { createHash, randomBytes } from 'node:crypto'
import type { Tx } from '../db/pool.ts'
import { checkNewFactor, type FactorRefusal, keepFactor, type NewFactor } from './factors.ts'
import type { PeopleRoom } from './people.ts'
import { findPerson, listCredentials, lockPerson, type Person } from './person-store.ts'
import { findInvitation, type Invitation, insertInvitation, insertSession, useInvitation } from './session-store.ts'
import { digestOfToken, makeToken } from './sessions.ts'
import { by, type From, type SignedIn } from './sign-in.ts'
import { addressBlock } from './tries.ts'

/** The way in for somebody who has no factor yet, or none any more: a link that works once, for 72 hours. */

const form = /^inv_[A-Za-z0-9_-]{43}$/
const digestOf = (token: string): Uint8Array => createHash('sha256').update(token).digest()

/** Makes an invitation; the one before is void. The token is in the answer and nowhere else. */
export async function invite(
  tx: Tx,
  person: Pick<Person, 'id' | 'tenantId'>,
  createdBy: string,
  now: number,
): Promise<{ readonly token: string; readonly invitation: Invitation }> {
  const token = `inv_${randomBytes(32).toString('base64url')}`
  return { token, invitation: await insertInvitation(tx, person, digestOf(token), createdBy, now) }
}

/** Where a person opens an invitation. What is behind the # stays in the browser: no server and no proxy writes it down. */
export const invitationLink = (origin: string, token: string): string => `${origin}/console/invitation#${token}`

/** Whose invitation this is; undefined when it cannot be used. */
export async function readInvitation(
  room: PeopleRoom,
  token: string,
): Promise<{ readonly person: Person; readonly invitation: Invitation } | undefined> {
  if (!form.test(token)) return undefined
  const invitation = await findInvitation(room.db, digestOf(token), room.clock.now())
  if (invitation === undefined) return undefined
  const person = await findPerson(room.db, room.vault, invitation.tenantId, invitation.personId)
  return person === undefined || person.disabledAt !== null ? undefined : { person, invitation }
}

/**
 * Accepts an invitation with a first factor, and signs in.
 * @throws {HashingBusy}
 */
export async function acceptInvitation(
  room: PeopleRoom,
  token: string,
  factor: NewFactor,
  from: From,
): Promise<SignedIn | FactorRefusal | { readonly kind: 'unknown' }> {
  const found = await readInvitation(room, token)
  if (found === undefined) return { kind: 'unknown' }
  const { id, tenantId } = found.person
  const checked = await checkNewFactor(room, found.person, factor, false)
  if (checked.kind === 'factor_refused') return checked
  const now = room.clock.now()
  await room.vault.prepare([tenantId], now)
  const session = makeToken()
  return room.asTenant(tenantId, async (tx) => {
    const person = await lockPerson(tx, room.vault, tenantId, id)
    if (person === undefined || person.disabledAt !== null) return { kind: 'unknown' }
    if (!(await useInvitation(tx, tenantId, digestOf(token), now))) return { kind: 'unknown' }
    const factors = await keepFactor(tx, room, person, checked)
    await room.note(tx, by(person, from, now, 'invitation.accepted', id, {}))
    for (const [i, one] of checked.credentials.entries())
      await room.note(tx, by(person, from, now, 'factor.added', id, { factor: factors[i] ?? null, kind: one.kind }))
    const made = await insertSession(
      tx,
      { personId: id, tenantId, by: checked.by, address: addressBlock(from.address), sha256: digestOfToken(session) },
      now,
    )
    await room.note(tx, by(person, from, now, 'person.signed_in', id, { session: made.id, by: checked.by }))
    return { kind: 'signed_in', token: session, session: made, person }
  })
}

/** Whether somebody can sign in: by a passkey, or by a password and an app. */
export async function canSignIn(tx: Tx, person: Pick<Person, 'id' | 'tenantId'>): Promise<boolean> {
  const kinds = new Set((await listCredentials(tx, person.tenantId, person.id)).map(({ kind }) => kind))
  return kinds.has('passkey') || (kinds.has('password') && kinds.has('totp'))
}
