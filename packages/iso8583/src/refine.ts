import { DecodeError } from './errors.ts'
import type { Step } from './plan.ts'

/** Asks the check given to `as`. What it throws may hold the value, so it is not passed on. */
export function refined(step: Step, value: unknown, parent?: Step): unknown {
  let earned: unknown
  try {
    earned = step.refine?.(value)
  } catch {
    earned = undefined
  }
  if (earned === undefined) throw new DecodeError('refused', parent ? [parent.label, step.label] : [step.label])
  return earned
}
