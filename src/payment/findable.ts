import type { Finding, StateKind } from './payment.ts'

/**
 * What people may say became of a payment, and when. A table of outcome × direction × state: a finding that the machine of
 * `payment.ts` takes, or the reason why not, so that nobody is asked for a vote that would move nothing.
 */
export const outcomes = ['succeeded', 'failed', 'returned', 'settled', 'not_settled'] as const
export type Outcome = (typeof outcomes)[number]

/** Why something cannot be found out of a payment, in words for who says it. */
export const notFindable = {
  not_sent: 'nothing was sent, and it can be cancelled',
  never_sent: 'nothing was ever sent',
  awaited: 'its answer is still awaited',
  known: 'that is known already',
  not_deemed: 'it was never counted as paid, so nothing can come back: it failed',
  counted_paid: 'NPCI counts it as paid: only its file, which never settled it, says otherwise (not_settled)',
  comes_with_file: 'what comes back of a paid one comes with NPCI’s report, or a dispute',
  given_back: 'the money is back with the remitter: only NPCI’s file, which settled it, says otherwise (settled)',
  final: 'the money came back by NPCI’s own word',
  by_file: 'of a payment to one of your accounts NPCI’s file decides: it is settled or not_settled',
  taken_back: 'its one credit was made, and taken back: what is due now is a payment of its own',
  never: 'a payment to one of your accounts is never that',
} as const
export type NotFindable = keyof typeof notFindable

type Row = Readonly<Record<StateKind, 'may' | NotFindable>>

const unsent = { held: 'not_sent', sent: 'awaited', cancelled: 'never_sent', refused: 'never_sent' } as const
const notInward = {
  held: 'never',
  sent: 'never',
  unconfirmed: 'never',
  deemed: 'never',
  cancelled: 'never',
  refused: 'never',
} as const
const byFile: Row = { ...notInward, succeeded: 'by_file', declined: 'by_file', returned: 'by_file' }

/** @source settlement.md §6.2 (DEEMED*: raw decline, or absent), §6.3 (BENE_RECOVERY), §7.2 cases 3, 6, 7 and 10, §7.3 B05, B06, B07, B25 */
const rules: Readonly<Record<Outcome, Readonly<Record<'outward' | 'inward', Row>>>> = {
  succeeded: {
    outward: {
      ...unsent,
      unconfirmed: 'may',
      deemed: 'may',
      succeeded: 'known',
      declined: 'given_back',
      returned: 'final',
    },
    inward: byFile,
  },
  failed: {
    outward: {
      ...unsent,
      unconfirmed: 'may',
      deemed: 'counted_paid',
      succeeded: 'counted_paid',
      declined: 'known',
      returned: 'final',
    },
    inward: byFile,
  },
  returned: {
    outward: {
      ...unsent,
      unconfirmed: 'not_deemed',
      deemed: 'may',
      succeeded: 'comes_with_file',
      declined: 'given_back',
      returned: 'known',
    },
    inward: byFile,
  },
  settled: {
    outward: { ...unsent, unconfirmed: 'may', deemed: 'may', succeeded: 'known', declined: 'may', returned: 'final' },
    inward: { ...notInward, succeeded: 'known', declined: 'may', returned: 'taken_back' },
  },
  not_settled: {
    outward: { ...unsent, unconfirmed: 'may', deemed: 'may', succeeded: 'may', declined: 'known', returned: 'final' },
    inward: { ...notInward, succeeded: 'may', declined: 'known', returned: 'known' },
  },
}

/** What each outcome is called when door 2 hears of it. */
export const findingOf = {
  succeeded: 'found_paid',
  failed: 'found_unpaid',
  returned: 'found_returned',
  settled: 'found_settled',
  not_settled: 'found_unsettled',
} as const satisfies Record<Outcome, Finding>

/** Why this cannot be found out of a payment as it is; undefined: it can. */
export function whyNotFound(
  outcome: Outcome,
  { direction, state }: { readonly direction: 'outward' | 'inward'; readonly state: StateKind },
): NotFindable | undefined {
  const cell = rules[outcome][direction][state]
  return cell === 'may' ? undefined : cell
}

/** Outcomes of which only NPCI's file is evidence, and what it has of the payment then: a response code of two characters, or `absent`. */
export const saidByFile: Readonly<
  Partial<Record<Outcome, { readonly says: (code: string) => boolean; readonly words: string }>>
> = {
  settled: {
    says: (code) => code === '00',
    words: '00: with 08 it is deemed, and the beneficiary bank’s word is awaited',
  },
  not_settled: {
    says: (code) => code !== '00' && code !== '08',
    words: 'a decline, or absent: in none of three cycles',
  },
}
