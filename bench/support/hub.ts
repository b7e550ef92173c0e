import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A sandbox of its own: hub, simulator and PostgreSQL as `npm start` makes them, in a temporary folder. */
export type BenchHub = {
  readonly baseUrl: string
  readonly host: string
  readonly port: number
  readonly apiKey: string
  readonly simulator: string
  readonly accounts: { readonly remitter: string; readonly merchant: string }
  readonly readyMs: number
  /** Resident memory of the hub process now, in MB. */
  memoryMb(): number
  /** CPU seconds of the hub process so far. */
  cpuSeconds(): number
  readonly dataDir: string
  stop(): Promise<void>
}

/** Starts a sandbox and waits until it is ready. @param root the checkout whose sandbox it is */
export async function startHub(env: Record<string, string> = {}, root = ROOT): Promise<BenchHub> {
  const dataDir = mkdtempSync(join(tmpdir(), 'turant-bench-'))
  const started = performance.now()
  // As `npm start` runs it: with what stands before `exec node`, and the flags behind it.
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
  const [before = '', after = ''] = scripts.start.split('exec node ')
  const child = spawn(process.execPath, after.split(' '), {
    cwd: root,
    env: {
      ...process.env,
      ...Object.fromEntries(before.split(' ').flatMap((one) => (one === '' ? [] : [one.split('=', 2)]))),
      TURANT_DATA_DIR: dataDir,
      TURANT_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout?.resume()
  const file = join(dataDir, 'sandbox.json')
  while (!existsSync(file)) {
    if (child.exitCode !== null) throw new Error(`the hub stopped with exit code ${child.exitCode}`)
    if (performance.now() - started > 60_000) throw new Error('the hub was not ready within 60 s')
    await wait(20)
  }
  const readyMs = performance.now() - started
  const sandbox = JSON.parse(readFileSync(file, 'utf8'))
  const url = new URL(sandbox.baseUrl)
  return {
    baseUrl: sandbox.baseUrl,
    host: url.hostname,
    port: Number(url.port),
    apiKey: sandbox.apiKey,
    simulator: sandbox.simulator,
    accounts: sandbox.accounts,
    readyMs,
    memoryMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${sandbox.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    cpuSeconds: () => {
      const stat = readFileSync(`/proc/${sandbox.pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return (Number(fields[11]) + Number(fields[12])) / 100
    },
    dataDir,
    async stop() {
      await stopProcess(child)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await Promise.race([gone, wait(20_000).then(() => child.kill('SIGKILL'))])
}

/** Calls the hub's API and gives the parsed body; throws what the hub said when it is not 2xx. */
export async function api<T>(hub: BenchHub, method: string, path: string, body?: object, headers = {}): Promise<T> {
  const response = await fetch(`${hub.baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${hub.apiKey}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}

/** What `POST /v1/accounts` and `GET /v1/accounts/{id}` answer, as far as a benchmark reads it. */
export type BenchAccount = {
  readonly id: string
  readonly accountNumber: string
  readonly ifsc: string
  readonly balance: string
}

/** Opens accounts, spread over the institutions of the sandbox. */
export async function openAccounts(
  hub: BenchHub,
  count: number,
  institutions: readonly string[],
): Promise<BenchAccount[]> {
  const accounts: BenchAccount[] = []
  for (let from = 0; from < count; from += 16) {
    accounts.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(16, count - from) }, (_, i) =>
          api<BenchAccount>(
            hub,
            'POST',
            '/v1/accounts',
            {
              name: 'Ramesh Kumar',
              institution: institutions[(from + i) % institutions.length],
              openingBalance: '900000000000',
            },
            { 'idempotency-key': `bench-account-${from + i}` },
          ),
        ),
      )),
    )
  }
  return accounts
}
