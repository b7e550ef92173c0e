import type { Field, FieldType, Layout } from './layout.ts'

/**
 * A layout as SQL of DuckDB, for files of millions of rows: the same texts become the same values, and what the reader here would
 * refuse has a fault. Where one is found the reader says which row it is in. Only lines are text to DuckDB; nothing is guessed.
 */
export type DuckdbLayout = {
  /** The lines of a file, each a row of texts; `path` is a literal of SQL. */
  source(path: string): string
  /** True of the trailer. False of a row. */
  readonly isTrailer: string
  /**
   * Expressions by the hub's names of fields; `settlementDate` and others as `YYYY-MM-DD`, money and counts as BIGINT, and `at` (epoch
   * milliseconds) where there is a date and a time. An optional field that is empty is null.
   */
  readonly columns: Readonly<Record<string, string>>
  /** The head of the first column that is not what the layout says; null when all are. */
  readonly fault: string
  /** The same of the trailer, where the layout has one. */
  readonly trailer?: { readonly columns: Readonly<Record<string, string>>; readonly fault: string }
}

const IST_OFFSET_MS = 19_800_000

/** A literal of SQL. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The SQL of a layout of CSV or fixed width. @throws a bug for a workbook: DuckDB reads none here */
export function layoutAsDuckdb({ form, fields, trailer }: Layout): DuckdbLayout {
  if (form.kind === 'xlsx') throw new Error('a workbook is not read by DuckDB')
  const isCsv = form.kind === 'csv'
  const ofRow = (index: number, { at: [from, to] = [0, 0] }: Field): string =>
    isCsv ? `coalesce(c${index}, '')` : `rtrim(substring(c0, ${from + 1}, ${to - from}))`
  const ofTrailer = (index: number, field: Field): string => ofRow(isCsv ? index + 1 : index, field)
  const mark = trailer === undefined ? undefined : literal(trailer.mark)
  const tooLong = isCsv ? undefined : `length(c0) <> ${form.length}`
  const part = (all: readonly Field[], text: (index: number, field: Field) => string) => ({
    columns: columnsOf(all, text),
    fault: faultOf(all, text, tooLong),
  })
  return {
    source: (path) => (isCsv ? csvSource(path, form.delimiter, fields.length) : fixedSource(path)),
    isTrailer: mark === undefined ? 'false' : isCsv ? `c0 is not distinct from ${mark}` : `starts_with(c0, ${mark})`,
    ...part(fields, ofRow),
    ...(trailer !== undefined && { trailer: part(trailer.fields, ofTrailer) }),
  }
}

const csvSource = (path: string, delimiter: string, columns: number): string => {
  const names = Array.from({ length: columns }, (_, index) => `c${index}: 'VARCHAR'`).join(', ')
  return `read_csv(${path}, auto_detect = false, header = false, skip = 1, delim = ${literal(delimiter)}, quote = '"', escape = '"', null_padding = true, columns = {${names}})`
}

/** One column: no character of a layout's lines is the delimiter. */
const fixedSource = (path: string): string =>
  `read_csv(${path}, auto_detect = false, header = false, delim = '\x1f', quote = '', escape = '', columns = {c0: 'VARCHAR'})`

type TextOf = (index: number, field: Field) => string

function columnsOf(fields: readonly Field[], text: TextOf): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [index, field] of fields.entries()) {
    if (field.name.startsWith('_')) continue
    const value = sqlValue(field.is, text(index, field))
    found[field.name] = field.optional === true ? `case when ${text(index, field)} <> '' then ${value} end` : value
  }
  const [date, time] = [found.txnDate, found.txnTime]
  if (date !== undefined && time !== undefined) {
    found.at = `epoch_ms(try_strptime(${date} || ' ' || ${time}, '%Y-%m-%d %H:%M:%S')) - ${IST_OFFSET_MS}`
  }
  return found
}

const piece = (text: string, mask: string, letters: string): string =>
  `substring(${text}, ${mask.indexOf(letters) + 1}, ${letters.length})`

function sqlValue(is: FieldType, text: string): string {
  switch (is.kind) {
    case 'paise':
      return `try_cast(${is.point ? `replace(${text}, '.', '')` : text} as bigint)`
    case 'count':
      return `try_cast(${text} as bigint)`
    case 'date': {
      const year = is.mask.includes('YYYY') ? piece(text, is.mask, 'YYYY') : `'20' || ${piece(text, is.mask, 'YY')}`
      return `(${year} || '-' || ${piece(text, is.mask, 'MM')} || '-' || ${piece(text, is.mask, 'DD')})`
    }
    case 'time':
      if (is.mask === 'HH:MM:SS') return text
      return `(${[1, 3, 5].map((from) => `substring(${text}, ${from}, 2)`).join(" || ':' || ")})`
    default:
      return text
  }
}

function faultOf(fields: readonly Field[], text: TextOf, tooLong: string | undefined): string {
  const cases = fields.map((field, index) => {
    const own = text(index, field)
    const same = field.same === undefined ? -1 : fields.findIndex(({ name }) => name === field.same)
    const other = fields[same]
    const good =
      field.value !== undefined
        ? `${own} = ${literal(field.value)}`
        : other === undefined
          ? isGood(field.is, own)
          : `${isGood(field.is, own)} and ${sqlValue(field.is, own)} = ${sqlValue(other.is, text(same, other))}`
    const bad = `not coalesce(${good}, false)`
    const isUsed = field.optional === true && field.value === undefined ? `${own} <> '' and ${bad}` : bad
    return `when ${isUsed} then ${literal(field.column)}`
  })
  return `case ${tooLong === undefined ? '' : `when ${tooLong} then 'line' `}${cases.join(' ')} end`
}

/** RE2 takes a tenth of a microsecond; five million rows have a hundred million fields. So a list of codes and a plain length go first. */
function isGood(is: FieldType, text: string): string {
  const matches = (pattern: string): string => `regexp_full_match(${text}, ${literal(pattern)})`
  const times = (min: number, max: number): string => (min === max ? `{${min}}` : `{${min},${max}}`)
  switch (is.kind) {
    case 'text':
      return `length(${text}) <= ${is.max} and ${matches('[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?')}`
    case 'digits':
      return matches(`[0-9]${times(is.min, is.max)}`)
    case 'letters':
      return matches(`[A-Za-z0-9]${times(is.min, is.max)}`)
    case 'code':
      return `${text} in (${is.of.map(literal).join(', ')})`
    case 'paise': {
      const sign = is.signed === true ? '-?' : ''
      const body = is.point ? `[0-9]{1,${is.digits - 2}}\\.[0-9]{2}` : `[0-9]{1,${is.digits}}`
      const zero = is.signed === true ? ` and not ${matches('-[0.]+')}` : ''
      return `${matches(sign + body)}${zero}`
    }
    case 'count':
      return matches(`[0-9]{1,${is.digits}}`)
    case 'date': {
      const pattern = [...is.mask].map((letter) => (/[YMD]/.test(letter) ? '[0-9]' : letter)).join('')
      return `${matches(pattern)} and ${sqlValue(is, text)} between '2000-01-01' and '2099-12-31' and try_strptime(${sqlValue(is, text)}, '%Y-%m-%d') is not null`
    }
    case 'time':
      return matches(
        is.mask === 'HHMMSS' ? '([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]' : '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]',
      )
  }
}
