import type { WireProfile } from '../profile.ts'
import { describeDocument } from './describe.ts'
import { headOfDocument } from './document.ts'
import type { Ack, XmlMessage } from './message.ts'
import { createReader } from './reader.ts'
import { createWriter } from './writer.ts'

export interface XmlDialect {
  /**
   * The whole document, unsigned and in canonical form: C14N 1.0 of it is itself.
   * @throws {XmlError} when a value does not fit its field, or one is missing for the address form
   */
  write(message: XmlMessage): string
  /**
   * One message, every part checked and branded. Call it with the bytes that were signed and no others.
   * @throws {XmlError} with code and path, never a value
   */
  read(text: string): XmlMessage
  /** The HTTP answer to a message. @throws {XmlError} as `write` */
  writeAck(ack: Ack): string
  /** @throws {XmlError} for anything that is no Ack: whether the message was taken is then not known */
  readAck(text: string): Ack
  /** What an Ack needs to know of a message, however broken the rest is; undefined when not even that can be read. */
  headOf(text: string): { readonly api: string; readonly msgId: string } | undefined
  /** The document for people, values masked as the tables say; never throws. */
  describe(text: string): string
}

/** The XML wire of one profile. Pure: the same message gives the same text. */
export function createXmlDialect(profile: WireProfile): XmlDialect {
  const { namespace, maxBytes, maxDepth } = profile.xml
  const limits = { maxBytes, maxDepth }
  const { writeMessage, writeAck } = createWriter(profile)
  const { readMessage, readAck } = createReader(profile)
  return {
    write: writeMessage,
    read: readMessage,
    writeAck,
    readAck,
    headOf: (text) => headOfDocument(text, limits, namespace),
    describe: (text) => describeDocument(text, limits, namespace),
  }
}
