import { distinct, list, type Read, SettingError, section } from '../settings-reader.ts'
import { type Layouts, shippedLayouts } from './detect.ts'
import type { Layout } from './layout.ts'
import { readCsvProfile } from './read-csv-profile.ts'
import { readLayout } from './read-layout.ts'
import { readStatementLayout } from './read-statement-layout.ts'
import type { Day } from './rows.ts'
import type { StatementLayout } from './statement-layout.ts'
import { type Named, readTemplate, writeTemplate } from './template.ts'

const own: Read<Layouts> = section((at) => ({
  tables: at.take('tables', list(readLayout, 0, 100), []),
  statements: at.take('settlementStatements', list(readStatementLayout, 0, 100), []),
  csvProfiles: at.take('bankStatements', list(readCsvProfile, 0, 100), []),
}))

/**
 * Reads a member bank's layouts, JSON text of three lists: `tables`, `settlementStatements`, `bankStatements`. What a bank says of a name
 * holds from the day of its first version on: from then the hub uses the bank's versions alone, and what ships of that name before. A bank
 * may say the same of any name that ships, and of names of its own; what it may not do is leave two layouts for one file.
 *
 * @throws {SettingError} one line naming layout and column, such as `layouts.tables[0] (bank/raw).fields[3] (RRN).at is missing`
 */
export function readLayouts(json: string): Layouts {
  const found = own(parseJson(json), 'layouts')
  const { tables, statements, csvProfiles } = found
  if (tables.length + statements.length + csvProfiles.length === 0) {
    throw new SettingError('layouts must have a list that is not empty: tables, settlementStatements, bankStatements')
  }
  const named: readonly Table[] = [...tables, ...statements]
  distinct(named, 'layouts', 'id', ({ id }) => id)
  distinct(named, 'layouts', 'name and day', ({ fileName, from }) => `${fileName} ${from}`)
  distinct(csvProfiles, 'layouts.bankStatements', 'profile and day', ({ profile, from }) => `${profile} ${from}`)
  const shipped: readonly Table[] = [...shippedLayouts.tables, ...shippedLayouts.statements]
  for (const one of named) checkAlone(one, [...named, ...shipped], shipped)
  return {
    tables: over(shippedLayouts.tables, tables, ({ kind, fileName }) => (isWritten(kind) ? kind : fileName)),
    statements: over(shippedLayouts.statements, statements, ({ fileName }) => fileName),
    csvProfiles: over(shippedLayouts.csvProfiles, csvProfiles, ({ profile }) => profile),
  }
}

type Table = Layout | StatementLayout

/** A file that the hub writes is looked for by its kind: it has no name yet. */
const isWritten = (kind: Layout['kind']): boolean => kind.startsWith('upload_')

/** Own before shipped, and no shipped one of a name from the day on that the first own one holds. */
function over<T extends { readonly from: Day }>(
  shipped: readonly T[],
  own: readonly T[],
  key: (one: T) => string,
): T[] {
  const first = new Map<string, Day>()
  for (const one of own) {
    const before = first.get(key(one))
    if (before === undefined || one.from < before) first.set(key(one), one.from)
  }
  const isBefore = (one: T): boolean => {
    const day = first.get(key(one))
    return day === undefined || one.from < day
  }
  return [...own, ...shipped.filter(isBefore)]
}

const kindOf = (one: Table): string => ('kind' in one ? one.kind : 'ntsl')

/** A file's layout is told by its name and its day alone: no other kind, and no other template, may have such a name. */
function checkAlone(one: Table, all: readonly Table[], shipped: readonly Table[]): void {
  if (shipped.some(({ id }) => id === one.id)) {
    throw new SettingError(`layouts: the id ${one.id} is one that ships; a version of your own needs another`)
  }
  for (const other of all) {
    const isSameName = other.fileName === one.fileName
    if (isSameName && kindOf(other) === kindOf(one)) continue
    const clash = isSameName ? one.fileName : (sharedName(one, other) ?? sharedName(other, one))
    if (clash === undefined) continue
    throw new SettingError(
      `layouts: ${one.id} (${kindOf(one)}, ${one.fileName}) and ${other.id} (${kindOf(other)}, ${other.fileName}) both have the name ${clash}`,
    )
  }
}

const sharedName = (one: Table, other: Table): string | undefined =>
  samples(one.fileName).find((name) => readTemplate(other.fileName, name) !== undefined)

/** What files of a name can be called: each part long and short, letters and digits. */
const samples = (fileName: string): readonly string[] =>
  sampled.map((named) => writeTemplate(fileName, { from: '09:00:00', to: '11:00:00', ...named }))

const sampled: readonly Named[] = [
  { bank: 'TRN', day: '2026-11-12', cycle: '5', serial: '1' },
  { bank: '123', day: '2020-10-11', cycle: '10', serial: '123456' },
  { bank: 'A1B', day: '2012-12-12', cycle: 'DC1', serial: '12345678' },
]

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new SettingError(
      `layouts are not JSON: ${error instanceof Error ? error.message.replace(/\s+/g, ' ') : 'unreadable'}`,
    )
  }
}
