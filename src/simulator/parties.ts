/** Who paid whom, as the wire said it; empty where it said nothing. */
export type Parties = {
  readonly remitterAccount: string
  readonly remitterMobile: string
  readonly beneficiaryAccount: string
  readonly beneficiaryMobile: string
}

/** The parties of so many payments, packed: about 25 bytes each, where texts of their own would take ten times that. */
export interface PartyStore {
  /** Rows are written in turn; a row that comes round again is written over. */
  put(row: number, parties: Parties): void
  get(row: number): Parties
}

/** Two a byte: the ten digits, and what stands between two values. */
const BETWEEN = 10
const END = 15
/** Set in a length: text as it is, because it has letters. */
const AS_TEXT = 0x80
const FIRST_BYTES = 64 * 1024

/** What a place holds that was never written, or whose text was too long to be kept. */
const nobody: Parties = { remitterAccount: '', remitterMobile: '', beneficiaryAccount: '', beneficiaryMobile: '' }

export function createPartyStore(rows: number): PartyStore {
  const offsets = new Uint32Array(rows)
  const lengths = new Uint8Array(rows)
  let bytes = Buffer.alloc(0)
  let used = 0

  /** Twice the room; what rows no longer point at is left behind when their turn comes again. */
  const makeRoom = (wanted: number) => {
    if (used + wanted <= bytes.length) return
    let alive = 0
    for (const length of lengths) alive += length & ~AS_TEXT
    const next = Buffer.alloc(Math.max(FIRST_BYTES, 2 * (alive + wanted)))
    used = 0
    for (let row = 0; row < rows; row += 1) {
      const length = lengths[row]! & ~AS_TEXT
      bytes.copy(next, used, offsets[row], offsets[row]! + length)
      offsets[row] = used
      used += length
    }
    bytes = next
  }

  return {
    put(row, { remitterAccount, remitterMobile, beneficiaryAccount, beneficiaryMobile }) {
      const text = `${remitterAccount}|${remitterMobile}|${beneficiaryAccount}|${beneficiaryMobile}`
      lengths[row] = 0
      if (text.length >= AS_TEXT) return
      makeRoom(text.length)
      offsets[row] = used
      lengths[row] = /^[0-9|]+$/.test(text) ? pack(text, bytes, used) : bytes.write(text, used, 'latin1') | AS_TEXT
      used += lengths[row]! & ~AS_TEXT
    },
    get(row) {
      const length = lengths[row]!
      if (length === 0) return nobody
      const at = offsets[row]!
      const text =
        (length & AS_TEXT) === 0
          ? unpack(bytes, at, at + length)
          : bytes.toString('latin1', at, at + (length & ~AS_TEXT))
      const [remitterAccount = '', remitterMobile = '', beneficiaryAccount = '', beneficiaryMobile = ''] =
        text.split('|')
      return { remitterAccount, remitterMobile, beneficiaryAccount, beneficiaryMobile }
    },
  }
}

/** A digit's own value, or `BETWEEN`. */
const halfOf = (text: string, at: number): number => {
  const code = text.charCodeAt(at) - 0x30
  return code >= 0 && code <= 9 ? code : at < text.length ? BETWEEN : END
}

/** @returns how many bytes it took */
function pack(text: string, into: Buffer, start: number): number {
  let at = start
  for (let read = 0; read < text.length; read += 2) {
    into[at] = (halfOf(text, read) << 4) | halfOf(text, read + 1)
    at += 1
  }
  return at - start
}

function unpack(bytes: Buffer, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at += 1) {
    for (const half of [bytes[at]! >> 4, bytes[at]! & 15]) if (half !== END) text += half === BETWEEN ? '|' : half
  }
  return text
}
