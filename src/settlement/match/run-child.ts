import { stepBack } from '../../base/apart.ts'
import { systemClock } from '../../base/clock.ts'
import { type CrashAt, killAt } from '../../base/crash-at.ts'
import { createPool } from '../../db/pool.ts'
import type { SealArchive } from './archive-store.ts'
import { executeRun, type RunJob } from './execute.ts'

/**
 * A process for one run: behind all others where the processors are short, with memory of its own, and gone when it is done. It ends with
 * whoever started it, and has then written nothing.
 */

export type ChildOrder = { readonly url: string; readonly job: RunJob; readonly crashAt?: CrashAt }
/** What the vault, which is not here, is asked for. */
export type ChildAsk = { readonly kind: 'seal'; readonly tenantId: number; readonly id: string; readonly text: string }
export type ChildAnswer =
  | { readonly kind: 'done'; readonly state: string }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string }

const CONNECTIONS = 3

stepBack()
// At once: an exit in order waits for the engine's threads, and they may never end.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.once('message', (order: ChildOrder) => void carryOut(order))

const seal: SealArchive = (tenantId, id, text) =>
  new Promise((resolve) => {
    process.once('message', (sealed: Uint8Array) => resolve(sealed))
    const ask: ChildAsk = { kind: 'seal', tenantId, id, text }
    process.send?.(ask)
  })

async function carryOut({ url, job, crashAt }: ChildOrder): Promise<void> {
  const db = createPool(url, { connections: CONNECTIONS, name: 'turant match', role: 'turant_hub' })
  // A loss of power spares nobody: the hub goes first.
  const crashPoint = crashAt === undefined ? {} : { crashPoint: killAt(crashAt, [process.ppid, process.pid]) }
  const answer = await executeRun({ db, clock: systemClock, seal, ...crashPoint }, job).then(
    (state): ChildAnswer => ({ kind: 'done', state }),
    (error: unknown): ChildAnswer =>
      error instanceof Error
        ? { kind: 'failed', name: error.name, message: error.message }
        : { kind: 'failed', name: 'Error', message: '' },
  )
  await db.end({ timeout: 2 })
  process.send?.(answer, () => process.exit(0))
}
