import { Problem } from './problems.ts'

/**
 * Pages of lists. A list is read one row further than its page has room for: whether there are more is known without counting
 * them. A cursor is opaque to callers: it holds what the list is sorted by, of the last row that was shown.
 */

export type Page<V> = {
  readonly data: V[]
  readonly hasMore: boolean
  readonly nextCursor: string | null
}

/**
 * @param found  as many rows as the page has room for, and one more if there are more
 * @param cursorOf  what the next page begins behind
 */
export function toPage<T, V>(
  found: readonly T[],
  limit: number,
  view: (one: T) => V,
  cursorOf: (last: T) => string,
): Page<V> {
  const last = found.length > limit ? found[limit - 1] : undefined
  return {
    data: found.slice(0, limit).map(view),
    hasMore: last !== undefined,
    nextCursor: last === undefined ? null : cursorOf(last),
  }
}

export const invalidCursor = (): Problem =>
  new Problem('invalid_cursor', { errors: [{ field: 'cursor', message: 'is not one that the hub gave out' }] })

/** The cursor of a text that is short. */
export const textCursor = (text: string): string => Buffer.from(text).toString('base64url')

/** @param pattern  with one group, which is what it answers. @throws {Problem} `invalid_cursor` */
export function readTextCursor(cursor: string, pattern: RegExp): string {
  const [, found] = pattern.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (found === undefined) throw invalidCursor()
  return found
}

/** The cursor of an id of four letters and 32 hex digits (`run_…`), by which its list is sorted. */
export const idCursor = (id: string): string => hexCursor(id.slice(4))

/** @param prefix  `run`. @throws {Problem} `invalid_cursor` */
export const readIdCursor = (cursor: string, prefix: string): string => `${prefix}_${readHexCursor(cursor)}`

/** @param hex  32 digits */
export const hexCursor = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')

/** @returns 32 hex digits. @throws {Problem} `invalid_cursor` */
export const readHexCursor = (cursor: string): string => readBytes(cursor, 16).toString('hex')

export type Timed = { readonly at: number; readonly id: string }

/** The cursor of a list that is sorted by an instant (epoch milliseconds) and then by id. */
export const timedCursor = ({ at, id }: Timed): string => hexCursor(at.toString(16).padStart(12, '0') + id.slice(4))

/** @throws {Problem} `invalid_cursor` */
export function readTimedCursor(cursor: string, prefix: string): Timed {
  const bytes = readBytes(cursor, 22)
  return { at: bytes.readUIntBE(0, 6), id: `${prefix}_${bytes.subarray(6).toString('hex')}` }
}

/** @throws {Problem} `invalid_cursor`: not of this length, or not written as the hub writes it */
export function readBytes(cursor: string, length: number): Buffer {
  const bytes = Buffer.from(cursor, 'base64url')
  if (bytes.length !== length || bytes.toString('base64url') !== cursor) throw invalidCursor()
  return bytes
}
