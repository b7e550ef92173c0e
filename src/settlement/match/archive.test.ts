import assert from 'node:assert/strict'
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { writeThreeBooks } from '../../../test/support/three-books.ts'
import { must } from '../../base/identifiers.ts'
import { openSealedPieces, PIECE_BYTES, writeSealedFile } from '../../base/sealed-file.ts'
import { defaultLayouts } from '../../imps/files/layouts.ts'
import { readRawLine } from '../../imps/files/read-line.ts'
import { locate, readLine, writeArchive } from './archive.ts'
import { withEngine } from './engine.ts'
import { createTables, loadRows } from './groups.ts'
import { rawSource } from './sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'turant-archive-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const layout = must(
  defaultLayouts.find(({ id }) => id === 'raw_remitter/csv/2'),
  'layout',
)
const inward = must(
  defaultLayouts.find(({ id }) => id === 'raw_beneficiary/csv/2'),
  'layout',
)

// Goal: every row of the raw files is found by its RRN, in its line. Method: files of several pieces, loaded by two threads; rows that lie
// across the ends of pieces are among them.
test('every row is found by its RRN, where it stands in its file', async () => {
  const books = await writeThreeBooks(folder, { rows: 80_000, each: 2, seed: 3 })
  const path = join(folder, 'rows')
  const written = await withEngine({ threads: 2, memoryMb: 500, folder }, async (engine) => {
    await createTables(engine)
    const [outRows, inRows] = [
      await loadRows(engine, rawSource(layout, books.rawRemitter)),
      await loadRows(engine, rawSource(inward, books.rawBeneficiary)),
    ]
    return writeArchive(
      engine,
      [
        { content: { path: books.rawRemitter }, fileId: 'fil_1', direction: 'outward', rows: outRows, skipped: 1 },
        { content: { path: books.rawBeneficiary }, fileId: 'fil_2', direction: 'inward', rows: inRows, skipped: 1 },
      ],
      path,
      1e9,
    )
  })
  const { secret } = written
  assert.ok(secret.firsts.length > 1)
  const archive = await openSealedPieces(path, Buffer.from(secret.key, 'base64'))
  const sealed = await Promise.all(
    [books.rawRemitter, books.rawBeneficiary].map(async (from, index) => {
      const at = join(folder, `sealed-${index}`)
      const kept = await writeSealedFile(at, createReadStream(from), 1e9)
      if (kept === 'too_large') throw new Error('too large')
      assert.ok(statSync(from).size > 3 * PIECE_BYTES)
      return openSealedPieces(at, kept.key)
    }),
  )
  const plain = Array.from({ length: 20 }, (_, n) => String(633_100_000_000 + n * 1_953))
  for (const direction of ['outward', 'inward'] as const) {
    const pieces = must(sealed[direction === 'outward' ? 0 : 1], 'file')
    for (const rrn of plain) {
      const found = await locate(secret, archive, direction, rrn)
      assert.equal(found.length, 1, `${direction} ${rrn}`)
      const { file, line, remitterBank } = must(found[0], 'row')
      const row = readRawLine(layout, 'x', await readLine(pieces, file, line), line)
      assert.deepEqual([row.rrn, row.remitterBank, row.line], [rrn, remitterBank, line])
    }
    // Lines that begin in one piece and end in the next.
    const file = must(secret.files[direction === 'outward' ? 0 : 1], 'file')
    for (const line of file.lines.slice(1)) {
      const one = readRawLine(layout, 'x', await readLine(pieces, file, line), line)
      assert.ok((await locate(secret, archive, direction, one.rrn)).some((at) => at.line === line))
    }
  }
  assert.deepEqual(await locate(secret, archive, 'outward', '999999999999'), [])
  assert.deepEqual(await locate(secret, archive, 'outward', '000000000001'), [])
  for (const one of [archive, ...sealed]) await one.close()
})
