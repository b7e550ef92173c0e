import { formatRupees } from '../base/money.ts'

/** A sentence, or a piece of one, and by which code and with which values it can be said in another language. */
export type Said = {
  readonly code: string
  readonly values: Readonly<Record<string, string | number>>
  readonly text: string
}

/** What is a word of the hub and is written with spaces. */
const spaced: ReadonlySet<string> = new Set(['stray', 'event', 'breakKind', 'disputeState'])

/** A text with its values in it: each stands for itself, but `amount`, which is in paise, and what is a word of the hub. */
export const fill = (words: string, values: Said['values']): string =>
  words.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = String(values[name] ?? '')
    if (name === 'amount') return `₹${formatRupees(BigInt(value))}`
    if (name === 'factors') return value.replaceAll(' ', ' and ')
    return spaced.has(name) ? value.replaceAll('_', ' ') : value
  })
