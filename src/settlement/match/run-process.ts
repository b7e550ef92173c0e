import { type ChildProcess, fork } from 'node:child_process'
import type { SealArchive } from './archive-store.ts'
import type { RunJob } from './execute.ts'
import { TooManyUnmatched } from './groups.ts'
import type { ChildAnswer, ChildAsk, ChildOrder } from './run-child.ts'

const CHILD = new URL('./run-child.ts', import.meta.url)

/** Where runs are carried out: one process each. */
export interface RunProcesses {
  execute(job: RunJob): Promise<string>
  /** Ends those that run; they have written nothing. */
  stop(): Promise<void>
}

/** @param url  of the database: it reaches the process over its channel, and stands on no command line and in no environment */
export function createRunProcesses(url: string, seal: SealArchive): RunProcesses {
  const running = new Set<ChildProcess>()
  return {
    execute: (job) =>
      new Promise((resolve, reject) => {
        const child = fork(CHILD, [], {
          env: {},
          execArgv: ['--disable-proto=delete'],
          serialization: 'advanced',
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        })
        running.add(child)
        child.on('message', (said: ChildAnswer | ChildAsk) => {
          if (said.kind === 'done') resolve(said.state)
          else if (said.kind === 'failed') reject(errorOf(said))
          else seal(said.tenantId, said.id, said.text).then((sealed) => child.send(sealed), reject)
        })
        child.once('error', reject)
        child.once('exit', () => {
          running.delete(child)
          reject(new Error('the process of the run ended'))
        })
        const order: ChildOrder = { url, job }
        child.send(order, (error) => error !== null && reject(error))
      }),
    async stop() {
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

function errorOf({ name, message }: Extract<ChildAnswer, { kind: 'failed' }>): Error {
  if (name === 'TooManyUnmatched') return new TooManyUnmatched(message)
  const error = new Error(message)
  error.name = name
  return error
}
