import type { Clock } from '../../src/base/clock.ts'
import { systemClock } from '../../src/base/clock.ts'
import type { AccountId } from '../../src/base/identifiers.ts'
import {
  createPaymentIds,
  must,
  parseAccountNumber,
  parseIfsc,
  parseMobile,
  parseRrn,
  parseStan,
  type Rrn,
} from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import type { Vault } from '../../src/base/vault.ts'
import { createPool, type Db } from '../../src/db/pool.ts'
import type { CustomerAccount } from '../../src/ledger/store.ts'
import { ensureChart, openAccount } from '../../src/ledger/store.ts'
import type { InitiateRequest } from '../../src/payment/initiate.ts'
import type { Limits } from '../../src/payment/limits.ts'
import { npciLimits } from '../../src/payment/limits.ts'
import { receive } from '../../src/payment/receive.ts'
import type { PaymentRoom, PaymentRoomOptions, UsableLink } from '../../src/payment/room.ts'
import { createPaymentRoom } from '../../src/payment/room.ts'
import { findInwardByRrn } from '../../src/payment/store.ts'
import type { PaymentEvent, StoredPayment } from '../../src/payment/stored.ts'
import { testVault } from './vault.ts'

/** The doors on a real database, with the rail replaced by two lists: what may leave, and what moved. */
export type TestRoom = {
  readonly room: PaymentRoom
  readonly db: Db
  readonly sent: StoredPayment[]
  readonly moved: { readonly payment: StoredPayment; readonly event: PaymentEvent }[]
  /** The link that door 1 may use; undefined holds payments. */
  link: UsableLink | undefined
  /** Opens a customer account with so many paise. */
  open(openingPaise?: bigint, institution?: string, tenantId?: number, customerId?: bigint): Promise<CustomerAccount>
  /** Makes a customer of tenant 1; its number and its public id. */
  makeCustomer(): Promise<{ readonly id: bigint; readonly publicId: string }>
  /** Sums to zero, every hold belongs to an unresolved payment, balances are what entries say. Throws what is wrong. */
  proveBooks(): Promise<void>
  close(): Promise<void>
}

const institutions = [
  { code: 'TRN', remitterBank: '700001', ifscPrefix: 'TRNT', nbin: '7001' },
  { code: 'TAA', remitterBank: '700002', ifscPrefix: 'TAAA', nbin: '7002' },
]

export async function createTestRoom(
  url: string,
  options: {
    clock?: Clock
    limits?: Limits
    crashPoint?: NonNullable<PaymentRoomOptions['crashPoint']>
    stopOf?: NonNullable<PaymentRoomOptions['stopOf']>
    maxHeld?: number
    onLinkMoved?: NonNullable<PaymentRoomOptions['onLinkMoved']>
    /** Of the ids of payments: rooms over one database need one each. */
    seed?: number
    vault?: Vault
  } = {},
): Promise<TestRoom> {
  const clock = options.clock ?? systemClock
  const vault = options.vault ?? testVault
  const db = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
  await db`create table if not exists link_lease (link_id text primary key, epoch bigint not null, holder text, expires_at timestamptz not null)`
  await db`
    insert into link_lease (link_id, epoch, holder, expires_at)
    values ('remitter', 1, 'test', 'infinity'), ('beneficiary', 1, 'test', 'infinity') on conflict do nothing`
  await ensureChart(db, clock.now())
  const sent: StoredPayment[] = []
  const moved: { payment: StoredPayment; event: PaymentEvent }[] = []
  const made: TestRoom = {
    room: createPaymentRoom({
      db,
      vault,
      clock,
      paymentIds: createPaymentIds(clock, createSeededRandom(options.seed ?? 7)),
      rrn: {
        hourKey: () => '632612',
        makeRrn: (_, serial) => must(parseRrn(`632612${String(serial).padStart(6, '0')}`), 'RRN'),
      },
      limits: options.limits ?? npciLimits,
      institutions,
      severalAccountsCode: 'MT',
      linkFor: () => made.link,
      onSent: (payments) => sent.push(...payments),
      onMoved: (payment, event) => moved.push({ payment, event }),
      ...(options.crashPoint === undefined ? {} : { crashPoint: options.crashPoint }),
      ...(options.stopOf === undefined ? {} : { stopOf: options.stopOf }),
      ...(options.onLinkMoved === undefined ? {} : { onLinkMoved: options.onLinkMoved }),
      ...(options.maxHeld === undefined ? {} : { maxHeld: options.maxHeld }),
    }),
    db,
    sent,
    moved,
    link: { link: 'remitter', epoch: 1 },
    async open(openingPaise = 1_000_000n, institution = 'TRN', tenantId = 1, customerId?: bigint) {
      const opened = await openAccount(
        db,
        vault,
        {
          tenantId,
          institution,
          nbin: '7001',
          name: 'Ramesh Kumar',
          ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
          mobile: null,
          mmid: null,
          reference: null,
          openingBalance: openingPaise,
          ...(customerId === undefined ? {} : { customerId }),
        },
        clock.now(),
      )
      if (typeof opened === 'string') throw new Error('no mobile was given')
      return opened
    },
    async makeCustomer() {
      const publicId = crypto.randomUUID().replaceAll('-', '')
      const [row] = await db<{ customer_id: bigint }[]>`
        insert into customer (public_id, tenant_id, sealed, created_at)
        values (${publicId}::uuid, 1, ${new Uint8Array(1)}::bytea, now()) returning customer_id`
      if (row === undefined) throw new Error('no customer was made')
      return { id: row.customer_id, publicId: `cus_${publicId}` }
    },
    proveBooks: () => proveBooks(db),
    close: () => db.end({ timeout: 2 }),
  }
  return made
}

/** The invariants of the ledger, as SQL. Throws the first that does not hold. */
export async function proveBooks(db: Db): Promise<void> {
  const rows = await db<{ wrong: string }[]>`
    select 'balances do not sum to zero: ' || sum(balance) as wrong from account having sum(balance) <> 0
    union all select 'entries do not sum to zero: ' || sum(amount) from entry having sum(amount) <> 0
    union all select 'account ' || a.account_id || ' is not what its entries say' from account a
      left join (select account_id, sum(amount) as total, count(*) as entries from entry group by account_id) e using (account_id)
      where a.balance <> coalesce(e.total, 0) or a.entry_no <> coalesce(e.entries, 0)
    union all select 'hold without an unresolved payment: ' || h.payment_id from hold h left join payment p using (payment_id)
      where p.state is null or p.state not in ('held', 'sent', 'unconfirmed') or h.amount <> p.amount
    union all select 'unresolved payment without a hold: ' || p.payment_id from payment p left join hold h using (payment_id)
      where p.direction = 'outward' and p.state in ('held', 'sent', 'unconfirmed') and h.payment_id is null
    union all select 'payment ' || p.payment_id || ' (' || p.state || ') has entries of ' || coalesce(sum(e.amount), 0)
      from payment p left join entry e on e.journal_id = p.payment_id and e.account_id = p.account_id
      where p.account_id is not null group by p.payment_id, p.state, p.direction, p.amount
      having coalesce(sum(e.amount), 0) <> case
        when p.direction = 'inward' then case p.state when 'succeeded' then p.amount
          -- taken back: all but what the account lacked
          when 'returned' then (select coalesce(-sum(s.amount), 0) from entry s where s.journal_id = p.payment_id and s.kind = 'recovery'
                                and s.account_id between 7 * 64 and 7 * 64 + 63) else 0 end
        when p.state in ('declined', 'returned', 'cancelled', 'refused') then 0 else -p.amount end
    union all select 'payment ' || p.payment_id || ' is ' || p.state || ' but its last event is ' || coalesce(e.state, 'missing')
      from payment p left join event e on e.payment_id = p.payment_id and e.sequence = p.version
      where e.state is distinct from p.state
    union all select 'payment ' || payment_id || ' has ' || count(*) || ' events for version ' || max(version)
      from event join payment using (payment_id) group by payment_id having count(*) <> max(version)
    limit 5`
  if (rows.length > 0) throw new Error(rows.map((row) => row.wrong).join('; '))
}

let serial = 0

/** A payment request with a fresh key; override what the test is about. */
export function requestFrom(from: AccountId, change: Partial<InitiateRequest> = {}): InitiateRequest {
  serial += 1
  return {
    tenantId: 1,
    idempotencyKey: `key-${serial}`,
    bodyHash: String(serial).padStart(64, '0'),
    amountPaise: paise(10_000n),
    from,
    to: {
      kind: 'account',
      ifsc: must(parseIfsc('HDFC0000123'), 'IFSC'),
      account: must(parseAccountNumber('50100123456789'), 'account'),
      name: 'Asha "Devi" \\ {1,2}',
    },
    channel: 'internet',
    remarks: 'rent, march',
    reference: null,
    actor: null,
    ...change,
  }
}

/** A payment from another bank, credited or declined by the state of the account. */
export async function receiveInto(
  { room, db }: TestRoom,
  to: CustomerAccount,
  { rrn, amountPaise, at }: { readonly rrn: Rrn; readonly amountPaise: bigint; readonly at: number },
): Promise<StoredPayment> {
  await receive(
    room,
    {
      rrn,
      stan: must(parseStan(rrn.slice(6)), 'STAN'),
      remitterBank: '600001',
      amountPaise: paise(amountPaise),
      transmittedAt: at,
      channel: 'mobile',
      remitter: { name: 'Ravi', account: must(parseAccountNumber('9911'), 'account') },
      beneficiary: { kind: 'account', ifsc: to.ifsc, account: to.accountNumber },
    },
    { link: 'beneficiary', epoch: 1 },
    (outcome) => ({ bytes: Buffer.from('answer'), responseCode: outcome.kind === 'credited' ? '00' : 'M3' }),
  )
  const [received] = await findInwardByRrn(db, room.vault, rrn)
  return must(received, 'payment')
}

export const testMobile = must(parseMobile('9876543210'), 'mobile')
