import { startAuthentication } from '@simplewebauthn/browser'
import { call } from '../api/client.ts'
import type { OwnSession } from './session.tsx'

/** Signs in with a passkey that the browser has. @throws {Problem}, or what the browser says when its owner does not want to */
export async function signInWithPasskey(): Promise<OwnSession> {
  const { ceremony, options } = await call('post', '/v1/sessions/passkey-options', {})
  const answer = await startAuthentication({ optionsJSON: optionsOf(options) })
  return call('post', '/v1/sessions', { body: { kind: 'passkey', ceremony, answer: answerOf(answer) } })
}

/** Proves again who one is, with a passkey. @throws as above */
export async function proveWithPasskey(): Promise<OwnSession> {
  const { ceremony, options } = await call('post', '/v1/sessions/current/passkey-options', {})
  const answer = await startAuthentication({ optionsJSON: optionsOf(options) })
  return call('post', '/v1/sessions/current/reauthenticate', {
    body: { kind: 'passkey', ceremony, answer: answerOf(answer) },
  })
}

type Given = Parameters<typeof startAuthentication>[0]['optionsJSON']
type Answered = Awaited<ReturnType<typeof startAuthentication>>

const optionsOf = (options: {
  readonly challenge: string
  readonly rpId: string
  readonly timeout: number
  readonly userVerification: string
  readonly allowCredentials?: readonly { readonly id: string; readonly type: 'public-key' }[]
}): Given => ({
  challenge: options.challenge,
  rpId: options.rpId,
  timeout: options.timeout,
  userVerification: options.userVerification === 'required' ? 'required' : 'preferred',
  ...(options.allowCredentials === undefined ? {} : { allowCredentials: [...options.allowCredentials] }),
})

/** What the hub reads of it: it refuses fields that it does not know. */
const answerOf = ({ id, rawId, type, response }: Answered) => ({
  id,
  rawId,
  type,
  response: {
    clientDataJSON: response.clientDataJSON,
    authenticatorData: response.authenticatorData,
    signature: response.signature,
    ...(response.userHandle === undefined ? {} : { userHandle: response.userHandle }),
  },
})
