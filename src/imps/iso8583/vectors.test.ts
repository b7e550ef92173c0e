import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DecodeError } from '@turant/iso8583'
import { bytesOf, readVectors, toVectorMessage, type Vector } from '../../../test/vectors/read.ts'
import { defaultProfile } from '../profile.ts'
import type { FundTransferRequest, VerificationRequest } from '../rail-message.ts'
import { createIsoDialect } from './dialect.ts'

// Goal: the dialect is held to messages that it had no part in making. Method: test/vectors, typed in by hand.

const dialect = createIsoDialect(defaultProfile)
const vectors = readVectors()
const byName = new Map(vectors.map((vector) => [vector.name, vector]))
const hex = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('hex')
const read = (vector: Vector) => dialect.decode(bytesOf(vector), Date.parse(vector.now))

/** Message type, bitmaps, fields: without any code of ours. */
function assembled({ mti, fields }: Vector): string {
  const set = new Set(fields.map(({ de }) => de))
  const second = [...set].some((de) => de !== null && de > 64)
  let bits = ''
  for (let de = 1; de <= (second ? 128 : 64); de += 1) bits += set.has(de) || (de === 1 && second) ? '1' : '0'
  const bitmap = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [])
  const text = fields.map(({ wire }) => wire).join('')
  return Buffer.concat([Buffer.from(mti, 'latin1'), bitmap, Buffer.from(text, 'latin1')]).toString('hex')
}

function request(name: string): { bytes: Uint8Array; message: FundTransferRequest | VerificationRequest } {
  const vector = byName.get(name)
  assert.ok(vector, `no vector ${name}`)
  const message = read(vector)
  assert.ok(message.kind === 'fundTransferRequest' || message.kind === 'verificationRequest')
  return { bytes: bytesOf(vector), message }
}

test('there are vectors', () => {
  assert.ok(vectors.length >= 50)
})

for (const vector of vectors) {
  test(`vector ${vector.name}: its hexadecimal is its fields`, () => {
    assert.equal(vector.hex, assembled(vector))
  })

  if (vector.error) {
    const { code, path } = vector.error
    test(`vector ${vector.name} is refused: ${vector.about}`, () => {
      assert.throws(
        () => read(vector),
        (error) => {
          assert.ok(error instanceof DecodeError)
          assert.deepEqual({ code: error.code, path: error.path }, { code, path })
          return true
        },
      )
    })

    test(`vector ${vector.name} is answered with ${vector.refusedWith ?? 'silence'}`, () => {
      const answer = dialect.refuse(bytesOf(vector))
      if (vector.refusedWith === null) assert.equal(answer, undefined)
      else assertRefusal(vector, answer)
    })
    continue
  }

  test(`vector ${vector.name} is read as what it says`, () => {
    assert.deepEqual(toVectorMessage(read(vector)), vector.message)
  })

  if (vector.encodes) {
    test(`vector ${vector.name} is what the hub writes`, () => {
      assert.equal(hex(dialect.encode(read(vector))), vector.hex)
    })
  }

  const { answers, parts } = vector
  if (answers !== undefined && parts !== undefined) {
    test(`vector ${vector.name} is the answer to ${answers}`, () => {
      const asked = byName.get(answers)
      assert.ok(asked)
      const message = read(asked)
      const answer =
        message.kind === 'networkRequest'
          ? dialect.answerNetwork(message, parts.responseCode)
          : dialect.answer(request(answers).bytes, request(answers).message, parts)
      assert.equal(hex(answer), vector.hex)
    })
  }
}

/** The answer carries the response code, the STAN and, unless it is network management, the RRN of what it refuses. */
function assertRefusal({ mti, fields, refusedWith }: Vector, answer: Uint8Array | undefined): void {
  assert.ok(answer)
  const text = Buffer.from(answer).toString('latin1')
  const wire = (de: number) => fields.find((field) => field.de === de)?.wire ?? ''
  assert.equal(text.slice(0, 4), { '0200': '0210', '0420': '0430', '0800': '0810' }[mti])
  assert.ok(refusedWith)
  const before = `${wire(37)}${refusedWith}`
  assert.ok(text.includes(mti === '0800' ? `${wire(11)}${refusedWith}` : before), text)
  assert.ok(text.includes(wire(11)))
}
