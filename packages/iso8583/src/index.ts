/**
 * iso8583: ISO 8583:1987 messages as tables. It promises that what a table allows goes to bytes and back unchanged,
 * that anything else is a `DecodeError` or `EncodeError` without the value in it, and that no input, however hostile,
 * takes more memory or time than its own length.
 */
export type { CharacterClass } from './characters.ts'
export { decode, salvage } from './decode.ts'
export { describe } from './describe.ts'
export {
  as,
  binary,
  digits,
  type Element,
  hex,
  type Mask,
  minorUnits,
  type Options,
  type Prefix,
  type TagValues,
  text,
  tlv,
  type UnknownTag,
  type ValueOf,
} from './element.ts'
export { encode } from './encode.ts'
export { type DecodeCode, DecodeError, type EncodeCode, EncodeError, type FrameCode } from './errors.ts'
export { createFramer, type Framer, type FramerOptions, frame, type Header } from './framer.ts'
export { locate, type Span } from './locate.ts'
export { type Decoded, type Message, message, type Row, type Rows } from './message.ts'
export { type Peek, peek } from './peek.ts'
export type { Wire } from './plan.ts'
