import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Content, withPath } from './piped.ts'
import { SealedFileError, writeSealedFile } from './sealed-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'turant-piped-'))
after(() => rmSync(folder, { recursive: true }))
const work = mkdtempSync(join(folder, 'work-'))
const bytes = Buffer.alloc(5_000_000, 'row of a raw file\n')

let made = 0
async function sealed(): Promise<Content> {
  made += 1
  const path = join(folder, String(made))
  const written = await writeSealedFile(path, [bytes], 1e9)
  if (written === 'too_large') throw new Error(written)
  return { path, key: written.key }
}

test('what is sealed is read by a path, comes through a pipe, and leaves nothing', async () => {
  const read = await withPath(await sealed(), work, async (path) => {
    assert.equal(statSync(path).isFIFO(), true)
    return readFile(path)
  })
  assert.ok(read.equals(bytes))
  assert.deepEqual(readdirSync(work), [])
})

test('many at once all come to their end: no more wait in pipes than leaves threads for those that decrypt', async () => {
  const content = await sealed()
  const all = await Promise.all(Array.from({ length: 12 }, () => withPath(content, work, (path) => readFile(path))))
  assert.ok(all.every((one) => one.equals(bytes)))
  assert.deepEqual(readdirSync(work), [])
})

test('a reader that fails before it opens, or goes before the end, says its own reason', async () => {
  const content = await sealed()
  await assert.rejects(
    withPath(content, work, async () => assert.fail('not today')),
    /not today/,
  )
  const some = await withPath(content, work, async (path) => {
    const file = await open(path, 'r')
    const { bytesRead } = await file.read(Buffer.alloc(100), 0, 100)
    await file.close()
    return bytesRead
  })
  assert.equal(some, 100)
  assert.deepEqual(readdirSync(work), [])
})

test('what was altered or cut is refused, whatever the reader made of it', async () => {
  const content = await sealed()
  writeFileSync(content.path, (await readFile(content.path)).subarray(0, -1_000))
  await assert.rejects(
    withPath(content, work, async (path) => (await readFile(path)).length),
    SealedFileError,
  )
})

test('what is not sealed is read where it is', async () => {
  const path = join(folder, 'plain')
  writeFileSync(path, 'x')
  assert.equal(await withPath({ path }, work, async (same) => same), path)
})
