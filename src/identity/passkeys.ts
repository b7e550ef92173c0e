import { randomBytes } from 'node:crypto'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers'
import ipaddr from 'ipaddr.js'

/**
 * Passkeys (WebAuthn level 3). The authenticator must have verified its user, by PIN or body; the page must be one of ours, and not
 * in a frame of somebody else's. A challenge comes from the caller: it may be random, or the digest of what is agreed to.
 */

/** Whose passkeys these are: a host name, and the origins of its pages. */
export type RelyingParty = { readonly id: string; readonly name: string; readonly origins: readonly string[] }

/**
 * The relying party of a hub that is called by these origins: the first that has a host name, for a passkey cannot belong to an address.
 * @returns undefined when there is none
 */
export function relyingPartyOf(origins: readonly string[]): RelyingParty | undefined {
  const id = origins
    .map((origin) => new URL(origin).hostname)
    .find((host) => !ipaddr.isValid(host.replace(/^\[|\]$/g, '')))
  if (id === undefined) return undefined
  return { id, name: 'Turant', origins: origins.filter((origin) => new URL(origin).hostname === id) }
}

export const makeChallenge = (): Uint8Array => new Uint8Array(randomBytes(32))

/** ES256, EdDSA and RS256, in the order in which they are asked for. */
const ALGORITHMS = [-7, -8, -257]
/** How long a page may take. */
const TIMEOUT_MS = 300_000

/** A passkey as it is kept. Binary values as base64url where the browser has them so. */
export type Passkey = {
  readonly id: string
  /** COSE. */
  readonly publicKey: Uint8Array
  /** Signatures that its authenticator counted; 0 for one that does not count. */
  readonly counter: number
  readonly transports: readonly string[]
  /** True: it is on several devices of its owner. */
  readonly synced: boolean
}

/** What `navigator.credentials.create` gave, as JSON. */
export type RegistrationAnswer = {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly attestationObject: string
    readonly transports?: readonly string[]
  }
}

/** What `navigator.credentials.get` gave, as JSON. */
export type AuthenticationAnswer = {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    readonly userHandle?: string
  }
}

/** @param user  `handle`: the owner's id, which is not personal; `exclude`: ids of the passkeys that are registered already */
export const registrationOptions = (
  { id, name }: RelyingParty,
  challenge: Uint8Array,
  user: {
    readonly handle: Uint8Array
    readonly name: string
    readonly shownAs: string
    readonly exclude: readonly string[]
  },
) =>
  generateRegistrationOptions({
    rpID: id,
    rpName: name,
    challenge: Uint8Array.from(challenge),
    userID: Uint8Array.from(user.handle),
    userName: user.name,
    userDisplayName: user.shownAs,
    excludeCredentials: user.exclude.map((one) => ({ id: one })),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
    timeout: TIMEOUT_MS,
  })

/** @param allow  ids of the passkeys that will do; none named: any that the browser has for us */
export const authenticationOptions = ({ id }: RelyingParty, challenge: Uint8Array, allow: readonly string[] = []) =>
  generateAuthenticationOptions({
    rpID: id,
    challenge: Uint8Array.from(challenge),
    userVerification: 'required',
    timeout: TIMEOUT_MS,
    ...(allow.length === 0 ? {} : { allowCredentials: allow.map((one) => ({ id: one })) }),
  })

/** Why something was not accepted, for the audit record: never shown to whoever asked. */
export type PasskeyRefusal = { readonly kind: 'refused'; readonly why: string }

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** The challenge that an answer says it is for; undefined for what cannot be read. */
export function challengeOf(answer: RegistrationAnswer | AuthenticationAnswer): string | undefined {
  try {
    const { challenge } = decodeClientDataJSON(answer.response.clientDataJSON)
    return typeof challenge === 'string' ? challenge : undefined
  } catch {
    return undefined
  }
}

/** Whether a page of somebody else's has ours in a frame. */
const isFramed = (answer: RegistrationAnswer | AuthenticationAnswer): boolean =>
  decodeClientDataJSON(answer.response.clientDataJSON).crossOrigin === true

const refused = (error: unknown): PasskeyRefusal => ({
  kind: 'refused',
  why: error instanceof Error ? error.message.slice(0, 200) : 'unreadable',
})

/** Checks a new passkey against the challenge that it was asked for with. Never throws. */
export async function verifyRegistration(
  { id, origins }: RelyingParty,
  challenge: Uint8Array,
  answer: RegistrationAnswer,
): Promise<{ readonly kind: 'verified'; readonly passkey: Passkey } | PasskeyRefusal> {
  try {
    if (isFramed(answer)) return { kind: 'refused', why: 'the page was in a frame' }
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: answer.id,
        rawId: answer.rawId,
        type: answer.type,
        response: {
          clientDataJSON: answer.response.clientDataJSON,
          attestationObject: answer.response.attestationObject,
        },
        clientExtensionResults: {},
      },
      expectedChallenge: base64url(challenge),
      expectedOrigin: [...origins],
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified) return { kind: 'refused', why: 'not verified' }
    const { credential, credentialBackedUp } = registrationInfo
    return {
      kind: 'verified',
      passkey: {
        id: credential.id,
        publicKey: credential.publicKey,
        counter: credential.counter,
        transports: answer.response.transports ?? [],
        synced: credentialBackedUp,
      },
    }
  } catch (error) {
    return refused(error)
  }
}

export type Authenticated =
  /** `counter` is to be kept. */
  | { readonly kind: 'verified'; readonly counter: number }
  /** The signature is right and its counter is not beyond the last one: there are two of this passkey. */
  | { readonly kind: 'cloned' }
  | PasskeyRefusal

/**
 * Checks the use of a passkey. Never throws.
 * @param handle  its owner's, as it was registered: an answer that names another one is refused
 */
export async function verifyAuthentication(
  { id, origins }: RelyingParty,
  challenge: Uint8Array,
  passkey: Pick<Passkey, 'id' | 'publicKey' | 'counter'>,
  handle: Uint8Array,
  answer: AuthenticationAnswer,
): Promise<Authenticated> {
  try {
    if (isFramed(answer)) return { kind: 'refused', why: 'the page was in a frame' }
    if (answer.id !== passkey.id) return { kind: 'refused', why: 'another passkey' }
    const { userHandle } = answer.response
    if (userHandle !== undefined && userHandle !== '' && userHandle !== base64url(handle))
      return { kind: 'refused', why: 'another user' }
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: answer.id,
        rawId: answer.rawId,
        type: answer.type,
        response: {
          clientDataJSON: answer.response.clientDataJSON,
          authenticatorData: answer.response.authenticatorData,
          signature: answer.response.signature,
        },
        clientExtensionResults: {},
      },
      expectedChallenge: base64url(challenge),
      expectedOrigin: [...origins],
      expectedRPID: id,
      // The library looks at the counter before the signature; a forged answer must not pass for a cloned passkey.
      credential: { id: passkey.id, publicKey: Uint8Array.from(passkey.publicKey), counter: 0 },
      requireUserVerification: true,
    })
    if (!verified) return { kind: 'refused', why: 'bad signature' }
    const { newCounter } = authenticationInfo
    if ((newCounter !== 0 || passkey.counter !== 0) && newCounter <= passkey.counter) return { kind: 'cloned' }
    return { kind: 'verified', counter: newCounter }
  } catch (error) {
    return refused(error)
  }
}
