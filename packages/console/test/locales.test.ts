import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'
import { elementNames, messageNames } from '../../../src/imps/element-names.ts'
import { languagesOf } from '../src/languages.ts'

const folder = new URL('../src/locales/', import.meta.url)

/** The keys of a file of texts, each with the words that it takes. */
function keysOf(texts: object, within = ''): readonly string[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string'
      ? [`${within}${key} ${[...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, word]) => word).sort()}`]
      : keysOf(Object(text), `${within}${key}.`),
  )
}
const read = (language: string, name: string): object =>
  JSON.parse(readFileSync(new URL(`${language}/${name}`, folder), 'utf8'))

for (const name of globSync('en/*.json', { cwd: folder }).map((path) => basename(path)))
  test(`${name} says in Hindi what it says in English, with the same words filled in`, () => {
    assert.deepEqual(keysOf(read('hi', name)).toSorted(), keysOf(read('en', name)).toSorted())
  })

test('a folder of texts is a language, by its own name; what it may not say it does not', () => {
  const own = globSync('*/*.json', { cwd: folder }).map((path) => `./locales/${path.replaceAll('\\', '/')}`)
  assert.deepEqual(
    [...languagesOf(own)],
    [
      ['en', 'English'],
      ['hi', 'हिन्दी'],
    ],
  )
  assert.equal(languagesOf([...own, './locales/mr/common.json']).get('mr'), 'मराठी')
  // A text of another language that English does not have would be shown by nobody.
  for (const path of globSync('*/*.json', { cwd: folder })) {
    const [language = '', name = ''] = path.split(/[\\/]/)
    const wordless = (texts: object) => keysOf(texts).map((key) => key.split(' ')[0])
    const english = new Set(wordless(read('en', name)))
    assert.deepEqual(
      wordless(read(language, name)).filter((key) => !english.has(key)),
      [],
      path,
    )
  }
})

test('messages and their elements are called what the hub calls them, each of them in every language', () => {
  const { messageName, elementName } = Object(read('en', 'payments.json'))
  assert.deepEqual([messageName, elementName], [messageNames, elementNames])
})
