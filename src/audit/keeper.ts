import type { Cancel, Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Db } from '../db/pool.ts'
import { removeDue } from './retention.ts'
import { copyRoots, readSink, type Signer, signRoot } from './roots.ts'
import { sealWindows } from './seals.ts'

export type KeeperDeps = {
  /** A pool that no door waits for. */
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly signer: Signer
  /** The file that the roots are copied to. */
  readonly sink: string
}

const SEAL_MS = 60_000
/** Seals between two roots: five minutes. */
const ROOT_EVERY = 5
/** Seals between two looks at what is kept too long. */
const DAY = 1_440

/** Seals what is over every minute, signs every fifth time, and deletes once a day what is kept too long. What fails is logged and done with the next one. @returns how to stop, which ends with a root */
export function keepAudit(deps: KeeperDeps): { readonly stop: () => Promise<void> } {
  const { db, clock, log, signer, sink } = deps
  let cancel: Cancel = () => undefined
  let stopped = false
  let turn = 0
  let copied: number | undefined // read from the file once, when it is first needed
  const sign = async (): Promise<void> => {
    await signRoot(db, clock, signer)
    copied = await copyRoots(db, sink, copied ?? readSink(sink).at(-1)?.no ?? 0)
  }
  const once = async (): Promise<void> => {
    await sealWindows(db, clock)
    if (turn % ROOT_EVERY === 0) await sign()
    if (turn % DAY === 1) await removeDue(db, clock.now())
    turn += 1
  }
  let running: Promise<void> = Promise.resolve()
  const next = (ms: number): void => {
    cancel = clock.after(ms, () => {
      running = once()
        .catch((error: unknown) => log.error({ err: error }, 'the audit log could not be sealed now; it will be'))
        .then(() => {
          if (!stopped) next(SEAL_MS)
        })
    })
  }
  next(1_000)
  return {
    async stop() {
      stopped = true
      cancel()
      await running
      await sign().catch((error: unknown) => log.error({ err: error }, 'the last root could not be signed'))
    },
  }
}
