import { readdirSync, readFileSync } from 'node:fs'

/** One message of this folder; see ../README.md. */
export type XmlVector = {
  readonly name: string
  /** As laid out for people. */
  readonly text: string
  readonly about: string
  readonly source: string
  readonly message?: Readonly<Record<string, unknown>>
  readonly ack?: Readonly<Record<string, unknown>>
  readonly writes?: boolean
  readonly error?: { readonly code: string; readonly path: string }
}

/** Every vector, in the order of their names. */
export function readXmlVectors(): readonly XmlVector[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.xml'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -4),
      text: readFileSync(`${import.meta.dirname}/${file}`, 'utf8'),
      ...JSON.parse(readFileSync(`${import.meta.dirname}/${file.slice(0, -4)}.json`, 'utf8')),
    }))
}

/** The document as it goes over the wire: nothing between its elements. */
export const onTheWire = (text: string): string => text.replace(/>\s+</g, '><').trim()

const instants = new Set(['at', 'transmittedAt', 'transactedAt'])

/** A canonical message in the form of a vector: bigints as digits, instants as RFC 3339. */
export const toVectorMessage = (message: object): unknown =>
  JSON.parse(
    JSON.stringify(message, (key, value) =>
      typeof value === 'bigint' ? String(value) : instants.has(key) ? new Date(value).toISOString() : value,
    ),
  )

/** The other way round. */
export const fromVectorMessage = (message: object): unknown =>
  JSON.parse(JSON.stringify(message), (key, value) =>
    key === 'amountPaise' ? BigInt(value) : instants.has(key) ? Date.parse(value) : value,
  )
