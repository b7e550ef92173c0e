import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { systemClock } from '../src/base/clock.ts'
import { startEphemeralPostgres } from '../src/db/embedded.ts'
import { createPlace, openPlace } from './simulation/place.ts'
import { ConnectionLost, runSeed, type SeedResult } from './simulation/run-seed.ts'

/** `npm run simulation`: seeds of the whole hub on a controlled clock. Says what was wrong, and how to see it again. */

/** One seed in so many is run twice, to know that a seed is a run. */
const TWICE_EVERY = 100

type Answer =
  | { readonly kind: 'ran'; readonly result: SeedResult }
  | { readonly kind: 'broke'; readonly seed: number; readonly error: string }

const whole = (text: string): number => {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is needed')
  return Number(text)
}

const program = new Command('npm run simulation --')
  .description(
    'Runs the hub, the switch and every fault between them from seeds, and checks what must be true after each.',
  )
  .option('--seed <seed>', 'the first seed, or the only one when --seeds is not given', whole)
  .option('--seeds <count>', 'how many seeds', whole)
  .option('--workers <count>', 'processes at work', whole, 2)
  .option('--verbose', 'print every step of the run')
  .parse()

const options = program.opts<{ seed?: number; seeds?: number; workers: number; verbose?: boolean }>()

if (process.send === undefined) await lead()
else await work()

async function lead(): Promise<void> {
  const first = options.seed ?? 1
  const count = options.seeds ?? (options.seed === undefined ? 1_000 : 1)
  const workers = Math.max(1, Math.min(options.workers, count))
  const folder = mkdtempSync(join(tmpdir(), 'turant-simulation-'))
  const server = await startEphemeralPostgres(systemClock, folder)
  const began = performance.now()
  const failed: SeedResult[] = []
  const totals = new Map<string, number>()
  const add = (name: string, by: number) => totals.set(name, (totals.get(name) ?? 0) + by)
  let done = 0
  let next = 0

  const take = (answer: Answer) => {
    done += 1
    if (answer.kind === 'broke') {
      failed.push({
        seed: answer.seed,
        wrongs: [`the run broke: ${answer.error}`],
        digest: '',
        tail: [],
        figures: { payments: 0, byState: {}, inward: 0, crashes: 0, said: {}, virtualMs: 0, realMs: 0 },
      })
    } else {
      const { figures, wrongs } = answer.result
      if (wrongs.length > 0) failed.push(answer.result)
      add('outward payments', figures.payments)
      for (const [state, number] of Object.entries(figures.byState)) add(`… ${state}`, number)
      add('inward payments', figures.inward)
      add('kills', figures.crashes)
      for (const [message, number] of Object.entries(figures.said)) add(`“${message}”`, number)
      add('hours of the clock', figures.virtualMs / 3_600_000)
    }
    const last = failed.at(-1)
    if (last !== undefined && (answer.kind === 'broke' || answer.result.wrongs.length > 0)) {
      console.log(`seed ${last.seed} FAILED`)
      for (const wrong of last.wrongs) console.log(`  ${wrong}`)
      console.log(`  again: npm run simulation -- --seed ${last.seed} --verbose`)
    }
    if (done % 100 === 0 && done < count) {
      console.log(`${done} of ${count} seeds, ${(done / ((performance.now() - began) / 1000)).toFixed(1)} a second`)
    }
  }

  const hire = (number: number): Promise<void> =>
    new Promise((resolve, reject) => {
      createPlace(server.url, `turant_simulation_${number}`).then((url) => {
        const child = fork(fileURLToPath(import.meta.url), options.verbose === true ? ['--verbose'] : [], {
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        })
        const give = () => {
          if (next < count) child.send({ url, seed: first + next++ })
          else child.disconnect()
        }
        child.on('message', (answer: Answer) => {
          take(answer)
          give()
        })
        child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
        give()
      }, reject)
    })

  try {
    await Promise.all(Array.from({ length: workers }, (_, i) => hire(i + 1)))
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const seconds = (performance.now() - began) / 1000
  for (const [name, number] of totals) console.log(`${String(Math.round(number)).padStart(8)} ${name}`)
  console.log(`${count} seeds in ${seconds.toFixed(1)} s, ${failed.length} failed`)
  process.exitCode = failed.length === 0 ? 0 : 1
}

async function work(): Promise<void> {
  const print = options.verbose === true ? (line: string) => console.log(line) : undefined
  let db: ReturnType<typeof openPlace> | undefined
  const answer = (one: Answer) => process.send?.(one)
  process.on('message', ({ url, seed }: { url: string; seed: number }) => {
    void (async () => {
      try {
        db ??= openPlace(url)
        const place = db
        const result = await runSeed(place, seed, print).catch((error: unknown) => {
          if (!(error instanceof ConnectionLost)) throw error
          console.log(`seed ${seed}: the connection to PostgreSQL was lost; again`)
          return runSeed(place, seed, print)
        })
        if (seed % TWICE_EVERY !== 0) return answer({ kind: 'ran', result })
        const again = await runSeed(place, seed)
        const wrongs =
          again.digest === result.digest ? result.wrongs : [...result.wrongs, 'the same seed made two different runs']
        return answer({ kind: 'ran', result: { ...result, wrongs } })
      } catch (error) {
        return answer({
          kind: 'broke',
          seed,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        })
      }
    })()
  })
  process.on('disconnect', () => {
    void db?.end({ timeout: 1 })
  })
}
