import { readFileSync } from 'node:fs'
import { ApiError, ConnectionError, Turant, TurantError } from '@turant/sdk'
import type { Command } from 'commander'
import { exitCodes, Failure, findHub, type HubOptions } from '../hub.ts'

/** How a command finds its hub, and how what the SDK throws becomes a line and an exit code. */

export type ConnectionOptions = HubOptions & { readonly signingKey?: string }

export type Connected = {
  readonly turant: Turant
  readonly baseUrl: string
  /** Of the sandbox that runs in the data folder; undefined for any other hub. */
  readonly remitter: string | undefined
}

/** Adds the options that say which hub, and who asks. */
export const withConnection = (command: Command): Command =>
  command
    .option('--base-url <url>', 'the hub (default: TURANT_BASE_URL, or the sandbox in the data folder)')
    .option('--api-key <key>', 'its API key (default: TURANT_API_KEY, or that of the sandbox)')
    .option('--signing-key <sgk_…=file>', 'what a live key signs with: its id and a file with the private key in PEM')
    .option('--data-dir <folder>', 'the data folder of the sandbox (default: TURANT_DATA_DIR or .turant)')
    .allowExcessArguments(false)
    .showHelpAfterError('(--help shows all options)')

/** @throws {Failure} when no hub is named and none runs here */
export function connect(options: ConnectionOptions): Connected {
  const { baseUrl, apiKey, remitter } = findHub(options)
  const signingKey = options.signingKey === undefined ? {} : { signingKey: readSigningKey(options.signingKey) }
  try {
    return { turant: new Turant({ baseUrl, apiKey, ...signingKey }), baseUrl, remitter }
  } catch {
    throw new Failure(exitCodes.usage, `--base-url ${baseUrl} is not an address`)
  }
}

function readSigningKey(given: string): { readonly keyId: string; readonly privateKey: string } {
  const [, keyId, file] = /^([^=]+)=(.+)$/.exec(given) ?? []
  if (keyId === undefined || file === undefined) throw new Failure(exitCodes.usage, '--signing-key is sgk_…=file.pem')
  try {
    return { keyId, privateKey: readFileSync(file, 'utf8') }
  } catch {
    throw new Failure(exitCodes.usage, `--signing-key: ${file} cannot be read`)
  }
}

/** What a person is told, and a script sees, of an error; anything that is none of the SDK stays as it is. */
export function failureOf(error: unknown): unknown {
  if (!(error instanceof TurantError)) return error
  const hints = error instanceof ApiError ? error.errors.map((one) => `${one.field}: ${one.message}`) : []
  if (error.ambiguous && error.idempotencyKey !== undefined)
    hints.push(`it may have been done: ask again with --key ${error.idempotencyKey}, which will not pay twice`)
  const status = error.status ?? 0
  const exitCode =
    error instanceof ConnectionError || status >= 500
      ? exitCodes.unreachable
      : status === 422
        ? exitCodes.failed
        : exitCodes.usage
  if (error.requestId !== undefined && status >= 500) hints.push(`request ${error.requestId}`)
  const said = error instanceof ConnectionError ? `the hub does not answer: ${error.message}` : error.message
  return new Failure(exitCode, `${said} (${error.code})`, hints)
}

/** A number of seconds. @throws {Failure} */
export function readSeconds(name: string, text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && seconds >= 0 && seconds <= 86_400) return seconds
  throw new Failure(exitCodes.usage, `${name} must be seconds, from 0 to 86400`)
}

/** A line, at once. */
export const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
