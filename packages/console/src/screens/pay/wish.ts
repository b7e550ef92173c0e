import type { Body } from '../../api/shapes.ts'
import { paiseOf } from '../../components/rupees.ts'

/** What somebody types who pays, before it is a request. */
export type Wish = {
  readonly from: string
  readonly kind: 'account' | 'mmid' | 'mobile'
  readonly account: string
  readonly ifsc: string
  readonly mobile: string
  readonly mmid: string
  readonly bank: string
  readonly name: string
  readonly amount: string
  readonly remarks: string
  readonly reference: string
  readonly verifyName: boolean
}

export const noWish: Wish = {
  from: '',
  kind: 'account',
  account: '',
  ifsc: '',
  mobile: '',
  mmid: '',
  bank: '',
  name: '',
  amount: '',
  remarks: '',
  reference: '',
  verifyName: false,
}

type Field = keyof Wish
const forms: Partial<Record<Field, RegExp>> = {
  account: /^[0-9A-Za-z]{1,30}$/,
  ifsc: /^[A-Z]{4}0[0-9A-Z]{6}$/,
  mobile: /^[6-9][0-9]{9}$/,
  mmid: /^[0-9]{7}$/,
  bank: /^[A-Z]{4}$/,
}
export const fieldsOf = {
  account: ['account', 'ifsc'],
  mmid: ['mobile', 'mmid'],
  mobile: ['mobile', 'bank'],
} as const satisfies Record<Wish['kind'], readonly Field[]>

/** The fields that are missing or no such thing, each with the name of its text. The hub decides; this is so that nobody waits for it. */
export function faultsOf(wish: Wish): Partial<Record<Field, string>> {
  const wrong = fieldsOf[wish.kind].filter((field) => forms[field]?.test(wish[field]) !== true)
  const paise = paiseOf(wish.amount)
  return {
    ...Object.fromEntries(wrong.map((field) => [field, `fault.${field}`])),
    ...(wish.from === '' ? { from: 'fault.from' } : {}),
    ...(paise === undefined || BigInt(paise) < 100n ? { amount: 'fault.amount' } : {}),
    ...(wish.verifyName && wish.name.trim() === '' ? { name: 'fault.name' } : {}),
  }
}

type To = Body<'post', '/v1/name-enquiries'>['to']

export function addressed({ kind, account, ifsc, mobile, mmid, bank, name }: Wish): To {
  const named = name.trim() === '' ? {} : { name: name.trim() }
  if (kind === 'account') return { kind, account, ifsc, ...named }
  if (kind === 'mmid') return { kind, mobile, mmid, ...named }
  return { kind, mobile, bank, ...named }
}

/** What a wish is as a request. For one without faults. */
export function requestOf(wish: Wish): Body<'post', '/v1/payments'> {
  const { from, amount, remarks, reference, verifyName } = wish
  return {
    from,
    amount: paiseOf(amount) ?? '',
    to: addressed(wish),
    channel: 'internet',
    ...(remarks.trim() === '' ? {} : { remarks: remarks.trim() }),
    ...(reference.trim() === '' ? {} : { reference: reference.trim() }),
    ...(verifyName ? { verifyName } : {}),
  }
}
