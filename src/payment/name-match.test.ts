import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskName, nameMatchScore, verdictOf } from './name-match.ts'

const DEFAULT_LEAST = 80

// The rule book, as the two names and what they are at the default threshold.
const pairs: readonly (readonly [given: string, registered: string, verdict: 'match' | 'close' | 'mismatch'])[] = [
  ['Asha Devi', 'ASHA DEVI', 'match'],
  ['Devi, Asha', 'ASHA DEVI', 'match'],
  ['Āśā Devī', 'ASA DEVI', 'match'],
  ['Smt. Asha Devi', 'ASHA DEVI', 'match'],
  ['MR RAMESH KUMAR', 'Ramesh Kumar', 'match'],
  ['Ramesh Kumar S/O Suresh Kumar', 'RAMESH KUMAR', 'match'],
  ['R K Sharma', 'RAMESH KUMAR SHARMA', 'match'],
  ['R.K. Sharma', 'RK SHARMA', 'match'],
  ['Ramesh Sharma', 'RAMESH KUMAR SHARMA', 'match'],
  ['Ramesh K Sharma', 'RAMESH SHARMA', 'match'],
  ['Deepak Choudhary', 'DIPAK CHAUDHARY', 'match'],
  ['Laxmi Iyer', 'LAKSHMI AIYER', 'close'],
  ['Laxmi Nair', 'LAKSHMI NAIR', 'match'],
  ['Srinivasan Raghavan', 'SREENIVASAN RAGHAWAN', 'match'],
  ['Mohd Imran', 'MOHAMMED IMRAN', 'match'],
  ['Sri Devi', 'SRIDEVI', 'match'],
  ["D'Souza Joseph", 'JOSEPH DSOUZA', 'match'],
  ['Acme Traders Private Limited', 'M/S ACME TRADERS PVT LTD', 'match'],
  ['Gupta & Sons', 'GUPTA AND SONS', 'match'],
  ['Asha Devi', 'ASHA D***', 'match'],
  ['Asha Devi', 'A**A D**I', 'close'], // two letters of each word: also Anya Dixi
  ['Anita Desai', 'A**** D****', 'close'],
  ['Asha Devi', 'ASH* DEV*', 'match'],
  ['Asha', 'ASHA DEVI', 'close'],
  ['Ramesh Kumar', 'RAJESH KUMAR', 'close'],
  ['Ramesh Kumar Sharma', 'RAJESH KUMAR SHARMA', 'close'],
  ['Ramesh Kumar Verma Singh', 'RAJESH KUMAR VERMA SINGH', 'close'],
  ['Rita Sharma', 'RATI SHARMA', 'close'],
  ['Sunita Devi', 'ANITA DEVI', 'close'],
  ['Ramesh Sharma', 'RAMESH VERMA', 'close'],
  ['Amit Shah', 'A S', 'close'],
  ['R K', 'RAMESH KUMAR', 'close'],
  ['Asha Devi', 'RAVI SHAH', 'mismatch'],
  ['Asha Devi', 'A***', 'close'],
  ['Asha Devi', '*** ***', 'mismatch'],
  ['Asha Devi', '', 'mismatch'],
  ['A D', 'RAVI SHAH', 'mismatch'],
]
for (const [given, registered, verdict] of pairs) {
  test(`${given} and ${registered}: ${verdict}`, () => {
    const score = nameMatchScore(given, registered)
    assert.equal(verdictOf(score, DEFAULT_LEAST), verdict, `${score}`)
  })
}

const word = fc.stringMatching(/^[A-Za-z*.]{1,12}$/)
const name = fc.array(word, { minLength: 1, maxLength: 10 })
const anything = fc.oneof(
  name.map((words) => words.join(' ')),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

test('the score is a whole number from 0 to 100 and the same from both sides, whatever the names are', () => {
  fc.assert(
    fc.property(anything, anything, (a, b) => {
      const score = nameMatchScore(a, b)
      assert.ok(Number.isInteger(score) && score >= 0 && score <= 100, `${score}`)
      assert.equal(nameMatchScore(b, a), score)
    }),
  )
})

test('a name with a letter in it is itself, in any case and any order', () => {
  fc.assert(
    fc.property(name, fc.nat(), (words, turn) => {
      fc.pre(/[A-Za-z]/.test(words.join('')))
      const turned = [...words.slice(turn % words.length), ...words.slice(0, turn % words.length)]
      assert.equal(nameMatchScore(words.join(' '), turned.join('  ').toLowerCase()), 100)
    }),
  )
})

test('the order of the words changes no score', () => {
  fc.assert(
    fc.property(name, name, (a, b) => {
      assert.equal(nameMatchScore(a.join(' '), b.join(' ')), nameMatchScore(a.toReversed().join(' '), b.join(' ')))
    }),
  )
})

test('a mask shows enough to recognise somebody and no whole word of two letters or more', () => {
  assert.equal(maskName('ASHA DEVI', 'partial'), 'A**A D**I')
  assert.equal(maskName('Om R. Rao', 'partial'), 'O* R. R**')
  assert.equal(maskName('ASHA DEVI', 'none'), 'ASHA DEVI')
  assert.equal(maskName('ASHA D***', 'partial'), 'ASHA D***')
  fc.assert(
    fc.property(fc.stringMatching(/^V[A-Z]{1,11}( V[A-Z]{1,11}){0,3}$/), (text) => {
      const masked = maskName(text, 'partial')
      assert.equal(masked.length, text.length)
      for (const one of text.split(' ')) assert.ok(!masked.split(' ').includes(one))
      // Alike, but never enough to pay on.
      const score = nameMatchScore(text, masked)
      assert.ok(score > 50 && score < DEFAULT_LEAST, `${masked}: ${score}`)
    }),
  )
})
