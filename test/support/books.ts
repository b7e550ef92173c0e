import { systemClock } from '../../src/base/clock.ts'
import type { Ifsc, Lane, PaymentId } from '../../src/base/identifiers.ts'
import { must, parseIfsc, parseRrn } from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { createBankCodes } from '../../src/imps/bank-codes.ts'
import { createBankDirectory, createNbinOf } from '../../src/imps/banks.ts'
import { dayOf, startOfDay } from '../../src/imps/cycles.ts'
import { defaultFeeRates, feeLines, slabsOf } from '../../src/imps/fees.ts'
import type { AdjustmentRow, NtslRow } from '../../src/imps/files/rows.ts'
import { defaultProfile } from '../../src/imps/profile.ts'
import type { CustomerAccount } from '../../src/ledger/store.ts'
import { initiate } from '../../src/payment/initiate.ts'
import { recordById } from '../../src/payment/record.ts'
import type { PaymentRoomOptions } from '../../src/payment/room.ts'
import { findPayments } from '../../src/payment/store.ts'
import type { StoredPayment } from '../../src/payment/stored.ts'
import { settleCompensation } from '../../src/settlement/books/compensation.ts'
import { type BooksDeps, drawConsequences } from '../../src/settlement/books/consequences.ts'
import type { CycleFindings, CycleOfBank, FoundItem, SettledSum } from '../../src/settlement/books/findings.ts'
import { applyConfirmations } from '../../src/settlement/books/returns.ts'
import { settleCycle } from '../../src/settlement/books/settle.ts'
import type { UploadDeps } from '../../src/settlement/books/uploads.ts'
import { truthTable } from '../../src/settlement/match/break-types.ts'
import { createTestRoom, receiveInto, requestFrom } from './payment-room.ts'
import type { SettledRow } from './settlement-invariants.ts'
import { testVault } from './vault.ts'

/** The day of the payments in these tests, IST. */
export const T = '2026-11-20'

/** What the raw files say about one payment. */
export type RawSaid = {
  readonly direction: 'outward' | 'inward'
  readonly rrn: string
  readonly raw: '00' | '08' | 'declined'
  readonly amountPaise: bigint
  readonly beneficiaryAccount?: string
}

export type Books = Awaited<ReturnType<typeof setUpBooks>>

/** Files for NPCI over them; what disputes ask for is always allowed. */
export function uploadsOf({ t, deps }: Books): UploadDeps {
  const codes = createBankCodes(defaultProfile, createBankDirectory(defaultProfile))
  let made = 0
  return {
    db: t.db,
    clock: deps.clock,
    vault: testVault,
    newId: () => {
      made += 1
      return `019000000000700080000000${String(made).padStart(8, '0')}`
    },
    codeOf: deps.codeOf,
    codeOfNbin: codes.ofNbin,
    judgeDispute: async () => undefined,
  }
}

/** Settlement's books on a real database, with a toy match: what it finds is what the contract says, computed the slow way. */
export async function setUpBooks(
  url: string,
  options: { crashPoint?: NonNullable<PaymentRoomOptions['crashPoint']>; booksCrash?: BooksDeps['crashPoint'] } = {},
) {
  let now = startOfDay(T) + 12 * 3_600_000
  const clock = { ...systemClock, now: () => now }
  const t = await createTestRoom(url, {
    clock,
    ...(options.crashPoint === undefined ? {} : { crashPoint: options.crashPoint }),
  })
  const deps: BooksDeps = {
    db: t.db,
    room: t.room,
    clock,
    tenantOf: async () => 1,
    codeOf: (institution) => institution,
    ifscOf: () => must(parseIfsc('TRNT0000001'), 'IFSC') as Ifsc,
    nbinOf: createNbinOf(defaultProfile.institutions, createBankDirectory(defaultProfile)),
    ...(options.booksCrash === undefined ? {} : { crashPoint: options.booksCrash }),
  }
  let serial = 0
  let day = T
  const settled: SettledRow[] = []
  const stated = new Map<string, { outwardPaise: bigint; inwardPaise: bigint }>()
  const known = new Map<string, { id: PaymentId; direction: 'outward' | 'inward' }>()
  const seen = new Set<string>()

  const account = (paiseInIt = 10_000_000n): Promise<CustomerAccount> => t.open(paiseInIt)

  /** A payment of ours: sent, and no more. */
  async function outward(from: CustomerAccount, amountPaise: bigint): Promise<StoredPayment> {
    const made = await initiate(t.room, requestFrom(from.id, { amountPaise: paise(amountPaise) }))
    if (made.kind !== 'accepted') throw new Error(made.kind)
    known.set(`outward ${made.payment.rrn}`, { id: made.payment.id, direction: 'outward' })
    return made.payment
  }

  const nextRrn = () => {
    serial += 1
    return must(parseRrn(`6324120${String(serial).padStart(5, '0')}`), 'RRN')
  }

  /** A payment to us, credited or declined by the state of the account. */
  async function inward(to: CustomerAccount, amountPaise: bigint): Promise<StoredPayment> {
    const payment = await receiveInto(t, to, { rrn: nextRrn(), amountPaise, at: now })
    known.set(`inward ${payment.rrn}`, { id: payment.id, direction: 'inward' })
    return payment
  }

  async function stored(id: PaymentId): Promise<StoredPayment> {
    const [found] = await findPayments(t.db, testVault, [id])
    if (found === undefined) throw new Error(`no payment ${id}`)
    return found
  }

  /** Two people agree about it. */
  async function people(payment: StoredPayment, kind: 'found_settled' | 'found_unsettled'): Promise<void> {
    const approvalId = crypto.randomUUID().replaceAll('-', '')
    await t.db`
      insert into approval_request (approval_id, tenant_id, subject_kind, subject_id, reason, digest, content, steps, maker, maker_same,
        created_at, expires_at)
      values (${approvalId}::uuid, 1, 'resolution', ${payment.id}, 'rule', ${new Uint8Array(32)}::bytea, ${new Uint8Array(1)}::bytea, '[]',
        'usr_1', '{}', now(), now() + interval '1 day')`
    const recorded = await recordById(t.room, payment.id, { kind, approvalId })
    if (recorded.kind !== 'moved') throw new Error(recorded.kind)
  }

  const cycle = (number: number, on = T): CycleOfBank => ({
    institution: 'TRN',
    settlementDate: on,
    number: String(number),
  })

  /** The match of a cycle, the slow way. */
  async function match(rows: readonly RawSaid[]): Promise<CycleFindings> {
    const slabs = slabsOf(defaultFeeRates)
    const sums = new Map<string, SettledSum>()
    const items: FoundItem[] = []
    const named = new Set<string>()
    const item = (said: Omit<RawSaid, 'raw'> & { raw: FoundItem['raw'] }, payment: StoredPayment | undefined) =>
      items.push({
        direction: said.direction,
        rrn: said.rrn,
        remitterBank: said.direction === 'outward' ? '7001' : '6001',
        beneficiaryBank: said.direction === 'outward' ? '9100' : '7001',
        paymentId: payment?.id ?? null,
        amountPaise: said.amountPaise,
        at: payment?.transmittedAt ?? now,
        raw: said.raw,
        responseCode: said.raw === 'absent' ? null : said.raw === 'declined' ? 'M1' : said.raw,
        subType: 'F3',
        remitterAccount: '9911',
        beneficiaryAccount: said.beneficiaryAccount ?? '50100123456789',
      })
    for (const said of rows) {
      const key = `${said.direction} ${said.rrn}`
      named.add(key)
      seen.add(key)
      const own = known.get(key)
      const payment = own === undefined ? undefined : await stored(own.id)
      if (said.raw !== '00' || payment?.state !== 'succeeded') item(said, payment)
      if (said.raw === 'declined') continue
      const side = said.direction === 'outward' ? 'remitter' : 'beneficiary'
      const overPaise = slabs.findLast((slab) => slab < said.amountPaise) ?? 0n
      const lane: Lane | null = payment?.lane ?? null
      const group = `${side} ${said.raw} ${lane} ${overPaise}`
      const sum = sums.get(group)
      sums.set(group, {
        side,
        status: said.raw,
        subType: 'F3',
        lane,
        overPaise,
        count: (sum?.count ?? 0) + 1,
        amountPaise: (sum?.amountPaise ?? 0n) + said.amountPaise,
      })
      settled.push({
        direction: said.direction,
        rrn: said.rrn,
        institution: 'TRN',
        amountPaise: said.amountPaise,
        lane: lane ?? 0,
      })
    }
    for (const [key, { id }] of known) {
      if (named.has(key) || seen.has(key)) continue
      const payment = await stored(id)
      if (payment.rrn === null || (payment.state !== 'succeeded' && payment.direction === 'inward')) continue
      item({ direction: payment.direction, rrn: payment.rrn, raw: 'absent', amountPaise: payment.amountPaise }, payment)
    }
    for (const one of items) await openAsMatch(one)
    return { runId: 'run', settled: [...sums.values()], items }
  }

  /** What a match puts before people, by the truth table; the hub's own ledger is the core. */
  async function openAsMatch({ direction, rrn, raw, paymentId }: FoundItem): Promise<void> {
    const payment = paymentId === null ? undefined : await stored(paymentId)
    const says = payment?.state === 'succeeded' || payment?.state === 'deemed' ? 'S' : 'F'
    const npci = raw === 'declined' || raw === 'absent' ? 'F' : raw
    const truth = truthTable.find((one) => one.core === says && one.hub === says && one.raw === npci)
    const type = truth?.[direction]
    if (type === undefined || type === null) return
    await t.db`
      insert into break (lane, payment_id, kind, detail, rrn, opened_at)
      values (${payment?.lane ?? null}, ${payment === undefined ? null : payment.id.slice(4)}::uuid, ${type}, ${`match of ${rrn}`}, ${rrn}, now())
      on conflict do nothing`
  }

  /** The statement that goes with it, as NPCI would compute it. */
  function statement(findings: CycleFindings, change: readonly Partial<NtslRow>[] = []): NtslRow[] {
    const rows: NtslRow[] = []
    const put = (description: string, count: number, debitPaise: bigint, creditPaise: bigint) =>
      rows.push({
        line: rows.length + 5,
        description,
        count,
        debitPaise: paise(debitPaise),
        creditPaise: paise(creditPaise),
      })
    for (const side of ['remitter', 'beneficiary'] as const) {
      for (const status of ['00', '08'] as const) {
        const own = findings.settled.filter((one) => one.side === side && one.status === status)
        const amount = own.reduce((sum, one) => sum + one.amountPaise, 0n)
        const name = `${side === 'remitter' ? 'Remitter' : 'Beneficiary'} P2A${status === '08' ? '-08' : ''} Approved`
        const sideways = (text: string, value: bigint) =>
          put(`${name} ${text}`, own.length, side === 'remitter' ? value : 0n, side === 'remitter' ? 0n : value)
        sideways('Transaction Amount', amount)
        const lines = feeLines(
          defaultFeeRates,
          T,
          own.map((one) => ({ ...one, amountPaise: one.overPaise + 1n })),
        )
        for (const line of lines) {
          const fee = line.kind === 'interchange' ? 'Fee' : 'NPCI Switching Fee'
          sideways(fee, line.feePaise)
          sideways(`${fee} GST`, line.gstPaise)
        }
      }
    }
    return rows.map((row) => ({
      ...row,
      ...(change.find(({ description }) => description === row.description) ?? {}),
    }))
  }

  const adjustment = (
    payment: {
      readonly rrn: string | null
      readonly amountPaise: bigint
      readonly direction?: 'outward' | 'inward'
    },
    flag: 'TCC' | 'RET',
    change: Partial<AdjustmentRow> = {},
  ): AdjustmentRow => ({
    line: 2,
    flag,
    reasonCode: flag === 'TCC' ? '102' : '114',
    txnUid: 'uid',
    rrn: payment.rrn ?? '',
    bankRef: 'ref',
    adjRef: `${flag}-${payment.rrn}`,
    remitterBank: payment.direction === 'inward' ? 'HDF' : 'TRN',
    beneficiaryBank: payment.direction === 'inward' ? 'TRN' : 'HDF',
    responseCode: '08',
    txnDate: day,
    txnTime: '120000',
    adjDate: dayOf(now),
    amountPaise: paise(payment.amountPaise),
    adjAmountPaise: paise(payment.amountPaise),
    remitterFeePaise: paise(0n),
    beneficiaryFeePaise: paise(0n),
    beneficiarySwitchingFeePaise: paise(0n),
    adjFeePaise: paise(0n),
    npciFeePaise: paise(0n),
    remitterFeeTaxPaise: paise(0n),
    beneficiaryFeeTaxPaise: paise(0n),
    npciTaxPaise: paise(0n),
    compensationPaise: paise(0n),
    penaltyDays: 0,
    subType: 'F3',
    channel: 'File',
    settlementDate: dayOf(now),
    ...change,
  })

  /** All that the pipeline does with a cycle, after its match. */
  async function book(
    of: CycleOfBank,
    findings: CycleFindings,
    adjustments: readonly AdjustmentRow[] = [],
    ntsl = statement(findings),
  ): Promise<void> {
    const sum = (side: string) =>
      ntsl
        .filter(({ description }) => description.startsWith(side) && description.endsWith('Transaction Amount'))
        .reduce((total, { debitPaise, creditPaise }) => total + debitPaise + creditPaise, 0n)
    stated.set(`cycle:${of.institution}/${of.settlementDate}/${of.number}`, {
      outwardPaise: sum('Remitter'),
      inwardPaise: sum('Beneficiary'),
    })
    await settleCycle(t.db, { cycle: of, findings, ntsl, totals: {}, tolerancePaise: 100n, now })
    await settleCompensation(deps, of, 0n)
    await drawConsequences(deps, of, findings.items)
    await applyConfirmations(deps, of, adjustments)
  }

  return {
    t,
    deps,
    account,
    outward,
    inward,
    nextRrn,
    stored,
    people,
    cycle,
    match,
    statement,
    adjustment,
    book,
    settled,
    stated,
    now: () => now,
    setNow: (at: number) => {
      now = at
    },
    /** Payments from now on are of this day. */
    setDay: (on: string) => {
      day = on
      now = startOfDay(on) + 12 * 3_600_000
    },
    balanceOf: async (id: string): Promise<bigint> => {
      const [row] = await t.db<{ balance: bigint }[]>`select balance from account where account_id = ${id.slice(4)}`
      return row?.balance ?? 0n
    },
  }
}
