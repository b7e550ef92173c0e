import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readSealedFile, SealedFileError, writeSealedFile } from './sealed-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'turant-sealed-'))
after(() => rmSync(folder, { recursive: true }))
let made = 0
const fresh = (): string => {
  made += 1
  return join(folder, `f${made}`)
}

async function contentOf(path: string, key: Uint8Array): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of readSealedFile(path, key)) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

/** Cuts into pieces of odd sizes, none of which is a piece of the file. */
function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test('what is written is read, whatever its length and however it came; the digest is that of the plain content', async () => {
  const piece = 1_048_576
  for (const length of [0, 1, piece - 1, piece, piece + 1, 2 * piece, 3 * piece + 17]) {
    const bytes = randomBytes(length)
    const path = fresh()
    const written = await writeSealedFile(path, cut(bytes, 77_777), 1e9)
    assert.ok(typeof written === 'object')
    assert.equal(written.sha256, createHash('sha256').update(bytes).digest('hex'))
    assert.equal(written.bytes, length)
    assert.ok((await contentOf(path, written.key)).equals(bytes), `${length}`)
    assert.equal(statSync(path).mode & 0o777, 0o600)
  }
})

test('nothing of the plain content stands in the file', async () => {
  const path = fresh()
  await writeSealedFile(path, [Buffer.from('50100123456789'.repeat(1000))], 1e9)
  assert.equal(readFileSync(path).includes('50100123'), false)
})

test('a file that was cut, altered, lengthened, or is under another key does not open', async () => {
  const path = fresh()
  const written = await writeSealedFile(path, cut(randomBytes(3_000_000), 50_000), 1e9)
  assert.ok(typeof written === 'object')
  const whole = readFileSync(path)
  const piece = 1_048_576 + 16
  const first = 14
  const bad: Record<string, Buffer> = {
    'cut in a piece': whole.subarray(0, 2_000_000),
    'cut between two pieces': whole.subarray(0, first + piece),
    'without its last byte': whole.subarray(0, -1),
    'without any piece': whole.subarray(0, first),
    'with another head': Buffer.concat([Buffer.from('turant file 2\n'), whole.subarray(first)]),
    'with a bit changed': Buffer.from(whole.map((byte, at) => (at === 1_500_000 ? byte ^ 1 : byte))),
    longer: Buffer.concat([whole, Buffer.from('x')]),
    'with two pieces changed round': Buffer.concat([
      whole.subarray(0, first),
      whole.subarray(first + piece, first + 2 * piece),
      whole.subarray(first, first + piece),
      whole.subarray(first + 2 * piece),
    ]),
  }
  for (const [what, bytes] of Object.entries(bad)) {
    const other = fresh()
    writeFileSync(other, bytes)
    await assert.rejects(contentOf(other, written.key), SealedFileError, what)
  }
  await assert.rejects(contentOf(path, randomBytes(32)), SealedFileError)
  assert.equal((await contentOf(path, written.key)).length, 3_000_000)
})

test('what is too large, or fails on the way, leaves no file', async () => {
  const path = fresh()
  assert.equal(await writeSealedFile(path, cut(Buffer.alloc(101), 10), 100), 'too_large')
  assert.throws(() => statSync(path), { code: 'ENOENT' })
  const failing = (async function* () {
    yield Buffer.alloc(2_000_000)
    throw new Error('cut off')
  })()
  await assert.rejects(writeSealedFile(path, failing, 1e9), /cut off/)
  assert.throws(() => statSync(path), { code: 'ENOENT' })
})

test('each writing has a key of its own', async () => {
  const keys = new Set<string>()
  for (let i = 0; i < 3; i += 1) {
    const written = await writeSealedFile(fresh(), [Buffer.from('x')], 10)
    assert.ok(typeof written === 'object')
    keys.add(Buffer.from(written.key).toString('hex'))
  }
  assert.equal(keys.size, 3)
})
