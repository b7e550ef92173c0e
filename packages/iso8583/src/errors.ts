/** Why bytes are not a message. Stable: programs may branch on it. */
export type DecodeCode =
  | 'truncated' //        the bytes end inside the element
  | 'trailing' //         bytes follow the last element
  | 'too_long' //         more bytes than this message can ever have
  | 'mti' //              not the message type of the table
  | 'bitmap' //           a hexadecimal bitmap with other characters in it
  | 'unknown_element' //  a bit is set for an element that the table does not list
  | 'missing' //          a required element or tag is absent
  | 'length_prefix' //    a length that is not a number
  | 'length' //           a length that the table does not allow
  | 'character' //        a character outside the element's class
  | 'padding' //          a packed element of odd length whose first half byte is not zero
  | 'duplicate_tag' //    one tag twice
  | 'refused' //          the check given to `as` said no
  | FrameCode

/** Why a stream is not a row of frames. */
export type FrameCode = 'frame_empty' | 'frame_oversize' | 'frame_header'

/** Why a value cannot become bytes. */
export type EncodeCode = 'missing' | 'type' | 'length' | 'character' | 'duplicate_tag' | FrameCode

/**
 * Bytes that are not what the table says. `path` leads to the element, as in `['DE 120', 'tag 062']`.
 * Neither message nor path ever holds a value: an account number must not reach a log by way of an error.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly code: DecodeCode
  readonly path: readonly string[]

  constructor(code: DecodeCode, path: readonly string[]) {
    super(`${path.join(' > ')}: ${decodeWords[code]}`)
    this.code = code
    this.path = path
  }
}

/** A value that does not fit the table: a mistake of the caller. Holds no value either. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'
  readonly code: EncodeCode
  readonly path: readonly string[]

  constructor(code: EncodeCode, path: readonly string[]) {
    super(`${path.join(' > ')}: ${encodeWords[code]}`)
    this.code = code
    this.path = path
  }
}

const frameWords = {
  frame_empty: 'a frame without content',
  frame_oversize: 'a frame longer than allowed',
  frame_header: 'the length is not a number',
} as const satisfies Record<FrameCode, string>

const decodeWords = {
  truncated: 'the bytes end too early',
  trailing: 'bytes after the last element',
  too_long: 'more bytes than this message can have',
  mti: 'not the expected message type',
  bitmap: 'the bitmap is not hexadecimal',
  unknown_element: 'not in the table',
  missing: 'required and absent',
  length_prefix: 'the length is not a number',
  length: 'a length that the table does not allow',
  character: 'a character outside the class',
  padding: 'the unused half byte is not zero',
  duplicate_tag: 'appears twice',
  refused: 'refused by its check',
  ...frameWords,
} as const satisfies Record<DecodeCode, string>

const encodeWords = {
  missing: 'required and absent',
  type: 'a value of another type',
  length: 'a length that the table does not allow',
  character: 'a character outside the class',
  duplicate_tag: 'appears twice',
  ...frameWords,
} as const satisfies Record<EncodeCode, string>
