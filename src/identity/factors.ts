import type { Tx } from '../db/pool.ts'
import {
  type AuthenticationAnswer,
  authenticationOptions,
  makeChallenge,
  type RegistrationAnswer,
  registrationOptions,
  verifyAuthentication,
  verifyRegistration,
} from './passkeys.ts'
import { refusePassword } from './passwords.ts'
import type { PeopleRoom } from './people.ts'
import {
  type Credential,
  endCredentials,
  handleOf,
  insertCredential,
  isPasskeyKnown,
  listCredentials,
  type NewCredential,
  openCredential,
  type Person,
  replaceText,
  useCredential,
} from './person-store.ts'
import { checkTotp, makeTotpSecret, totpText, totpUri } from './totp.ts'

/** What people prove themselves with: made, checked, ended. */

/** A factor that somebody wants to have. `ceremony` is what the hub gave out when it was asked for the factor's options. */
export type NewFactor =
  | { readonly kind: 'passkey'; readonly ceremony: string; readonly answer: RegistrationAnswer; readonly label: string }
  /** A password alone for somebody who has an app already, else both. */
  | {
      readonly kind: 'password'
      readonly password: string
      readonly app?: { readonly ceremony: string; readonly code: string }
    }

/** What is wrong with it: the field, and words that follow "must". */
export type FactorRefusal = { readonly kind: 'factor_refused'; readonly field: string; readonly why: string }

const refuse = (field: string, why: string): FactorRefusal => ({ kind: 'factor_refused', field, why })

/** Passkeys of one person at most. */
export const MAX_PASSKEYS = 10

export async function passkeyOptions(room: PeopleRoom, person: Person, existing: readonly Credential[]) {
  const party = room.relyingParty()
  if (party === undefined) return undefined
  const challenge = makeChallenge()
  return {
    ceremony: await room.ceremonies.begin('passkey', { challenge, personId: person.id }),
    options: await registrationOptions(party, challenge, {
      handle: handleOf(person.id),
      name: person.login,
      shownAs: person.name,
      exclude: existing.flatMap(({ passkeyId }) => passkeyId ?? []),
    }),
  }
}

export async function appOptions(room: PeopleRoom, person: Person) {
  const secret = makeTotpSecret()
  return {
    ceremony: await room.ceremonies.begin('totp', { challenge: makeChallenge(), personId: person.id, secret }),
    secret: totpText(secret),
    uri: totpUri(secret, 'Turant', person.login),
  }
}

/** What was checked and can be kept. */
export type CheckedFactor = {
  readonly kind: 'checked'
  readonly by: 'passkey' | 'password'
  readonly credentials: readonly NewCredential[]
}

/**
 * Checks a factor that somebody wants to have. Writes nothing but that its ceremony is over.
 * @param hasApp  true when an app is enrolled, so that a password alone will do
 * @throws {HashingBusy}
 */
export async function checkNewFactor(
  room: PeopleRoom,
  person: Person,
  factor: NewFactor,
  hasApp: boolean,
): Promise<CheckedFactor | FactorRefusal> {
  if (factor.kind === 'passkey') return checkPasskey(room, person, factor)
  const why = refusePassword(factor.password, [person.login, person.name], room.common())
  if (why !== undefined) return refuse('password', `must ${why}`)
  if (factor.app === undefined && !hasApp)
    return refuse('app', 'is missing: a password needs an authenticator app beside it')
  const app = factor.app === undefined ? undefined : await checkApp(room, person, factor.app)
  if (app?.kind === 'factor_refused') return app
  const password = {
    kind: 'password',
    text: await room.hashing.hash(factor.password),
    passkeyId: null,
    counter: 0,
  } as const
  return { kind: 'checked', by: 'password', credentials: app === undefined ? [password] : [password, app] }
}

async function checkPasskey(
  room: PeopleRoom,
  person: Person,
  { ceremony: text, answer, label }: Extract<NewFactor, { kind: 'passkey' }>,
): Promise<CheckedFactor | FactorRefusal> {
  const party = room.relyingParty()
  const ceremony = await room.ceremonies.read('passkey', text)
  if (party === undefined || ceremony === undefined || ceremony.personId !== person.id)
    return refuse('ceremony', 'is not one that was begun for this, or is over')
  const verified = await verifyRegistration(party, ceremony.challenge, answer)
  if (verified.kind === 'refused' || !(await room.ceremonies.claim(ceremony)))
    return refuse('answer', 'is not the registration of a passkey that was asked for here')
  const { id, publicKey, counter, transports, synced } = verified.passkey
  if (await isPasskeyKnown(room.db, id)) return refuse('answer', 'must be of a passkey that is not registered yet')
  const kept = { publicKey: Buffer.from(publicKey).toString('base64'), transports, synced, label }
  return {
    kind: 'checked',
    by: 'passkey',
    credentials: [{ kind: 'passkey', text: JSON.stringify(kept), passkeyId: id, counter }],
  }
}

async function checkApp(
  room: PeopleRoom,
  person: Person,
  { ceremony: text, code }: { readonly ceremony: string; readonly code: string },
): Promise<NewCredential | FactorRefusal> {
  const ceremony = await room.ceremonies.read('totp', text)
  if (ceremony?.secret === undefined || ceremony.personId !== person.id)
    return refuse('app.ceremony', 'is not one that was begun for this, or is over')
  const step = checkTotp(ceremony.secret, code, room.clock.now(), null)
  if (step === undefined) return refuse('app.code', 'is not the code that the app shows now')
  if (!(await room.ceremonies.claim(ceremony))) return refuse('app.ceremony', 'was used')
  return { kind: 'totp', text: Buffer.from(ceremony.secret).toString('base64'), passkeyId: null, counter: step }
}

/**
 * Keeps what was checked, in the place of what there may be only one of. For whoever holds the person locked.
 * @returns the ids. @throws when somebody else registered the same passkey in between: nothing is kept then
 */
export async function keepFactor(tx: Tx, room: PeopleRoom, person: Person, checked: CheckedFactor): Promise<string[]> {
  const now = room.clock.now()
  const existing = await listCredentials(tx, person.tenantId, person.id)
  const replaced = existing.filter(
    ({ kind }) => kind !== 'passkey' && checked.credentials.some((one) => one.kind === kind),
  )
  const ids = replaced.map(({ id }) => id)
  if (ids.length > 0) await endCredentials(tx, person, ids, now)
  const kept: string[] = []
  for (const one of checked.credentials) kept.push(await insertCredential(tx, room.vault, person, one, now))
  return kept
}

/** What a passkey is called and whether it is on several devices, for its owner's list. */
export async function describePasskey(
  room: PeopleRoom,
  one: Credential,
): Promise<{ readonly label: string; readonly synced: boolean }> {
  const text = await openCredential(room.vault, one)
  return text === undefined ? { label: '', synced: false } : JSON.parse(text)
}

/** Calls a passkey something else; whatever it proves stays as it is. @returns false when its key was destroyed */
export async function renamePasskey(
  tx: Tx,
  { vault }: Pick<PeopleRoom, 'vault'>,
  one: Credential,
  label: string,
): Promise<boolean> {
  const text = await openCredential(vault, one)
  if (text === undefined) return false
  await replaceText(tx, vault, one, JSON.stringify({ ...JSON.parse(text), label }))
  return true
}

/** A factor that was proved, and what must be written for it. */
export type Proof = {
  readonly kind: 'proved'
  readonly by: 'passkey' | 'password'
  /** What it was proved with, the tied numbers moved on; a hash at the present cost in the place of an old one. */
  readonly used: readonly { readonly credential: Credential; readonly counter: number }[]
  readonly rehash?: { readonly credential: Credential; readonly text: string }
}
export type Disproof = { readonly kind: 'wrong' } | { readonly kind: 'cloned'; readonly passkey: Credential }

/**
 * Checks a password and a code together. Takes as long for nobody, and for somebody who has neither.
 * @throws {HashingBusy}
 */
export async function provePassword(
  room: PeopleRoom,
  credentials: readonly Credential[],
  { password, code }: { readonly password: string; readonly code: string },
): Promise<Proof | Disproof> {
  const known = credentials.find(({ kind }) => kind === 'password')
  const app = credentials.find(({ kind }) => kind === 'totp')
  const [phc, secret] = await Promise.all(
    [known, app].map((one) => (one === undefined ? undefined : openCredential(room.vault, one))),
  )
  const { right, outdated } = await room.hashing.verify(password, phc)
  const step =
    secret === undefined || app === undefined
      ? undefined
      : checkTotp(Buffer.from(secret, 'base64'), code, room.clock.now(), app.counter)
  if (!right || known === undefined || app === undefined || step === undefined) return { kind: 'wrong' }
  return {
    kind: 'proved',
    by: 'password',
    used: [
      { credential: known, counter: 0 },
      { credential: app, counter: step },
    ],
    ...(outdated ? { rehash: { credential: known, text: await room.hashing.hash(password) } } : {}),
  }
}

/** Options to prove oneself with a passkey. @param allow  whose; undefined: whoever has one */
export async function proofOptions(
  room: PeopleRoom,
  allow: { readonly personId: string; readonly passkeys: readonly string[] } | undefined,
) {
  const party = room.relyingParty()
  if (party === undefined) return undefined
  const challenge = makeChallenge()
  const purpose = allow === undefined ? 'sign_in' : 'prove'
  return {
    ceremony: await room.ceremonies.begin(purpose, { challenge, personId: allow?.personId ?? null }),
    options: await authenticationOptions(party, challenge, allow?.passkeys),
  }
}

/** Checks the use of a passkey against the ceremony that it is for, and ends the ceremony. */
export async function provePasskey(
  room: PeopleRoom,
  purpose: 'sign_in' | 'prove',
  passkey: Credential,
  { ceremony: text, answer }: { readonly ceremony: string; readonly answer: AuthenticationAnswer },
): Promise<Proof | Disproof> {
  const party = room.relyingParty()
  const ceremony = await room.ceremonies.read(purpose, text)
  const kept = await openCredential(room.vault, passkey)
  if (party === undefined || ceremony === undefined || kept === undefined || passkey.passkeyId === null)
    return { kind: 'wrong' }
  if (ceremony.personId !== null && ceremony.personId !== passkey.personId) return { kind: 'wrong' }
  const { publicKey }: { publicKey: string } = JSON.parse(kept)
  const found = await verifyAuthentication(
    party,
    ceremony.challenge,
    { id: passkey.passkeyId, publicKey: Buffer.from(publicKey, 'base64'), counter: passkey.counter },
    handleOf(passkey.personId),
    answer,
  )
  if (found.kind === 'refused' || !(await room.ceremonies.claim(ceremony))) return { kind: 'wrong' }
  if (found.kind === 'cloned') return { kind: 'cloned', passkey }
  return { kind: 'proved', by: 'passkey', used: [{ credential: passkey, counter: found.counter }] }
}

/** Writes what a proof used up. @returns false when somebody was faster with the same code or count */
export async function useProof(tx: Tx, room: PeopleRoom, proof: Proof): Promise<boolean> {
  const now = room.clock.now()
  for (const { credential, counter } of proof.used)
    if (!(await useCredential(tx, credential, counter, now))) return false
  if (proof.rehash !== undefined) await replaceText(tx, room.vault, proof.rehash.credential, proof.rehash.text)
  return true
}
