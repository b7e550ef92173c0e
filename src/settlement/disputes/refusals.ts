import { type Condition, sentences } from '../../imps/disputes/rule.ts'
import { fill, type Said } from '../said.ts'

const bars = (condition: Condition): string => `{{rule}} ({{flag}}) is not allowed: ${sentences[condition]}`

/**
 * Why a step of a dispute is not taken, in English, by the code with which it can be said in another language. The console has each by the same
 * name (`story.json`, `line`). Where a step is dropped its reason is kept beside it in these words (`notes.ts`).
 */
export const refusals = {
  // What the table of rules says.
  no_flag_of_it: '{{flag}} is no flag of this dispute',
  not_in_force: '{{rule}} ({{flag}}) is not in force on {{day}}',
  not_possible: '{{rule}} ({{flag}}) is not possible: the dispute is {{disputeState}}',
  no_reason: '{{rule}} ({{flag}}) has no reason {{reasonCode}}',
  other_reasons: '{{rule}} ({{flag}}) takes {{reasons}}, not {{reasonCode}}',
  other_bank: '{{rule}} ({{flag}}) is for the {{parties}} bank to say; of this payment this is the {{party}} bank',
  too_late: '{{rule}} ({{flag}}) is not allowed: its {{days}} days ended at {{endedAt}}',
  same_day: '{{rule}} ({{flag}}) is not allowed on the day of the payment',
  same_day_up_to: '{{rule}} ({{flag}}) is not allowed on the day of the payment up to {{amount}}',
  barred_deemed: bars('deemed'),
  barred_no_tcc: bars('no_tcc'),
  barred_no_tcc_instead: `${bars('no_tcc')}; raise {{instead}}`,
  barred_tcc: bars('tcc'),
  barred_tcc_instead: `${bars('tcc')}; raise {{instead}}`,
  barred_no_return: bars('no_return'),
  barred_no_chargeback: bars('no_chargeback'),
  barred_not_credited: bars('not_credited'),
  barred_credited: bars('credited'),
  barred_not_declined: bars('not_declined'),
  barred_once: bars('once'),
  barred_other_over: bars('other_over'),
  amount_range: '{{rule}} ({{flag}}) is for ₹0.01 to {{amount}}',
  needs_evidence: '{{rule}} ({{flag}}) needs a file of evidence',
  // What stands in the way where it is asked for.
  stayed_within: 'payer and payee have their accounts at this bank, and NPCI has never seen the payment',
  asked_for: '{{flag}} was asked for, and no report has it yet',
  raises_none: '{{flag}} raises no dispute',
  is_open: 'a dispute of this kind is open about the payment: {{dispute}}',
  flag_said: '{{flag}} was said already',
  not_for_banks: '{{rule}} ({{flag}}) is not for banks to file',
  has_credit: '{{rule}} ({{flag}}) is not allowed: the customer has the credit already',
  // A complaint that NPCI is to be told.
  no_complaint: 'the dispute asks for no complaint: B 108 or FB 121',
  no_wire: 'no bank of this hub is on the XML wire',
  no_link: 'there is no link to NPCI now',
  bank_not_on_wire: 'the bank is not on the XML wire',
  told_nothing: 'NPCI was told nothing over the wire',
  not_on_wire: '{{bank}} is not on the XML wire',
  asker_cannot_tell: 'who asked for it cannot tell NPCI too: another person must',
  taken_out: 'it was taken out of the files for NPCI',
  was_told: 'NPCI was told; what it made of it can be asked',
  let_go: 'people have let it go with a file for NPCI already',
  // What a bank does by itself.
  asker_cannot_agree: 'who asked for it cannot agree to it too: another person must',
  done_already: 'it was done already',
  has_money: 'the customer has the money already',
  has_money_otherwise: 'the customer has the money by another way meanwhile: take the shadow reversal back',
  nothing_of_its_own: 'the dispute asks for nothing that this bank does by itself',
  account_elsewhere: 'the hub does not keep the account of its customer',
  account_takes_none: 'the account of the customer takes no credits',
} as const satisfies Readonly<Record<`barred_${Condition}`, string>> & Readonly<Record<string, string>>

export type RefusalCode = keyof typeof refusals

export const refusal = (code: RefusalCode, values: Said['values'] = {}): Said => ({
  code,
  values,
  text: fill(refusals[code], values),
})
