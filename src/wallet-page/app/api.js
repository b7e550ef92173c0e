// What the hub is asked, and what is kept so that a connection that is lost costs nobody anything.
import { t } from './dom.js'

/** The hub said no, or could not be reached (`code` is then `offline`). The message is for people. */
export class Refused extends Error {
  constructor(code, message, status, errors = []) {
    super(message)
    this.code = code
    this.status = status
    this.errors = errors
  }
}

export const session = { csrf: '', me: undefined }

/** Asks `/v1/wallet/…`. @throws {Refused} */
export async function call(method, path, body, headers = {}) {
  let response
  try {
    response = await fetch(`/v1/wallet/${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { 'x-csrf-token': session.csrf }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch {
    throw new Refused('offline', t('offline'), 0)
  }
  if (response.status === 204) return undefined
  const answer = await response.json().catch(() => ({}))
  if (response.ok) return answer
  const known = t(`problem.${answer.code}`)
  const words = known.startsWith('problem.') ? (answer.detail ?? t('failed')) : known
  const waits = response.headers.get('retry-after')
  const message = response.status === 429 && waits !== null ? `${words} ${t('wait', { seconds: waits })}` : words
  throw new Refused(answer.code ?? 'internal_error', message, response.status, answer.errors)
}

const PENDING = 'wallet-pending'

/** A payment that was sent and has no answer yet: with its key, so that sending it again makes no other one. */
export const pending = {
  read: () => JSON.parse(sessionStorage.getItem(PENDING) ?? 'null'),
  /** The key of this very payment: the one of before, when it is the same and has no answer. */
  begin(body) {
    const before = pending.read()
    if (before !== null && JSON.stringify(before.body) === JSON.stringify(body)) return before.key
    const key = crypto.randomUUID()
    sessionStorage.setItem(PENDING, JSON.stringify({ key, body }))
    return key
  },
  clear: () => sessionStorage.removeItem(PENDING),
}

/** Sends a payment under its key. What was answered, yes or no, is over; what was not is kept. @throws {Refused} */
export async function sendPayment(body) {
  const key = pending.begin(body)
  try {
    const payment = await call('POST', 'payments', body, { 'idempotency-key': key })
    pending.clear()
    return payment
  } catch (error) {
    if (error.status >= 400 && error.status < 500 && error.status !== 401) pending.clear()
    throw error
  }
}

/** Follows a payment: `show` gets it after each step, until it is final or `stop` is called. */
export function follow(id, show) {
  const source = new EventSource(`/v1/wallet/payments/${id}/events`)
  source.addEventListener('message', ({ data }) => {
    const payment = JSON.parse(data)
    show(payment)
    if (isFinal(payment)) source.close()
  })
  return () => source.close()
}

export const isFinal = ({ status }) => ['succeeded', 'failed', 'returned', 'cancelled'].includes(status)

/** Whether this browser has passkeys, in words that need no library. */
export const hasPasskeys = () => typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function'

/** What browsers say of a passkey that was not given is English for programmers. */
const ofPasskey = async (asked) => {
  try {
    return (await asked).toJSON()
  } catch (error) {
    throw new Refused('passkey', t(error.name === 'InvalidStateError' ? 'passkey.known' : 'passkey.closed'), 0)
  }
}

/** Asks the user for a passkey. @param options  as the hub gave them, in JSON */
export async function usePasskey(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  const { id, rawId, type, response } = await ofPasskey(navigator.credentials.get({ publicKey }))
  const { clientDataJSON, authenticatorData, signature, userHandle } = response
  const common = { clientDataJSON, authenticatorData, signature }
  return { id, rawId, type, response: userHandle ? { ...common, userHandle } : common }
}

/** Makes a passkey. */
export async function makePasskey(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
  const { id, rawId, type, response } = await ofPasskey(navigator.credentials.create({ publicKey }))
  const { clientDataJSON, attestationObject, transports } = response
  return { id, rawId, type, response: { clientDataJSON, attestationObject, transports } }
}
