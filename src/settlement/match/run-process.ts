import { createApart } from '../../base/apart.ts'
import type { CrashAt } from '../../base/crash-at.ts'
import type { SealArchive } from './archive-store.ts'
import type { RunJob } from './execute.ts'
import { TooManyUnmatched } from './groups.ts'
import type { ChildAnswer, ChildAsk, ChildOrder } from './run-child.ts'

/** Where runs are carried out: one process each. */
export interface RunProcesses {
  execute(job: RunJob): Promise<string>
  /** Ends those that run; they have written nothing. */
  stop(): Promise<void>
}

/**
 * @param url  of the database
 * @param crashAt  for crash tests: where a run kills this process and itself
 */
export function createRunProcesses(url: string, seal: SealArchive, crashAt?: CrashAt): RunProcesses {
  const apart = createApart<ChildOrder, ChildAnswer | ChildAsk>(new URL('./run-child.ts', import.meta.url))
  return {
    execute: (job) =>
      apart.run<string>({ url, job, ...(crashAt === undefined ? {} : { crashAt }) }, (said, { end, fail, say }) => {
        if (said.kind === 'done') end(said.state)
        else if (said.kind === 'failed') fail(errorOf(said))
        else seal(said.tenantId, said.id, said.text).then(say, fail)
      }),
    stop: () => apart.stop(),
  }
}

function errorOf({ name, message }: Extract<ChildAnswer, { kind: 'failed' }>): Error {
  if (name === 'TooManyUnmatched') return new TooManyUnmatched(message)
  const error = new Error(message)
  error.name = name
  return error
}
