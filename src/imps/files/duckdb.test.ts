import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { identity, rowsOf } from '../../../test/support/settlement-rows.ts'
import { layoutFor, shippedLayouts } from './detect.ts'
import { layoutAsDuckdb, literal } from './duckdb.ts'
import type { Layout, TableKind } from './layout.ts'
import { readFile } from './read.ts'
import { valuesOf } from './record.ts'
import { writeTable } from './write-table.ts'

const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
const db = await instance.connect()
const folder = mkdtempSync(join(tmpdir(), 'turant-duckdb-'))
after(() => {
  db.closeSync()
  instance.closeSync()
  rmSync(folder, { recursive: true })
})

async function asDuckdbReads(layout: Layout, bytes: Uint8Array) {
  const path = join(folder, 'file')
  writeFileSync(path, bytes)
  const { source, isTrailer, columns, fault, trailer } = layoutAsDuckdb(layout)
  const select = (all: Readonly<Record<string, string>>, bad: string, where: string) =>
    db.runAndReadAll(
      `select ${Object.entries(all)
        .map(([name, sql]) => `${sql} as "${name}"`)
        .join(', ')}, ${bad} as fault from ${source(literal(path))} where ${where}`,
    )
  const rows = await select(columns, fault, `not (${isTrailer})`)
  const end = trailer === undefined ? undefined : await select(trailer.columns, trailer.fault, isTrailer)
  return { rows: rows.getRowObjectsJS(), trailer: end?.getRowObjectsJS()[0] }
}

const lineLayouts = shippedLayouts.tables.filter(
  (layout) =>
    layout.form.kind !== 'xlsx' &&
    !shippedLayouts.tables.some((one) => one.fileName === layout.fileName && one.from > layout.from),
)

const agrees = <K extends TableKind>(kind: K, layout: Layout): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.array(rowsOf[kind], { minLength: 1, maxLength: 5 }), async (rows) => {
      const { bytes } = await writeTable(kind, layout, { ...identity, serial: '1' }, rows)
      const found = await asDuckdbReads(layout, bytes)
      const expected = rows.map((row) => valuesOf(row, identity.bank))
      for (const [index, values] of expected.entries()) {
        for (const { name } of layout.fields) {
          if (!name.startsWith('_')) assert.equal(found.rows[index]?.[name] ?? undefined, values[name], name)
        }
        if ('at' in rows[index]!) assert.equal(found.rows[index]?.at, BigInt(Number(rows[index].at)))
        assert.equal(found.rows[index]?.fault, null)
      }
      if (layout.trailer !== undefined) assert.equal(found.trailer?.count, BigInt(rows.length))
    }),
    { numRuns: 8 },
  )

for (const layout of lineLayouts) {
  test(`${layout.id} as SQL gives the values its reader gives`, () => agrees(layout.kind, layout))
}

test('what the reader refuses in a field is a fault to DuckDB in the same column', async () => {
  for (const form of ['csv', 'fixed'] as const) {
    const layout = layoutFor('raw_remitter', identity.day, form)
    const [row] = fc.sample(rowsOf.raw_remitter, { numRuns: 1, seed: 7 })
    const { file, bytes } = await writeTable('raw_remitter', layout, identity, [{ ...row!, responseCode: '00' }])
    const lines = bytes.toString().split('\n')
    const at = form === 'csv' ? 1 : 0
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(...'#x 9.-'), async (place, character) => {
        const line = lines[at]!
        const where = place % line.length
        const spoilt = [...lines]
        spoilt[at] = line.slice(0, where) + character + line.slice(where + 1)
        if (spoilt[at].split(',').length !== line.split(',').length) return
        const text = Buffer.from(spoilt.join('\n'))
        const read = await readFile(file, text)
        const [found] = (await asDuckdbReads(layout, text)).rows
        const refusal = read.kind === 'refused' && read.refusal.fault === 'bad_value' ? read.refusal.column : null
        assert.equal(found?.fault ?? null, refusal, spoilt[at])
      }),
      { numRuns: 60 },
    )
  }
})
