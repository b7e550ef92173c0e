/** The attributes of ISO 8583: digits; letters; letters and digits; printable ASCII; and hexadecimal digits. */
export type CharacterClass = 'n' | 'a' | 'an' | 'ans' | 'hex'

/** One bit per class, so that a whole class is checked with one AND. */
export const classBit = { n: 1, a: 2, an: 4, ans: 8, hex: 16 } as const satisfies Record<CharacterClass, number>

const patterns: Record<CharacterClass, RegExp> = {
  n: /[0-9]/,
  a: /[A-Za-z]/,
  an: /[A-Za-z0-9]/,
  ans: /[\x20-\x7e]/,
  hex: /[0-9A-Fa-f]/,
}

/** For each byte, the classes it belongs to. Bytes over 0x7e belong to none: the wire is US-ASCII. */
export const classesOf: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  let bits = 0
  for (const [name, bit] of Object.entries(classBit)) {
    if (patterns[name as CharacterClass].test(String.fromCharCode(byte))) bits |= bit
  }
  return bits
})

/** For each byte, its value as a hexadecimal digit, or 255. */
export const hexValue: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(value) ? 255 : value
})

/** For each value from 0 to 15, the byte of its hexadecimal digit, upper case. */
export const hexDigit: Uint8Array = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0))

/** Whether every byte from `at` up to `end` is in the class. */
export function areAll(classMask: number, bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i += 1) if ((classesOf[bytes[i]!]! & classMask) === 0) return false
  return true
}

/** Writes characters one byte each, checking each; false if one is outside the class. */
export function writeText(target: Uint8Array, at: number, value: string, classMask: number): boolean {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i)
    if (code > 127 || (classesOf[code]! & classMask) === 0) return false
    target[at + i] = code
  }
  return true
}

/** Writes a number as `width` digits. */
export function writeNumber(target: Uint8Array, at: number, width: number, value: number): void {
  let rest = value
  for (let i = at + width - 1; i >= at; i -= 1) {
    target[i] = 48 + (rest % 10)
    rest = (rest / 10) | 0
  }
}
