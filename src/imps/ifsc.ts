import type { Ifsc } from '../base/identifiers.ts'

/** The four letters that name the bank in an IFSC. @source protocol.md §3.1 */
export const bankCodeOf = (ifsc: Ifsc): string => ifsc.slice(0, 4)

/** The six characters that name the branch in an IFSC. */
export const branchOf = (ifsc: Ifsc): string => ifsc.slice(5)
