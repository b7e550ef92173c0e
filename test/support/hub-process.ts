import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { keepOutput } from './logs.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** The environment without anything that would tell a hub how to be. */
export const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(TURANT_|DATABASE_URL$|NODE_TEST_CONTEXT$)/.test(name)),
)

/** What a sandbox says of itself in `sandbox.json`. */
export type Ready = {
  readonly baseUrl: string
  readonly apiKey: string
  readonly accounts: { readonly remitter: string; readonly merchant: string }
}

/** A folder for a hub, gone after the test; the user who runs PostgreSQL for root can enter it. */
export function hubFolder(name: string): string {
  const made = mkdtempSync(join(tmpdir(), `turant-${name}-`))
  chmodSync(made, 0o755)
  after(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** A sandbox as a process, on its own folder; killed after the test, if it is not gone then. */
export function startHub(env: Readonly<Record<string, string>> & { readonly TURANT_DATA_DIR: string }) {
  const child = spawn(process.execPath, [MAIN], { env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  keepOutput(child)
  after(() => child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  return {
    child,
    ended,
    async ready(): Promise<Ready> {
      while (!/ready after/.test(said)) {
        const next = await Promise.race([once(child.stdout, 'data').then(() => 'said'), ended])
        assert.equal(next, 'said', said)
      }
      return JSON.parse(readFileSync(join(env.TURANT_DATA_DIR, 'sandbox.json'), 'utf8'))
    },
  }
}
