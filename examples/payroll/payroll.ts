import { parseArgs } from 'node:util'
import { ApiError, type Payment, Turant, TurantError } from '@turant/sdk'
import { findHub } from '../hub.ts'
import { type Book, type Entry, isPaid, isUnpaid, openBook } from './book.ts'
import { readSalaries, type Salary } from './salaries.ts'

/**
 * Pays the salaries of a month from a CSV file: `npm run example:payroll -- salaries.csv --month 2026-11`. Run it as often as you like, also
 * after it was killed: it goes on where it was, and pays nobody twice.
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    month: { type: 'string' },
    from: { type: 'string' },
    book: { type: 'string' },
    /** Employees who are paid anew after a definite no. */
    again: { type: 'string', multiple: true, default: [] },
    /** Seconds to wait for outcomes. */
    wait: { type: 'string', default: '30' },
  },
})
const [file] = positionals
const { month, again, wait } = values
if (file === undefined || month === undefined || !/^\d{4}-\d{2}$/.test(month)) {
  console.error(
    'payroll <salaries.csv> --month <YYYY-MM> [--from acc_…] [--book file] [--again employee] [--wait seconds]',
  )
  process.exit(2)
}

/** Salaries that are asked for at once. */
const AT_ONCE = 8
const hub = findHub('sandbox.json')
const from = values.from ?? hub.accounts?.remitter ?? ''
const turant = new Turant(hub)

const learned = (entry: Entry, payment: Payment): Entry => ({
  ...entry,
  payment: payment.id,
  status: payment.status,
  rrn: payment.rrn,
  why: payment.reason?.message ?? null,
})

/** The entry to go on with: what is in the book, or a new one, kept before anything is asked. */
function begin(book: Book, { employee }: Salary): Entry {
  const known = book.find(employee)
  const isAgain = known !== undefined && again.includes(employee) && isUnpaid(known)
  if (known !== undefined && !isAgain) return known
  const attempt = (known?.attempt ?? 0) + 1
  const key = `payroll-${month}-${employee}-${attempt}`
  return book.keep({ employee, key, attempt, payment: null, status: 'asked', rrn: null, why: null })
}

async function pay(book: Book, salary: Salary): Promise<Entry> {
  let entry = begin(book, salary)
  try {
    if (entry.payment === null) {
      const { name, ifsc, account, amountPaise, employee } = salary
      const to = { kind: 'account', ifsc, account, name } as const
      const order = { amount: amountPaise, from, to, remarks: `salary ${month}`, reference: `${month} ${employee}` }
      entry = book.keep(learned(entry, await turant.payments.create(order, { idempotencyKey: entry.key })))
    }
    if (isPaid(entry) || isUnpaid(entry) || entry.payment === null) return entry
    const last = await turant.payments.waitUntilFinal(entry.payment, { timeoutMs: Number(wait) * 1000 })
    return last.status === entry.status ? entry : book.keep(learned(entry, last))
  } catch (error) {
    if (!(error instanceof TurantError)) throw error
    const fields = error instanceof ApiError ? error.errors.map((one) => `${one.field} ${one.message}`) : []
    const why = [error.message, ...fields].join('; ')
    // Nothing was paid only if the error says so. Of a payment that exists, an error says nothing at all.
    const isNo = !error.ambiguous && entry.payment === null
    return book.keep({ ...entry, status: isNo ? 'refused' : entry.status, why })
  }
}

const rupees = (paise: bigint): string =>
  `₹${(paise / 100n).toLocaleString('en-IN')}.${String(paise % 100n).padStart(2, '0')}`

/** @returns undefined, having said why, when the file is not right */
function read(path: string): readonly Salary[] | undefined {
  try {
    return readSalaries(path)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return undefined
  }
}

const salaries = read(file) ?? process.exit(2)
const book = openBook(values.book ?? file.replace(/(\.csv)?$/i, `.${month}.jsonl`))
const results = new Map<string, Entry>()
const queue = salaries.values()
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (const salary of queue) results.set(salary.employee, await pay(book, salary))
  }),
)

const sums = { paid: 0n, 'not paid': 0n, open: 0n }
for (const { employee, name, amountPaise } of salaries) {
  const entry = results.get(employee)
  if (entry === undefined) continue
  const kind = isPaid(entry) ? 'paid' : isUnpaid(entry) ? 'not paid' : 'open'
  sums[kind] += amountPaise
  const line = [employee.padEnd(6), name.padEnd(16), rupees(amountPaise).padStart(14), kind.padEnd(8), entry.rrn ?? '-']
  console.log([...line, kind === 'paid' ? '' : (entry.why ?? entry.status)].join('  ').trimEnd())
}
for (const [kind, sum] of Object.entries(sums)) if (sum > 0n) console.log(`${kind}: ${rupees(sum)}`)
if (sums.open > 0n)
  console.log('open: the money is safe and the hub asks; run this again, and pay nobody by other means')
process.exitCode = sums.open > 0n ? 3 : sums['not paid'] > 0n ? 1 : 0
