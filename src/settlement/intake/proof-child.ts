import { stepBack } from '../../base/apart.ts'
import type { Totals } from '../../imps/files/read-table.ts'
import { FileError, type FileRefusal } from '../../imps/files/refusal.ts'
import { type ProofJob, proveRaw } from './prove-large.ts'

/** A process that proves one raw file, behind all others where the processors are short, and ends. It knows no database. */

export type ProofAnswer =
  | { readonly kind: 'proved'; readonly totals: Totals }
  | { readonly kind: 'refused'; readonly refusal: FileRefusal }
  | { readonly kind: 'failed'; readonly message: string }

stepBack()
process.once('disconnect', () => process.exit(1))
process.once('message', (job: ProofJob) => void answer(job))

async function answer(job: ProofJob): Promise<void> {
  const said = await proveRaw(job).then(
    (totals): ProofAnswer => ({ kind: 'proved', totals }),
    (error: unknown): ProofAnswer =>
      error instanceof FileError
        ? { kind: 'refused', refusal: error.refusal }
        : { kind: 'failed', message: error instanceof Error ? error.message : '' },
  )
  process.send?.(said, () => process.exit(0))
}
