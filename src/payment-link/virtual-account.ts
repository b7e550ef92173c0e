import { type AccountNumber, must, type Nbin, parseAccountNumber } from '../base/identifiers.ts'
import { between, type Random } from '../base/random.ts'

/**
 * The number of a virtual account: the bank's NBIN, eleven digits of chance, and a check digit: 16 digits, two more than a customer's account
 * has, so that no number is both. People type it into another bank's app; the check digit (Damm's) finds every single wrong digit and every two that
 * changed places, so that a slip of the finger is refused and never pays somebody else's order.
 *
 * @source H. M. Damm, Total anti-symmetrische Quasigruppen, Marburg 2004
 */
export function makeVirtualNumber(nbin: Nbin, random: Random): AccountNumber {
  let digits: string = nbin
  for (let n = 0; n < CHANCE_DIGITS; n += 1) digits += between(random, 0, 9)
  return must(parseAccountNumber(`${digits}${checkDigit(digits)}`), 'account number')
}

/** Whether a number can be a virtual account's: what cannot is not looked for. */
export const isVirtualNumber = (text: string): boolean => /^[0-9]{16}$/.test(text) && checkDigit(text) === 0

const CHANCE_DIGITS = 11

/** Damm's quasigroup of order ten: its diagonal is zero, so that the check digit of a number with its check digit is zero. */
const table = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
]

const checkDigit = (digits: string): number => {
  let interim = 0
  for (const digit of digits) interim = Number(table[interim]?.[Number(digit)])
  return interim
}
