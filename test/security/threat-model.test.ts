import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { test } from 'node:test'
import { root } from '../support/source.ts'

// docs/security/threat-model.md: every boundary has all six kinds of threat, and every threat what stands against it, where, its proof and what is
// left. SECURITY.md: every claim has a file and a proof.

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const globs = [...JSON.parse(read('package.json')).scripts.test.matchAll(/"([^"]+\.test\.ts)"/g)].map(([, glob]) =>
  String(glob),
)
const isRun = (file: string): boolean => globs.some((glob) => matchesGlob(file, glob))
const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
const named = (cell: string): string[] => [...cell.matchAll(/`([\w@./-]+)`/g)].map((found) => found[1] ?? '')

test('every boundary has every kind of threat, each with its control, its proof and what is left', () => {
  const sections = read('docs/security/threat-model.md')
    .split(/^## /m)
    .filter((one) => /^B\d/.test(one))
  assert.ok(sections.length >= 10)
  const drawn = [...read('docs/security/threat-model.md').matchAll(/-- (B\d+) -/g)].map((found) => found[1])
  for (const section of sections) {
    const [title = ''] = section.split('\n')
    assert.ok(drawn.includes(title.split(' ')[0]), `${title} is not in the drawing`)
    const rows = section
      .split('\n')
      .filter((line) => /^\| [STRIDE] \|/.test(line))
      .map(cellsOf)
    assert.deepEqual([...new Set(rows.map(([kind]) => kind))].sort(), ['D', 'E', 'I', 'R', 'S', 'T'], title)
    for (const row of rows) {
      assert.equal(row.length, 6, `${title}: ${row.join(' | ')}`)
      const [, threat, control, where = '', proof = '', left] = row
      for (const cell of [threat, control, left]) assert.ok(cell && cell.length > 3, `${title}: ${row.join(' | ')}`)
      for (const file of [...named(where), ...named(proof)])
        assert.ok(existsSync(join(root, file)), `${title}: ${file} is not there`)
      assert.ok(named(where).length > 0 && named(proof).length > 0, `${title}: ${threat} has no file or no proof`)
      for (const file of named(proof)) assert.ok(isRun(file), `${title}: npm test does not run ${file}`)
    }
  }
})

test('every claim of SECURITY.md names a file, and a proof that runs', () => {
  const rows = read('SECURITY.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| Claim') && !line.startsWith('|---'))
    .map(cellsOf)
  assert.ok(rows.length > 20)
  for (const [claim = '', where = '', proof = ''] of rows) {
    assert.ok(named(where).length > 0, claim)
    assert.ok(named(proof).length > 0, `${claim}: no proof`)
    for (const file of named(where)) if (file.includes('/')) assert.ok(existsSync(join(root, file)), file)
    for (const file of named(proof)) assert.ok(existsSync(join(root, file)) && isRun(file), `${claim}: ${file}`)
  }
})
