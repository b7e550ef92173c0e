import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { anyRow, anyRows, plainRow } from '../../../test/support/match-rows.ts'
import { createTables, findResidue, loadRows, TooManyUnmatched } from './groups.ts'
import { matchRows } from './match.ts'
import type { MatchRow } from './rows.ts'

const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
const db: DuckDBConnection = await instance.connect()
after(() => {
  db.closeSync()
  instance.closeSync()
})

const names = {
  direction: 'direction',
  rrn: 'rrn',
  amount: 'amount',
  status: 'status',
  at: '"at"',
  day: 'day',
  remitterBank: 'rb',
  beneficiaryBank: 'bb',
  suffix: 'suffix',
  stan: 'stan',
  subType: 'sub',
  parentRrn: 'parent',
  responseCode: 'rc',
  ref: 'ref',
  lane: 'lane',
  origin: 'origin',
  missed: 'missed',
}

async function load(rows: readonly MatchRow[]): Promise<void> {
  await createTables(db)
  for (const source of ['core', 'hub', 'raw'] as const) {
    const own = rows.filter((row) => row.source === source)
    if (own.length === 0) continue
    const values = own
      .map((r) => {
        const texts = [
          r.direction,
          r.rrn,
          r.status,
          r.day,
          r.remitterBank,
          r.beneficiaryBank,
          r.suffix,
          r.stan,
          r.subType,
        ]
        const more = [r.parentRrn, r.responseCode, r.ref, r.origin]
        return `(${[...texts, ...more].map((text) => `'${text}'`).join(', ')}, ${r.amountPaise}, ${r.at}, ${r.lane ?? 'null'}, ${r.missed})`
      })
      .join(', ')
    const from = `(values ${values}) t(direction, rrn, status, day, rb, bb, suffix, stan, sub, parent, rc, ref, origin, amount, "at", lane, missed)`
    assert.equal(await loadRows(db, { source, from, columns: names }), own.length)
  }
}

const TO_AT = Date.parse('2026-11-27T11:00:00+05:30')

test('what is taken away before changes nothing that is found', () =>
  fc.assert(
    fc.asyncProperty(anyRows, async (rows) => {
      await load(rows)
      const left = await findResidue(db, [0n, 150n], 100)
      const whole = matchRows({ rows, toAt: TO_AT, children: new Map() })
      const part = matchRows({ rows: left.rows, toAt: TO_AT, children: left.children })
      assert.deepEqual(part.breaks, whole.breaks)
      assert.deepEqual(part.items, whole.items)
      assert.deepEqual(part.closed, whole.closed)
      const sum = (found: readonly { readonly row: MatchRow }[]): bigint =>
        found.reduce((total, { row }) => total + row.amountPaise, 0n)
      const clean = left.settled.reduce((total, { amountPaise }) => total + amountPaise, 0n)
      assert.equal(clean + sum(part.settled), sum(whole.settled))
    }),
    { numRuns: 120 },
  ))

test('more rows than may be left are a wrong file', async () => {
  await load(fc.sample(anyRow, { numRuns: 20, seed: 3 }).map((row, n) => ({ ...row, rrn: String(633109000100 + n) })))
  await assert.rejects(findResidue(db, [0n], 3), TooManyUnmatched)
})

test('sixteen of a kind do not look like one of another', async () => {
  const reversals = Array.from({ length: 16 }, () => ({ ...plainRow, status: 'V' as const }))
  await load([plainRow, { ...plainRow, source: 'raw', status: '00' }, ...reversals])
  assert.equal((await findResidue(db, [0n], 100)).rows.length, 18)
})
