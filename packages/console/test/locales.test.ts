import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'
import { actNames } from '../../../src/base/act-names.ts'
import { problems } from '../../../src/http/problems.ts'
import { hubReasons, severalAccounts } from '../../../src/http/view.ts'
import { matrix } from '../../../src/imps/disputes/matrix.ts'
import { parties } from '../../../src/imps/disputes/rule.ts'
import { elementNames, messageNames } from '../../../src/imps/element-names.ts'
import { originals, verifications } from '../../../src/imps/response-codes.ts'
import { chart } from '../../../src/ledger/chart.ts'
import { factorWords } from '../../../src/payment/evidence.ts'
import { factKinds } from '../../../src/payment/payment.ts'
import { breakKinds } from '../../../src/payment/store.ts'
import { strayReasons } from '../../../src/rail/store.ts'
import { outcomes } from '../../../src/settlement/books/items.ts'
import { refusals } from '../../../src/settlement/disputes/refusals.ts'
import { breakTypes } from '../../../src/settlement/match/break-types.ts'
import { details, notes } from '../../../src/settlement/notes.ts'
import { lineWords } from '../../../src/settlement/reports/story-words.ts'
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

test('why a payment is as it is: each code that the API gives has its words, in English the API’s own', () => {
  const own = Object.entries(hubReasons).map(([code, [message]]) => [code, message])
  // Of two response codes with one name the first says it.
  const ofCodes = originals.toReversed().map(({ name, meaning }) => [name, meaning])
  assert.deepEqual(
    read('en', 'reasons.json'),
    Object.fromEntries([...own, ['several_accounts', severalAccounts], ...ofCodes]),
  )
  const names = new Set(originals.map(({ name }) => name))
  assert.deepEqual(
    verifications.filter(({ name }) => !names.has(name)).map(({ name }) => name),
    [],
  )
})

test('what a payment means and what comes next have their words in every language, by the codes that the API gives', () => {
  const said = new Set(
    keysOf(Object(read('en', 'story.json')).said).map((key) => key.split(' ')[0]?.replace(/_(one|other)$/, '')),
  )
  const source = readFileSync(new URL('../../../src/settlement/reports/explain.ts', import.meta.url), 'utf8')
  const [, after = ''] = source.split('function meaning(')
  const codes = [...after.matchAll(/(?:say\(|code: )'(\w+)'/g)].map(([, code]) => code)
  assert.ok(codes.length >= 12, 'the codes are looked for where they are')
  assert.deepEqual(
    codes.filter((code) => !said.has(code)),
    [],
  )
})

test('the lines of a story are made of the pieces that the API’s are made of, as notes are, and what stands in them has its words', () => {
  const { line, word } = Object(read('en', 'story.json'))
  assert.deepEqual(line, { ...lineWords, ...notes, ...details, ...refusals })
  assert.deepEqual(Object.keys(word.factor), [...factorWords])
  assert.deepEqual(Object.keys(word.fact).toSorted(), factKinds.toSorted())
  assert.deepEqual(Object.keys(word.stray), [...strayReasons])
  assert.deepEqual(Object.keys(word.breakKind), [...breakKinds])
  assert.deepEqual(Object.keys(word.outcome), [...outcomes])
  assert.deepEqual(Object.keys(word.party), [...parties])
  // What journals are called in the books of settlement and of disputes, but for those of a whole cycle and those called by a flag.
  const folder = new URL('../../../src/settlement/', import.meta.url)
  const events = globSync('{books,disputes}/*.ts', { cwd: folder, exclude: ['**/*.test.ts'] }).flatMap((path) =>
    [
      ...readFileSync(new URL(path, folder), 'utf8').matchAll(/(?:event: |post\()'([a-z_]+)'|, '(kept|suspended)', /g),
    ].map(([, named, moved]) => named ?? moved),
  )
  assert.ok(events.length >= 10, 'the events are looked for where they are')
  assert.deepEqual(
    events.filter((event) => event !== undefined && !(event in word.event)),
    [],
  )
})

test('what comes of a break, and why a row is over, have their words in every language', () => {
  const { result, why } = Object(read('en', 'settlement.json')).break
  assert.deepEqual(result, Object.fromEntries(Object.entries(breakTypes).map(([type, { output }]) => [type, output])))
  const source = readFileSync(new URL('../../../src/settlement/match/match.ts', import.meta.url), 'utf8')
  const said = [...source.matchAll(/why: '([^']+)'/g)].map(([, words = '']) => words.replaceAll(' ', '_'))
  assert.deepEqual(said.toSorted(), Object.keys(why).toSorted())
})

test('each problem that the API can give is said in every language, and no other', () => {
  const { offline, not_a_hub, ...given } = Object(read('en', 'common.json')).problem
  assert.ok(offline.title && not_a_hub.title, 'what stands for a hub that did not answer')
  assert.deepEqual(Object.keys(given).toSorted(), Object.keys(problems).toSorted())
  for (const [code, { title }] of Object.entries<{ readonly title?: string }>(given)) assert.ok(title, code)
})

test('acts are called in every language what was done, each that the hub writes', () => {
  const named = Object.entries(read('en', 'acts.json')).flatMap(([noun, verbs]) =>
    Object.keys(verbs).map((verb) => `${noun}.${verb}`),
  )
  assert.deepEqual(named.toSorted(), [...actNames])
})

test('the accounts of the books are called what the chart calls them, each of them in every language', () => {
  const { customer, ...own } = Object(read('en', 'payments.json')).accountName
  assert.equal(customer, "The customer's account")
  assert.deepEqual(own, Object.fromEntries(Object.entries(chart).map(([code, { name }]) => [code, name])))
})

test('the rules of NPCI’s disputes are called what the table calls them, each of them in every language', () => {
  const { rule, source } = Object(read('en', 'settlement.json')).dispute
  assert.deepEqual(new Set(Object.values(rule)), new Set(matrix.map(({ name }) => name)))
  const named = Object.values<string>(source).map((words) => new RegExp(`^${words.replace('{{number}}', '[0-9/-]+')}$`))
  for (const { source: from } of matrix)
    assert.ok(
      named.some((words) => words.test(from)),
      from,
    )
})

test('messages and their elements are called what the hub calls them, each of them in every language', () => {
  const { messageName, elementName } = Object(read('en', 'payments.json'))
  assert.deepEqual([messageName, elementName], [messageNames, elementNames])
})
