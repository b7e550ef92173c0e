import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Work in processes of its own, one for each order: payments do not wait for it, and its memory is gone when it ends. */
export interface Apart<Order, Said> {
  /**
   * Starts a process and gives it an order over its channel: nothing of it stands on a command line or in an environment.
   * @param hear  gets what the process says, until `end` is called; `say` answers it
   * @returns what `end` was called with
   * @throws what `fail` was called with, or that the process ended
   */
  run<T>(order: Order, hear: (said: Said, to: Hearing<T>) => void): Promise<T>
  /** Ends those that run. */
  stop(): Promise<void>
}
/** Thrown of work that was ended by `stop`. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
}

export type Hearing<T> = {
  readonly end: (result: T) => void
  readonly fail: (error: Error) => void
  readonly say: (words: Uint8Array) => void
}

/** @param program  what each process runs; it ends itself when its channel closes */
export function createApart<Order extends object, Said>(program: URL): Apart<Order, Said> {
  const running = new Set<ChildProcess>()
  let stopping = false
  return {
    run: (order, hear) =>
      new Promise((end, fail) => {
        const child = fork(program, [], {
          env: {},
          execArgv: ['--disable-proto=delete'],
          serialization: 'advanced',
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        })
        running.add(child)
        child.on('message', (said: Said) => hear(said, { end, fail, say: (words) => child.send(words) }))
        child.once('error', fail)
        child.once('exit', () => {
          running.delete(child)
          fail(stopping ? new Stopped('the process was ended') : new Error('the process ended'))
        })
        child.send(order, (error) => error !== null && fail(error))
      }),
    async stop() {
      stopping = true
      await Promise.all(
        [...running].map(
          (child) =>
            new Promise<void>((resolve) => {
              child.once('exit', () => resolve())
              child.kill('SIGKILL')
            }),
        ),
      )
    },
  }
}

/** The least that leaves the doors their turn. */
const NICE = 19
/** A folder for each thread of this process. */
const TASKS = '/proc/self/task'

/**
 * Puts this process behind all others where the processors are short. Linux keeps a priority for each thread: those that Node has by now
 * would stay where they are, and all that an engine starts from them. Niceness shares a processor out unevenly, but whoever wakes may have
 * to wait for a turn; idle threads (`SCHED_IDLE`) are taken off it at once, and count as no load where the kernel looks for a free
 * one. Where there is no `chrt` (util-linux) niceness alone has to do.
 */
export function stepBack(): void {
  const threads = process.platform === 'linux' ? readdirSync(TASKS) : [String(process.pid)]
  for (const thread of threads) {
    try {
      setPriority(Number(thread), NICE)
    } catch (error) {
      if (existsSync(`${TASKS}/${thread}`)) throw error // else it has ended since it was listed
    }
  }
  if (process.platform === 'linux') spawnSync('chrt', ['--all-tasks', '--idle', '--pid', '0', String(process.pid)])
}
