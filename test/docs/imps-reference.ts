import { writeFileSync } from 'node:fs'
import { messagesPage, responseCodesPage, xmlMessagesPage } from '../../src/imps/print-reference.ts'

/** Pages of docs/reference that are printed from tables. `node test/docs/imps-reference.ts` writes them. */
export const pages = {
  'messages.md': messagesPage,
  'xml-messages.md': xmlMessagesPage,
  'response-codes.md': responseCodesPage,
} as const

export const fileOf = (page: string): string => `${import.meta.dirname}/../../docs/reference/${page}`

if (import.meta.main) for (const [page, print] of Object.entries(pages)) writeFileSync(fileOf(page), print())
