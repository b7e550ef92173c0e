import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'

export type Salary = {
  readonly employee: string
  readonly name: string
  readonly ifsc: string
  readonly account: string
  readonly amountPaise: bigint
}

const COLUMNS = ['employee', 'name', 'ifsc', 'account', 'amount']

/** Rupees as people write them, to paise; undefined when it is no amount above zero. */
function paiseOf(text: string): bigint | undefined {
  const [, rupees, paise = '00'] = /^(\d{1,10})(?:\.(\d{2}))?$/.exec(text) ?? []
  const amount = rupees === undefined ? 0n : BigInt(rupees) * 100n + BigInt(paise)
  return amount > 0n ? amount : undefined
}

/** Reads the whole file before anybody is paid. @throws with each line that is wrong: then nobody is */
export function readSalaries(file: string): Salary[] {
  const rows = parse<Record<string, string>>(readFileSync(file), { columns: true, trim: true, bom: true })
  const wrong: string[] = []
  const seen = new Set<string>()
  const salaries = rows.flatMap((row, at) => {
    const { employee = '', name = '', ifsc = '', account = '', amount = '' } = row
    const amountPaise = paiseOf(amount)
    const line = `line ${at + 2}`
    for (const column of COLUMNS) if ((row[column] ?? '') === '') wrong.push(`${line}: ${column} is missing`)
    if (seen.has(employee)) wrong.push(`${line}: ${employee} is here twice`)
    seen.add(employee)
    if (amountPaise !== undefined) return { employee, name, ifsc, account, amountPaise }
    if (amount !== '') wrong.push(`${line}: ${amount} is not an amount in rupees, such as 85000 or 85000.50`)
    return []
  })
  if (wrong.length > 0) throw new Error(`nobody was paid:\n  ${wrong.join('\n  ')}`)
  return salaries
}
