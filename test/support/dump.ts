import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Db } from '../../src/db/pool.ts'
import { namesIn, numbersIn } from './secrets-in-logs.ts'

/** Looks through a whole database, as a thief of it would. */

/** A value and the ways in which it could stand somewhere: plain, escaped for JSON, in a URL, as hex, as Base64 at any offset. */
type Needle = { readonly what: string; readonly forms: readonly string[] }

export function needlesOf(personal: Readonly<Record<string, string>>): Needle[] {
  return Object.entries(personal).map(([what, value]) => {
    const bytes = Buffer.from(value)
    // What Base64 makes of bytes depends on where they begin; the ends depend on what is beside them.
    const base64 = [0, 1, 2].map((shift) => {
      const text = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .replace(/=+$/, '')
      return text.slice(shift === 0 ? 0 : shift + 1, text.length - 1)
    })
    const plain = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), bytes.toString('hex')]
    const url = base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))
    return { what, forms: [...new Set([...plain.map((form) => form.toLowerCase()), ...base64, ...url])] }
  })
}

export type Find = { readonly where: string; readonly what: string }

/** Every place of every table where one of these values stands. @param most  rows of each table that are looked at */
export async function findInDump(
  db: Db,
  needles: readonly Needle[],
  most = 100_000,
): Promise<{ found: Find[]; values: number }> {
  const columns = await db<{ table: string; column: string; type: string }[]>`
    select c.relname as table, a.attname as column, a.atttypid::regtype::text as type
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`
  const found = new Map<string, Find>()
  let values = 0
  for (const [table, own] of Map.groupBy(columns, (one) => one.table)) {
    const rows = await db<Record<string, unknown>[]>`select * from ${db(table)} limit ${most}`
    for (const row of rows) {
      for (const { column } of own) {
        const value = row[column]
        if (value === null || value === undefined || typeof value === 'boolean') continue
        values += 1
        const bytes = value instanceof Uint8Array ? Buffer.from(value) : undefined
        // Digits may also be packed two to a byte, as some dialects of ISO 8583 have them.
        const text =
          bytes === undefined
            ? typeof value === 'object'
              ? JSON.stringify(value)
              : String(value)
            : `${bytes.toString('latin1')} ${bytes.toString('hex')}`
        const lower = text.toLowerCase()
        for (const { what, forms } of needles) {
          const where = `${table}.${column}`
          if (found.has(`${what} ${where}`)) continue
          if (forms.some((form) => lower.includes(form) || text.includes(form)))
            found.set(`${what} ${where}`, { where, what })
        }
      }
    }
  }
  return { found: [...found.values()], values }
}

let known: Needle[] | undefined

/** RRNs and references of the switch are in tests as well, and ids that count from one; they name payments and nobody. */
export const namesNobody = ({ where, what }: Find): boolean =>
  /\.(rrn|transaction_id)$/.test(where) ||
  (/^break\.(detail|facts)$/.test(where) && /^6[0-9]{9,11}$/.test(what)) ||
  /^0{8}[0-9]{4}$/.test(what)

/** Every account number, mobile number and name that stands in a test of this repository. */
export function needlesOfAllTests(): Needle[] {
  if (known !== undefined) return known
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const sources = globSync(['src/**/*.test.ts', 'test/**/*.ts'], { cwd: root }).map((file) =>
    readFileSync(join(root, file), 'utf8'),
  )
  const values = [...numbersIn(sources), ...namesIn(sources)].filter((value) => !/^0+$|^(?:0?12345|999)/.test(value))
  known = needlesOf(Object.fromEntries(values.map((value) => [value, value])))
  return known
}
