import type { Problem } from './errors.ts'

/**
 * May it have reached the hub? The one question that decides whether something is paid twice or not at all, answered from evidence alone:
 * what is not known to have stayed here counts as gone.
 */

/** Problems with a 5xx that the hub finds before it does anything; of every other 5xx it does not know itself. */
const nothingDone: ReadonlySet<string> = new Set([
  'too_busy',
  'draining',
  'link_down',
  'capacity_exhausted',
  'net_debit_cap_used',
  'risk_unavailable',
  'name_enquiry_unanswered',
])

/** Whether what was asked may have been done, after this answer. @param problem  undefined when something that is not the hub answered */
export function mayBeDoneAfter(status: number, problem: Problem | undefined): boolean {
  // A proxy gives up on an answer with 408, 502, 504 and numbers of its own while the hub goes on; what it refuses by itself is a 4xx.
  if (problem === undefined) return status < 400 || status === 408 || status >= 499
  // The nonce of this very request was seen: by whoever sent it again on the way, as browsers do, and that one may have been taken.
  if (isReplayed(problem)) return true
  return status >= 500 && !nothingDone.has(problem.code)
}

/** A signature that the hub has seen before. */
export const isReplayed = ({ code, detail }: Problem): boolean =>
  code === 'signature_invalid' && detail.startsWith('replayed')

/** Certificates that were not trusted: a handshake that failed, before any byte of a request. */
const untrusted =
  /^(CERT_[A-Z_]{1,40}|UNABLE_TO_[A-Z_]{1,40}|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|ERR_TLS_CERT_ALTNAME_INVALID)$/

/**
 * True only when a failed `fetch` cannot have sent anything: Node says so in the cause (no address, no connection, no trust), Bun in its code when
 * nobody listens. Browsers and Deno say nothing of the kind, so there it is never true.
 */
export function neverLeft(error: unknown): boolean {
  const { cause, code, syscall, errors } = Object(error)
  // One attempt per address of the host.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(neverLeft)
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true
  if (code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT') return true
  if (typeof code === 'string' && untrusted.test(code)) return true
  return cause !== undefined && cause !== error && neverLeft(cause)
}
