import fc from 'fast-check'
import type { Server } from '../../src/http/server.ts'

/** What can be asked of a server, read from its own OpenAPI document, and requests made from it. */

export type Schema = {
  readonly type?: string
  readonly pattern?: string
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

export type Parameter = {
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly schema: Schema
}

export type Operation = {
  readonly name: string
  readonly method: string
  readonly path: string
  /** Nobody need be anybody. */
  readonly isOpen: boolean
  readonly parameters: readonly Parameter[]
  readonly body: { readonly type: string; readonly schema: Schema } | undefined
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}

type Described = {
  readonly security?: readonly object[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Operation['responses']
}

/** Every operation but streams, which have no end, and the simulator's, which another program answers. */
export async function readOperations(server: Server): Promise<readonly Operation[]> {
  const document: { readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>> } = (
    await server.app.inject('/openapi.json')
  ).json()
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    path.endsWith('/events') || /^\/sandbox\/(inward|faults)/.test(path)
      ? []
      : Object.entries(methods).map(([method, { security, parameters = [], requestBody, responses }]) => {
          const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? []
          return {
            name: `${method} ${path}`,
            method: method.toUpperCase(),
            path,
            isOpen: security?.length === 0,
            parameters,
            body: type === undefined || content === undefined ? undefined : { type, schema: content.schema },
            responses,
          }
        }),
  )
}

/** Values that a schema allows. @param ids  what there is, to be used where its form is asked for */
export function valid(schema: Schema, ids: readonly string[] = []): fc.Arbitrary<unknown> {
  const choices = schema.oneOf ?? schema.anyOf
  if (choices !== undefined) {
    const { properties } = schema
    if (properties === undefined) return fc.oneof(...choices.map((one) => valid(one, ids)))
    return fc.oneof(...choices.map((one) => valid({ ...one, properties: { ...properties, ...one.properties } }, ids)))
  }
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'string':
      return validString(schema, ids)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000 })
    case 'number':
      return fc.double({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return (schema.uniqueItems ? fc.uniqueArray : fc.array)(valid(schema.items ?? {}, ids), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3),
      })
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, valid(one, ids)])),
        { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true },
      )
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function validString(
  { pattern, format, minLength = 0, maxLength, examples }: Schema,
  ids: readonly string[],
): fc.Arbitrary<string> {
  if (format === 'date-time') {
    return fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString())
  }
  const form = pattern === undefined ? undefined : new RegExp(pattern, 'u')
  const fits = (text: string): boolean =>
    text.length >= minLength && text.length <= (maxLength ?? 100) && (form === undefined || form.test(text))
  const known = [...ids, ...(examples ?? []).map(String)].filter(fits)
  const random =
    form === undefined || form.source.includes('\\p')
      ? fc.string({ minLength: Math.max(1, minLength), maxLength: Math.min(maxLength ?? 100, 100) })
      : fc.stringMatching(form, { maxLength: maxLength ?? 100 })
  return known.length === 0 ? random : fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 3 }, random)
}

/** Where in a value its strings are, as paths of names and indexes. */
export function stringsIn(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'string') return [at]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => stringsIn(inner, [...at, name]))
}

/** The value with another one at that place; a copy. */
export function withAt(value: unknown, at: readonly string[], put: unknown): unknown {
  const [name, ...rest] = at
  if (name === undefined) return put
  if (Array.isArray(value)) return value.map((inner, i) => (String(i) === name ? withAt(inner, rest, put) : inner))
  const fields = typeof value === 'object' && value !== null ? value : {}
  const inner = Object.entries(fields).find(([key]) => key === name)?.[1]
  return Object.fromEntries([...Object.entries(fields), [name, withAt(inner, rest, put)]])
}

/** What is in a value at that place. */
export const valueAt = (value: unknown, at: readonly string[]): unknown =>
  at.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null
        ? Object.entries(inner).find(([key]) => key === name)?.[1]
        : undefined,
    value,
  )
