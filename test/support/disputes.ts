import { randomUUID } from 'node:crypto'
import { systemClock } from '../../src/base/clock.ts'
import { must, parseAccountNumber, parseRrn, parseStan } from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { istInstant } from '../../src/imps/disputes/days.ts'
import { matrix } from '../../src/imps/disputes/matrix.ts'
import { type ChartCode, chart } from '../../src/ledger/chart.ts'
import { type CustomerAccount, findAccount } from '../../src/ledger/store.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { receive } from '../../src/payment/receive.ts'
import { recordById } from '../../src/payment/record.ts'
import { findPayments } from '../../src/payment/store.ts'
import type { StoredPayment } from '../../src/payment/stored.ts'
import { type Adjustment, type Applied, applyAdjustment } from '../../src/settlement/disputes/apply.ts'
import type { DisputeBreak, DisputeDeps } from '../../src/settlement/disputes/deps.ts'
import { createTestRoom, requestFrom } from './payment-room.ts'
import { testVault } from './vault.ts'

/** The day of all payments in these tests, IST. */
export const T = '2026-11-20'
export const AMOUNT = 3_000_000n

/** Disputes on a real database, with payments of both directions to argue about. */
export async function setUpDisputes(url: string) {
  let now = istInstant(T, '12:00')
  const clock = { ...systemClock, now: () => now }
  const t = await createTestRoom(url, { clock })
  const breaks: DisputeBreak[] = []
  const deps: DisputeDeps = {
    db: t.db,
    room: t.room,
    clock,
    rules: matrix,
    newId: () => randomUUID().replaceAll('-', ''),
    openBreak: async (_tx, found) => {
      breaks.push(found)
    },
  }
  let serial = 0
  let source = 0
  const cycle = { institution: 'TRN', settlementDate: T, number: '5' }

  /** A payment of ours, as far as NPCI knows paid or deemed. */
  async function outward(how: 'succeeded' | 'deemed'): Promise<{ payment: StoredPayment; account: CustomerAccount }> {
    const account = await t.open(10_000_000n)
    const made = await initiate(t.room, requestFrom(account.id, { amountPaise: paise(AMOUNT) }))
    if (made.kind !== 'accepted') throw new Error(made.kind)
    const fact = how === 'deemed' ? 'deemed' : 'approved'
    const moved = await recordById(t.room, made.payment.id, {
      kind: fact,
      responseCode: how === 'deemed' ? '91' : '00',
    })
    if (moved.kind !== 'moved') throw new Error(moved.kind)
    return { payment: moved.payment, account }
  }

  /** A payment to us: credited, or declined because nobody has the account. */
  async function inward(credited: boolean): Promise<{ payment: StoredPayment; account: CustomerAccount }> {
    const account = await t.open(1_000n)
    serial += 1
    const rrn = must(parseRrn(`6324120${String(serial).padStart(5, '0')}`), 'RRN')
    if (!credited) await t.db`update account set status = 'frozen' where account_id = ${account.id.slice(4)}`
    await receive(
      t.room,
      {
        rrn,
        stan: must(parseStan(rrn.slice(6)), 'STAN'),
        remitterBank: '924000',
        amountPaise: paise(AMOUNT),
        transmittedAt: clock.now(),
        channel: 'mobile',
        remitter: { name: 'Ravi', account: must(parseAccountNumber('9911'), 'account') },
        beneficiary: { kind: 'account', ifsc: account.ifsc, account: account.accountNumber },
      },
      { link: 'beneficiary', epoch: 1 },
      (outcome) => ({ bytes: Buffer.from('answer'), responseCode: outcome.kind === 'credited' ? '00' : 'M3' }),
    )
    if (!credited) await t.db`update account set status = 'open' where account_id = ${account.id.slice(4)}`
    const [row] = await t.db<{ payment_id: string }[]>`select payment_id from payment where rrn = ${rrn}`
    const [payment] = await findPayments(t.db, testVault, [
      must(row && `pay_${row.payment_id.replaceAll('-', '')}`, 'id') as StoredPayment['id'],
    ])
    if (payment === undefined) throw new Error('the inward payment cannot be read')
    return { payment, account }
  }

  /** What an adjustment report says about a payment; its words may be changed. */
  function line(payment: StoredPayment, flag: string, reason: string, change: Partial<Adjustment> = {}): Adjustment {
    source += 1
    return {
      source: `adj:${source}`,
      institution: 'TRN',
      direction: payment.direction,
      rrn: payment.rrn ?? '',
      flag,
      reason,
      on: T,
      transactionOn: T,
      amountPaise: AMOUNT,
      ...change,
    }
  }
  const say = (
    payment: StoredPayment,
    flag: string,
    reason: string,
    change: Partial<Adjustment> = {},
  ): Promise<Applied> => applyAdjustment(deps, cycle, line(payment, flag, reason, change))

  /** Credit positive, over all lanes. */
  async function balanceOf(code: ChartCode): Promise<bigint> {
    const first = chart[code].number * 64
    const [row] = await t.db<{ sum: bigint }[]>`
      select coalesce(sum(balance), 0)::bigint as sum from account where account_id between ${first} and ${first + 63}`
    return row?.sum ?? 0n
  }
  const customer = async (account: CustomerAccount): Promise<CustomerAccount> => {
    const found = await findAccount(t.db, testVault, 1, account.id)
    if (found === undefined) throw new Error('the account is gone')
    return found
  }
  /** The clock of the hub stands, and goes when it is told to. */
  const goTo = (at: number): void => {
    now = at
  }
  return { t, deps, clock, goTo, breaks, cycle, outward, inward, line, say, balanceOf, customer }
}
