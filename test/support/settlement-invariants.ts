import { LANES } from '../../src/base/identifiers.ts'
import type { Db } from '../../src/db/pool.ts'
import { chart } from '../../src/ledger/chart.ts'

/** What the raw files of NPCI have as settled: the only thing that the database does not say payment by payment. */
export type SettledRow = {
  readonly direction: 'outward' | 'inward'
  readonly rrn: string
  readonly institution: string
  readonly amountPaise: bigint
  /** The lane it was booked in; 0 where the hub has no such payment. */
  readonly lane: number
}

export type InvariantOptions = {
  /** Rows with 00 or 08 of the raw files of cycles that are booked, each once. */
  readonly settled: readonly SettledRow[]
  /** Of cycles that are booked: what the statement says was settled outward and inward, by `cycle:<institution>/<date>/<n>`. */
  readonly stated?: ReadonlyMap<string, { readonly outwardPaise: bigint; readonly inwardPaise: bigint }>
  readonly now: number
}

const between = (code: keyof typeof chart): string =>
  `between ${chart[code].number * LANES} and ${chart[code].number * LANES + LANES - 1}`

/**
 * I1 to I6 and the part of I8 that a database can show, of settlement.md §6.6; I7 is `booksDigest` before and after a replay.
 * @returns what does not hold, in words; nothing when all does
 */
export async function settlementInvariants(db: Db, options: InvariantOptions): Promise<string[]> {
  const wrongs: string[] = []
  const rows = (name: string, found: readonly { readonly wrong: string }[]): void => {
    for (const { wrong } of found.slice(0, 5)) wrongs.push(`${name}: ${wrong}`)
  }
  rows(
    'I1',
    await db<{ wrong: string }[]>`
      select 'journal ' || journal_id || ' (' || kind || ') has ' || sum(amount) as wrong from entry group by journal_id, kind
      having sum(amount) <> 0
      union all
      select 'day ' || (at at time zone 'Asia/Kolkata')::date || ' has ' || sum(amount) from entry
      where kind <> 'opening' group by (at at time zone 'Asia/Kolkata')::date having sum(amount) <> 0 limit 5`,
  )
  await checkCycles(db, options, wrongs)
  await checkClearing(db, options, wrongs)
  rows(
    'I4',
    await db<{ wrong: string }[]>`
      select p.direction || ' ' || p.payment_id || ' (' || p.state || ') was credited ' || sum(e.amount) || ' of ' || p.amount as wrong
      from payment p join entry e on e.journal_id = p.payment_id and e.account_id = p.account_id
      where e.kind <> 'hold' group by p.payment_id, p.direction, p.state, p.amount having sum(e.amount) > p.amount
      union all
      select 'token without its credit: ' || c.payment_id from credit_once c join payment p using (payment_id)
      where not exists (select from entry e where e.journal_id = c.payment_id and e.account_id = p.account_id and e.kind = c.ledger)
      union all
      select 'credit without its token: ' || p.payment_id from payment p
      where p.direction = 'outward' and p.rrn is not null and p.state in ('declined', 'returned')
        and not exists (select from credit_once c where c.payment_id = p.payment_id) limit 5`,
  )
  rows(
    'I5',
    await db<{ wrong: string }[]>`
      select 'payment ' || c.payment_id || ' was given back by ' || c.by as wrong
      from credit_once c left join settlement_item i on i.payment_id = c.payment_id
      where c.direction = 'outward' and not (
        c.by in ('declined', 'reversed', 'returned', 'refunded', 'dispute_won', 'settled_declined', 'found_unpaid', 'found_returned', 'found_unsettled')
        or (c.by = 'settled_absent' and i.absent_cycles >= 3)) limit 5`,
  )
  rows(
    'I6',
    await db<{ wrong: string }[]>`
      select i.direction || ' RRN ' || i.rrn || ' is deemed, past its time, and nothing accrues' as wrong from settlement_item i
      where i.raw = '08' and i.done_at is null and i.duty in ('hear', 'say')
        and (i.transacted_on + 1) < (to_timestamp(${options.now / 1000}) at time zone 'Asia/Kolkata')::date
        and not exists (select from compensation c where c.rrn = i.rrn and c.nbin = i.nbin and c.direction = i.direction)
        and not exists (select from dispute d where d.payment_id = i.payment_id and d.state not in ('new', 'dropped')) limit 5`,
  )
  rows(
    'I8',
    await db<{ wrong: string }[]>`
      select i.direction || ' RRN ' || i.rrn || ' waits for people, and no break says so' as wrong from settlement_item i
      where i.duty = 'people' and i.done_at is null and not exists (
        select from break b where b.payment_id = i.payment_id or b.detail like '%' || i.rrn || '%') limit 5`,
  )
  return wrongs
}

/** I2: what left clearing with a cycle is what its statement says, but for what stands in suspense beside a break. */
async function checkCycles(db: Db, { stated }: InvariantOptions, wrongs: string[]): Promise<void> {
  if (stated === undefined) return
  const booked = await db.unsafe<{ key: string; outward: bigint; inward: bigint }[]>(`
    select j.transfer_key as key,
      coalesce(sum(e.amount) filter (where e.account_id ${between('OUT-CLR')} or e.account_id ${between('SUSP-OUT')}), 0)::bigint as outward,
      coalesce(sum(e.amount) filter (where e.account_id ${between('IN-CLR')} or e.account_id ${between('SUSP-IN')}), 0)::bigint as inward
    from journal j left join entry e on e.journal_id = j.journal_id where j.event in ('settled', 'settled_reversed') group by j.transfer_key`)
  const seen = new Set(booked.map(({ key }) => key))
  for (const { key, outward, inward } of booked) {
    const says = stated.get(key)
    if (says === undefined) wrongs.push(`I2: ${key} is booked, and has no statement`)
    else if (outward !== -says.outwardPaise || inward !== says.inwardPaise)
      wrongs.push(`I2: ${key} moved ${outward} and ${inward}, stated ${says.outwardPaise} and ${says.inwardPaise}`)
  }
  for (const key of stated.keys()) if (!seen.has(key)) wrongs.push(`I2: ${key} is not booked`)
}

type InClearing = {
  payment_id: string
  direction: 'outward' | 'inward'
  rrn: string | null
  institution: string
  state: string
  amount: bigint
  watched: boolean
  /** Payer and payee are of one bank, and NPCI has never heard of it. */
  within: boolean
}

/**
 * I3: the clearing accounts of every lane are what their payments say one by one, and whatever is not zero of a payment is either on its
 * way, or an exception that somebody looks at.
 */
async function checkClearing(db: Db, { settled }: InvariantOptions, wrongs: string[]): Promise<void> {
  const clearing = `(e.account_id ${between('OUT-CLR')} or e.account_id ${between('IN-CLR')})`
  const payments = await db<InClearing[]>`
    select p.payment_id, p.direction, p.rrn, p.institution, p.state, p.amount,
      (i.item_id is not null and i.done_at is null) or exists (select from break b where b.payment_id = p.payment_id) as watched,
      p.rrn is not null and p.transmitted_at is null as within
    from payment p left join settlement_item i on i.payment_id = p.payment_id`
  // What each payment moved in clearing, and where: by the doors, by journals about it, by the return that is its, by its disputes.
  const moved = `e.lane, case when e.account_id ${between('OUT-CLR')} then 'outward' else 'inward' end as side, e.amount`
  const moves = await db.unsafe<{ payment_id: string; lane: number; side: string; amount: bigint }[]>(`
    select p.payment_id, ${moved} from payment p join entry e on e.journal_id = p.payment_id where ${clearing}
    union all
    select p.payment_id, ${moved} from payment p
      join journal j on j.transfer_key = 'pay:' || replace(p.payment_id::text, '-', '') join entry e on e.journal_id = j.journal_id
      where ${clearing}
    union all
    select i.payment_id, ${moved} from settlement_item i
      join journal j on j.transfer_key = 'adj:' || i.return_ref and j.event in ('ret_received', 'ret_paid')
      join entry e on e.journal_id = j.journal_id
      where ${clearing} and i.payment_id is not null
    union all
    select d.payment_id, ${moved} from dispute d
      join journal j on j.transfer_key = 'dsp:' || replace(d.dispute_id::text, '-', '') join entry e on e.journal_id = j.journal_id
      where ${clearing}`)
  const own = new Map<string, bigint>()
  const settledBy = new Map<string, bigint>()
  const lanes = new Map<string, bigint>()
  const add = (sums: Map<string, bigint>, key: string, amount: bigint): void => {
    sums.set(key, (sums.get(key) ?? 0n) + amount)
  }
  for (const { payment_id, lane, side, amount } of moves) {
    add(own, payment_id, amount)
    add(lanes, `${side} ${lane}`, amount)
  }
  // Two banks may use one RRN: then it is the amount that tells their payments apart.
  const sharers = Map.groupBy(payments, ({ direction, institution, rrn }) => `${direction} ${institution} ${rrn}`)
  const isShared = (key: string): boolean => (sharers.get(key)?.length ?? 0) > 1
  const nameOf = (
    row: Pick<SettledRow, 'direction' | 'institution' | 'amountPaise'> & { readonly rrn: string | null },
  ) => {
    const key = `${row.direction} ${row.institution} ${row.rrn}`
    return isShared(key) ? `${key} ${row.amountPaise}` : key
  }
  for (const row of settled) {
    add(settledBy, nameOf(row), row.amountPaise)
    add(lanes, `${row.direction} ${row.lane}`, row.direction === 'outward' ? -row.amountPaise : row.amountPaise)
  }
  // What stays within a bank comes into clearing and leaves it in one commit, by its two sides.
  const withins = Map.groupBy(
    payments.filter(({ within }) => within),
    ({ institution, rrn }) => `${institution} ${rrn}`,
  )
  for (const [name, sides] of withins) {
    const left = sides.reduce((sum, { payment_id }) => sum + (own.get(payment_id) ?? 0n), 0n)
    if (left !== 0n) wrongs.push(`I3: RRN ${name} within the bank has ${left} in clearing`)
  }
  for (const one of payments) {
    if (one.within) continue
    const gone = settledBy.get(nameOf({ ...one, amountPaise: one.amount })) ?? 0n
    const held = own.get(one.payment_id) ?? 0n
    const left = held + (one.direction === 'outward' ? -gone : gone)
    const onItsWay = gone === 0n && (one.direction === 'inward' || held === one.amount)
    if (left !== 0n && !onItsWay && !one.watched)
      wrongs.push(`I3: ${one.direction} ${one.payment_id} (${one.state}) has ${left} in clearing, unexplained`)
  }
  for (const [direction, code] of [
    ['outward', 'OUT-CLR'],
    ['inward', 'IN-CLR'],
  ] as const) {
    const balances = await db.unsafe<{ lane: number; balance: bigint }[]>(
      `select lane, balance from account where account_id ${between(code)}`,
    )
    for (const { lane, balance } of balances) {
      const expected = lanes.get(`${direction} ${lane}`) ?? 0n
      if (balance !== expected) wrongs.push(`I3: ${code} of lane ${lane} has ${balance}, its payments ${expected}`)
    }
  }
}

/** Everything that a replay must not change, a line for each row: I7. What two of them differ in is what was changed. */
export async function booksLines(db: Db): Promise<Set<string>> {
  const rows = await db<{ line: string }[]>`
    select 'account ' || account_id || ' ' || balance || ' ' || entry_no || ' ' || lien as line from account
    union all select 'payment ' || payment_id || ' ' || state || ' ' || version from payment
    union all select 'journal ' || transfer_key || ' ' || event || ' ' || occurrence from journal
    union all select 'item ' || direction || ' ' || rrn || ' ' || raw || ' ' || duty || ' ' || coalesce(outcome, '') from settlement_item
    union all select 'compensation ' || direction || ' ' || rrn || ' ' || days || ' ' || state from compensation
    union all select 'upload ' || direction || ' ' || rrn || ' ' || flag || ' ' || reason_code || ' ' || occurrence from upload_row
    union all select 'break ' || kind || ' ' || detail || ' ' || state || ' ' || count(*) from break group by kind, detail, state`
  return new Set(rows.map(({ line }) => line))
}

/** Of two of them, the lines of one only. */
export const changedLines = (before: ReadonlySet<string>, after: ReadonlySet<string>): string[] => [
  ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
  ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
]
