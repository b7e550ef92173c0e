import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromVectorMessage, onTheWire, readXmlVectors, toVectorMessage } from '../../../test/vectors/xml/read.ts'
import { defaultProfile } from '../profile.ts'
import { createXmlDialect } from './dialect.ts'
import { XmlError } from './error.ts'
import type { Ack, XmlMessage } from './message.ts'

const dialect = createXmlDialect(defaultProfile)
const vectors = readXmlVectors()

for (const { name, text, about, message, ack, writes, error } of vectors) {
  if (error !== undefined) {
    test(`${name} is refused, ${error.code} at ${error.path}: ${about}`, () => {
      assert.throws(
        () => dialect.read(text),
        (thrown) => {
          assert.ok(thrown instanceof XmlError)
          assert.deepEqual({ code: thrown.code, path: thrown.path }, error)
          return true
        },
      )
      assert.ok(dialect.describe(text).length > 0)
    })
    continue
  }
  test(`${name} is read as the vector says: ${about}`, () => {
    for (const form of [text, onTheWire(text)]) {
      const read = ack === undefined ? dialect.read(form) : dialect.readAck(form)
      assert.deepEqual(toVectorMessage(read), message ?? ack)
    }
  })
  if (writes !== true) continue
  test(`${name} is what is written, character for character`, () => {
    const written =
      message === undefined
        ? dialect.writeAck(fromVectorMessage(ack ?? {}) as Ack)
        : dialect.write(fromVectorMessage(message) as XmlMessage)
    assert.equal(written, onTheWire(text))
  })
}

test('every message of the wire has a vector that is read and one that is written', () => {
  const apis = vectors.filter(({ writes }) => writes).map(({ message }) => message?.api ?? 'Ack')
  assert.deepEqual([...new Set(apis)].sort(), [
    'Ack',
    ...['Req', 'Resp'].flatMap((one) => ['ChkTxn', 'Hbt', 'ListAccPvd', 'Pay', 'ValAdd'].map((it) => one + it)),
  ])
})

test('the masked view of a vector shows no name, account or mobile number', () => {
  const secrets = [
    'RAMESH',
    'SITA',
    'सीता',
    'DSOUZA',
    '000112233445',
    '50100012345678',
    '9876543210',
    '9123456789',
    'RENT',
  ]
  for (const { name, text } of vectors) {
    const shown = dialect.describe(text)
    for (const secret of secrets) assert.ok(!shown.includes(secret), `${name} shows ${secret}`)
  }
})
