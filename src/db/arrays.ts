/**
 * PostgreSQL array literals, made here because a batch carries twenty of them: a driver that inspects each value costs more
 * than the whole commit.
 */

type Plain = bigint | number

/** `{1,2,NULL}`: numbers, which need no quotes. */
export function numbers<T>(rows: readonly T[], pick: (row: T) => Plain | null): string {
  let out = '{'
  for (let i = 0; i < rows.length; i += 1) {
    const value = pick(rows[i] as T)
    out += i === 0 ? (value ?? 'NULL') : `,${value ?? 'NULL'}`
  }
  return `${out}}`
}

/** `{a,b,NULL}`: words of letters, digits and dashes only (ids, codes, states), which need no quotes. */
export function words<T>(rows: readonly T[], pick: (row: T) => string | null): string {
  let out = '{'
  for (let i = 0; i < rows.length; i += 1) {
    const value = pick(rows[i] as T)
    out += i === 0 ? (value ?? 'NULL') : `,${value ?? 'NULL'}`
  }
  return `${out}}`
}

const special = /[\\"]/g

/** `{"any text",NULL}`: quoted and escaped. */
export function texts<T>(rows: readonly T[], pick: (row: T) => string | null): string {
  let out = '{'
  for (let i = 0; i < rows.length; i += 1) {
    const value = pick(rows[i] as T)
    const literal = value === null ? 'NULL' : `"${special.test(value) ? value.replace(special, '\\$&') : value}"`
    special.lastIndex = 0
    out += i === 0 ? literal : `,${literal}`
  }
  return `${out}}`
}

/** Texts without line breaks, one a line, for `string_to_array(…, chr(10))`: what is full of quotes would be escaped here and read back there. */
export function lines<T>(rows: readonly T[], pick: (row: T) => string): string {
  let out = ''
  for (let i = 0; i < rows.length; i += 1) {
    const value = pick(rows[i] as T)
    out += i === 0 ? value : `\n${value}`
  }
  return out
}

/** `{"\\x00ff",NULL}`: bytes. */
export function bytes<T>(rows: readonly T[], pick: (row: T) => Uint8Array | null): string {
  let out = '{'
  for (let i = 0; i < rows.length; i += 1) {
    const value = pick(rows[i] as T)
    const literal =
      value === null ? 'NULL' : `"\\\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}"`
    out += i === 0 ? literal : `,${literal}`
  }
  return `${out}}`
}
