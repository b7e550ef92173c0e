import type { paths } from '../../../sdk/src/generated/openapi.ts'
import { local, Problem, readProblem } from './problem.ts'
import type { Answer, Call, Method, Path } from './shapes.ts'

/** What the session gives the client, and what the client tells it. */
type Session = {
  /** For X-CSRF-Token; empty while nobody is signed in. */
  csrfToken: string
  /** Somebody must prove again who they are; resolves to whether they did. */
  prove: () => Promise<boolean>
  /** The hub knows this session no more. */
  ended: () => void
}

/** Of this page: there is one session per browser. */
export const session: Session = { csrfToken: '', prove: async () => false, ended: () => undefined }

/**
 * Calls the public API as whoever is signed in. What needs a fresh proof asks for one and is made again.
 * @throws {Problem}
 */
export async function call<M extends Method, P extends Path<M>>(
  method: M,
  path: P,
  given: Call<M, P>,
): Promise<Answer<M, P>> {
  const { query, body, params, idempotencyKey, wait, signal } = given
  const headers = new Headers({ accept: 'application/json' })
  if (method !== 'get') headers.set('x-csrf-token', session.csrfToken)
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey)
  if (wait !== undefined) headers.set('prefer', `wait=${wait}`)
  const init: RequestInit = {
    method: method.toUpperCase(),
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }
  try {
    const text = await send(addressOf(path, params, query), init)
    return (text === '' ? undefined : JSON.parse(text)) as Answer<M, P>
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.code === 'reauthentication_required' && (await session.prove())) return call(method, path, given)
    if (error.code === 'unauthorized') session.ended()
    throw error
  }
}

/** `/v1/payments/{id}` with its braces filled in and its query behind it. */
export function addressOf(path: keyof paths, params: unknown, query: unknown): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent(String(Object(params)[name])),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(Object(query)))
    if (value !== undefined && value !== '') search.set(name, String(value))
  return search.size === 0 ? filled : `${filled}?${search}`
}

async function send(address: string, init: RequestInit): Promise<string> {
  const response = await fetch(address, init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw local('offline')
  })
  if (!response.ok) throw await readProblem(response)
  return response.text()
}
