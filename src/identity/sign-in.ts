import type { ActName } from '../base/act-names.ts'
import { type Disproof, type Proof, provePasskey, provePassword, useProof } from './factors.ts'
import type { AuthenticationAnswer } from './passkeys.ts'
import type { Noted, PeopleRoom } from './people.ts'
import { endCredentials, findByLogin, findByPasskey, listCredentials, lockPerson, type Person } from './person-store.ts'
import { endSession, insertSession, isKnownAddress, renewSession, type Session } from './session-store.ts'
import { digestOfToken, makeToken } from './sessions.ts'
import { addressBlock, patienceWithAddresses, patienceWithLogins } from './tries.ts'

/**
 * Signing in, and proving again who one is. Whatever fails, fails alike: an unknown login, a wrong password, a wrong code, one that was
 * used, a login that must wait and a person who was disabled have one answer, and cost one hash.
 */

/** Where a request came from. */
export type From = { readonly address: string; readonly requestId: string }

export type SignedIn = {
  readonly kind: 'signed_in'
  /** For the cookie: shown now and kept by nobody here. */
  readonly token: string
  readonly session: Session
  readonly person: Person
}
export type NotSignedIn = { readonly kind: 'refused' } | { readonly kind: 'too_many_tries'; readonly ms: number }

const refused: NotSignedIn = { kind: 'refused' }

/** A password and a code. @throws {HashingBusy} */
export async function signInWithPassword(
  room: PeopleRoom,
  given: { readonly tenantId: number; readonly login: string; readonly password: string; readonly code: string },
  from: From,
): Promise<SignedIn | NotSignedIn> {
  const { tenantId, login } = given
  const block = addressBlock(from.address)
  const ofAddress = await room.tries.take(`address ${block}`, patienceWithAddresses)
  if (ofAddress.kind === 'wait') return { kind: 'too_many_tries', ms: ofAddress.ms }
  const { candidate, tenantKnown } = await findByLogin(room.db, room.vault, tenantId, login)
  // From where somebody signed in before, strangers who fail elsewhere are none of their concern.
  const known = candidate !== undefined && (await isKnownAddress(room.db, candidate.person.id, block, room.clock.now()))
  const countedFor = known ? `login ${tenantId} ${login} ${block}` : `login ${tenantId} ${login}`
  const ofLogin = await room.tries.take(countedFor, patienceWithLogins)
  const proof = await provePassword(room, candidate?.credentials ?? [], given).catch(async (error: unknown) => {
    // Nothing was looked at, so nothing failed.
    if (ofLogin.kind === 'open') await room.tries.giveBack(countedFor)
    await room.tries.giveBack(`address ${block}`)
    throw error
  })
  const signedIn =
    candidate !== undefined && ofLogin.kind === 'open' && proof.kind === 'proved'
      ? await open(room, candidate.person, proof, from)
      : undefined
  if (signedIn !== undefined) {
    await room.tries.clear(countedFor)
    await room.tries.giveBack(`address ${block}`)
    return signedIn
  }
  if (tenantKnown && ofLogin.kind === 'open')
    await noteRefusal(
      room,
      candidate?.person ?? { id: null, tenantId },
      ofLogin.failures,
      patienceWithLogins.free,
      from,
    )
  return refused
}

/** A passkey says by itself whose it is. It cannot be guessed, so failures elsewhere keep nobody from using theirs. */
export async function signInWithPasskey(
  room: PeopleRoom,
  given: { readonly ceremony: string; readonly answer: AuthenticationAnswer },
  from: From,
): Promise<SignedIn | NotSignedIn> {
  const block = addressBlock(from.address)
  const ofAddress = await room.tries.take(`address ${block}`, patienceWithAddresses)
  if (ofAddress.kind === 'wait') return { kind: 'too_many_tries', ms: ofAddress.ms }
  const found = await findByPasskey(room.db, room.vault, given.answer.id)
  if (found === undefined) return refused
  const proof = await provePasskey(room, 'sign_in', found.passkey, given)
  if (proof.kind === 'cloned') await endClone(room, proof, from)
  const signedIn = proof.kind === 'proved' ? await open(room, found.person, proof, from) : undefined
  if (signedIn === undefined) {
    await noteRefusal(room, found.person, ofAddress.failures, null, from)
    return refused
  }
  await room.tries.giveBack(`address ${block}`)
  return signedIn
}

/** Opens a session for what was proved; undefined when the proof was used up meanwhile, or the person is disabled. */
async function open(
  room: PeopleRoom,
  { id, tenantId }: Person,
  proof: Proof,
  from: From,
): Promise<SignedIn | undefined> {
  const now = room.clock.now()
  await room.vault.prepare([tenantId], now)
  const token = makeToken()
  return room.asTenant(tenantId, async (tx): Promise<SignedIn | undefined> => {
    const person = await lockPerson(tx, room.vault, tenantId, id)
    if (person === undefined || person.disabledAt !== null || !(await useProof(tx, room, proof))) return undefined
    const session = await insertSession(
      tx,
      { personId: id, tenantId, by: proof.by, address: addressBlock(from.address), sha256: digestOfToken(token) },
      now,
    )
    await room.note(tx, by(person, from, now, 'person.signed_in', id, { session: session.id, by: proof.by }))
    return { kind: 'signed_in', token, session, person }
  })
}

/** What somebody gives to prove again who they are. */
export type Reproof =
  | { readonly kind: 'passkey'; readonly ceremony: string; readonly answer: AuthenticationAnswer }
  | { readonly kind: 'password'; readonly password: string; readonly code: string }

/** After so many wrong proofs in it a session ends: whoever found one open is not its owner. */
const WRONG_PROOFS = 5

/**
 * Proves again who somebody is, in their session, which gets another secret.
 * @returns `ended` when the session is over, by this or otherwise
 * @throws {HashingBusy}
 */
export async function proveAgain(
  room: PeopleRoom,
  session: Session,
  given: Reproof,
  from: From,
): Promise<SignedIn | { readonly kind: 'refused' } | { readonly kind: 'ended' }> {
  const { tenantId, personId } = session
  const counted = `session ${session.id}`
  const ofSession = await room.tries.take(counted, { free: WRONG_PROOFS + 1, firstMs: 1, longestMs: 1 })
  const credentials = await room.asTenant(tenantId, (tx) => listCredentials(tx, tenantId, personId))
  const proof = await proofOf(room, credentials, given)
  if (proof.kind === 'cloned') await endClone(room, proof, from)
  const now = room.clock.now()
  await room.vault.prepare([tenantId], now)
  const token = makeToken()
  const result = await room.asTenant(
    tenantId,
    async (tx): Promise<SignedIn | { kind: 'refused' } | { kind: 'ended' }> => {
      const person = await lockPerson(tx, room.vault, tenantId, personId)
      if (person === undefined || person.disabledAt !== null) return { kind: 'ended' }
      const failures = ofSession.kind === 'open' ? ofSession.failures : WRONG_PROOFS
      if (failures <= WRONG_PROOFS && proof.kind === 'proved' && (await useProof(tx, room, proof))) {
        const renewed = await renewSession(tx, session, digestOfToken(token), now)
        if (renewed === undefined) return { kind: 'ended' }
        await room.note(tx, by(person, from, now, 'person.proved', personId, { session: session.id, by: proof.by }))
        return { kind: 'signed_in', token, session: renewed, person }
      }
      const ends = failures >= WRONG_PROOFS
      if (ends) await endSession(tx, person, session.id, now)
      const detail = { session: session.id, ended: ends }
      await room.note(tx, { ...by(person, from, now, 'person.proof_refused', personId, detail), outcome: 'refused' })
      return { kind: ends ? 'ended' : 'refused' }
    },
  )
  if (result.kind === 'signed_in') await room.tries.clear(counted)
  room.sessions.forget()
  return result
}

function proofOf(
  room: PeopleRoom,
  credentials: Parameters<typeof provePassword>[1],
  given: Reproof,
): Promise<Proof | Disproof> {
  if (given.kind === 'password') return provePassword(room, credentials, given)
  const passkey = credentials.find(({ passkeyId }) => passkeyId === given.answer.id)
  return passkey === undefined ? Promise.resolve({ kind: 'wrong' }) : provePasskey(room, 'prove', passkey, given)
}

/** Two devices sign with one passkey: nobody knows which of them is its owner's, so it is nobody's any more. */
async function endClone(
  room: PeopleRoom,
  { passkey }: Extract<Disproof, { kind: 'cloned' }>,
  from: From,
): Promise<void> {
  const { tenantId, personId } = passkey
  const now = room.clock.now()
  await room.asTenant(tenantId, async (tx) => {
    const person = { id: personId, tenantId }
    if ((await endCredentials(tx, person, [passkey.id], now)) > 0)
      await room.note(tx, by(person, from, now, 'factor.ended', personId, { factor: passkey.id, why: 'cloned' }))
  })
}

/**
 * A failed sign-in in the record: enough of them to see an attack by.
 * @param lockedAt  with so many failures the login must wait from now on; null: it never must
 */
async function noteRefusal(
  room: PeopleRoom,
  { id, tenantId }: { readonly id: string | null; readonly tenantId: number },
  failures: number,
  lockedAt: number | null,
  from: From,
): Promise<void> {
  const passedOver = room.refusals.tell(tenantId, failures)
  if (passedOver === undefined) return
  await room.asTenant(tenantId, (tx) =>
    room.note(tx, {
      tenantId,
      at: room.clock.now(),
      actor: { kind: 'hub', id: 'hub' },
      action: failures === lockedAt ? 'person.locked' : 'person.sign_in_refused',
      subject: id,
      outcome: 'refused',
      detail: { failures, passedOver },
      requestId: from.requestId,
      address: from.address,
    }),
  )
}

/** What a person did themselves, as the record has it. */
export const by = (
  { id, tenantId }: Pick<Person, 'id' | 'tenantId'>,
  from: From,
  at: number,
  action: ActName,
  subject: string,
  detail: Noted['detail'],
): Noted => ({
  tenantId,
  at,
  actor: { kind: 'person', id },
  action,
  subject,
  outcome: 'done',
  detail,
  requestId: from.requestId,
  address: from.address,
})
