import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileOf, pages } from './imps-reference.ts'

for (const [page, print] of Object.entries(pages)) {
  test(`docs/reference/${page} is what the tables print; if not, run node test/docs/imps-reference.ts`, () => {
    assert.equal(readFileSync(fileOf(page), 'utf8'), print())
  })
}
