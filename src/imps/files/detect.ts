import { type CsvProfile, defaultCsvProfiles } from './csv-profile.ts'
import type { Layout, TableKind } from './layout.ts'
import { defaultLayouts } from './layouts.ts'
import type { Identity } from './line-reader.ts'
import { FileError } from './refusal.ts'
import type { Day, FileKind } from './rows.ts'
import { defaultStatements, type StatementLayout } from './statement-layout.ts'
import { readTemplate } from './template.ts'

/** Every layout there is: what ships, and before it what a member bank has written (`own-layouts.ts`). */
export type Layouts = {
  readonly tables: readonly Layout[]
  readonly statements: readonly StatementLayout[]
  /** Of statements of banks. */
  readonly csvProfiles: readonly CsvProfile[]
}

export const shippedLayouts: Layouts = {
  tables: defaultLayouts,
  statements: defaultStatements,
  csvProfiles: defaultCsvProfiles,
}

/** What a file's name says, and how a file of that name and day is laid out. */
export type Recognised = { readonly file: string; readonly identity: Identity } & (
  | { readonly kind: TableKind; readonly layout: Layout }
  | { readonly kind: 'ntsl'; readonly layout: StatementLayout }
)

/** Endings of encrypted files: what is inside is called the same without. */
const ENCRYPTED = /\.(pgp|gpg|asc)$/i

/** Whether a file's name says that it is encrypted. */
export const isEncryptedName = (file: string): boolean => ENCRYPTED.test(file)
/** The name of the file inside an encrypted one. */
export const nameInside = (file: string): string => file.replace(ENCRYPTED, '')

const MAX_NAME = 100

/**
 * Reads a file's name: whose it is, of which day and cycle, and the layout in force on that day.
 * @throws {FileError} when no layout has such a name, or none yet on that day
 */
export function recognise(file: string, layouts: Layouts = shippedLayouts): Recognised {
  const shown = file.length > MAX_NAME ? `${file.slice(0, MAX_NAME)}...` : file
  const named = [...layouts.statements, ...layouts.tables].flatMap((layout) => {
    const said = file.length > MAX_NAME ? undefined : readTemplate(layout.fileName, file)
    return said?.bank === undefined || said.day === undefined ? [] : [{ layout, bank: said.bank, day: said.day, said }]
  })
  const [first] = named
  if (first === undefined) {
    const names = new Set([...layouts.statements, ...layouts.tables].map(({ fileName }) => fileName))
    throw new FileError({
      fault: 'name_unknown',
      file: shown,
      expected: `a name such as ${[...names].join(', ')}`,
      found: 'another',
    })
  }
  const inForce = latest(
    named.map(({ layout }) => layout),
    first.day,
  )
  if (inForce === undefined) {
    const from = named.map(({ layout }) => layout.from).sort()[0]
    throw new FileError({ fault: 'name_unknown', file, expected: `a day from ${from} on`, found: first.day })
  }
  const { bank, day, said } = first
  const identity: Identity = {
    bank,
    day,
    ...(said.cycle !== undefined && { cycle: said.cycle }),
    ...(said.serial !== undefined && { serial: said.serial }),
  }
  return 'fields' in inForce
    ? { file, identity, kind: inForce.kind, layout: inForce }
    : { file, identity, kind: 'ntsl', layout: inForce }
}

/** Of several, the one that came into force last: of two from the same day the first, so that a bank's own goes before ours. */
function latest<T extends { readonly from: Day }>(layouts: readonly T[], day: Day): T | undefined {
  let found: T | undefined
  for (const layout of layouts) {
    if (layout.from <= day && (found === undefined || layout.from > found.from)) found = layout
  }
  return found
}

/** The layout to write a file of one kind with. @throws a bug when there is none: a program asks for what ships */
export function layoutFor(
  kind: TableKind,
  day: Day,
  form: Layout['form']['kind'],
  layouts: Layouts = shippedLayouts,
): Layout {
  const found = latest(
    layouts.tables.filter((one) => one.kind === kind && one.form.kind === form),
    day,
  )
  if (found === undefined) throw new Error(`no layout of ${kind} as ${form} on ${day}`)
  return found
}

/** The layout of statements in force on a day. */
export function statementLayoutFor(day: Day, layouts: Layouts = shippedLayouts): StatementLayout {
  const found = latest(layouts.statements, day)
  if (found === undefined) throw new Error(`no layout of statements on ${day}`)
  return found
}

/** The profile of a name in force on a day; without a day the newest. Undefined when there is none. */
export const csvProfileFor = (
  profile: string,
  day: Day | undefined,
  { csvProfiles }: Layouts,
): CsvProfile | undefined =>
  latest(
    csvProfiles.filter((one) => one.profile === profile),
    day ?? LAST_DAY,
  )

const LAST_DAY: Day = '9999-12-31'

/** What the first bytes of a file look like, whatever it is called: the id of a layout, `workbook`, `pgp`, or undefined. */
export function signatureOf(head: Uint8Array, layouts: Pick<Layouts, 'tables'> = shippedLayouts): string | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 4_096)).toString('latin1')
  if (text.startsWith('PK\x03\x04')) return 'workbook'
  if (text.startsWith('-----BEGIN PGP MESSAGE')) return 'pgp'
  const line = text.replace(/^\xef\xbb\xbf/, '').split(/\r?\n/, 1)[0] ?? ''
  const found = layouts.tables.find(({ form, fields }) => {
    if (form.kind === 'csv') return line === fields.map(({ column }) => column).join(form.delimiter)
    return form.kind === 'fixed' && line.length === form.length
  })
  return found?.id
}

/** Kinds of files that belong to a cycle. */
export const isOfCycle = (kind: FileKind): boolean => !kind.startsWith('upload_')
