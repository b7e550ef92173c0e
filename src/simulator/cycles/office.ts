import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cancel, Clock } from '../../base/clock.ts'
import { between, createSeededRandom } from '../../base/random.ts'
import { formatCycle } from '../../imps/cycles.ts'
import type { FileCycle } from '../../imps/files/rows.ts'
import type { WireProfile } from '../../imps/profile.ts'
import { sandboxAccount } from '../../imps/statement-accounts.ts'
import type { BankNumbers } from '../bank-numbers.ts'
import type { ComplaintDesk } from '../complaints.ts'
import type { Journal } from '../journal.ts'
import { rules } from './adjustment-rules.ts'
import { OPENING_PAISE, type StatementForm, writeAccountStatement } from './bank-statement.ts'
import { defaultHabits, type Habits } from './banks-behind.ts'
import type { Case, Refusal } from './cases.ts'
import { allOf, type Delivered, openOutgoing, type PgpKeys } from './deliver.ts'
import { filesOf, finalPaise, type OutFile, type RawForm } from './files.ts'
import { openJournalLog } from './journal-log.ts'
import type { Direction } from './select.ts'
import {
  type Cut,
  type CutRefusal,
  createSettlement,
  type Kept,
  type MemberCycle,
  type Settlement,
} from './settlement.ts'
import { type Errors, type Injected, type LateRows, spoil } from './spoil.ts'
import { createUploads, type Upload, type UploadRefusal } from './uploads.ts'

/**
 * NPCI's back office, as the hub meets it: cuts cycles, writes their files into the hub's inbox, takes uploads, and remembers across
 * restarts what it must. What it spoils on purpose is in a manifest of its own, which the hub does not see.
 */

export type OfficeOptions = {
  readonly clock: Clock
  readonly profile: WireProfile
  readonly timerScale: number
  readonly journal: Readonly<Record<Direction, Journal>>
  readonly numbers: BankNumbers
  /** Where the hub looks for files. */
  readonly inbox: string
  /** The office's own folder: what it remembers, and manifests. */
  readonly folder: string
  readonly habits?: Partial<Habits>
  readonly udir?: boolean
  readonly rawForm?: RawForm
  readonly statementForm?: StatementForm
  /** Encrypts when a cut asks for it. */
  readonly pgp?: PgpKeys
}

export type CutOrder = {
  readonly cycle?: FileCycle
  readonly errors?: Errors
  readonly seed?: number
  readonly pgp?: boolean
}

export type CutAnswer = {
  readonly cycle: string
  readonly files: readonly (Delivered & { readonly bank: string })[]
  readonly counts: {
    readonly members: number
    readonly outward: number
    readonly inward: number
    readonly deemed: number
    readonly adjustments: number
    /** Forgotten by the journal before any cut. */
    readonly lost: number
    readonly injected: number
  }
  /** What was asked for on demand or uploaded and NPCI did not take. */
  readonly refused: readonly { readonly rrn: string; readonly flag: string; readonly refusal: Refusal }[]
}

/** What the other bank of a payment is told to raise. */
export type DisputeOrder = {
  readonly rrn: string
  readonly flag: string
  readonly reason?: string
  readonly amountPaise?: bigint
}

export type DisputeRefusal = 'unknown_flag' | 'unknown_payment' | 'not_the_other_bank'

export interface Office {
  cut(order?: CutOrder): Promise<CutAnswer | CutRefusal | 'no_pgp'>
  /** Has a bank behind the switch raise something about a settled payment, in the next cut. */
  dispute(
    order: DisputeOrder,
  ): { readonly rrn: string; readonly flag: string; readonly reason: string } | DisputeRefusal
  /** Has NPCI raise, in the next cut, what a bank of the hub's complains of (UDIR). @returns why it cannot */
  complain: ComplaintDesk
  upload(name: string, bytes: Uint8Array): Promise<Upload | UploadRefusal>
  uploads(): readonly Upload[]
  readonly settlement: Settlement
  /** Cuts each cycle when it ends, until the cancel is called. */
  run(failed: (error: unknown) => void): Cancel
  /** The journals were emptied. */
  forget(): void
  /** Writes down what is not yet. */
  close(): void
}

type State = {
  readonly kept: Kept
  readonly balances: Readonly<Record<string, { readonly paise: string; readonly number: number }>>
  readonly late: readonly (readonly [string, NonNullable<ReturnType<LateRows['get']>>])[]
  readonly uploads: readonly string[]
  /** Files of the last cut that may not be in the inbox yet. */
  readonly outgoing?: readonly string[]
  /** What comes again with the next cycle. */
  readonly again?: readonly { readonly name: string; readonly base64: string }[]
}

const STATE = 'office.json'
/** A cycle is cut a second after its end: what is decided in its last moment is in it. */
const AFTER_MS = 1_000
/** One that could not be written is tried again. */
const AGAIN_MS = 5_000

export function openOffice(options: OfficeOptions): Office {
  const { clock, profile, numbers, folder } = options
  mkdirSync(join(folder, 'manifests'), { recursive: true, mode: 0o700 })
  const state = readState(join(folder, STATE))
  const outgoing = openOutgoing(join(folder, 'outgoing'), options.inbox)
  let waiting: readonly string[] = state?.outgoing ?? []
  outgoing.clear(waiting)
  const journalLog = openJournalLog({
    path: join(folder, 'journal.jsonl'),
    clock,
    journal: options.journal,
    lastCut: state?.kept.cut ?? 0,
  })
  const ours = new Set<string>(profile.institutions.map(({ nbin }) => nbin))
  const isOurs = (nbin: string): boolean => ours.has(nbin)
  const settlement = createSettlement({
    clock,
    profile,
    timerScale: options.timerScale,
    journal: options.journal,
    numbers,
    habits: { ...defaultHabits, ...options.habits },
    udir: options.udir ?? false,
    ...(state === undefined ? {} : { kept: state.kept }),
  })
  const uploads = createUploads({ settlement, numbers, isOurs, names: state?.uploads ?? [] })
  const late: LateRows = new Map(state?.late)
  const balances = new Map(
    Object.entries(state?.balances ?? {}).map(([nbin, { paise, number }]) => [nbin, { paise: BigInt(paise), number }]),
  )
  /** Files that come once more with the next cycle. */
  let again: readonly { readonly name: string; readonly bytes: Buffer }[] = (state?.again ?? []).map(
    ({ name, base64 }) => ({
      name,
      bytes: Buffer.from(base64, 'base64'),
    }),
  )
  let refused: { rrn: string; flag: string; refusal: Refusal }[] = []

  const save = () => {
    const text: State = {
      kept: settlement.keep(),
      balances: Object.fromEntries(
        [...balances].map(([nbin, { paise, number }]) => [nbin, { paise: String(paise), number }]),
      ),
      late: [...late],
      uploads: uploads.names(),
      outgoing: waiting,
      again: again.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') })),
    }
    writeWhole(join(folder, STATE), JSON.stringify(text, bigintsAsText))
  }

  /** The member's settlement account, as the hub has it; one is made up for a member that names none. */
  const accountOf = (nbin: string, bank: string): string => {
    const [own] = profile.institutions.find((one) => one.nbin === nbin)?.accounts ?? []
    return (own ?? sandboxAccount(nbin, bank)).number
  }

  const accountFile = (nbin: string, bank: string, cycle: FileCycle, movedPaise: bigint): OutFile[] => {
    if (movedPaise === 0n) return []
    const { paise, number } = balances.get(nbin) ?? { paise: OPENING_PAISE, number: 0 }
    balances.set(nbin, { paise: paise + movedPaise, number: number + 1 })
    const { name, text } = writeAccountStatement(options.statementForm ?? 'mt940', {
      bank,
      account: accountOf(nbin, bank),
      cycle,
      number: number + 1,
      openingPaise: paise,
      movedPaise,
    })
    return [{ name, kind: 'bank_statement', chunks: () => [text] }]
  }

  const deliver = async (): Promise<void> => {
    await outgoing.deliver(waiting)
    waiting = []
  }

  const cut = async (order: CutOrder): Promise<CutAnswer | CutRefusal> => {
    await deliver()
    const result = await settlement.cut(order.cycle)
    if (typeof result === 'string') return result
    const before = { again, late: [...late], balances: [...balances] }
    let answer: CutAnswer
    try {
      const written = await writeFiles(order, result)
      answer = written.answer
      waiting = written.names
      // What was settled is on the disk before it is cut: nothing is settled twice.
      journalLog.flush()
      save()
    } catch (error) {
      result.undo()
      waiting = []
      again = before.again
      replace(late, before.late)
      replace(balances, before.balances)
      outgoing.clear([])
      throw error
    }
    refused = []
    await deliver()
    return answer
  }

  /** Into the office's own folder. @returns what is to be delivered, in its order */
  const writeFiles = async (
    order: CutOrder,
    { cycle, members, lost }: Cut,
  ): Promise<{ readonly answer: CutAnswer; readonly names: readonly string[] }> => {
    const seed = order.seed ?? 1
    const spoilt = spoil(members, order.errors ?? {}, seed, late)
    const injected: Injected[] = spoilt.flatMap((one) => one.injected)
    const ready: { readonly bank: string; readonly file: OutFile }[] = []
    for (const { member, says } of spoilt) {
      const { nbin, bank3: bank } = member.institution
      const own = await filesOf(member, options.rawForm ?? 'csv', says)
      for (const file of [...own, ...accountFile(nbin, bank, cycle, finalPaise(member))]) ready.push({ bank, file })
    }
    const plan = planFiles(ready, order.errors ?? {}, seed)
    const pgp = order.pgp === true ? options.pgp : undefined
    const files: (Delivered & { bank: string })[] = []
    const names: string[] = again.map(({ name }) => name)
    for (const { name, bytes } of again) await outgoing.putBytes(name, bytes)
    again = []
    for (const { bank, file } of ready) {
      const fate = plan.get(file)
      if (fate !== undefined) injected.push({ kind: fate, bank, file: file.name })
      if (fate === 'missingFile') continue
      // A statement is not encrypted: it is a bank's, not NPCI's.
      const sealed = pgp === undefined || file.kind === 'bank_statement' ? {} : { pgp, at: clock.now() }
      const done = await outgoing.put(file, { half: fate === 'halfFile', ...sealed })
      files.push({ ...done, bank })
      names.push(done.name)
      if (fate === 'repeatedFile') again = [...again, { name: file.name, bytes: allOf(file.chunks()) }]
    }
    const manifest = { cycle: formatCycle(cycle), seed, errors: order.errors ?? {}, injected }
    writeWhole(
      join(folder, 'manifests', `${cycle.settlementDate}-${cycle.number}.json`),
      JSON.stringify(manifest, null, 2),
    )
    const counted = (of: (member: MemberCycle) => number): number => members.reduce((sum, one) => sum + of(one), 0)
    const answer: CutAnswer = {
      cycle: formatCycle(cycle),
      files,
      counts: {
        members: members.length,
        outward: counted(({ raw }) => raw.remitter.length),
        inward: counted(({ raw }) => raw.beneficiary.length),
        deemed: counted(({ timeouts }) => timeouts.length),
        adjustments: counted(({ adjustments }) => adjustments.length),
        lost,
        injected: injected.length,
      },
      refused,
    }
    return { answer, names }
  }

  /** One at a time: a cut that is asked for while files are written is the caller's to ask again. */
  let busy = false
  const alone = async (order: CutOrder): Promise<CutAnswer | CutRefusal> => {
    if (busy) return 'cutting'
    busy = true
    try {
      return await cut(order)
    } finally {
      busy = false
    }
  }

  return {
    settlement,
    async cut(order = {}) {
      return order.pgp === true && options.pgp === undefined ? 'no_pgp' : alone(order)
    },
    dispute({ rrn, flag, reason, amountPaise }) {
      const rule = rules[flag]
      if (rule === undefined || rule.by === 'npci') return 'unknown_flag'
      const known = settlement.find(rrn)
      if (known.length === 0) return 'unknown_payment'
      const raiser = ({ payment }: Case) => (rule.by === 'remitter' ? payment.remitterBank : payment.beneficiaryBank)
      const one = known.find((found) => !isOurs(raiser(found)))
      if (one === undefined) return 'not_the_other_bank'
      const asked = {
        flag,
        reason: reason ?? rule.reasons[0] ?? '',
        by: rule.by,
        amountPaise: amountPaise ?? one.payment.amountPaise,
        bankRef: `${raiser(one)}${rrn}${flag}`,
        channel: 'Web' as const,
      }
      settlement.ask(one, asked, (refusal) => {
        if (refusal !== undefined) refused.push({ rrn, flag, refusal })
      })
      return { rrn, flag, reason: asked.reason }
    },
    complain({ rrn, flag, reason, amountPaise, reference }, notTaken) {
      const one = settlement.find(rrn).find(({ payment }) => isOurs(payment.remitterBank))
      if (one === undefined) return 'unknown_payment'
      const asked = { flag, reason, by: 'remitter', amountPaise, bankRef: reference, channel: 'UDIR' } as const
      settlement.ask(one, asked, (refusal) => {
        if (refusal !== undefined) notTaken(refusal)
      })
      return undefined
    },
    upload: (name, bytes) => uploads.take(name, bytes),
    uploads: uploads.list,
    run(failed) {
      let stopped = false
      let cancel: Cancel = () => undefined
      const next = (): void => {
        const { cycle } = settlement.current()
        at(cycle, Math.max(0, cycle.toAt - clock.now()) + AFTER_MS)
      }
      const at = (cycle: FileCycle, ms: number): void => {
        cancel = clock.after(ms, () => {
          if (stopped) return
          // One that was cut ahead of its time is refused here, and nothing is lost by it.
          alone({ cycle })
            .then((answer) => answer === 'cutting')
            .catch((error: unknown) => {
              failed(error)
              return true
            })
            .then((again) => {
              if (stopped) return
              if (again) at(cycle, AGAIN_MS)
              else next()
            })
        })
      }
      // What ended while nobody was here is cut now, with all that is in no cycle yet.
      const missed = settlement.missed()
      if (missed === undefined) next()
      else at(missed, 0)
      return () => {
        stopped = true
        cancel()
      }
    },
    forget() {
      settlement.forget()
      late.clear()
      again = []
      refused = []
      journalLog.reset()
    },
    close: journalLog.close,
  }
}

/** Which files are to come in half, twice or not at all; each file suffers one thing. */
function planFiles(
  ready: readonly { readonly file: OutFile }[],
  errors: Errors,
  seed: number,
): ReadonlyMap<OutFile, 'halfFile' | 'repeatedFile' | 'missingFile'> {
  const random = createSeededRandom(seed + 1)
  const left = ready.map(({ file }) => file).filter(({ kind }) => kind !== 'bank_statement')
  const plan = new Map<OutFile, 'halfFile' | 'repeatedFile' | 'missingFile'>()
  for (const kind of ['halfFile', 'repeatedFile', 'missingFile'] as const) {
    for (let wanted = errors[kind] ?? 0; wanted > 0 && left.length > 0; wanted -= 1) {
      const [file] = left.splice(between(random, 0, left.length - 1), 1)
      if (file !== undefined) plan.set(file, kind)
    }
  }
  return plan
}

function replace<K, V>(map: Map<K, V>, entries: readonly (readonly [K, V])[]): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}

const bigintsAsText = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

/** What an earlier run remembered; undefined when there was none. Amounts are the only big numbers in it. */
function readState(path: string): State | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  const state: State = JSON.parse(text, (name, value) =>
    name === 'amountPaise' && typeof value === 'string' ? BigInt(value) : value,
  )
  return state
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
