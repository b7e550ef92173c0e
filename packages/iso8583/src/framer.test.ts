import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createFramer, type DecodeCode, EncodeError, type Framer, frame, type Header } from './index.ts'

type Setting = { readonly header: Header; readonly inclusive: boolean }
const settings: readonly Setting[] = (['binary2', 'ascii4'] as const).flatMap((header) =>
  [false, true].map((inclusive) => ({ header, inclusive })),
)

type Seen = { readonly framer: Framer; readonly frames: string[]; readonly errors: DecodeCode[] }

function listen(setting: Setting, max = 300): Seen {
  const frames: string[] = []
  const errors: DecodeCode[] = []
  const framer = createFramer({
    ...setting,
    max,
    onFrame: (bytes) => frames.push(Buffer.from(bytes).toString('hex')),
    onError: ({ code }) => errors.push(code),
  })
  return { framer, frames, errors }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('headers are as written by hand', () => {
  const body = Buffer.from('hello')
  assert.equal(hexOf(frame(body, 'binary2')), '000568656c6c6f')
  assert.equal(hexOf(frame(body, 'binary2', true)), '000768656c6c6f')
  assert.equal(Buffer.from(frame(body, 'ascii4')).toString(), '0005hello')
  assert.equal(Buffer.from(frame(body, 'ascii4', true)).toString(), '0009hello')
})

test('a message that its header cannot say is not framed', () => {
  const code = (run: () => unknown): string => {
    try {
      run()
      return 'framed'
    } catch (error) {
      return error instanceof EncodeError ? error.code : String(error)
    }
  }
  assert.equal(
    code(() => frame(new Uint8Array(0), 'binary2')),
    'frame_empty',
  )
  assert.equal(
    code(() => frame(new Uint8Array(65_535), 'binary2')),
    'framed',
  )
  assert.equal(
    code(() => frame(new Uint8Array(65_534), 'binary2', true)),
    'frame_oversize',
  )
  assert.equal(
    code(() => frame(new Uint8Array(10_000), 'ascii4')),
    'frame_oversize',
  )
})

for (const setting of settings) {
  describe(`${setting.header}${setting.inclusive ? ', inclusive' : ''}`, () => {
    test('three messages come whole under every one and two cuts', () => {
      const bodies = ['a', 'bcd', 'efghi'].map((body) => Buffer.from(body))
      const stream = Buffer.concat(bodies.map((body) => frame(body, setting.header, setting.inclusive)))
      for (let first = 0; first <= stream.length; first += 1) {
        for (let second = first; second <= stream.length; second += 1) {
          const { framer, frames, errors } = listen(setting)
          framer.push(stream.subarray(0, first))
          framer.push(stream.subarray(first, second))
          framer.push(stream.subarray(second))
          assert.deepEqual([frames, errors, framer.pending], [bodies.map(hexOf), [], 0])
        }
      }
    })

    test('any messages come whole under any cuts', () => {
      const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 })
      const cuts = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 })
      fc.assert(
        fc.property(bodies, cuts, (bodies, cuts) => {
          const stream = Buffer.concat(bodies.map((body) => frame(body, setting.header, setting.inclusive)))
          const { framer, frames, errors } = listen(setting)
          for (let at = 0, turn = 0; at < stream.length; turn += 1) {
            const next = at + cuts[turn % cuts.length]!
            framer.push(stream.subarray(at, next))
            at = next
          }
          assert.deepEqual([frames, errors, framer.pending], [bodies.map(hexOf), [], 0])
        }),
      )
    })

    test('noise gives at most one error, no message over the limit, and never more kept than one message', () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
          const { framer, frames, errors } = listen(setting, 50)
          for (const chunk of chunks) {
            framer.push(chunk)
            assert.ok(framer.pending <= 54)
          }
          assert.ok(errors.length <= 1)
          assert.ok(frames.every((body) => body.length <= 100))
        }),
      )
    })
  })
}

describe('a header that cannot be true is one error, and the end', () => {
  const hostile: readonly (readonly [string, Setting, string, DecodeCode])[] = [
    ['zero', { header: 'binary2', inclusive: false }, '0000', 'frame_empty'],
    ['only itself', { header: 'binary2', inclusive: true }, '0002', 'frame_empty'],
    ['less than itself', { header: 'binary2', inclusive: true }, '0001', 'frame_empty'],
    ['over the limit', { header: 'binary2', inclusive: false }, '012d', 'frame_oversize'],
    ['as much as two bytes can say', { header: 'binary2', inclusive: false }, 'ffff', 'frame_oversize'],
    ['zero in digits', { header: 'ascii4', inclusive: false }, '30303030', 'frame_empty'],
    ['over the limit in digits', { header: 'ascii4', inclusive: false }, '39393939', 'frame_oversize'],
    ['letters', { header: 'ascii4', inclusive: false }, '30303141', 'frame_header'],
    ['a sign', { header: 'ascii4', inclusive: false }, '2d303031', 'frame_header'],
    ['HTTP', { header: 'ascii4', inclusive: true }, Buffer.from('GET ').toString('hex'), 'frame_header'],
  ]
  for (const [name, setting, header, code] of hostile) {
    test(`${setting.header}${setting.inclusive ? ' inclusive' : ''}: ${name}`, () => {
      const good = frame(Buffer.from('good'), setting.header, setting.inclusive)
      const stream = Buffer.concat([good, Buffer.from(header, 'hex'), good, good])
      for (const size of [1, 3, stream.length]) {
        const { framer, frames, errors } = listen(setting)
        for (let at = 0; at < stream.length; at += size) framer.push(stream.subarray(at, at + size))
        framer.push(good)
        assert.deepEqual([frames, errors], [[hexOf(Buffer.from('good'))], [code]])
      }
    })
  }
})

test('pending tells of a peer that stopped in mid-frame', () => {
  const { framer } = listen({ header: 'binary2', inclusive: false })
  framer.push(Buffer.from([0]))
  assert.equal(framer.pending, 1)
  framer.push(Buffer.from([5, 1, 2]))
  assert.equal(framer.pending, 4)
  framer.push(Buffer.from([3, 4, 5]))
  assert.equal(framer.pending, 0)
})

test('closed from its own handler, it delivers nothing more of the chunk', () => {
  const frames: string[] = []
  const framer: Framer = createFramer({
    header: 'binary2',
    max: 10,
    onFrame: (bytes) => {
      frames.push(hexOf(bytes))
      framer.close()
    },
    onError: () => assert.fail('no error was sent'),
  })
  framer.push(Buffer.from('000161000162ffff', 'hex'))
  assert.deepEqual([frames, framer.pending], [['61'], 0])
})

test('a handler that throws closes the framer: the bytes after its message are not taken for a header', () => {
  const frames: string[] = []
  const framer = createFramer({
    header: 'binary2',
    max: 10,
    onFrame: (bytes) => {
      if (bytes[0] === 0x61) throw new Error('handler')
      frames.push(hexOf(bytes))
    },
    onError: () => assert.fail('no error was sent'),
  })
  framer.push(Buffer.from('000163', 'hex'))
  assert.throws(() => framer.push(Buffer.from('000161000162', 'hex')), /handler/)
  framer.push(Buffer.from('000162', 'hex'))
  assert.deepEqual([frames, framer.pending], [['63'], 0])
})
