import { isDay } from '../cycles.ts'
import {
  distinct,
  labelled,
  labelOf,
  list,
  matching,
  oneOf,
  type Read,
  refuseSetting,
  SettingError,
  section,
  whole,
} from '../settings-reader.ts'
import { isOfCycle } from './detect.ts'
import { readField, widthOf } from './field.ts'
import {
  dateMasks,
  type Field,
  type FieldType,
  type Form,
  type Layout,
  type TableKind,
  type Trailer,
  timeMasks,
} from './layout.ts'
import { closedCodes, familyOf, type Meaning, meanings, trailerMeanings } from './record.ts'
import { unknownParts } from './template.ts'

const kinds = [
  'raw_remitter',
  'raw_beneficiary',
  'timeout',
  'adjustment',
  'udir',
  'upload_classic',
  'upload_good_faith',
] as const satisfies readonly TableKind[]

/** 1 to `most` printable ASCII characters. */
export const printable = (most: number): Read<string> =>
  matching(new RegExp(`^[\\x20-\\x7e]{1,${most}}$`), `1 to ${most} printable ASCII characters`)
const yesOrNo = oneOf(true, false)
const length = whole(1, 1_000)

const types: Readonly<Record<FieldType['kind'], Read<FieldType>>> = {
  text: section((at) => ({ kind: at.need('kind', oneOf('text')), max: at.need('max', length) })),
  digits: section((at, path) =>
    ranged(at.need('kind', oneOf('digits')), at.need('min', length), at.need('max', length), path),
  ),
  letters: section((at, path) =>
    ranged(at.need('kind', oneOf('letters')), at.need('min', length), at.need('max', length), path),
  ),
  code: section((at) => ({ kind: at.need('kind', oneOf('code')), of: at.need('of', list(printable(60), 1, 200)) })),
  paise: section((at) => ({
    kind: at.need('kind', oneOf('paise')),
    digits: at.need('digits', whole(3, 18)),
    point: at.need('point', yesOrNo),
    signed: at.take('signed', yesOrNo, false),
  })),
  count: section((at) => ({ kind: at.need('kind', oneOf('count')), digits: at.need('digits', whole(1, 15)) })),
  date: section((at) => ({ kind: at.need('kind', oneOf('date')), mask: at.need('mask', oneOf(...dateMasks)) })),
  time: section((at) => ({ kind: at.need('kind', oneOf('time')), mask: at.need('mask', oneOf(...timeMasks)) })),
}
const typeNames = ['text', 'digits', 'letters', 'code', 'paise', 'count', 'date', 'time'] as const

function ranged<K extends 'digits' | 'letters'>(kind: K, min: number, max: number, path: string) {
  if (min > max) throw new SettingError(`${path}: min is more than max`)
  return { kind, min, max }
}

/** By its kind, so that what is wrong in it is named. */
const fieldType: Read<FieldType> = (value, path) => {
  const given = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  return types[oneOf(...typeNames)(given, `${path}.kind`)](value, path)
}

const place: Read<readonly [number, number]> = (value, path) => {
  const [from, to, ...more] = list(whole(0, 8_000), 2, 2)(value, path)
  if (from === undefined || to === undefined || more.length > 0 || from >= to) {
    return refuseSetting(path, 'two rising numbers, from and to', value)
  }
  return [from, to]
}

const field: Read<Field> = labelled(
  'column',
  section((at) => {
    const [where, optional, value, same] = [
      at.maybe('at', place),
      at.maybe('optional', yesOrNo),
      at.maybe('value', printable(60)),
      at.maybe('same', printable(40)),
    ]
    return {
      name: at.need('name', matching(/^_?[A-Za-z0-9 ]{1,40}$/, 'a name of the hub, or one that begins with _')),
      column: at.need('column', printable(80)),
      is: at.need('is', fieldType),
      ...(where !== undefined && { at: where }),
      ...(optional !== undefined && { optional }),
      ...(value !== undefined && { value }),
      ...(same !== undefined && { same }),
    }
  }),
)

const trailer: Read<Trailer> = section((at) => ({
  mark: at.need('mark', matching(/^[\x21-\x7e]{2,20}$/, '2 to 20 printable characters without blanks')),
  fields: at.need('fields', list(field, 1, 20)),
}))

const forms = {
  csv: section<Form>((at) => ({
    kind: at.need('kind', oneOf('csv')),
    delimiter: at.take('delimiter', oneOf(',', ';', '|', '\t'), ','),
  })),
  fixed: section<Form>((at) => ({ kind: at.need('kind', oneOf('fixed')), length: at.need('length', whole(1, 8_000)) })),
  xlsx: section<Form>((at) => ({
    kind: at.need('kind', oneOf('xlsx')),
    titles: at.take('titles', list(template, 0, 20), []),
  })),
} as const

const form: Read<Form> = (value, path) => {
  const given = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  return forms[oneOf('csv', 'fixed', 'xlsx')(given, `${path}.kind`)](value, path)
}

/** A template, without parts that there are none of. */
export function template(value: unknown, path: string): string {
  const text = printable(200)(value, path)
  const [unknown] = unknownParts(text)
  if (unknown !== undefined) throw new SettingError(`${path}: there is no part {${unknown}}`)
  return text
}

/** A day of the calendar. */
export const day: Read<string> = (value, path) =>
  typeof value === 'string' && isDay(value) ? value : refuseSetting(path, 'a day such as "2026-01-31"', value)

/**
 * One layout of a member bank, JSON as `JSON.parse` made it.
 * @throws {SettingError} one line naming layout, column and field: `tables[0] (bank/raw).fields[3] (RRN).at is missing`
 */
export const readLayout: Read<Layout> = labelled('id', (value, path) => {
  const found = section<Layout>((at) => {
    const end = at.maybe('trailer', trailer)
    return {
      id: at.need(
        'id',
        matching(/^[a-z0-9][a-z0-9_/.-]{0,59}$/, '1 to 60 small letters, digits, dashes, dots and slashes'),
      ),
      kind: at.need('kind', oneOf(...kinds)),
      from: at.need('from', day),
      fileName: at.need('fileName', template),
      form: at.need('form', form),
      fields: at.need('fields', list(field, 1, 200)),
      ...(end !== undefined && { trailer: end }),
    }
  })(value, path)
  checkName(found, path)
  checkFields(found, found.fields, meanings[found.kind], `${path}.fields`)
  if (found.trailer !== undefined) {
    const { mark, fields } = found.trailer
    checkFields(found, fields, trailerMeanings, `${path}.trailer.fields`, Object.keys(trailerMeanings))
    const [first] = found.fields
    const asWide = fields.length + 1 === found.fields.length // else a row that begins so is refused for its width
    if (found.form.kind === 'csv' && asWide && first !== undefined && readField(first.is, mark) !== undefined) {
      throw new SettingError(`${path}.trailer.mark could be the first field of a row`)
    }
  }
  if (!isOfCycle(found.kind)) checkWritten(found, path)
  return found
})

/** What the hub needs to know of a file before it opens it, and, of a file that it writes, that no two have one name. */
function checkName({ kind, fileName }: Layout, path: string): void {
  checkNameParts(fileName, path)
  const [part, unused] = isOfCycle(kind) ? ['{CYCLE}', '{SERIAL}'] : ['{SERIAL}', '{CYCLE}']
  if (!fileName.includes(part)) throw new SettingError(`${path}.fileName must have ${part}`)
  if (!isOfCycle(kind) && fileName.includes(unused)) throw new SettingError(`${path}.fileName may not have ${unused}`)
}

/** Whose a file is, and of which day. */
export function checkNameParts(fileName: string, path: string): void {
  if (!fileName.includes('{BANK}') || !/\{[DMY-]+\}/.test(fileName)) {
    throw new SettingError(`${path}.fileName must have {BANK} and a date such as {DDMMYY}`)
  }
}

/** The hub writes these, as CSV, and has nothing to put into a place that is not its own. */
function checkWritten({ kind, form, fields, trailer: end }: Layout, path: string): void {
  if (form.kind !== 'csv') throw new SettingError(`${path}.form.kind must be "csv": the hub writes ${kind} as CSV`)
  if (end?.fields.some(({ name }) => name === 'cycle') === true)
    throw new SettingError(`${path}.trailer.fields: a file that goes out is of no cycle`)
  for (const [index, one] of fields.entries()) {
    if (one.name.startsWith('_') && one.optional !== true && one.value === undefined && one.same === undefined) {
      throw new SettingError(
        `${path}.fields[${index}]${labelOf(one, 'column')} must be optional, or have value or same`,
      )
    }
  }
}

/** A layout says all that the hub needs, nothing twice, and each thing as what it is. */
function checkFields(
  { form: { kind, ...rest } }: Layout,
  fields: readonly Field[],
  known: Readonly<Record<string, Meaning>>,
  path: string,
  mayLack: readonly string[] = [],
): void {
  distinct(fields, path, 'name', ({ name }) => name)
  distinct(fields, path, 'column', ({ column }) => column)
  let end = 0
  for (const [index, { name, column, is, at, value, same, optional }] of fields.entries()) {
    const where = `${path}[${index}] (${column})`
    const meaning = known[name]
    if (!name.startsWith('_')) {
      if (meaning === undefined) throw new SettingError(`${where}.name: the hub has no ${JSON.stringify(name)} here`)
      if (familyOf(is) !== meaning.is)
        throw new SettingError(`${where}.is: ${name} is ${meaning.is}, not ${familyOf(is)}`)
      if (optional === true && meaning.optional !== true && !mayLack.includes(name)) {
        throw new SettingError(`${where}.optional: the hub needs ${name} in every row`)
      }
      if (value !== undefined || same !== undefined)
        throw new SettingError(`${where}: value and same are for names that begin with _`)
      const closed = closedCodes[name]
      if (closed !== undefined && (is.kind !== 'code' || is.of.some((code) => !closed.includes(code)))) {
        throw new SettingError(`${where}.is: ${name} is one of ${closed.join(', ')}`)
      }
    }
    if (same !== undefined && fields.findIndex((one) => one.name === same) >= index) {
      throw new SettingError(`${where}.same: ${same} stands behind it`)
    }
    if (same !== undefined && !fields.some((one) => one.name === same))
      throw new SettingError(`${where}.same: there is no ${same}`)
    if (value !== undefined && readField(is, value) === undefined)
      throw new SettingError(`${where}.value is not what is says`)
    if (kind !== 'fixed') {
      if (at !== undefined) throw new SettingError(`${where}.at is for files of fixed width`)
      continue
    }
    if (at === undefined) throw new SettingError(`${where}.at is missing`)
    if (at[0] < end) throw new SettingError(`${where}.at begins before the field in front of it ends`)
    if (at[1] - at[0] < widthOf(is)) throw new SettingError(`${where}.at is narrower than what it says`)
    end = at[1]
    if ('length' in rest && end > rest.length) throw new SettingError(`${where}.at is behind the end of the line`)
  }
  for (const [name, { optional }] of Object.entries(known)) {
    if (optional !== true && !mayLack.includes(name) && !fields.some((one) => one.name === name)) {
      throw new SettingError(`${path}: there is no ${name}, which the hub needs`)
    }
  }
}
