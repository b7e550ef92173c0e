import { refusals } from './disputes/refusals.ts'
import { fill, type Said } from './said.ts'

/**
 * What the hub writes by itself beside a row or a step of a dispute, in English, as it is kept. People and NPCI write there too, so a note is
 * kept in words, and known again by this table when somebody reads it in another language. The console has each by the same name
 * (`story.json`, `line`); a text that changes here is shown in English where it was kept before.
 */
export const notes = {
  // Why a row is not said to NPCI.
  ended: 'NPCI’s report, or people, have ended it already',
  not_credited: 'a confirmation of what is not credited is not sent',
  credited: 'the account was credited meanwhile: it is confirmed, not returned',
  file_withdrawn: 'the file was withdrawn',
  file_not_taken: 'NPCI did not take the file: {{why}}',
  row_not_taken: 'NPCI did not take the row: {{why}}',
  no_payment: 'the hub has no such payment',
  not_asked_for: 'nobody asks for it any more',
  said_already: 'it was said already',
  // Why a file was withdrawn, where nobody said why.
  nobody_agreed: 'those who were asked said no',
  said_over_wire: 'what it had to say is said over the wire',
  nothing_due: 'nothing of it is due any more',
  // What came of a step of a dispute.
  our_answer_due: 'our answer is due',
  their_answer_due: 'the other bank’s answer is due',
  npci_says: 'what follows, or moves money, NPCI says',
  paper: '{{paper}}: {{mediaType}}, {{bytes}} bytes',
  to_customer: 'to the customer',
  part_of_amount: 'a part of the amount',
  customer_had_it: 'the customer has had it',
  cannot_give_back: 'the payment cannot be given back',
  to_be_credited: 'into clearing, to be credited',
  npci_has_it: 'NPCI has it',
  npci_has_it_as: 'NPCI has it as {{reference}}',
  never_had_it: 'NPCI never had it: it goes with the next file',
  refused_without: 'NPCI refused it (no code)',
  refused_with: 'NPCI refused it ({{responseCode}})',
  complaint_without: 'NPCI refused the complaint (no code)',
  complaint_with: 'NPCI refused the complaint ({{responseCode}})',
} as const satisfies Readonly<Record<string, string>>

/** What a break is opened with, in the same way; the first seven by the rail and by door 2, which know no settlement. */
export const details = {
  contradicted: '{{step}} but {{fact}}',
  contradicted_with: '{{step}} but {{fact}} {{responseCode}}',
  no_verification: 'no verification decided',
  answer_amount: 'the answer {{responseCode}} says {{paise}} paise, the payment {{ours}}',
  unmatched_answer: 'link {{link}}, RRN {{rrn}}, response code {{responseCode}}',
  unmatched_reversal: 'reversal {{reversal}} of RRN {{rrn}}',
  reversal_amount: 'the reversal says {{paise}} paise, the payment {{ours}}',
  takes_no_money: 'RRN {{rrn}}: the account takes no money',
  return_waits: 'RRN {{rrn}}: the return waits, the account takes no money',
  came_back_twice: 'RRN {{rrn}}: money came back a second time, with {{ref}}',
  part_came_back: 'RRN {{rrn}}: {{paise}} paise of {{ours}} came back, with {{ref}}',
  returned_twice: 'inward RRN {{rrn}} is returned a second time, with {{ref}}',
  confirmed_uncredited: 'inward RRN {{rrn}} is confirmed to NPCI, and the account was not credited',
  confirmation_taken_out:
    'inward RRN {{rrn}} is deemed, and its confirmation was taken out: the account is not credited',
  answer_not_taken: 'NPCI did not take {{flag}} {{reasonCode}}: {{why}}',
  answer_dispute: 'answer {{flag}} of {{dispute}}',
  answer_or_deemed: 'answer {{flag}} of {{dispute}}, or it is deemed {{dueFlag}}',
  no_answer_in_time: '{{flag}} of {{dispute}} had no answer in time: find out what NPCI makes of it',
  dispute_lost: '{{dispute}} was lost: decide who bears what stands in suspense',
  dispute_stuck: '{{dispute}} is won, and the account of its customer takes no credits',
  cannot_be_true: '{{flag}} {{reasonCode}} ({{source}}) cannot be true of this payment as it stands',
  adjustment_of_nobody: '{{flag}} {{reasonCode}} ({{source}}) is about a payment that the hub does not have',
  outward_of_nobody: 'outward RRN {{rrn}}, {{ref}}: the hub has no such payment',
  inward_of_nobody: 'inward RRN {{rrn}}, {{ref}}: the hub has no such payment',
  suspended_part_of_amount: `what {{dispute}} won stands in suspense: ${notes.part_of_amount}`,
  suspended_customer_had_it: `what {{dispute}} won stands in suspense: ${notes.customer_had_it}`,
  suspended_cannot_give_back: `what {{dispute}} won stands in suspense: ${notes.cannot_give_back}`,
  old_lien: "the lien {{lien}} is older than {{days}} days: let it go, or keep a court's order",
  // Of a cycle, or of a day, and of no payment.
  outward_sum: '{{bank}} {{cycle}}: outward, the statement has {{paise}} paise more',
  inward_sum: '{{bank}} {{cycle}}: inward, the statement has {{paise}} paise more',
  fee: '{{bank}} {{cycle}}: {{side}} {{rawStatus}} {{fee}} is {{paise}} paise, ours {{ours}}',
  fee_tax: '{{bank}} {{cycle}}: {{side}} {{rawStatus}} {{fee}} GST is {{paise}} paise, ours {{ours}}',
  compensation_sum:
    '{{bank}} {{cycle}}: the statement has {{paise}} paise of compensation, the lines of its report {{ours}}',
  compensation_days: 'RRN {{rrn}}: {{days}} days are {{ours}} paise, NPCI says {{theirDays}} days, {{paise}} paise',
  compensation_inward: 'inward RRN {{rrn}}: {{days}} days are {{ours}} paise, NPCI says {{paise}} paise',
  compensation_no_line: '{{key}} on {{day}}: the line of compensation has no paise, its journal {{ours}}',
  compensation_no_journal: '{{key}} on {{day}}: the line of compensation has {{paise}} paise, its journal no',
  compensation_differs: '{{key}} on {{day}}: the line of compensation has {{paise}} paise, its journal {{ours}}',
  unproved: '{{chart}} on {{day}}: {{paise}} paise differ, {{unexplained}} are unexplained',
  unproved_against:
    '{{chart}} on {{day}}: {{paise}} paise differ, {{unexplained}} are unexplained; the {{outside}} of {{outsideDay}} has {{more}} more',
  unproved_against_both:
    '{{chart}} on {{day}}: {{paise}} paise differ, {{unexplained}} are unexplained; the {{outside}} of {{outsideDay}} has {{more}} more; the {{other}} of {{otherDay}} has {{otherMore}} more',
  cash: 'the settlement account of {{cycle}}',
  gap: '{{fileKind}} of {{cycle}}',
} as const satisfies Readonly<Record<string, string>>

export type NoteCode = keyof typeof notes
export type DetailCode = keyof typeof details
type Values = Said['values']

/** A note as it is kept. */
export const note = (code: NoteCode, values: Values = {}): string => fill(notes[code], values)

/** What a break is opened with, as it is kept. */
export const writeDetail = (code: DetailCode, values: Values): string => fill(details[code], values)

/** What may be several words: `why` is whatever NPCI said. */
const several: ReadonlySet<string> = new Set(['why', 'rule', 'reasons', 'parties', 'disputeState'])

/** Each text as a pattern. An amount stands in it in rupees, and is read as paise. */
const patternsOf = (
  texts: Readonly<Record<string, string>>,
): readonly { readonly code: string; readonly pattern: RegExp }[] =>
  Object.entries(texts).map(([code, words]) => {
    const escaped = words.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    const pattern = escaped.replace(/\{\{(\w+)\}\}/g, (_, name: string) =>
      name === 'amount' ? '₹(?<amount>[0-9,.]+)' : `(?<${name}>${several.has(name) ? '.+' : '\\S+'})`,
    )
    return { code, pattern: new RegExp(`^${pattern}$`, 's') }
  })
const notePatterns = patternsOf({ ...notes, ...refusals })
const detailPatterns = patternsOf(details)

const readBy =
  (patterns: typeof notePatterns) =>
  (text: string): Said | null => {
    for (const { code, pattern } of patterns) {
      const found = pattern.exec(text)
      if (found === null) continue
      const values = Object.entries(found.groups ?? {}).map(([name, value]) => [
        name,
        name === 'amount' ? value.replace(/[,.]/g, '') : value,
      ])
      return { code, values: Object.fromEntries(values), text }
    }
    return null
  }

/** By which code a kept note can be said in another language; null: it is as people, or NPCI, wrote it. */
export const readNote = readBy(notePatterns)

/** The same of what a break was opened with; null: it names things only, or has no code. */
export const readDetail = readBy(detailPatterns)
