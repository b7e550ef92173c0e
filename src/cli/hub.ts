import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'

/**
 * cli: the hub from a terminal. It talks HTTP like everybody else and knows nothing of the inside. It promises plain words, an
 * exit code that a script can rely on, and that it never sends a payment a second time by itself: it asks again with the same key.
 */

/** What a command ends with. */
export const exitCodes = {
  done: 0, //        paid (deemed counts as paid), or listed
  failed: 1, //      a definite no: the money is back, or never left
  usage: 2, //       the command line or the request is not right
  open: 3, //        the outcome is not known yet; the money is safe
  unreachable: 4, // the hub does not answer
} as const

/** A failure with words for a person and an exit code for a script. */
export class Failure extends Error {
  override name = 'Failure'
  readonly exitCode: number
  readonly hints: readonly string[]
  constructor(exitCode: number, message: string, hints: readonly string[] = []) {
    super(message)
    this.exitCode = exitCode
    this.hints = hints
  }
}

export type Hub = { readonly baseUrl: string; readonly apiKey: string; readonly remitter: string | undefined }

export type HubOptions = { readonly dataDir?: string; readonly baseUrl?: string; readonly apiKey?: string }

/** Finds the hub: where the options say, else the sandbox that runs in the data folder. */
export function findHub(options: HubOptions): Hub {
  // Of the settings of a hub itself: who runs one asks that one.
  const { baseUrl = env.TURANT_BASE_URL, apiKey = env.TURANT_API_KEY } = options
  if (baseUrl !== undefined && apiKey !== undefined) return { baseUrl, apiKey, remitter: undefined }
  const dataDir = options.dataDir ?? env.TURANT_DATA_DIR ?? '.turant'
  const file = join(dataDir, 'sandbox.json')
  let sandbox: { baseUrl: string; apiKey: string; accounts: { remitter: string } }
  try {
    sandbox = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new Failure(exitCodes.unreachable, `no sandbox is running here (${file} cannot be read)`, [
      'start one with: npm start',
      'or name a hub: --base-url URL --api-key KEY',
    ])
  }
  return { baseUrl: baseUrl ?? sandbox.baseUrl, apiKey: apiKey ?? sandbox.apiKey, remitter: sandbox.accounts.remitter }
}

type Problem = {
  readonly detail?: string
  readonly code?: string
  readonly errors?: readonly { readonly field: string; readonly message: string }[]
}

export type Request = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object
  /** A file, as it is. */
  readonly content?: Uint8Array<ArrayBuffer>
  readonly headers?: Record<string, string>
}

/** Sends one request; the answer is open, so that a stream can be read. @throws {Failure} */
export async function send(hub: Hub, request: Request): Promise<Response> {
  const { method, path, body, content, headers } = request
  const response = await fetch(`${hub.baseUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${hub.apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(content === undefined ? {} : { 'content-type': 'application/octet-stream' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(content === undefined ? {} : { body: content }),
  }).catch((error: unknown) => {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    throw new Failure(exitCodes.unreachable, `the hub at ${hub.baseUrl} does not answer: ${why}`)
  })
  if (response.ok) return response
  const problem = await readJson<Problem>(response).catch((): Problem => ({}))
  const hints = (problem.errors ?? []).map((one) => `${one.field}: ${one.message}`)
  const exitCode =
    response.status >= 500 ? exitCodes.unreachable : response.status === 422 ? exitCodes.failed : exitCodes.usage
  throw new Failure(
    exitCode,
    `${problem.detail ?? `the hub answered ${response.status}`} (${problem.code ?? response.status})`,
    hints,
  )
}

/** What the hub sent, in the shape that its OpenAPI document promises. */
export const readJson = async <T>(response: Response): Promise<T> => JSON.parse(await response.text())
