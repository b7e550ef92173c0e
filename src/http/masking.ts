import type { Caller } from '../identity/caller.ts'
import { maskName } from '../payment/name-match.ts'

/**
 * Who is not allowed to see personal details in full gets them masked, in every answer, by default: the walk goes over whatever a
 * route answers, so that a new route cannot forget it.
 */

/** Whether this caller's answers are in full: a program with the right. People look at one thing at a time, with `reveal`, and it is written down. */
export const seesDetails = (caller: Caller): boolean => caller.rights.has('details:read')

/** The last four of what is longer than that; nothing of what is not. */
export const maskNumber = (text: string): string =>
  text.length <= 4 ? 'X'.repeat(text.length) : 'X'.repeat(text.length - 4) + text.slice(-4)

/** What an object with one of these fields beside its `name` is about: somebody. */
const personal = new Set(['account', 'accountNumber', 'mobile', 'mmid', 'registeredName'])

/** Objects that are about nobody, whatever their fields are called: a number made for an order, which is shown to whoever may pay it. */
const open = new Set(['virtualAccount'])

const maskField = (key: string, value: string, ofSomebody: boolean): string => {
  switch (key) {
    case 'account':
      return value.startsWith('acc_') ? value : maskNumber(value) // an account of the hub by its id says nothing
    case 'accountNumber':
    case 'mobile':
      return maskNumber(value)
    case 'registeredName':
      return maskName(value, 'partial')
    case 'name':
      return ofSomebody ? maskName(value, 'partial') : value
    case 'remarks':
      return maskNumber('XXXX'.slice(0, value.length))
    default:
      return value
  }
}

/** A copy of an answer with the personal details masked. */
export function maskDetails(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskDetails)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value)
  const ofSomebody = entries.some(([key]) => personal.has(key))
  return Object.fromEntries(
    entries.map(([key, field]) => [
      key,
      typeof field === 'string' ? maskField(key, field, ofSomebody) : open.has(key) ? field : maskDetails(field),
    ]),
  )
}
