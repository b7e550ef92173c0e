/**
 * How alike two names are, 0 to 100. Deterministic and explainable: words are paired, each pair is judged by the rules below, and
 * the share of the letters' weight that found its partner is the score. No list of names, no learning, nothing that differs by run.
 *
 * What is the same: case, accents, punctuation, order of words, titles, forms of a company (`PVT LTD`), initials for words, joined
 * words (`RK` and `R K`), and the spellings that transliteration makes of one Indian name (`DEEPAK`, `DIPAK`; `LAXMI`, `LAKSHMI`).
 * What is not: two words that only look alike. `RAMESH` and `RAJESH` are two people, so such a pair caps the score below a match.
 */

const titles = new Set(
  'MR MRS MS MISS MASTER MX SHRI SHREE SRI SMT SMTI SHRIMATI KUM DR PROF ADV CA ER CAPT COL MAJ LT JUSTICE HON MESSRS'.split(
    ' ',
  ),
)
/** Who somebody is the child or the spouse of is not part of the name. */
const relation = /\b[SDWC] ?\/ ?O\b.*$/
const sameWord: Readonly<Record<string, string>> = {
  PRIVATE: 'PVT',
  LIMITED: 'LTD',
  COMPANY: 'CO',
  CORPORATION: 'CORP',
  BROTHERS: 'BROS',
  ENTERPRISE: 'ENTERPRISES',
  MOHD: 'MOHAMMED',
  MD: 'MOHAMMED',
  MOHAMMAD: 'MOHAMMED',
  MUHAMMAD: 'MOHAMMED',
  MOHAMED: 'MOHAMMED',
}

/** Words compared at most; a longer name keeps its longest. */
const MAX_WORDS = 8
/** Letters of a word that are compared. */
const MAX_LETTERS = 32
/** What two words must reach to be the same one. */
const SAME = 0.8
/** The most that names can score of which each has a word that the other contradicts, or of which only initials or masked letters agree. */
const CONTRADICTED = 75

/** The words of a name, upper case and without accents. */
const wordsOf = (name: string): readonly string[] =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(relation, '')
    .replace(/M\/S\.?/, ' ')
    .replace(/['’`]/g, '')
    .split(/[^\p{L}\p{N}*]+/u)
    .filter((word) => /[^*]/.test(word) && word !== 'AND') // a word of stars says nothing
    .map((word) => sameWord[word] ?? word.slice(0, MAX_LETTERS))

/** Puts together what the other name writes as one word: `SRI DEVI` for `SRIDEVI`, `A P J` for `APJ`. */
function rejoined(words: readonly string[], other: readonly string[]): readonly string[] {
  const rest = [...words]
  const take = (parts: readonly string[]): boolean => {
    const left = [...rest]
    for (const part of parts) {
      const at = left.indexOf(part)
      if (at < 0) return false
      left.splice(at, 1)
    }
    rest.splice(0, rest.length, ...left)
    return true
  }
  const joined: string[] = []
  for (const word of other.toSorted().slice(0, MAX_WORDS)) {
    if (word.length < 2 || rest.includes(word)) continue
    const halves = Array.from({ length: word.length - 1 }, (_, k) => [word.slice(0, k + 1), word.slice(k + 1)])
    if (take([...word]) || halves.some(take)) joined.push(word)
  }
  return [...rest, ...joined]
}

/** The words that say who somebody is, longest first: the order in which they came does not matter. */
function ownWords(words: readonly string[]): readonly string[] {
  const own = words.filter((word) => !titles.has(word))
  return (own.length === 0 ? words : own) // nothing but a title is a name, too
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : a > b ? 1 : 0))
    .slice(0, MAX_WORDS)
}

/**
 * The score of two names: 100 for names that are equal but for what does not count, 0 for nothing in common. Symmetric, and the
 * order of the words does not matter. Stars in a word (`D***`, as banks mask names) stand for letters nobody can see.
 */
export function nameMatchScore(one: string, other: string): number {
  const [left, right] = [wordsOf(one), wordsOf(other)]
  const [a, b] = [ownWords(rejoined(left, right)), ownWords(rejoined(right, left))]
  if (a.length === 0 || b.length === 0) return 0
  if (a.join(' ') === b.join(' ')) return 100
  const alike = a.map((word) => b.map((partner) => likeness(word, partner)))
  const total = sum(a.map(weight)) + sum(b.map(weight))
  const score = Math.round((100 * bestPairing(a, b, alike)) / total)
  return isContradicted(a, b, alike) || onlyInitials(a, b, alike) ? Math.min(score, CONTRADICTED) : score
}

/**
 * True when all that agrees is a letter or two of each word: `A S`, and `A*** S***` as banks mask names, is one name in hundreds
 * that are like `Amit Shah`.
 */
function onlyInitials(a: readonly string[], b: readonly string[], alike: readonly (readonly number[])[]): boolean {
  const isWord = (word: string | undefined): boolean =>
    word !== undefined && (word.includes('*') ? word.replaceAll('*', '').length > 2 : word.length > 1)
  return !a.some((word, i) => isWord(word) && b.some((other, j) => isWord(other) && (alike[i]?.[j] ?? 0) >= SAME))
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

/** An initial says half of what a word says. */
const weight = (word: string): number => (word.length === 1 ? 0.5 : 1)

/** The weight that finds its partner when each word has one partner at most, and the best that all of them together can have. */
function bestPairing(a: readonly string[], b: readonly string[], alike: readonly (readonly number[])[]): number {
  let best: readonly number[] = [0, ...new Array<number>(2 ** b.length - 1).fill(Number.NEGATIVE_INFINITY)]
  for (const [i, left] of a.entries()) {
    const next = [...best]
    for (const [taken, so] of best.entries()) {
      for (const [j, right] of b.entries()) {
        if ((taken & (1 << j)) !== 0) continue
        const withPair = taken | (1 << j)
        const sum = so + (alike[i]?.[j] ?? 0) * (weight(left) + weight(right))
        next[withPair] = Math.max(next[withPair] ?? Number.NEGATIVE_INFINITY, sum)
      }
    }
    best = next
  }
  return Math.max(...best)
}

/** True when each name has a whole word that nothing in the other one is like: then the two say different things. */
function isContradicted(a: readonly string[], b: readonly string[], alike: readonly (readonly number[])[]): boolean {
  const alone = (word: string, row: readonly number[]) => word.length > 1 && row.every((value) => value < SAME)
  return (
    a.some((word, i) => alone(word, alike[i] ?? [])) &&
    b.some((word, j) =>
      alone(
        word,
        alike.map((row) => row[j] ?? 0),
      ),
    )
  )
}

/** How alike two words are, 0 to 1. */
function likeness(a: string, b: string): number {
  if (a === b) return 1
  if (a.includes('*') || b.includes('*')) return masked(a, b)
  if (a.length === 1 || b.length === 1) return a[0] === b[0] ? SAME : 0
  const [foldA, foldB] = [fold(a), fold(b)]
  if (foldA === foldB) return 0.97
  const length = Math.max(foldA.length, foldB.length)
  const changes = distance(foldA, foldB)
  // A vowel more, less or other in a longer word is spelling; in a short one (RITA, RATI) it is somebody else.
  if (changes === 1 && length >= 5 && skeleton(foldA) === skeleton(foldB)) return 0.85
  return changes <= Math.floor(length / 4) ? 0.5 : 0
}

/** A word with stars is like another when all that can be seen agrees; it says a little less than the whole word. */
function masked(a: string, b: string): number {
  const [hidden, open] = a.includes('*') ? [a, b] : [b, a]
  const first = hidden.slice(0, hidden.indexOf('*'))
  const last = hidden.slice(hidden.lastIndexOf('*') + 1)
  if (open.includes('*')) return open[0] === hidden[0] && open[0] !== '*' ? SAME : 0
  return open.startsWith(first) && open.endsWith(last) && open.length >= first.length + last.length ? 0.9 : 0
}

/** One spelling for the spellings of one sound; what remains is compared letter by letter. */
const folds: readonly (readonly [RegExp, string])[] = [
  [/X/g, 'KS'],
  [/CHH/g, 'CH'],
  [/SH/g, 'S'],
  [/PH/g, 'F'],
  [/([BDGJKTZ])H/g, '$1'],
  [/W/g, 'V'],
  [/Z/g, 'J'],
  [/Q/g, 'K'],
  [/CK/g, 'K'],
  [/EE|EA|IE|IY/g, 'I'],
  [/OO|OU/g, 'U'],
  [/AU|OW/g, 'O'],
  [/Y/g, 'I'],
  [/(.)\1+/g, '$1'],
]
const fold = (word: string): string => folds.reduce((text, [form, to]) => text.replace(form, to), word)

/** The consonants, and a vowel only where the word begins with it. */
const skeleton = (word: string): string => word.slice(0, 1) + word.slice(1).replace(/[AEIOU]/g, '')

/** Letters to change, add or leave out to make one word the other (Levenshtein). */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(change, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    before = row
  }
  return before[b.length] ?? 0
}

export type NameVerdict = 'match' | 'close' | 'mismatch'

/** The least that is still near: enough that a person may want to look, never enough to pay. */
const CLOSE = 50

/** @param least  the score of a match, 1 to 100 */
export const verdictOf = (score: number, least: number): NameVerdict =>
  score >= least ? 'match' : score >= Math.min(CLOSE, least) ? 'close' : 'mismatch'

/** How a registered name is shown and stored. */
export const nameMasks = ['partial', 'none'] as const
export type NameMask = (typeof nameMasks)[number]

/**
 * A registered name as the payer may see it. `partial`: of each word the first letter, and the last where that leaves two hidden or
 * more (`A**A D**I`); enough to recognise somebody, not enough to collect names. What a bank has masked stays as it is.
 */
export function maskName(name: string, mask: NameMask): string {
  if (mask === 'none' || name.includes('*')) return name
  return name.replace(/[\p{L}\p{N}]+/gu, (word) => {
    const letters = [...word]
    const shown = letters.length < 4 ? '' : (letters.at(-1) ?? '')
    const hidden = letters.length - 1 - [...shown].length
    return `${letters[0]}${'*'.repeat(hidden)}${shown}`
  })
}
