import { Type } from 'typebox'
import { nullable, strict } from './schemas.ts'

/** What browsers send of passkeys: `PublicKeyCredential.toJSON()`. */

const Base64Url = (maxLength: number) =>
  Type.String({
    pattern: '^[A-Za-z0-9_-]+$',
    minLength: 1,
    maxLength,
    description: `base64url, at most ${maxLength} characters`,
  })

const common = {
  id: Base64Url(1_400),
  rawId: Base64Url(1_400),
  type: Type.Literal('public-key', { description: 'public-key' }),
  authenticatorAttachment: Type.Optional(nullable(Type.String({ maxLength: 50 }))),
  clientExtensionResults: Type.Optional(
    strict(
      { credProps: Type.Optional(strict({ rk: Type.Optional(Type.Boolean()) })) },
      'what was asked for, which is credProps at most',
    ),
  ),
}

/** Of `navigator.credentials.create()`. */
export const RegistrationWord = strict(
  {
    ...common,
    response: strict({
      clientDataJSON: Base64Url(4_000),
      attestationObject: Base64Url(20_000),
      authenticatorData: Type.Optional(Base64Url(4_000)),
      publicKey: Type.Optional(Base64Url(4_000)),
      publicKeyAlgorithm: Type.Optional(Type.Integer({ minimum: -65_536, maximum: 65_535 })),
      transports: Type.Optional(Type.Array(Type.String({ maxLength: 30 }), { maxItems: 10 })),
    }),
  },
  'a new passkey as PublicKeyCredential.toJSON() has it',
)

/** Of `navigator.credentials.get()`. */
export const AuthenticationWord = strict(
  {
    ...common,
    response: strict({
      clientDataJSON: Base64Url(4_000),
      authenticatorData: Base64Url(4_000),
      signature: Base64Url(4_000),
      userHandle: Type.Optional(nullable(Base64Url(100))),
    }),
  },
  'the use of a passkey as PublicKeyCredential.toJSON() has it',
)

const Named = Type.Array(strict({ id: Type.String(), type: Type.Literal('public-key') }))
const ceremony = Type.String({ description: 'sealed: send it back with the answer, within five minutes' })

/** What a registration begins with: the ceremony comes back with the answer, the options go into the browser. */
export const RegistrationOptions = strict({
  ceremony,
  options: strict(
    {
      challenge: Type.String(),
      rp: strict({ id: Type.String(), name: Type.String() }),
      user: strict({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
      pubKeyCredParams: Type.Array(strict({ alg: Type.Integer(), type: Type.Literal('public-key') })),
      timeout: Type.Integer(),
      attestation: Type.String(),
      excludeCredentials: Named,
      authenticatorSelection: strict({
        residentKey: Type.String(),
        requireResidentKey: Type.Boolean(),
        userVerification: Type.String(),
      }),
      extensions: strict({ credProps: Type.Boolean() }),
      hints: Type.Array(Type.String()),
    },
    'for PublicKeyCredential.parseCreationOptionsFromJSON()',
  ),
})

/** What the use of a passkey begins with. */
export const AuthenticationOptions = strict({
  ceremony,
  options: strict(
    {
      challenge: Type.String(),
      rpId: Type.String(),
      timeout: Type.Integer(),
      userVerification: Type.String(),
      allowCredentials: Type.Optional(Named),
    },
    'for PublicKeyCredential.parseRequestOptionsFromJSON()',
  ),
})

export const CeremonyWord = Type.String({
  pattern: '^[A-Za-z0-9_-]+$',
  minLength: 1,
  maxLength: 1_000,
  description: 'the ceremony that the options came with',
})
