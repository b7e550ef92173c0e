import assert from 'node:assert/strict'
import { test } from 'node:test'
import { english } from './languages/english.ts'
import { chooseLanguage, inWords, istDate, istTime, languages, rupees } from './languages.ts'

const holes = (sentence: string): string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort()

test('there are ten languages, one of them from right to left', () => {
  assert.deepEqual(
    languages.map(({ code }) => code),
    ['en', 'hi', 'bn', 'mr', 'te', 'ta', 'gu', 'ur', 'kn', 'ml'],
  )
  assert.deepEqual(
    languages.filter(({ direction }) => direction === 'rtl').map(({ code }) => code),
    ['ur'],
  )
})

for (const { code, words } of languages) {
  test(`${code} has every sentence, with the same places in it, and its own script`, () => {
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort())
    for (const [key, sentence] of Object.entries(english)) {
      const own = words[key as keyof typeof english]
      // A name or an amount may be said twice where the grammar wants it, but never left out.
      assert.deepEqual([...new Set(holes(own))], [...new Set(holes(sentence))], key)
      assert.ok(own.trim() === own && own.length > 1, key)
      if (code !== 'en' && !['ifsc', 'rrn'].includes(key)) assert.doesNotMatch(own, /^[\x20-\x7e]*$/, key)
    }
  })
}

// What a reader gets: their choice, then the browser's wish by weight, then English.
const choices: readonly (readonly [chosen: string | undefined, accepted: string | undefined, code: string])[] = [
  [undefined, undefined, 'en'],
  [undefined, 'hi', 'hi'],
  [undefined, 'ta-IN,en;q=0.8', 'ta'],
  [undefined, 'en;q=0.4,bn;q=0.9', 'bn'],
  [undefined, 'fr,de;q=0.9', 'en'],
  [undefined, 'fr;q=1,kn;q=0.1', 'kn'],
  [undefined, 'hi;q=0,mr;q=0.2', 'mr'],
  [undefined, 'UR', 'ur'],
  [undefined, ';;;,,q=1,hi;q=nine', 'hi'],
  ['gu', 'ta', 'gu'],
  ['GU', 'ta', 'ta'],
  ['../etc', 'ta', 'ta'],
  ['__proto__', undefined, 'en'],
]
for (const [chosen, accepted, code] of choices) {
  test(`chosen ${chosen}, accepted ${accepted}: ${code}`, () => {
    assert.equal(chooseLanguage(chosen, accepted).code, code)
  })
}

test('an amount has the same digits everywhere, and each language’s own words', () => {
  assert.equal(rupees(12_345_600n), '₹1,23,456.00')
  const spoken = Object.fromEntries(languages.map((one) => [one.code, inWords(12_345_650n, one)]))
  assert.equal(spoken.en, 'One Lakh Twenty Three Thousand Four Hundred Fifty Six Rupees And Fifty Paise Only')
  assert.equal(spoken.hi, 'एक लाख तेईस हज़ार चार सौ छप्पन रुपये और पचास पैसे')
  assert.equal(new Set(Object.values(spoken)).size, languages.length)
})

test('a time is Indian time, with digits that every phone has', () => {
  const at = Date.UTC(2026, 10, 28, 18, 45)
  assert.equal(istTime(at), '12:15 am IST')
  for (const language of languages) assert.match(istDate(at, language), /(?=.*2026)(?=.*29)/)
})
