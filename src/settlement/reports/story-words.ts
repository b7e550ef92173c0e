import { fill, type Said } from '../said.ts'

/** One thing that happened to a payment, in plain words: pieces that are read one after the other. */
export type StoryLine = {
  readonly at: number
  readonly kind: 'message' | 'posting' | 'file' | 'decision'
  readonly parts: readonly Said[]
}

/**
 * The pieces that lines are made of, in English. The console has each of them in its languages by the same name (`story.json`, `line`), and
 * its test compares the two tables.
 */
export const lineWords = {
  outward_held: 'the payment was taken and its money held; nothing was sent yet',
  outward_sent: 'the original left for the switch',
  outward_unconfirmed: 'no answer that decides came in time: the switch is asked, and the original is never sent again',
  outward_deemed: 'deemed approved: NPCI counts it as paid, the beneficiary bank had not answered in time',
  outward_succeeded: 'paid: the beneficiary bank has credited it',
  outward_declined: 'declined: a definite no',
  outward_returned: 'the money came back',
  outward_cancelled: 'cancelled before anything was sent',
  outward_refused: 'given up before anything was sent',
  inward_succeeded: 'the original came; the account was credited and that was answered',
  inward_declined: 'the original came and was declined',
  inward_returned: 'the credit was taken back: NPCI never settled it',
  // Of a payment within the bank, which nobody was asked about.
  outward_within_succeeded:
    'paid within the bank: the payee’s account here was credited in the same commit, and nothing was sent',
  outward_within_declined:
    'declined within the bank: the payee’s account here cannot be credited, and nothing was sent',
  inward_within_succeeded: 'paid within the bank: the account was credited in the commit that debited the payer',
  step: '{{step}}',
  with_code: ' (code {{responseCode}})',
  again: ' (a step of it)',
  stray: 'an answer came that was kept and not used: {{stray}}',
  asked_one: 'the switch asked about it once; answered 91, for the original had not come or was open',
  asked_other: 'the switch asked about it {{count}} times; answered 91, for the original had not come or was open',
  booked: 'Dr {{debit}} Cr {{credit}} {{amount}} ({{booked}})',
  booked_alone: '{{booked}} {{amount}} ({{booked}})',
  debit: 'Dr {{account}} {{amount}}',
  credit: 'Cr {{account}} {{amount}}',
  and_debit: ', Dr {{account}} {{amount}}',
  and_credit: ', Cr {{account}} {{amount}}',
  event: ' ({{event}})',
  event_of_cycle: ' ({{event}}, of cycle {{cycle}})',
  files_00: "NPCI's files up to cycle {{cycle}}: has it as approved",
  files_08: "NPCI's files up to cycle {{cycle}}: has it as deemed approved (08)",
  files_declined: "NPCI's files up to cycle {{cycle}}: has it as declined",
  files_absent: "NPCI's files up to cycle {{cycle}}: do not have it",
  missing_in: ', missing in {{times}}',
  done: 'what was owed about it is done: {{outcome}}',
  compensation_us: 'compensation of {{amount}} for {{days}} days after {{from}}, owed by this bank: {{owed}}',
  compensation_other_bank:
    'compensation of {{amount}} for {{days}} days after {{from}}, owed by the other bank: {{owed}}',
  to_be_told: '{{flag}} {{why}} is to be told NPCI',
  in_file: ', in {{file}} ({{fileState}})',
  not_told: '{{flag}} {{why}} is not told NPCI: ',
  told: '{{file}} with {{flag}} {{why}} went to NPCI',
  proved_hub: 'the customer proved who they are with {{factors}}, as the hub asked',
  proved_institution: 'the customer proved who they are with {{factors}}, as the institution says',
  needed_approval: 'it needed approval: {{approval}}',
  stated: 'somebody said, with evidence, what became of it; others must agree',
  decided: '{{decision}}, after {{votes}} votes',
  break_opened: 'a break was opened: {{type}} {{name}}, ',
  break_opened_as: 'a break was opened: {{type}} {{name}}, {{breakKind}}, ',
  break_closed: 'the break {{type}} was closed',
  closed_as: ': {{resolution}}',
  dispute: 'dispute {{disputeKind}}',
  about: ': {{what}}',
  by: ' by {{actor}}, now {{disputeState}}',
  to_remitter: '; {{amount}} went to the remitter bank',
  to_beneficiary: '; {{amount}} went to the beneficiary bank',
  line: '{{file}}, line {{line}}: ',
  line_of_day: '{{file}} of {{day}}, line {{line}}: ',
  line_of_cycle: '{{file}} of cycle {{cycle}}, line {{line}}: ',
  row: '{{what}}, {{amount}}',
  timed_out: 'timed out at the beneficiary bank ({{what}}), {{amount}}',
  by_udir: '{{what}} by UDIR, which moves no money',
  settled: '{{what}}, {{amount}} settled',
  with_compensation: ', compensation of {{amount}}',
} as const satisfies Readonly<Record<string, string>>

export type LineCode = keyof typeof lineWords

/** A piece of a line. */
export const piece = (code: LineCode, values: Said['values'] = {}): Said => ({
  code,
  values,
  text: fill(lineWords[code], values),
})

/** What is only there as it was written down, by people or by the hub. */
export const written = (text: string): Said => ({ code: 'written', values: {}, text })

/** A line that is one piece. */
export const line = (
  at: number,
  kind: StoryLine['kind'],
  code: LineCode,
  values: Said['values'] = {},
  ...more: readonly Said[]
): StoryLine => ({ at, kind, parts: [piece(code, values), ...more] })

/** What a line says, in English. */
export const textOf = (parts: readonly Said[]): string => parts.map(({ text }) => text).join('')
