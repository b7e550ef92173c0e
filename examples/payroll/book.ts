import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'

/** What the payroll knows of one salary. The last line of an employee holds. */
export type Entry = {
  readonly employee: string
  /** Kept before anything is asked: asking again with it never pays twice. */
  readonly key: string
  /** 2 after the first was declined and somebody said `--again`. */
  readonly attempt: number
  /** Null until the hub has answered. */
  readonly payment: string | null
  /** Of the payment; or `asked`: there was no answer, it may have been paid; or `refused`: nothing was paid. */
  readonly status: string
  readonly rrn: string | null
  readonly why: string | null
}

export const isPaid = ({ status }: Entry): boolean => status === 'succeeded' || status === 'deemed'
/** A definite no: only then may somebody be paid anew. */
export const isUnpaid = ({ status }: Entry): boolean => ['failed', 'returned', 'cancelled', 'refused'].includes(status)

export type Book = {
  readonly find: (employee: string) => Entry | undefined
  /** On the disk when it returns. */
  readonly keep: (entry: Entry) => Entry
}

/** A file with one line of JSON for each thing that was learned; nothing in it is ever changed. */
export function openBook(file: string): Book {
  const entries = new Map<string, Entry>()
  if (existsSync(file)) {
    const text = readFileSync(file, 'utf8')
    // What stands behind the last line end was being written when the program was killed.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole !== text) truncateSync(file, Buffer.byteLength(whole))
    for (const line of whole.split('\n').filter(Boolean)) {
      const entry: Entry = JSON.parse(line)
      entries.set(entry.employee, entry)
    }
  }
  return {
    find: (employee) => entries.get(employee),
    keep(entry) {
      appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600, flush: true })
      entries.set(entry.employee, entry)
      return entry
    },
  }
}
