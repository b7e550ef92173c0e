import { createApart } from '../../base/apart.ts'
import type { Totals } from '../../imps/files/read-table.ts'
import { FileError } from '../../imps/files/refusal.ts'
import type { ProofAnswer } from './proof-child.ts'
import type { ProofJob } from './prove-large.ts'

/** Where large raw files are proved: one process each, behind those that carry payments. */
export interface ProofProcesses {
  /** @throws {FileError} at the first thing that is wrong with the file */
  prove(job: ProofJob): Promise<Totals>
  /** Ends those that run: what they were about comes again. */
  stop(): Promise<void>
}

export function createProofProcesses(): ProofProcesses {
  const apart = createApart<ProofJob, ProofAnswer>(new URL('./proof-child.ts', import.meta.url))
  return {
    prove: (job) =>
      apart.run<Totals>(job, (said, { end, fail }) => {
        if (said.kind === 'proved') end(said.totals)
        else fail(said.kind === 'refused' ? new FileError(said.refusal) : new Error(said.message))
      }),
    stop: () => apart.stop(),
  }
}
