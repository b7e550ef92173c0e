import { paise } from '../../base/money.ts'
import type { Condition, DisputeState, Family, Lapse, Party, Rule, Within } from './rule.ts'

/**
 * The matrix of NPCI's circulars, row by row. Where two sources differ both are here, one after the other in time; what is not certain
 * says so in `doubt`. @source settlement.md §4.1: OC 28, 45, 117, 124, 127, 129, 132, 133 and the URCS dispute master (S12)
 */

const OC28 = '2013-12-01'
const OC45 = '2014-12-01'
const OC124 = '2025-04-20'
const OC127 = '2025-08-27'
const OC129 = '2025-11-27'
const OC133 = '2026-08-15'
const FRAUD2027 = '2027-01-01'
const dateOf133 = 'the month of the go-live of OC 133 could not be read: "... 15, 2026"'

const ofTransaction = (days: number): Within => ({ days, since: 'transaction', until: '24:00' })
const ofStep = (days: number): Within => ({ days, since: 'step', until: '24:00' })
const people: Lapse = { kind: 'people' }
const deemed = (flag: string, reason: string): Lapse => ({ kind: 'deemed', flag, reason })
const ends = (to: DisputeState): Lapse => ({ kind: 'ends', to })

type Row = {
  readonly by: Party | readonly Party[]
  readonly from?: DisputeState | readonly DisputeState[]
  readonly to: DisputeState
  readonly reasons: string
  readonly within?: Within
  readonly funds?: Rule['funds']
  readonly needs?: readonly Condition[]
  readonly lapse?: Lapse
} & Partial<Pick<Rule, 'sameDayAbovePaise' | 'evidence' | 'verdictFor' | 'format' | 'doubt' | 'validUntil'>>

const row =
  (family: Family | readonly Family[], source: string, validFrom: string) =>
  (
    flag: string,
    name: string,
    { by, from = 'none', to, reasons, within, funds, needs, lapse, format, ...more }: Row,
  ): Rule => ({
    flag,
    name,
    families: [family].flat(),
    by: [by].flat(),
    from: [from].flat(),
    to,
    reasons: reasons === '' ? [] : reasons.split(' '),
    within: within ?? null,
    funds: funds ?? 'none',
    needs: needs ?? [],
    lapse: lapse ?? null,
    format: format === undefined ? 'classic' : format,
    validFrom,
    validUntil: more.validUntil ?? null,
    source,
    ...more,
  })

const before = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)

const old = row('chargeback', 'OC 28', OC28)
const oc127 = row('chargeback', 'OC 127', OC127)
const urcs = row('chargeback', 'URCS master', OC127)
const chargeback: readonly Rule[] = [
  old('B', 'Chargeback', {
    by: 'remitter',
    to: 'raised',
    reasons: '108',
    within: ofTransaction(60),
    funds: 'to_remitter',
    sameDayAbovePaise: null,
    needs: ['deemed', 'no_tcc', 'no_return'],
    lapse: deemed('A', '111'),
    validUntil: before(OC127),
    doubt: 'the 60 days are those of the URCS master',
  }),
  oc127('B', 'Chargeback', {
    by: 'remitter',
    to: 'raised',
    reasons: '108',
    within: ofTransaction(45),
    funds: 'to_remitter',
    sameDayAbovePaise: paise(2_500_000n),
    needs: ['deemed', 'no_tcc', 'no_return'],
    lapse: deemed('A', '111'),
  }),
  old('A', 'Chargeback accept, or deemed', {
    by: ['beneficiary', 'npci'],
    from: 'raised',
    to: 'for_remitter',
    reasons: '111',
    within: ofStep(3),
  }),
  old('R', 'Re-presentment, credited online', {
    by: 'beneficiary',
    from: 'raised',
    to: 'represented',
    reasons: '208',
    within: ofStep(3),
    funds: 'to_beneficiary',
    needs: ['credited'],
    evidence: true,
    lapse: ends('for_beneficiary'),
  }),
  old('R', 'Re-presentment, credited manually (Annexure F)', {
    by: 'beneficiary',
    from: 'raised',
    to: 'represented',
    reasons: '209',
    within: ofStep(3),
    funds: 'to_beneficiary',
    needs: ['credited'],
    evidence: true,
    lapse: ends('for_beneficiary'),
  }),
  ...['IA', 'A'].map((flag) =>
    oc127(flag, 'Auto-accept: RET in the cycle after the chargeback', {
      by: 'npci',
      from: 'raised',
      to: 'for_remitter',
      reasons: '9886',
      format: null,
      doubt: 'for members on bulk upload and UDIR; the flag is not certain',
    }),
  ),
  ...['IA', 'R'].map((flag) =>
    oc127(flag, 'Auto-represent: TCC in the cycle after the chargeback', {
      by: 'npci',
      from: 'raised',
      to: 'represented',
      reasons: '9887',
      funds: 'to_beneficiary',
      lapse: ends('for_beneficiary'),
      format: null,
      doubt: 'for members on bulk upload and UDIR; the flag is not certain',
    }),
  ),
  old('P', 'Pre-arbitration', {
    by: 'remitter',
    from: 'represented',
    to: 'pre_arbitration',
    reasons: '109',
    within: ofStep(30),
    funds: 'to_remitter',
    evidence: true,
    lapse: people,
    validUntil: before(OC127),
    doubt: 'OC 28 moves the money when it is raised, the newer master when it is answered',
  }),
  urcs('P', 'Pre-arbitration', {
    by: 'remitter',
    from: 'represented',
    to: 'pre_arbitration',
    reasons: '109',
    within: ofStep(30),
    evidence: true,
    lapse: people,
    doubt: 'from when the newer master holds for IMPS is not known',
  }),
  old('AP', 'Pre-arbitration accept', {
    by: 'beneficiary',
    from: 'pre_arbitration',
    to: 'for_remitter',
    reasons: '111',
    within: ofStep(5),
    validUntil: before(OC127),
  }),
  urcs('AP', 'Pre-arbitration accept', {
    by: 'beneficiary',
    from: 'pre_arbitration',
    to: 'for_remitter',
    reasons: '111',
    within: ofStep(5),
    funds: 'to_remitter',
  }),
  old('PR', 'Pre-arbitration decline', {
    by: 'beneficiary',
    from: 'pre_arbitration',
    to: 'pre_arbitration_declined',
    reasons: '112 113',
    within: ofStep(5),
    funds: 'to_beneficiary',
    evidence: true,
    lapse: ends('for_beneficiary'),
    validUntil: before(OC127),
  }),
  urcs('PR', 'Pre-arbitration decline', {
    by: 'beneficiary',
    from: 'pre_arbitration',
    to: 'pre_arbitration_declined',
    reasons: '112 113',
    within: ofStep(5),
    evidence: true,
    lapse: ends('for_beneficiary'),
  }),
  old('AR', 'Arbitration', {
    by: 'remitter',
    from: 'pre_arbitration_declined',
    to: 'arbitration',
    reasons: '1100',
    within: ofStep(15),
    evidence: true,
    lapse: people,
  }),
]

const both = row(['chargeback', 'deferred'], 'URCS master', OC28)
const arbitration: readonly Rule[] = [
  both('ACW', 'Arbitration withdrawn', {
    by: 'remitter',
    from: 'arbitration',
    to: 'withdrawn',
    reasons: '1103',
    within: ofStep(15),
  }),
  both('ACA', 'Arbitration accepted', {
    by: 'beneficiary',
    from: 'arbitration',
    to: 'for_remitter',
    reasons: '1101',
    within: ofStep(15),
    funds: 'to_remitter',
  }),
  both('ACC', 'Arbitration continued', {
    by: 'beneficiary',
    from: 'arbitration',
    to: 'arbitration_continued',
    reasons: '1102',
    within: ofStep(15),
    evidence: true,
    lapse: people,
  }),
  both('ACV', 'Verdict for the remitter bank', {
    by: 'npci',
    from: ['arbitration', 'arbitration_continued'],
    to: 'for_remitter',
    reasons: '1104',
    within: ofStep(60),
    funds: 'to_remitter',
    verdictFor: 'remitter',
    format: null,
    doubt: '30 to 60 days',
  }),
  both('ACV', 'Verdict for the beneficiary bank', {
    by: 'npci',
    from: ['arbitration', 'arbitration_continued'],
    to: 'for_beneficiary',
    reasons: '1104',
    within: ofStep(60),
    verdictFor: 'beneficiary',
    format: null,
    doubt: '30 to 60 days',
  }),
  both('PRD', 'Second-level panel', {
    by: ['remitter', 'beneficiary'],
    from: ['for_remitter', 'for_beneficiary'],
    to: 'panel',
    reasons: '',
    within: ofStep(5),
    evidence: true,
    lapse: people,
    doubt: 'only after a verdict; its reason codes are not public',
  }),
  both('PRD', 'Panel for the remitter bank', {
    by: 'npci',
    from: 'panel',
    to: 'for_remitter',
    reasons: '',
    within: ofStep(30),
    funds: 'as_decided',
    verdictFor: 'remitter',
    format: null,
    doubt: '15 and 30 days',
  }),
  both('PRD', 'Panel for the beneficiary bank', {
    by: 'npci',
    from: 'panel',
    to: 'for_beneficiary',
    reasons: '',
    within: ofStep(30),
    funds: 'as_decided',
    verdictFor: 'beneficiary',
    format: null,
    doubt: '15 and 30 days',
  }),
]

const oc45 = row('deferred', 'OC 45', OC45)
const deferred: readonly Rule[] = [
  oc45('FB', 'Deferred chargeback', {
    by: 'remitter',
    to: 'raised',
    reasons: '121',
    within: ofTransaction(45),
    needs: ['deemed', 'tcc', 'no_return'],
    lapse: people,
    doubt: 'what a deferred chargeback without an answer becomes is not in the circulars that could be read',
  }),
  oc45('FA', 'Deferred chargeback accept', {
    by: 'beneficiary',
    from: 'raised',
    to: 'for_remitter',
    reasons: '122',
    within: ofStep(4),
    funds: 'to_remitter',
  }),
  oc45('FR', 'Deferred re-presentment', {
    by: 'beneficiary',
    from: 'raised',
    to: 'represented',
    reasons: '123',
    within: ofStep(4),
    needs: ['credited'],
    evidence: true,
    lapse: ends('for_beneficiary'),
  }),
  oc45('FP', 'Deferred pre-arbitration', {
    by: 'remitter',
    from: 'represented',
    to: 'pre_arbitration',
    reasons: '124',
    within: ofStep(15),
    evidence: true,
    lapse: people,
  }),
  oc45('FAP', 'Deferred pre-arbitration accept', {
    by: 'beneficiary',
    from: 'pre_arbitration',
    to: 'for_remitter',
    reasons: '125',
    within: ofStep(5),
    funds: 'to_remitter',
  }),
  oc45('FPR', 'Deferred pre-arbitration decline', {
    by: 'beneficiary',
    from: 'pre_arbitration',
    to: 'pre_arbitration_declined',
    reasons: '126',
    within: ofStep(5),
    evidence: true,
    lapse: ends('for_beneficiary'),
  }),
  oc45('FAR', 'Deferred arbitration', {
    by: 'remitter',
    from: 'pre_arbitration_declined',
    to: 'arbitration',
    reasons: '127',
    within: ofStep(15),
    evidence: true,
    lapse: people,
  }),
]

const oc124 = row('fraud', 'OC 124', OC124)
const deferredFraud = row('deferred_fraud', 'OC 133', OC133)
const fraud: readonly Rule[] = [
  oc124('FC', 'Fraud chargeback', {
    by: 'remitter',
    to: 'raised',
    reasons: '128',
    within: ofTransaction(45),
    funds: 'to_remitter',
    needs: ['not_declined', 'no_tcc', 'no_return'],
    evidence: true,
    lapse: deemed('FCA', '133'),
  }),
  oc124('FCA', 'Fraud chargeback accept', {
    by: 'beneficiary',
    from: 'raised',
    to: 'for_remitter',
    reasons: '129',
    within: ofStep(25),
  }),
  oc124('FCA', 'Fraud chargeback deemed accepted', {
    by: 'npci',
    from: 'raised',
    to: 'for_remitter',
    reasons: '133',
    format: null,
  }),
  oc124('FCR', 'Fraud chargeback represented', {
    by: 'beneficiary',
    from: 'raised',
    to: 'for_beneficiary',
    reasons: '130 131 132',
    within: ofStep(25),
    funds: 'to_beneficiary',
    evidence: true,
  }),
  deferredFraud('DFC', 'Deferred fraud chargeback', {
    by: 'remitter',
    to: 'raised',
    reasons: '128',
    within: ofTransaction(45),
    needs: ['not_declined', 'tcc', 'no_return'],
    evidence: true,
    lapse: deemed('DFCA', '133'),
    doubt: dateOf133,
  }),
  deferredFraud('DFCA', 'Deferred fraud chargeback accept', {
    by: 'beneficiary',
    from: 'raised',
    to: 'for_remitter',
    reasons: '129',
    within: ofStep(15),
    funds: 'to_remitter',
    doubt: dateOf133,
  }),
  deferredFraud('DFCA', 'Deferred fraud chargeback deemed accepted', {
    by: 'npci',
    from: 'raised',
    to: 'for_remitter',
    reasons: '133',
    funds: 'to_remitter',
    format: null,
    doubt: `Annexure A lists it without a code; ${dateOf133}`,
  }),
  deferredFraud('DFCR', 'Deferred fraud chargeback represented', {
    by: 'beneficiary',
    from: 'raised',
    to: 'for_beneficiary',
    reasons: '130 131 132',
    within: ofStep(15),
    evidence: true,
    doubt: dateOf133,
  }),
]

const wp = row('wrong_payment', 'OC 133', OC133)
const dwc = row('deferred_wrong_payment', 'OC 133', OC133)
const wrongPayment: readonly Rule[] = [
  wp('WP', 'Wrong-payment reversal request', {
    by: 'remitter',
    to: 'raised',
    reasons: 'WC1',
    within: ofTransaction(45),
    funds: 'to_remitter',
    needs: ['not_declined', 'no_tcc', 'no_return'],
    lapse: deemed('WPD', 'WC5'),
    doubt: dateOf133,
  }),
  wp('WPA', 'Wrong payment accept', {
    by: 'beneficiary',
    from: 'raised',
    to: 'for_remitter',
    reasons: 'WC2',
    within: ofStep(25),
    doubt: dateOf133,
  }),
  wp('WPR', 'Wrong payment reject', {
    by: 'beneficiary',
    from: 'raised',
    to: 'for_beneficiary',
    reasons: 'WC3 WC4',
    within: ofStep(25),
    funds: 'to_beneficiary',
    evidence: true,
    doubt: dateOf133,
  }),
  wp('WPD', 'Wrong payment deemed accepted', {
    by: 'npci',
    from: 'raised',
    to: 'for_remitter',
    reasons: 'WC5',
    format: null,
    doubt: dateOf133,
  }),
  dwc('DWC', 'Deferred wrong-payment request', {
    by: 'remitter',
    to: 'raised',
    reasons: 'DWC1',
    within: ofTransaction(45),
    needs: ['not_declined', 'tcc', 'no_return'],
    lapse: deemed('DWDA', 'DWC9'),
    doubt: dateOf133,
  }),
  dwc('DWCA', 'Deferred wrong payment accept', {
    by: 'beneficiary',
    from: 'raised',
    to: 'for_remitter',
    reasons: 'DWC6',
    within: ofStep(25),
    funds: 'to_remitter',
    doubt: dateOf133,
  }),
  dwc('DWCR', 'Deferred wrong payment reject', {
    by: 'beneficiary',
    from: 'raised',
    to: 'for_beneficiary',
    reasons: 'DWC7 DWC8',
    within: ofStep(25),
    evidence: true,
    doubt: dateOf133,
  }),
  dwc('DWDA', 'Deferred wrong payment deemed accepted', {
    by: 'npci',
    from: 'raised',
    to: 'for_remitter',
    reasons: 'DWC9',
    funds: 'to_remitter',
    format: null,
    doubt: dateOf133,
  }),
]

const credit = (source: string, from: string) => row('credit_adjustment', source, from)
const refund = {
  by: 'beneficiary',
  to: 'for_remitter',
  reasons: '1084 1090 1091 1092 1094',
  funds: 'to_remitter',
  needs: ['not_declined'],
} as const
const creditAdjustment: readonly Rule[] = [
  credit('OC 28', OC28)('C', 'Credit adjustment', { ...refund, within: ofTransaction(180), validUntil: before(OC127) }),
  credit('URCS master', OC127)('C', 'Credit adjustment', {
    ...refund,
    within: ofTransaction(45),
    doubt: 'the 45 days are those of the UPI master; older IMPS texts say 180',
  }),
]

const bggc = row('beneficiary_good_faith', 'OC 129', OC129)
const rggc = row('remitter_good_faith', 'OC 129', OC129)
const file = { format: 'good_faith' } as const
const goodFaith: readonly Rule[] = [
  bggc('BGGC', 'Beneficiary good-faith credit', {
    ...file,
    by: 'beneficiary',
    to: 'raised',
    reasons: 'BGA1 BGA2 BGA3 BGA4 BGA5',
    funds: 'to_remitter',
    needs: ['not_declined', 'once', 'other_over'],
    lapse: deemed('RGCD', 'RCA2'),
  }),
  bggc('RGAC', 'Remitter good-faith accept', {
    ...file,
    by: 'remitter',
    from: 'raised',
    to: 'for_remitter',
    reasons: 'RCA1',
    within: ofStep(3),
  }),
  bggc('RGRC', 'Remitter good-faith re-present', {
    ...file,
    by: 'remitter',
    from: 'raised',
    to: 'for_beneficiary',
    reasons: 'RGR1 RGR2 RGR3 RGR4 RGR5 RGR6 RGR7',
    within: ofStep(3),
    funds: 'to_beneficiary',
  }),
  bggc('RGCD', 'Remitter good-faith deemed accepted', {
    by: 'npci',
    from: 'raised',
    to: 'for_remitter',
    reasons: 'RCA2',
    format: null,
  }),
  rggc('RGGC', 'Remitter good-faith credit', {
    ...file,
    by: 'remitter',
    to: 'raised',
    reasons: 'RGA1 RGA2 RGA3 RGA4 RGA5',
    funds: 'to_beneficiary',
    needs: ['not_declined', 'once', 'other_over'],
    lapse: deemed('BGCD', 'BCA2'),
  }),
  rggc('BGAC', 'Beneficiary good-faith accept', {
    ...file,
    by: 'beneficiary',
    from: 'raised',
    to: 'for_beneficiary',
    reasons: 'BCA1',
    within: ofStep(3),
  }),
  rggc('BGRC', 'Beneficiary good-faith re-present', {
    ...file,
    by: 'beneficiary',
    from: 'raised',
    to: 'for_remitter',
    reasons: 'BGR1 BGR2 BGR3 BGR4 BGR5 BGR6 BGR7',
    within: ofStep(3),
    funds: 'to_remitter',
  }),
  rggc('BGCD', 'Beneficiary good-faith deemed accepted', {
    by: 'npci',
    from: 'raised',
    to: 'for_beneficiary',
    reasons: 'BCA2',
    format: null,
  }),
]

const own = row('shadow_reversal', 'RBI/2026-27/167-173', FRAUD2027)
const shadow: readonly Rule[] = [
  own('SR', 'Shadow reversal', {
    by: 'bank',
    to: 'raised',
    reasons: 'SR1',
    format: null,
    needs: ['not_declined'],
    lapse: people,
  }),
  own('SRC', 'Shadow reversal made good', {
    by: 'bank',
    from: 'raised',
    to: 'for_remitter',
    reasons: 'SR2',
    within: ofStep(45),
    format: null,
  }),
  own('SRX', 'Shadow reversal taken back', {
    by: 'bank',
    from: 'raised',
    to: 'for_beneficiary',
    reasons: 'SR3',
    within: ofStep(45),
    evidence: true,
    format: null,
  }),
]

/** Every row there ever was, in the order of §4.1. */
export const matrix: readonly Rule[] = [
  ...creditAdjustment,
  ...chargeback,
  ...arbitration,
  ...deferred,
  ...fraud,
  ...wrongPayment,
  ...goodFaith,
  ...shadow,
]

/** On which settlement flags a bank is told that nothing else can be raised now, and what can: `B` with a TCC on record is `FB`. */
export const insteadOf: Readonly<Record<string, string>> = {
  B: 'FB',
  FC: 'DFC',
  WP: 'DWC',
  FB: 'B',
  DFC: 'FC',
  DWC: 'WP',
}
