import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { identity, rowsOf, uploadIdentity } from '../../../test/support/settlement-rows.ts'
import { isOfCycle, shippedLayouts } from './detect.ts'
import type { Layout, TableKind } from './layout.ts'
import { isOf, readFile } from './read.ts'
import { meanings } from './record.ts'
import { writeTable } from './write-table.ts'

/** A day on which the layout is in force. */
const dayFor = ({ id }: Layout): string => (id.endsWith('/1') ? '2026-05-04' : identity.day)

/** What a version of a layout has no column for is not written by it. */
function without<T extends object>(row: T, layout: Layout, day: string): T {
  const kept = { ...row }
  for (const name of ['purposeCode', 'parentRrn']) {
    if (layout.fields.every((field) => field.name !== name)) Reflect.deleteProperty(kept, name)
  }
  if ('settlementDate' in kept) Reflect.set(kept, 'settlementDate', day)
  return kept
}

function roundTrip<K extends TableKind>(kind: K, layout: Layout, runs: number): Promise<void> {
  const newest = !shippedLayouts.tables.some((one) => one.fileName === layout.fileName && one.from > layout.from)
  const day = newest ? identity.day : dayFor(layout)
  const of = { ...(isOfCycle(kind) ? identity : uploadIdentity), day }
  return fc.assert(
    fc.asyncProperty(fc.array(rowsOf[kind], { maxLength: 8 }), async (made) => {
      const rows = made.map((row) => without(row, layout, day))
      const { file, bytes } = await writeTable(kind, layout, of, rows)
      assert.deepEqual((await writeTable(kind, layout, of, rows)).bytes, bytes, 'the same bytes again')
      const read = await readFile(file, bytes)
      assert.equal(read.kind, 'read', JSON.stringify(read.kind === 'refused' && read.refusal))
      if (read.kind !== 'read' || !isOf(read.read, kind)) throw new Error('not read as its kind')
      assert.equal(read.read.layout.id, layout.id)
      assert.deepEqual(
        read.read.rows.map((row) => ({ ...row, line: 0 })),
        rows.map((row) => ({ ...row, line: 0 })),
      )
      assert.equal(read.read.totals.count, rows.length)
    }),
    { numRuns: runs },
  )
}

for (const layout of shippedLayouts.tables) {
  test(`${layout.id}: what is written is read, field by field, and the same rows are the same bytes`, () =>
    roundTrip(layout.kind, layout, layout.form.kind === 'xlsx' ? 15 : 60))
}

test('every field of every kind has a column in some layout that ships', () => {
  for (const [kind, fields] of Object.entries(meanings)) {
    const columns = shippedLayouts.tables.filter((layout) => layout.kind === kind).flatMap((layout) => layout.fields)
    for (const name of Object.keys(fields))
      assert.ok(
        columns.some((field) => field.name === name),
        `${kind}.${name}`,
      )
  }
})
