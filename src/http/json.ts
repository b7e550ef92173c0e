import { JsonFault, parseJson as parse } from '../base/json.ts'
import { Problem } from './problems.ts'

export { MAX_DEPTH, MAX_FIELDS } from '../base/json.ts'

/** Bytes of a body at most. */
export const MAX_BODY_BYTES = 65_536

/** @throws {Problem} what is wrong, with the name of the field where there is one */
export function parseJson(body: Buffer): unknown {
  try {
    return parse(body)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const { code, message, field } = error
    const errors = field === undefined ? [] : [{ field, message: 'is there twice' }]
    throw new Problem(code, { detail: message, errors })
  }
}
