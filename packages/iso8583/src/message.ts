import type { Element, Mask, TagRows, ValueOf } from './element.ts'
import type { Plan } from './plan.ts'

/** One element of a message: our name is the key, `de` is the standard's number. */
export interface Row {
  readonly de: number
  readonly is: Element<unknown>
  readonly optional?: true
  readonly mask?: Mask
}
export type Rows = Readonly<Record<string, Row>>

/** A message is a table. It carries its plans, one per wire it has met, made on first use. */
export interface Message<R extends Rows = Rows> {
  readonly mti: string
  readonly rows: R
  readonly plans: (Plan | undefined)[]
}

type Optionals<R extends Rows> = { [K in keyof R]: R[K] extends { optional: true } ? K : never }[keyof R]
type Flat<T> = { [K in keyof T]: T[K] }

/** The value that a message table describes. */
export type Decoded<M> =
  M extends Message<infer R>
    ? Flat<
        { readonly [K in Exclude<keyof R, Optionals<R>>]: ValueOf<R[K]['is']> } & {
          readonly [K in Optionals<R>]?: ValueOf<R[K]['is']>
        }
      >
    : never

/**
 * Defines a message.
 *
 * @param mti   the message type, four digits
 * @param rows  its elements, in any order
 * @throws {RangeError} if the table contradicts itself; at definition, never later
 */
export function message<const R extends Rows>(mti: string, rows: R): Message<R> {
  if (!/^[0-9]{4}$/.test(mti)) throw new RangeError('a message type has four digits')
  const seen = new Set<number>()
  for (const [name, { de, is }] of Object.entries(rows)) {
    if (!Number.isInteger(de) || de < 2 || de > 128) throw new RangeError(`${mti} ${name}: no such element as ${de}`)
    if (seen.has(de)) throw new RangeError(`${mti} ${name}: DE ${de} twice`)
    if (name in Object.prototype) throw new RangeError(`${mti}: ${name} is taken`)
    seen.add(de)
    if (is.tags) checkTags(`${mti} ${name}`, is.tags)
  }
  return { mti, rows, plans: [] }
}

function checkTags(where: string, rows: TagRows): void {
  const seen = new Set<string>()
  for (const [name, { tag, is }] of Object.entries(rows)) {
    if (!/^[0-9]{3}$/.test(tag)) throw new RangeError(`${where} ${name}: a tag has three digits`)
    if (seen.has(tag)) throw new RangeError(`${where} ${name}: tag ${tag} twice`)
    if (name === 'unknownTags' || name === 'tagOrder' || name in Object.prototype)
      throw new RangeError(`${where}: ${name} is taken`)
    if (is.kind !== 'characters' || is.encoding === 'bcd')
      throw new RangeError(`${where} ${name}: a tag holds characters`)
    seen.add(tag)
  }
}
