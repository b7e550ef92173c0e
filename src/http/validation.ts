import { Ajv, type ErrorObject } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { type FieldError, Problem } from './problems.ts'

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/

/** An instant as RFC 3339 has it, in epoch milliseconds; undefined for anything else, also for 30 February. */
export function parseInstant(text: string): number | undefined {
  const parts = RFC_3339.exec(text)
  if (parts === null) return undefined
  const day = parts[0].slice(0, 10)
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const epochMs = Date.parse(text.toUpperCase())
  if (Number.isNaN(midnight) || Number.isNaN(epochMs)) return undefined
  return toRfc3339(midnight).startsWith(day) ? epochMs : undefined // 30 February would have become 2 March
}

/**
 * Compiles the schemas of the routes. Nothing is removed, filled in or turned into another type in a body; the words of an
 * address are turned into numbers where the schema wants one. Every bad field is named, not only the first.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<TSchema> {
  const options = {
    allErrors: true,
    verbose: true,
    discriminator: true,
    strict: false,
    formats: { 'date-time': isInstant },
  } as const
  const ofBody = new Ajv(options)
  const ofAddress = new Ajv({ ...options, coerceTypes: true, useDefaults: true })
  return ({ schema, httpPart }) => {
    if (httpPart === 'headers') return (data: unknown) => ({ value: data }) // documented; each is read where it is used
    const validate = (httpPart === 'body' ? ofBody : ofAddress).compile(schema)
    return (data: unknown) =>
      validate(data) ? { value: data } : { error: refusal(httpPart, data, validate.errors ?? []) }
  }
}

const isInstant = (text: string): boolean => parseInstant(text) !== undefined

/** Errors named in one answer at most: a body can be wrong in more ways than anybody reads. */
const MAX_ERRORS = 20

function refusal(httpPart: string | undefined, data: unknown, found: readonly ErrorObject[]): Problem {
  if (httpPart === 'body' && (data === undefined || data === null)) {
    return new Problem('invalid_request', {
      detail: 'The body is missing.',
      errors: [{ field: 'body', message: 'is missing' }],
    })
  }
  const errors: FieldError[] = []
  for (const error of found) {
    const one = fieldError(error)
    if (errors.length < MAX_ERRORS && !errors.some((other) => other.field === one.field)) errors.push(one)
  }
  const detail = errors.map((one) => `${one.field} ${one.message}`).join('; ')
  return new Problem('invalid_request', { detail: `${detail}.`, errors })
}

function fieldError(error: ErrorObject): FieldError {
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  const inside = (name: unknown) => (path === '' ? shown(name) : `${path}.${shown(name)}`)
  switch (error.keyword) {
    case 'required':
      return { field: inside(error.params.missingProperty), message: 'is missing' }
    case 'additionalProperties':
      return { field: inside(error.params.additionalProperty), message: 'is not known here' }
    case 'discriminator':
      return { field: inside(error.params.tag), message: `must be ${kindsOf(error)}` }
    default:
      return { field: path === '' ? 'body' : path, message: `must be ${described(error)}` }
  }
}

/** The values of `kind` that a choice knows. */
function kindsOf(error: ErrorObject): string {
  const { oneOf } = error.parentSchema as { oneOf: { properties: { kind: { const: string } } }[] }
  return oneOf.map((choice) => choice.properties.kind.const).join(' or ')
}

/** A field's name as an answer may have it: an account number that somebody used for one is not repeated. */
export const shown = (name: unknown): string => (/[0-9]{9}/.test(String(name)) ? 'a field' : String(name).slice(0, 100))

function described(error: ErrorObject): string {
  const { description, type } = (error.parentSchema ?? {}) as { description?: string; type?: string }
  return description ?? (type === undefined ? 'what the schema says' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`)
}
