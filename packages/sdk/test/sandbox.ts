import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keepLogFile, keepOutput } from '../../../test/support/logs.ts'

export type Sandbox = {
  readonly baseUrl: string
  readonly apiKey: string
  readonly accounts: { readonly remitter: string; readonly merchant: string }
  readonly dataDir: string
  readonly stop: () => Promise<void>
}

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))

/** The hub as `npm start` starts it, on ports of its own, with short timers. */
export async function startSandbox(more: Readonly<Record<string, string>> = {}): Promise<Sandbox> {
  const dataDir = mkdtempSync(join(tmpdir(), 'turant-sdk-'))
  chmodSync(dataDir, 0o755) // so that the user who runs PostgreSQL for root can enter it
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(TURANT_|DATABASE_URL$|NODE_TEST_CONTEXT$)/.test(name)),
  )
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    env: {
      ...inherited,
      TURANT_DATA_DIR: dataDir,
      TURANT_PORT: '0',
      TURANT_SIMULATOR_PORT: '0',
      TURANT_TIMER_SCALE: '0.2',
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  keepOutput(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
  const ended = once(child, 'close')
  while (!/ready after/.test(said)) {
    const next = await Promise.race([once(child.stdout ?? child, 'data'), ended.then(() => 'ended')])
    if (next === 'ended') throw new Error(`the hub ended: ${said}`)
  }
  const file: Omit<Sandbox, 'dataDir' | 'stop'> = JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8'))
  return {
    ...file,
    dataDir,
    async stop() {
      child.kill('SIGTERM')
      await ended
      keepLogFile(join(dataDir, 'hub.log'))
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
