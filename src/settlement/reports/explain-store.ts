import { toRfc3339 } from '../../base/clock.ts'
import { paymentKey } from '../../base/identifiers.ts'
import type { Vault } from '../../base/vault.ts'
import { texts } from '../../db/arrays.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { type NbinOf, remitterNbin } from '../../imps/banks.ts'
import { type PaymentRow, paymentsOf } from '../../payment/store.ts'
import type { StoredPayment } from '../../payment/stored.ts'
import type { BreakType } from '../match/break-types.ts'

/** What the rows about one payment say, each table by the index that has its payment or its RRN. */
export type Found = {
  readonly events: readonly { readonly state: string; readonly responseCode: string | null; readonly at: number }[]
  readonly entries: readonly { readonly kind: string; readonly amountPaise: bigint; readonly at: number }[]
  readonly journals: readonly {
    readonly event: string
    readonly cycle: string | null
    readonly legs: readonly { readonly account: bigint; readonly amountPaise: bigint }[]
    readonly at: number
  }[]
  readonly items: readonly {
    readonly raw: '00' | '08' | 'declined' | 'absent'
    readonly responseCode: string | null
    readonly settledOn: string
    readonly cycle: string
    readonly absentCycles: number
    readonly duty: string
    readonly dueAt: number | null
    readonly outcome: string | null
    readonly doneAt: number | null
    readonly updatedAt: number
  }[]
  readonly compensations: readonly {
    readonly owedBy: string
    readonly days: number
    readonly amountPaise: bigint
    readonly state: string
    readonly fromOn: string
    readonly updatedAt: number
  }[]
  readonly uploads: readonly {
    readonly flag: string
    readonly reasonCode: string
    readonly file: string | null
    readonly state: string | null
    readonly dueAt: number | null
    readonly madeAt: number
    readonly sentAt: number | null
    readonly droppedAt: number | null
    readonly droppedWhy: string | null
  }[]
  readonly disputes: readonly {
    readonly family: string
    readonly state: string
    readonly dueAt: number | null
    readonly dueFlag: string | null
    readonly closedAt: number | null
  }[]
  readonly disputeEvents: readonly {
    readonly kind: string
    readonly flag: string | null
    readonly reasonCode: string | null
    readonly actor: string
    readonly state: string
    readonly funds: 'none' | 'to_remitter' | 'to_beneficiary'
    readonly amountPaise: bigint
    readonly at: number
  }[]
  readonly breaks: readonly {
    readonly type: BreakType
    readonly kind: string
    readonly detail: string
    readonly action: string | null
    readonly dueAt: number | null
    readonly assignee: string | null
    readonly resolution: string | null
    readonly openedAt: number
    readonly closedAt: number | null
  }[]
  readonly approvals: readonly {
    readonly subject: string
    readonly reason: string
    readonly decision: string | null
    readonly createdAt: number
    readonly decidedAt: number | null
    readonly votes: number
  }[]
  readonly factors: readonly { readonly factors: readonly string[]; readonly source: string; readonly at: number }[]
  readonly strays: readonly { readonly reason: string; readonly at: number }[]
  readonly askedBefore: readonly { readonly times: number; readonly at: number }[]
  readonly hold: { readonly dueAt: number | null; readonly checks: number } | undefined
}

/** The payments of one tenant that have this RRN: other banks have it too, and each direction. */
export async function findByRrn(tx: Tx, vault: Vault, rrn: string): Promise<StoredPayment[]> {
  const rows = await tx<PaymentRow[]>`
    select * from payment where rrn = ${rrn} order by direction desc, payment_id limit 20`
  return paymentsOf(vault, rows)
}

/** Where an account's own legs of a payment stand, found by when its steps were: `entry` has no index on its journal for them. */
const NEAR = 300

/** All about one payment. The caller has made sure that whoever asks may know it. */
export async function findAll(db: Db, nbinOf: NbinOf, payment: StoredPayment): Promise<Found> {
  const key = paymentKey(payment.id)
  const { rrn, direction, remitterBank, lane, accountId } = payment
  // Doors call the remitter bank by its number on the wire, NPCI's files by its NBIN.
  const banks = [remitterBank, remitterNbin(nbinOf, payment)]
  const own = accountId === null ? null : BigInt(accountId.slice(4))
  const [
    events,
    journals,
    items,
    compensations,
    uploads,
    disputes,
    disputeEvents,
    breaks,
    approvals,
    factors,
    strays,
    asked,
    holds,
  ] = await Promise.all([
    db<Found['events'][number][]>`
        select state, response_code as "responseCode", at from event where payment_id = ${key}::uuid order by sequence`,
    db<{ event: string; cycle: string | null; accounts: bigint[]; amounts: bigint[]; at: number }[]>`
        select j.event, j.settled_on || '/' || j.cycle as cycle, j.at,
               array_agg(e.account_id order by e.amount, e.account_id) as accounts,
               array_agg(e.amount order by e.amount, e.account_id) as amounts
        from journal j
        left join entry e on e.journal_id = j.journal_id and e.kind not in ('opening', 'hold', 'void', 'credit', 'return')
        where j.transfer_key in (select ${`pay:${key}`} union all
          select 'dsp:' || replace(d.dispute_id::text, '-', '') from dispute d where d.payment_id = ${key}::uuid union all
          select 'adj:' || return_ref from settlement_item where payment_id = ${key}::uuid and return_ref is not null union all
          select e.source from dispute d join dispute_event e using (dispute_id)
          where d.payment_id = ${key}::uuid and e.source is not null)
        group by j.journal_id order by j.at`,
    db<Found['items'][number][]>`
        select raw, response_code as "responseCode", settled_on::text as "settledOn", cycle, absent_cycles as "absentCycles", duty,
               due_at as "dueAt", outcome, done_at as "doneAt", updated_at as "updatedAt"
        from settlement_item where payment_id = ${key}::uuid`,
    db<Found['compensations'][number][]>`
        select owed_by as "owedBy", days, amount as "amountPaise", state, from_on::text as "fromOn", updated_at as "updatedAt"
        from compensation where rrn = ${rrn} and direction = ${direction} and payment_id = ${key}::uuid`,
    db<Found['uploads'][number][]>`
        select r.flag, r.reason_code as "reasonCode", f.name as file, f.state, r.due_at as "dueAt", r.made_at as "madeAt", f.sent_at as "sentAt",
          r.dropped_at as "droppedAt", r.dropped_why as "droppedWhy"
        from upload_row r left join upload_file f using (upload_id)
        where r.rrn = ${rrn} and r.direction = ${direction} and r.payment_id = ${key}::uuid`,
    db<Found['disputes'][number][]>`
        select family, state, due_at as "dueAt", due_flag as "dueFlag", closed_at as "closedAt"
        from dispute where payment_id = ${key}::uuid order by dispute_id`,
    db<Found['disputeEvents'][number][]>`
        select e.kind, e.flag, e.reason_code as "reasonCode", e.actor, e.to_state as state, e.funds, e.amount as "amountPaise", e.at
        from dispute d join dispute_event e using (dispute_id) where d.payment_id = ${key}::uuid order by e.dispute_id, e.sequence`,
    db<Found['breaks'][number][]>`
        select type, kind, detail, action, due_at as "dueAt", assignee, resolution, opened_at as "openedAt", closed_at as "closedAt"
        from break where payment_id = ${key}::uuid or (rrn = ${rrn} and nbin = any(${banks}::text[]) and direction = ${direction})
        order by opened_at`,
    db<Found['approvals'][number][]>`
        select a.subject_kind as subject, a.reason, a.decision, a.created_at as "createdAt", a.decided_at as "decidedAt",
               (select count(*)::integer from approval_vote v where v.approval_id = a.approval_id) as votes
        from approval_request a
        where a.approval_id = ${key}::uuid or (a.subject_kind = 'resolution' and a.subject_id = ${payment.id})`,
    db<Found['factors'][number][]>`
        select factors, source, proved_at as at from evidence where payment_id = ${key}::uuid`,
    db<Found['strays'][number][]>`
        select reason, received_at as at from unmatched_answer where rrn = ${rrn} and link = ${payment.link} order by answer_id limit 20`,
    db<Found['askedBefore'][number][]>`
        select times, first_at as at from inward_verification
        where rrn = ${rrn} and remitter_bank = ${remitterBank} and ${direction} = 'inward'`,
    db<{ dueAt: number | null; checks: number }[]>`
        select due_at as "dueAt", checks from hold where payment_id = ${key}::uuid`,
  ])
  const entries =
    own === null
      ? []
      : await db<Found['entries'][number][]>`
        select distinct e.entry_no, e.kind, e.amount as "amountPaise", e.at
        from unnest(${texts(events, (event) => toRfc3339(event.at))}::timestamptz[]) as s (at)
        cross join lateral (select entry_before(${lane}::smallint, ${own}::bigint, s.at) as low) as edge
        join entry e on e.lane = ${lane} and e.account_id = ${own} and e.entry_no > edge.low and e.entry_no <= edge.low + ${NEAR}
                    and e.journal_id = ${key}::uuid
        order by e.entry_no`
  return {
    events,
    entries,
    journals: journals.map(({ event, cycle, accounts, amounts, at }) => ({
      event,
      cycle,
      at,
      legs: accounts.map((account, i) => ({ account, amountPaise: amounts[i] ?? 0n })),
    })),
    items,
    compensations,
    uploads,
    disputes,
    disputeEvents,
    breaks,
    approvals,
    factors,
    strays,
    askedBefore: asked,
    hold: holds[0],
  }
}

/** Whether a cycle of a bank is settled in the books, by its settlement date and number. */
export async function isSettled(db: Db, institution: string, settledOn: string, cycle: string): Promise<boolean> {
  const rows = await db`
    select from pipeline_step
    where institution = ${institution} and settled_on = ${settledOn}::date and cycle = ${cycle} and step = 'settle'`
  return rows.length > 0
}
