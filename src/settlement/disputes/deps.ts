import { createHash } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import type { Lane, PaymentId } from '../../base/identifiers.ts'
import type { Db, Tx } from '../../db/pool.ts'
import type { Rule } from '../../imps/disputes/rule.ts'
import type { PaymentRoom } from '../../payment/room.ts'
import type { Direction } from './dispute.ts'

/** Something about a dispute that people must look at. */
export type DisputeBreak = {
  readonly type: 'B16' | 'B18' | 'B20' | 'B21' | 'B25' | 'B28' | 'B30'
  readonly tenantId: number
  readonly institution: string
  readonly payment: { readonly id: PaymentId; readonly lane: Lane } | null
  readonly rrn: string
  readonly direction: Direction
  readonly amountPaise: bigint
  /** What people should do, without personal data. */
  readonly action: string
  readonly deadline: number | null
}

export type DisputeDeps = {
  /** The hub's own pool, which sees every tenant. */
  readonly db: Db
  readonly room: PaymentRoom
  readonly clock: Clock
  readonly rules: readonly Rule[]
  /** 32 hex digits that sort by time. */
  readonly newId: () => string
  /** Opens a break, once: the same again is the same break. */
  readonly openBreak: (tx: Tx, found: DisputeBreak) => Promise<void>
  readonly crashPoint?: (name: DisputeCrashPoint) => void
}

/** A line of a report is in the books; what was won is with the customer, and the dispute does not say so. */
export type DisputeCrashPoint = `dispute:${'applied' | 'paid'}`

/** Which table of rules judged: 16 hex digits of its SHA-256. */
export const versionOf = (rules: readonly Rule[]): string =>
  createHash('sha256')
    .update(JSON.stringify(rules, (_key, value) => (typeof value === 'bigint' ? String(value) : value)))
    .digest('hex')
    .slice(0, 16)
