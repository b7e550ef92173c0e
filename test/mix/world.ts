import { randomUUID } from 'node:crypto'
import { paise } from '../../src/base/money.ts'
import { addDays, startOfDay } from '../../src/imps/cycles.ts'
import { matrix } from '../../src/imps/disputes/matrix.ts'
import type { AdjustmentRow } from '../../src/imps/files/rows.ts'
import { chart } from '../../src/ledger/chart.ts'
import type { CustomerAccount } from '../../src/ledger/store.ts'
import type { Finding } from '../../src/payment/payment.ts'
import { recordById } from '../../src/payment/record.ts'
import type { StoredPayment } from '../../src/payment/stored.ts'
import { accrue } from '../../src/settlement/books/compensation.ts'
import type { CycleFindings, CycleOfBank } from '../../src/settlement/books/findings.ts'
import { finishFound } from '../../src/settlement/books/found.ts'
import { retryStuck } from '../../src/settlement/books/returns.ts'
import { type Adjustment, applyAdjustment } from '../../src/settlement/disputes/apply.ts'
import { openDisputeBreak } from '../../src/settlement/disputes/breaks.ts'
import type { DisputeDeps } from '../../src/settlement/disputes/deps.ts'
import { payWon } from '../../src/settlement/disputes/pay.ts'
import { breakTypes } from '../../src/settlement/match/break-types.ts'
import { type RawSaid, setUpBooks, T } from '../support/books.ts'
import { booksLines, changedLines, settlementInvariants } from '../support/settlement-invariants.ts'
import { type Act, CYCLES, drawStory, type Story } from './story.ts'

/** So far apart are the cycles of a story: T to T+3, so that late days are among them. */
const APART_MS = 16 * 3_600_000
const OPENING = 10_000_000n

type Told = {
  readonly story: Story
  readonly payment: StoredPayment
  readonly account: CustomerAccount
}
type Booked = {
  readonly cycle: CycleOfBank
  readonly findings: CycleFindings
  readonly said: readonly AdjustmentRow[]
  readonly lines: readonly Adjustment[]
}

/**
 * Many stories side by side in one hub, on a database of their own: doors, books and disputes as they are, with a match that is computed the
 * slow way. @returns what does not hold, in words that name the seed where one payment is to blame
 */
export async function runStories(url: string, seeds: readonly number[]): Promise<string[]> {
  const b = await setUpBooks(url)
  const { db, room } = b.t
  const clock = b.deps.clock
  const disputes: DisputeDeps = {
    db,
    room,
    clock,
    rules: matrix,
    newId: () => randomUUID().replaceAll('-', ''),
    openBreak: (tx, found) => openDisputeBreak(tx, found, breakTypes[found.type].action, clock.now()),
  }
  const booked: Booked[] = []

  const begin = async (seed: number): Promise<Told> => {
    const story = drawStory(seed)
    const account = await b.account(story.direction === 'outward' ? OPENING : 0n)
    const set = (status: string) => db`update account set status = ${status} where account_id = ${account.id.slice(4)}`
    if (!story.takes && story.direction === 'inward') await set('frozen')
    const payment = await (story.direction === 'outward' ? b.outward : b.inward)(account, story.amountPaise)
    await set('open')
    return { story, payment, account }
  }

  const sweep = async (): Promise<void> => {
    await retryStuck(b.deps, 'TRN')
    await payWon(disputes)
    await finishFound(b.deps, 'TRN')
    await accrue(b.deps, 'TRN')
  }

  const book = async ({ cycle, findings, said, lines }: Booked): Promise<void> => {
    await b.book(cycle, findings, said)
    for (const line of lines) await applyAdjustment(disputes, cycle, line)
  }

  /** Two people agree about it: the approval that the fact names. */
  const agree = (id: string, payment: StoredPayment): Promise<unknown> =>
    db`
      insert into approval_request (approval_id, tenant_id, subject_kind, subject_id, reason, digest, content, steps, maker, maker_same,
        created_at, expires_at)
      values (${id}::uuid, 1, 'resolution', ${payment.id}, 'rule', ${new Uint8Array(32)}::bytea, ${new Uint8Array(1)}::bytea, '[]', 'usr_1',
        '{}', now(), now() + interval '1 day')`.execute()

  const rowOf = ({ payment, story }: Told, act: Extract<Act, { kind: 'confirmation' }>): AdjustmentRow =>
    b.adjustment(payment, act.flag, {
      adjRef: `${act.flag}${act.ref}-${payment.id}`,
      adjAmountPaise: paise(story.amountPaise / act.amountShare),
    })

  const lineOf = ({ payment, story }: Told, act: Extract<Act, { kind: 'adjustment' }>): Adjustment => ({
    source: `adj:${act.flag}${act.ref}-${payment.id}`,
    institution: 'TRN',
    direction: payment.direction,
    rrn: payment.rrn ?? '',
    flag: act.flag,
    reason: act.reason,
    on: T,
    transactionOn: T,
    amountPaise: story.amountPaise,
    verdictFor: act.verdictFor,
  })

  /** What an act does at once; what a report says comes with its cycle. */
  const perform = async (told: Told, act: Act): Promise<void> => {
    const { payment, account } = told
    switch (act.kind) {
      case 'message':
        await recordById(room, payment.id, act.fact)
        return
      case 'finding':
        if (!isShown(told.story, act.finding)) return
        await agree(act.approvalId, payment)
        await recordById(room, payment.id, { kind: act.finding, approvalId: act.approvalId })
        return
      case 'account':
        await db`update account set status = ${act.status} where account_id = ${account.id.slice(4)}`
        return
      case 'again': {
        const last = booked.at(-1)
        if (last !== undefined) await book(last)
        return
      }
      case 'sweep':
        return sweep()
      case 'confirmation':
      case 'adjustment':
        return
    }
  }

  try {
    const all: Told[] = []
    for (const seed of seeds) all.push(await begin(seed))
    for (let number = 0; number < CYCLES; number += 1) {
      b.setNow(startOfDay(T) + 12 * 3_600_000 + number * APART_MS)
      const said: AdjustmentRow[] = []
      const lines: Adjustment[] = []
      for (const told of all) {
        for (const [cycle, act] of told.story.acts) {
          if (cycle !== number) continue
          await perform(told, act)
          if (act.kind === 'confirmation') said.push(rowOf(told, act))
          if (act.kind === 'adjustment') lines.push(lineOf(told, act))
        }
      }
      const rows = all.flatMap(({ story, payment }): RawSaid[] =>
        story.raw?.cycle === number
          ? [
              {
                direction: story.direction,
                rrn: payment.rrn ?? '',
                raw: story.raw.said,
                amountPaise: story.amountPaise,
              },
            ]
          : [],
      )
      const one = { cycle: b.cycle(number + 1, addDays(T, 1)), findings: await b.match(rows), said, lines }
      await book(one)
      booked.push(one)
    }
    await db`update account set status = 'open' where status <> 'open' and kind = 'customer'`
    await sweep()

    const wrongs = await settlementInvariants(db, { settled: b.settled, stated: b.stated, now: b.now() })
    await b.t
      .proveBooks()
      .catch((error: unknown) => wrongs.push(`books: ${error instanceof Error ? error.message : error}`))
    for (const told of all) wrongs.push(...(await creditsOf(told)))
    wrongs.push(...(await disputeAccounts()))
    const before = await booksLines(db)
    for (const one of booked) await book(one)
    for (const line of changedLines(before, await booksLines(db)).filter(
      (line) => !line.slice(2).startsWith('account '),
    ))
      wrongs.push(`I7: all of it again changed ${line}`)
    return wrongs.map((wrong) => naming(wrong, all))
  } finally {
    await b.t.close()
  }

  /** What the customer has of a payment beside what is compensation: a debit once, and once back at most; a credit once at most. */
  async function creditsOf({ story, account }: Told): Promise<string[]> {
    const [row] = await db<{ moved: bigint; credits: number }[]>`
      select coalesce(sum(amount), 0)::bigint as moved, count(*) filter (where amount > 0)::integer as credits from entry
      where account_id = ${account.id.slice(4)} and kind not in ('opening', 'compensation')`
    const { moved, credits } = row ?? { moved: 0n, credits: 0 }
    const [least, most] = story.direction === 'outward' ? [-story.amountPaise, 0n] : [0n, story.amountPaise]
    return moved < least || moved > most || credits > 1
      ? [`I4: seed ${story.seed} (${story.direction}) has ${moved} of ${story.amountPaise} in ${credits} credits`]
      : []
  }

  /** What stands in the accounts for disputes is what disputes say. */
  async function disputeAccounts(): Promise<string[]> {
    const balance = async (number: number): Promise<bigint> => {
      const [row] = await db<{ sum: bigint }[]>`
        select coalesce(sum(balance), 0)::bigint as sum from account where account_id between ${number * 64} and ${number * 64 + 63}`
      return row?.sum ?? 0n
    }
    const [sums] = await db<{ held: bigint; receivable: bigint }[]>`
      select coalesce(sum(held) filter (where family not in ('credit_adjustment', 'beneficiary_good_faith') or direction = 'inward'), 0)::bigint
               as held, coalesce(sum(receivable), 0)::bigint as receivable from dispute`
    const [held, receivable] = [await balance(chart['DSP-HELD'].number), -(await balance(chart['DSP-REC'].number))]
    return held === sums?.held && receivable === sums.receivable
      ? []
      : [`disputes hold ${sums?.held} and ${sums?.receivable}, their accounts ${held} and ${receivable}`]
  }
}

/** What NPCI's file decides is said by people only as the file has it: the door wants to see it. */
function isShown({ raw }: Story, finding: Finding): boolean {
  if (finding === 'found_settled') return raw?.said === '00'
  return finding !== 'found_unsettled' || raw === null || raw.said === 'declined'
}

/** With the seed of the payment that the words name, by its id or its RRN. */
function naming(wrong: string, all: readonly Told[]): string {
  const one = all.find(
    ({ payment }) =>
      wrong.replaceAll('-', '').includes(payment.id.slice(4)) || (payment.rrn !== null && wrong.includes(payment.rrn)),
  )
  return one === undefined ? wrong : `seed ${one.story.seed}: ${wrong}`
}
