/**
 * Txn@id and Head@msgId: three characters of the bank and 32 more. Both follow from the payment's own id, so that after a crash the
 * row alone says what was on the wire. @source protocol.md §2.4, §3.1
 */

const LEG_AT = 3 + 12

/** @param uuid 32 hex digits, a UUIDv7: its version digit, always 7, is where the legs differ */
export const transactionIdOf = (bank3: string, uuid: string): string => bank3 + uuid

/** Head@msgId of the original (ReqPay PAY): the transaction's id with another digit where a UUIDv7 has its version. */
export const originalMsgIdOf = (transactionId: string): string => withLeg(transactionId, '1')

const withLeg = (id: string, leg: string): string => id.slice(0, LEG_AT) + leg + id.slice(LEG_AT + 1)

/** The payment's 32 hex digits out of a transaction id that this hub made; undefined for any other. */
export function uuidOfTransaction(transactionId: string): string | undefined {
  return /^[A-Z0-9]{3}[0-9a-f]{32}$/.test(transactionId) ? transactionId.slice(3) : undefined
}

/** A message id for a leg that no row remembers. @param random 32 hex digits */
export const freshMsgId = (bank3: string, random: string): string => bank3 + random
