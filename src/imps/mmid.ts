import { type Mmid, must, type Nbin, parseMmid, parseNbin } from '../base/identifiers.ts'

/** The bank of an MMID: its first four digits. @source protocol.md §3.1 */
export const nbinOfMmid = (mmid: Mmid): Nbin => must(parseNbin(mmid.slice(0, 4)), 'NBIN')

/** The three digits of the bank's choice, which tell apart the accounts behind one mobile number. */
export const suffixOfMmid = (mmid: Mmid): string => mmid.slice(4)

/** NBIN and `000`: the customer's default account, for payments by mobile number and bank name. @source NPCI OC 119 */
export const defaultMmid = (nbin: Nbin): Mmid => must(parseMmid(`${nbin}000`), 'MMID')
