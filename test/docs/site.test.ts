import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import MiniSearch from 'minisearch'
import { assets } from '../../src/docs/assets.ts'
import { contents } from '../../src/docs/contents.ts'
import { openLibrary, searchOptions, slugOf } from '../../src/docs/library.ts'
import { pageOf } from '../../src/docs/page.ts'
import { errorsDocument } from '../../src/print-errors.ts'

// The documents as pages: everything that is linked is there, nothing in them runs, and what is looked for is found.

const root = fileURLToPath(new URL('../..', import.meta.url))
const library = openLibrary()

test('the list of contents names pages that there are, each once', () => {
  const named = contents.flatMap(({ pages }) => pages)
  assert.deepEqual(
    named.filter((path) => !library.pages.has(path)),
    [],
  )
  assert.equal(new Set(named).size, named.length)
})

test('every link of a document leads to a file that is there, and to a heading that is in it', () => {
  const files = globSync('docs/**/*.md', { cwd: root })
  const wrong = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '')
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, href = '']) => {
      if (/^(?:https?:|mailto:|\/)/.test(href)) return []
      const [target = '', part] = href.split('#')
      const path = target === '' ? file : posix.normalize(posix.join(dirname(file), target))
      let there: string
      try {
        there = readFileSync(join(root, path), 'utf8')
      } catch (error) {
        // A folder is there as well.
        return error instanceof Error && 'code' in error && error.code === 'EISDIR' ? [] : [`${file}: ${href}`]
      }
      const headings = [...there.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => slugOf(title.replaceAll('`', '')))
      return part === undefined || headings.includes(part) ? [] : [`${file}: ${href} has no such part`]
    })
  })
  assert.deepEqual(wrong, [])
})

test('every link of a page leads to a page, and to a part that is in it', () => {
  const wrong = [...library.pages.values()].flatMap((page) =>
    [...page.html.matchAll(/href="(\/docs\/[^"#]*)?(?:#([^"]*))?"/g)].flatMap(([, path, part]) => {
      const target = path === undefined ? page : library.pages.get(path.slice('/docs/'.length))
      if (target === undefined) return [`${page.path}: ${path}`]
      return part === undefined || target.html.includes(` id="${part}"`) ? [] : [`${page.path}: ${path ?? ''}#${part}`]
    }),
  )
  assert.deepEqual(wrong, [])
})

test('nothing in a page runs or styles but what comes from the hub, and markup in a document is text', () => {
  for (const page of library.pages.values()) {
    const html = pageOf(library, page)
    assert.deepEqual(
      [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag),
      ['<script type="module" src="/docs/assets/site.js">'],
      page.path,
    )
    assert.doesNotMatch(html, /<[a-z][^>]*\s(?:on[a-z]+|srcdoc)=|<style|<iframe|<object|href="javascript:/i, page.path)
    assert.match(html, /<meta name="viewport" content="width=device-width, initial-scale=1">/)
  }
})

test('what is looked for is found', () => {
  const index = MiniSearch.loadJSON(library.index, searchOptions)
  const first = (words: string): unknown =>
    index.search(words, { prefix: true, fuzzy: 0.2, boost: { title: 3 } })[0]?.id
  assert.equal(first('deemed approved'), 'concepts/deemed')
  assert.match(String(first('restore')), /^guides\/backup/)
  assert.match(String(first('idempotncy')), /^(?:guides|concepts|quick-start|reference)/)
  assert.match(String(first('TURANT_TRACES_URL')), /^(?:operating\/watching|reference\/settings)/)
})

test('llms.txt names each page of the contents', () => {
  assert.match(library.llms, /^# Turant\n\n> /)
  for (const { pages } of contents)
    for (const path of pages) assert.ok(library.llms.includes(`(/docs/${path}.md)`), path)
  assert.equal(readFileSync(join(root, 'llms.txt'), 'utf8'), library.llms)
})

test('the list of errors is that of the code', () => {
  assert.equal(readFileSync(join(root, 'docs/reference/errors.md'), 'utf8'), errorsDocument())
})

test('what a page loads is there', () => {
  for (const [name, [kind, read]] of Object.entries(assets)) assert.ok(read(library).length > 200, `${name} ${kind}`)
})
