/** What papers may be, told by their first bytes and not by what they are called. Pure. */

export const mediaTypes = ['application/pdf', 'image/png', 'image/jpeg', 'text/plain'] as const
export type MediaType = (typeof mediaTypes)[number]

/** Of one file, and how many a dispute may have: what an arbitrator reads is pages, not archives. */
export const MAX_EVIDENCE_BYTES = 2_097_152
export const MAX_EVIDENCE_FILES = 20

const starts = (bytes: Uint8Array, ...head: readonly number[]): boolean => head.every((one, i) => bytes[i] === one)

/** What a file is; undefined: nothing that we keep. A text is UTF-8 without control characters but tabs and ends of lines. */
export function mediaTypeOf(bytes: Uint8Array): MediaType | undefined {
  if (starts(bytes, 0x25, 0x50, 0x44, 0x46, 0x2d)) return 'application/pdf' // %PDF-
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (starts(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  return isText(bytes) ? 'text/plain' : undefined
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.some((one) => (one < 0x20 && one !== 0x09 && one !== 0x0a && one !== 0x0d) || one === 0x7f)) return false
  try {
    // A page in a browser's language is a text too, and nobody is to open it as one.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.trim().length > 0 && !text.trimStart().startsWith('<')
  } catch {
    return false
  }
}
