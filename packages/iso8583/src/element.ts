import type { CharacterClass } from './characters.ts'

declare const decoded: unique symbol

/** How many digits of length stand before a value: none (fixed), 2 (LLVAR) or 3 (LLLVAR). */
export type Prefix = 0 | 2 | 3

/**
 * A data element, as data: how one value of type `T` lies on the wire. Made by the functions below, read by the
 * planner, so that the loops that move bytes know nothing of any message.
 */
export interface Element<T> {
  readonly kind: 'characters' | 'minorUnits' | 'bytes' | 'hex' | 'tags'
  readonly characters: CharacterClass
  /** The allowed length of a value: characters, or bytes for binary elements and tags. */
  readonly min: number
  readonly max: number
  readonly prefix: Prefix
  /** Set here, it wins over the wire's. Only digits can be packed. */
  readonly encoding: 'ascii' | 'bcd' | undefined
  readonly lengths: 'ascii' | 'bcd' | 'binary' | undefined
  readonly refine: ((value: never) => unknown) | undefined
  readonly tags: TagRows | undefined
  /** Never present; carries the type. */
  readonly [decoded]?: T
}

export type ValueOf<E> = E extends Element<infer T> ? T : never

/** What `describe` shows of a value. Without a rule, only what is known to be harmless is shown. */
export type Mask = 'show' | 'hide' | 'last4'

/** One tag inside an element: `{ tag: '062', is: text(30, 3), optional: true }`. */
export interface TagRow {
  readonly tag: string
  readonly is: Element<unknown>
  readonly optional?: true
  readonly mask?: Mask
}
export type TagRows = Readonly<Record<string, TagRow>>

export interface Options {
  readonly min?: number
  readonly class?: CharacterClass
  readonly encoding?: 'ascii' | 'bcd'
  readonly lengths?: 'ascii' | 'bcd' | 'binary'
}

function element<T>(
  kind: Element<T>['kind'],
  max: number,
  prefix: Prefix,
  options: Options,
  tags?: TagRows,
): Element<T> {
  const min = options.min ?? (prefix === 0 ? max : 1)
  const characters = options.class ?? 'ans'
  if (!Number.isInteger(max) || max < 1 || max > (prefix === 2 ? 99 : 999))
    throw new RangeError(`length ${max} with prefix ${prefix}`)
  if (!Number.isInteger(min) || min < 0 || min > max) throw new RangeError(`minimum ${min} of ${max}`)
  if (prefix === 0 && min !== max) throw new RangeError('a fixed element has one length')
  if (options.encoding === 'bcd' && characters !== 'n') throw new RangeError('only digits can be packed')
  const { encoding, lengths } = options
  return { kind, characters, min, max, prefix, encoding, lengths, refine: undefined, tags }
}

/** Digits: exactly `length`, or up to `length` after a prefix. Leading zeros are kept, so the value is a string. */
export const digits = (length: number, prefix: Prefix = 0, options: Omit<Options, 'class'> = {}): Element<string> =>
  element('characters', length, prefix, { ...options, class: 'n' })

/** Characters: printable ASCII unless `class` says less. Exactly `length` (the caller pads), or up to it after a prefix. */
export const text = (length: number, prefix: Prefix = 0, options: Options = {}): Element<string> =>
  element('characters', length, prefix, options)

/** An amount in the currency's smallest unit: `length` digits on the wire, padded with zeros on the left; a bigint here. */
export const minorUnits = (length: number, options: Pick<Options, 'encoding'> = {}): Element<bigint> =>
  element('minorUnits', length, 0, { ...options, class: 'n' })

/** Bytes as they are: exactly `length`, or up to it after a prefix. Decoded values are copies. */
export const binary = (
  length: number,
  prefix: Prefix = 0,
  options: Pick<Options, 'min' | 'lengths'> = {},
): Element<Uint8Array> => element('bytes', length, prefix, options)

/** Bytes on the wire, shown as upper-case hexadecimal digits. `length` counts bytes. */
export const hex = (
  length: number,
  prefix: Prefix = 0,
  options: Pick<Options, 'min' | 'lengths'> = {},
): Element<string> => element('hex', length, prefix, options)

type OptionalTags<R extends TagRows> = { [K in keyof R]: R[K] extends { optional: true } ? K : never }[keyof R]
type Flat<T> = { [K in keyof T]: T[K] }

export type UnknownTag = Readonly<{ tag: string; value: string }>

/** What a tagged element decodes to: a property per row, and what the table does not know. */
export type TagValues<R extends TagRows> = Flat<
  { readonly [K in Exclude<keyof R, OptionalTags<R>>]: ValueOf<R[K]['is']> } & {
    readonly [K in OptionalTags<R>]?: ValueOf<R[K]['is']>
  } & {
    /** Tags that the table does not list, in the order of the wire. */
    readonly unknownTags?: readonly UnknownTag[]
    /** Present only when the wire had another order than rows first, unknown tags after: encoding repeats it. */
    readonly tagOrder?: readonly string[]
  }
>

/**
 * Tags inside an element: each three digits of tag, three of length, then the value, all ASCII. A row with a
 * variable element takes up to its length, one with a fixed element exactly its length.
 */
export const tlv = <const R extends TagRows>(
  length: number,
  prefix: 2 | 3,
  rows: R,
  options: Pick<Options, 'min' | 'lengths'> = {},
): Element<TagValues<R>> => element('tags', length, prefix, options, rows)

/**
 * Gives an element the type that its own check earns: `as(digits(12), rrn)` reads an `Rrn`. A check that returns
 * undefined or throws refuses the value (`DecodeError`, code `refused`). Writing does not ask again: the type says it was.
 */
export function as<T, U extends T>(base: Element<T>, refine: (value: T) => U | undefined): Element<U> {
  const before = base.refine as ((value: T) => T | undefined) | undefined
  const both =
    before &&
    ((value: T) => {
      const earned = before(value)
      return earned === undefined ? undefined : refine(earned)
    })
  return { ...base, refine: both ?? refine } as Element<unknown> as Element<U>
}
