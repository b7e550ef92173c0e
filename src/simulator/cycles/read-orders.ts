import { must } from '../../base/identifiers.ts'
import { parsePaise } from '../../base/money.ts'
import { isDay } from '../../imps/cycles.ts'
import type { FileCycle } from '../../imps/files/rows.ts'
import { BadField, fieldsOf } from '../order.ts'
import type { CutOrder, DisputeOrder } from './office.ts'
import { type Errors, fileErrors, rowErrors } from './spoil.ts'

/** What the control API reads about cycles. Each throws a `BadField` that names the first bad one. */

const MOST_ERRORS = 10_000

const whole = (value: unknown, field: string, most: number): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new BadField(field, `must be a whole number from 0 to ${most}`)
}

const matching = (value: unknown, field: string, pattern: RegExp, what: string): string => {
  if (typeof value === 'string' && pattern.test(value)) return value
  throw new BadField(field, `must be ${what}`)
}

function errorsOf(value: unknown): Errors {
  const kinds = [...rowErrors, ...fileErrors]
  const fields = fieldsOf(value, 'errors', kinds)
  return Object.fromEntries(
    kinds.flatMap((kind) =>
      fields[kind] === undefined ? [] : [[kind, whole(fields[kind], `errors.${kind}`, MOST_ERRORS)]],
    ),
  )
}

function cycleOf(date: unknown, cycle: unknown): FileCycle | undefined {
  if (date === undefined && cycle === undefined) return undefined
  if (date === undefined) throw new BadField('date', 'is needed with cycle')
  if (cycle === undefined) throw new BadField('cycle', 'is needed with date')
  const settlementDate = matching(date, 'date', /^20\d{2}-\d{2}-\d{2}$/, 'a day, YYYY-MM-DD')
  if (!isDay(settlementDate)) throw new BadField('date', 'must be a day, YYYY-MM-DD')
  const number = matching(String(cycle), 'cycle', /^([1-9]\d?|DC[1-9])$/, 'the number of a cycle')
  return { settlementDate, number }
}

export function readCut(body: unknown): CutOrder {
  const { date, cycle, errors, seed, pgp } = fieldsOf(body, '', ['date', 'cycle', 'errors', 'seed', 'pgp'])
  if (pgp !== undefined && typeof pgp !== 'boolean') throw new BadField('pgp', 'must be true or false')
  const wanted = cycleOf(date, cycle)
  return {
    ...(wanted === undefined ? {} : { cycle: wanted }),
    ...(errors === undefined ? {} : { errors: errorsOf(errors) }),
    ...(seed === undefined ? {} : { seed: whole(seed, 'seed', 0xffff_ffff) }),
    ...(pgp === undefined ? {} : { pgp }),
  }
}

export function readDispute(body: unknown): DisputeOrder {
  const { rrn, flag, reason, amountPaise } = fieldsOf(body, '', ['rrn', 'flag', 'reason', 'amountPaise'])
  const amount = amountPaise === undefined ? undefined : parsePaise(amountPaise)
  if (amountPaise !== undefined && amount === undefined)
    throw new BadField('amountPaise', 'must be a string of digits in paise, more than zero')
  return {
    rrn: matching(rrn, 'rrn', /^[0-9]{12}$/, '12 digits'),
    flag: matching(flag, 'flag', /^[A-Z]{1,4}$/, 'a flag of NPCI’s, such as B'),
    ...(reason === undefined ? {} : { reason: matching(reason, 'reason', /^[A-Z0-9]{3,5}$/, 'a reason code') }),
    ...(amount === undefined ? {} : { amountPaise: must(amount, 'amount') }),
  }
}

/** A file as text: uploads are CSV. */
export function readUpload(body: unknown): { readonly name: string; readonly bytes: Uint8Array } {
  const { name, content } = fieldsOf(body, '', ['name', 'content'])
  const text = matching(content, 'content', /^[\s\S]+$/, 'the text of the file')
  return { name: matching(name, 'name', /^[A-Za-z0-9_.-]{1,120}$/, 'the name of a file'), bytes: Buffer.from(text) }
}
