import type { Clock } from '../base/clock.ts'
import type { PaymentIds } from '../base/identifiers.ts'
import type { Vault } from '../base/vault.ts'
import type { Batcher } from '../db/batch.ts'
import { createBatcher } from '../db/batch.ts'
import type { Db } from '../db/pool.ts'
import type { PaymentLink } from '../payment-link/link.ts'
import { createVirtualAccounts, type VirtualAccounts } from '../payment-link/virtual-accounts.ts'
import type { AccountDirectory } from './directory.ts'
import { createAccountDirectory } from './directory.ts'
import type { InitiateItem, InitiateResult } from './initiate.ts'
import { runInitiate } from './initiate.ts'
import type { Limits } from './limits.ts'
import type { Wait } from './payment.ts'
import { createPolicyBook, type PolicyBook } from './policy-store.ts'
import type { ReceiveItem, ReceiveResult } from './receive.ts'
import { runReceive } from './receive.ts'
import type { Recorded, RecordItem } from './record.ts'
import { runRecord } from './record.ts'
import type { RrnFormat, Serials } from './serials.ts'
import { createSerials } from './serials.ts'
import type { PaymentEvent, StoredPayment } from './stored.ts'
import { createIsOwnAddress, type IsOwnAddress } from './within-bank.ts'

/** A remitter link that may be used now, and the fencing epoch under which this process owns it. */
export type UsableLink = { readonly link: string; readonly epoch: number }

/** What a bank on the hub is called on the rail. */
export type InstitutionOfHub = {
  readonly code: string
  readonly remitterBank: string
  /** The first four letters of its IFSCs. */
  readonly ifscPrefix: string
  /** The first four digits of its MMIDs. */
  readonly nbin: string
  readonly foreignRemittance?: boolean
}

export type PaymentRoomOptions = {
  /** The doors' pool: index-only plans, at least twice `partitions` times three connections. */
  readonly db: Db
  /** Connections, planned like the doors', for the one payment that a customer waits for; the doors' own when absent. */
  readonly promptDb?: Db
  readonly clock: Clock
  readonly vault: Vault
  readonly paymentIds: PaymentIds
  readonly rrn: RrnFormat
  readonly limits: Limits
  readonly institutions: readonly InstitutionOfHub[]
  /** Response code for a mobile number with several accounts and no default. */
  readonly severalAccountsCode: string
  /** The remitter link for an institution, or undefined when none is usable: the payment is then `held`. */
  readonly linkFor: (institution: string) => UsableLink | undefined
  /** What the use of an institution's net debit cap says of new payments; undefined: leave. From memory. */
  readonly stopOf?: (institution: string) => 'hold' | 'refuse' | undefined
  /** Told after the commit: these originals may leave now, and only now. */
  readonly onSent: (payments: readonly StoredPayment[]) => void
  /** Told after the commit of every step, also the first. */
  readonly onMoved: (payment: StoredPayment, event: PaymentEvent) => void
  /** Told after the commit of what came in for a payment link: the link as it stands then. */
  readonly onLinkMoved?: (link: PaymentLink) => void
  readonly onBatch?: (door: Door, size: number) => void
  /** Puts something around a door; given once, for each of them. */
  readonly watch?: <Item, Result>(door: Door, batcher: Batcher<Item, Result>) => Batcher<Item, Result>
  /** Where a crash test stops the process; does nothing otherwise. */
  readonly crashPoint?: (name: CrashPoint) => void
  readonly maxBatch?: number
  /** Batches of one door running at once. */
  readonly partitions?: number
  /** How long a batch behind a busy one gathers, in milliseconds; none when absent. */
  readonly gatherMs?: number
  /** Calls waiting at a door at most; more are refused as `too_busy` before anything is written. */
  readonly maxWaiting?: number
  /** Payments that wait for a link at most, and as many that wait for approval. */
  readonly maxHeld?: number
  /** How long a payment may wait in `held` before the hub gives it up: nothing was sent, so giving up is safe. */
  readonly heldMs?: number
  /** How long a payment may wait for approval, or for its customer's factors, before the hub gives it up. */
  readonly approvalMs?: number
  readonly authenticationMs?: number
}

export type Door = 'initiate' | 'record' | 'receive'
export type CrashPoint =
  | 'initiate:before-commit'
  | 'initiate:after-commit'
  | 'record:before-commit'
  | 'record:after-commit'
  | 'receive:before-commit'
  | 'receive:after-commit'
  | 'dispatch:before-write' // the row says sent; nothing has left
  | 'link:after-write' //      the bytes are out of the process's hands

/** What the doors share. Made once by the composition root. */
export type PaymentRoom = {
  readonly db: Db
  readonly promptDb: Db
  readonly clock: Clock
  readonly vault: Vault
  readonly paymentIds: PaymentIds
  readonly limits: Limits
  readonly serials: Serials
  readonly directory: AccountDirectory
  readonly virtualAccounts: VirtualAccounts
  readonly policies: PolicyBook
  readonly remitterBankOf: (institution: string) => string
  readonly isOwnAddress: IsOwnAddress
  readonly severalAccountsCode: string
  /** Whether a bank of the hub takes payments from abroad. */
  readonly takesForeign: (institution: string) => boolean
  readonly linkFor: PaymentRoomOptions['linkFor']
  readonly stopOf: NonNullable<PaymentRoomOptions['stopOf']>
  readonly onSent: PaymentRoomOptions['onSent']
  readonly onMoved: PaymentRoomOptions['onMoved']
  readonly onLinkMoved: (link: PaymentLink) => void
  readonly crashPoint: (name: CrashPoint) => void
  readonly maxWaiting: number
  readonly maxHeld: number
  readonly heldMs: number
  readonly approvalMs: number
  readonly authenticationMs: number
  /** When a wait that begins at `now` is over; epoch milliseconds. */
  readonly waitEnds: (wait: Wait, now: number) => number
  readonly doors: {
    readonly initiate: Batcher<InitiateItem, InitiateResult>
    readonly record: Batcher<RecordItem, Recorded>
    readonly receive: Batcher<ReceiveItem, ReceiveResult>
  }
  /** Resolves when no door has work left. */
  idle(): Promise<void>
}

export function createPaymentRoom(options: PaymentRoomOptions): PaymentRoom {
  const { db, clock, vault, onBatch, approvalMs = 86_400_000, authenticationMs = 600_000 } = options
  const maxItems = options.maxBatch ?? 256
  const stopOf = options.stopOf ?? (() => undefined)
  const partitions = options.partitions ?? 2
  const { gatherMs = 0 } = options
  const banks = new Map(options.institutions.map((one) => [one.code, one.remitterBank]))
  const foreign = new Set(options.institutions.flatMap((one) => (one.foreignRemittance === true ? [one.code] : [])))
  const watch = options.watch ?? ((_door, batcher) => batcher)
  const sized = (door: Door) => (onBatch === undefined ? {} : { onBatch: (size: number) => onBatch(door, size) })
  const doors: PaymentRoom['doors'] = {
    initiate: watch(
      'initiate',
      createBatcher<InitiateItem, InitiateResult>({
        clock,
        maxItems,
        gatherMs,
        partitions,
        partitionOf: (item) => item.lane,
        run: (items) => runInitiate(room, items),
        ...sized('initiate'),
      }),
    ),
    record: watch(
      'record',
      createBatcher<RecordItem, Recorded>({
        clock,
        maxItems,
        gatherMs,
        partitions,
        partitionOf: (item) => item.payment.lane,
        run: (items) => runRecord(room, items),
        ...sized('record'),
      }),
    ),
    receive: watch(
      'receive',
      createBatcher<ReceiveItem, ReceiveResult>({
        clock,
        maxItems,
        gatherMs,
        partitions,
        partitionOf: (item) => item.partition,
        run: (items) => runReceive(room, items),
        ...sized('receive'),
      }),
    ),
  }
  const room: PaymentRoom = {
    db,
    promptDb: options.promptDb ?? db,
    clock,
    vault,
    paymentIds: options.paymentIds,
    limits: options.limits,
    serials: createSerials(db, clock, options.rrn),
    directory: createAccountDirectory(db, vault),
    virtualAccounts: createVirtualAccounts(db, vault),
    policies: createPolicyBook(),
    remitterBankOf(institution) {
      const bank = banks.get(institution)
      if (bank === undefined) throw new Error(`institution ${institution} is not in the wire profile`)
      return bank
    },
    isOwnAddress: createIsOwnAddress(options.institutions),
    severalAccountsCode: options.severalAccountsCode,
    takesForeign: (institution) => foreign.has(institution),
    // Nothing more leaves of a bank whose cap is used up; what is taken all the same is held, as it is without a link.
    linkFor: (institution) => (stopOf(institution) === undefined ? options.linkFor(institution) : undefined),
    stopOf,
    onSent: options.onSent,
    onMoved: options.onMoved,
    onLinkMoved: options.onLinkMoved ?? (() => undefined),
    crashPoint: options.crashPoint ?? (() => undefined),
    maxWaiting: options.maxWaiting ?? 10_000,
    maxHeld: options.maxHeld ?? 10_000,
    heldMs: options.heldMs ?? 900_000,
    approvalMs,
    authenticationMs,
    waitEnds: (wait, now) =>
      now + (wait.stage === 'lag' ? wait.seconds * 1000 : wait.stage === 'approval' ? approvalMs : authenticationMs),
    doors,
    async idle() {
      await Promise.all([doors.initiate.idle(), doors.record.idle(), doors.receive.idle()])
    },
  }
  return room
}
