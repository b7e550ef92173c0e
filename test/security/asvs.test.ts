import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { test } from 'node:test'
import { root } from '../support/source.ts'
import { levels, takenOfLevel3 } from './asvs-levels.ts'

// docs/security/asvs.csv against the standard and against the tests: each requirement once, and each that is called proven has a test that
// npm test runs and that says which requirement it is about: grep 'ASVS.*8.2.2' finds it.

const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** RFC 4180: fields may be quoted, a quote inside is written twice. */
function parseCsv(text: string): string[][] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    )
}
const [header, ...rows] = parseCsv(read('docs/security/asvs.csv'))
const items = rows.map(([id = '', level = '', status = '', evidence = '', note = '']) => ({
  id,
  level,
  status,
  evidence,
  note,
}))
const standard = Object.entries(levels).flatMap(([section, each]) =>
  [...each].map((level, index) => ({ id: `${section}.${index + 1}`, level })),
)
const isRun = (file: string): boolean => {
  const globs = [...JSON.parse(read('package.json')).scripts.test.matchAll(/"([^"]+\.test\.ts)"/g)]
  return globs.some(([, glob]) => matchesGlob(file, glob))
}

test('the table of levels is that of the standard: 70, 183 and 92', () => {
  const count = (level: string): number => standard.filter((one) => one.level === level).length
  assert.deepEqual([count('1'), count('2'), count('3')], [70, 183, 92])
})

test('every requirement of levels 1 and 2 is in the list once, in order, and of level 3 those that were taken on', () => {
  assert.deepEqual(header, ['id', 'level', 'status', 'evidence', 'note'])
  const wanted = standard.filter(({ id, level }) => level !== '3' || takenOfLevel3.includes(id))
  assert.deepEqual(
    items.map(({ id, level }) => `${id} ${level}`),
    wanted.map(({ id, level }) => `${id} ${level}`),
  )
  for (const row of rows) assert.equal(row.length, 5, row.join())
})

test('what is proven names a test that runs and that names it; what is not says why', () => {
  for (const { id, status, evidence, note } of items) {
    assert.ok(['proven', 'partial', 'open', 'not-applicable'].includes(status), `${id} is ${status}`)
    if (status === 'proven') assert.notEqual(evidence, '', `${id} is proven by nothing`)
    else assert.ok(note.length > 6, `${id} is ${status} and does not say why`)
    if (evidence === '') continue
    assert.ok(existsSync(join(root, evidence)), `${id}: ${evidence} is not there`)
    assert.ok(isRun(evidence), `${id}: npm test does not run ${evidence}`)
    const said = read(evidence)
      .split('\n')
      .filter((line) => line.includes('ASVS'))
      .some((line) => line.split(/[^0-9.]+/).some((word) => word.replace(/\.$/, '') === id))
    assert.ok(said, `${id}: ${evidence} does not say that it is about ASVS ${id}`)
  }
})

test('at least 200 are proven of levels 1 and 2, and the document says how many', () => {
  const base = items.filter(({ level }) => level !== '3')
  const count = (some: typeof items, status: string): number => some.filter((one) => one.status === status).length
  assert.ok(count(base, 'proven') >= 200, `${count(base, 'proven')} are proven`)
  const taken = items.filter(({ level }) => level === '3')
  const summary =
    `Of ${base.length}: ${count(base, 'proven')} proven, ${count(base, 'partial')} partial, ${count(base, 'open')} open, ` +
    `${count(base, 'not-applicable')} not applicable. Of level 3, ${taken.length} were taken on: ${count(taken, 'proven')} proven, ` +
    `${count(taken, 'partial')} partial, ${count(taken, 'open')} open, ${count(taken, 'not-applicable')} not applicable.`
  assert.ok(
    read('docs/security/README.md').replace(/\s+/g, ' ').includes(summary),
    `docs/security/README.md should say: ${summary}`,
  )
})

test('a test that says it is about a requirement names one that there is', () => {
  const known = new Set(standard.map(({ id }) => id))
  for (const file of globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'packages/*/src/**/*.test.ts'], { cwd: root }))
    for (const line of read(file).split('\n'))
      for (const found of line.matchAll(/^\/\/ ASVS ((?:\d+\.\d+\.\d+(?:, )?)+)/g))
        for (const id of (found[1] ?? '').split(', ')) assert.ok(id === '' || known.has(id), `${file} names ${id}`)
})
