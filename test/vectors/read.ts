import { readdirSync, readFileSync } from 'node:fs'

/** One file of this folder; see README.md. */
export type Vector = {
  readonly name: string
  readonly about: string
  readonly now: string
  readonly mti: string
  readonly fields: readonly { readonly de: number | null; readonly wire: string; readonly says: string }[]
  readonly hex: string
  readonly message?: Readonly<Record<string, unknown>>
  readonly encodes?: boolean
  readonly answers?: string
  readonly parts?: {
    readonly responseCode: string
    readonly registeredName?: string
    readonly approvalCode?: string
    readonly beneficiaryAccount?: string
  }
  readonly error?: { readonly code: string; readonly path: readonly string[] }
  readonly refusedWith?: string | null
}

/** Every vector, in the order of their names. */
export function readVectors(): readonly Vector[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -5),
      ...JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')),
    }))
}

export const bytesOf = ({ hex }: Vector): Uint8Array => Buffer.from(hex, 'hex')

/** A canonical message in the form of the `message` of a vector: bigints as digits, instants as RFC 3339. */
export const toVectorMessage = (message: object): unknown =>
  JSON.parse(
    JSON.stringify(message, (key, value) =>
      typeof value === 'bigint' ? String(value) : key === 'transmittedAt' ? new Date(value).toISOString() : value,
    ),
  )
