import type { startRegistration } from '@simplewebauthn/browser'
import type { Answer } from '../api/shapes.ts'

type Given = Parameters<typeof startRegistration>[0]['optionsJSON']
type Answered = Awaited<ReturnType<typeof startRegistration>>
type FromHub = Answer<'post', '/v1/invitations/passkey-options'>['options']

/** Between what the hub says of a new passkey and what the browser's library takes and gives. */
export const registrationOf = {
  options: ({ challenge, rp, user, pubKeyCredParams, timeout, excludeCredentials }: FromHub): Given => ({
    challenge,
    rp,
    user,
    pubKeyCredParams: [...pubKeyCredParams],
    timeout,
    attestation: 'none',
    excludeCredentials: [...excludeCredentials],
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
  }),
  answer: ({ id, rawId, type, response }: Answered) => ({
    id,
    rawId,
    type,
    response: {
      clientDataJSON: response.clientDataJSON,
      attestationObject: response.attestationObject,
      ...(response.transports === undefined ? {} : { transports: [...response.transports] }),
    },
  }),
}
