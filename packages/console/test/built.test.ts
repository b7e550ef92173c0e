import assert from 'node:assert/strict'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { amountInWords } from '../src/components/amount-words.ts'
import { csvField } from '../src/components/csv.ts'
import { faultsOf, noWish, requestOf } from '../src/screens/pay/wish.ts'
import { queryOf } from '../src/screens/payments/filters.ts'

// What is built, and what of it needs no browser.

const folder = join(import.meta.dirname, '../dist')
const locales = join(import.meta.dirname, '../src/locales')

/** What is loaded for a file: itself and all that it needs at once, not what it may ask for later. */
function needed(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  const text = readFileSync(join(folder, 'assets', name), 'utf8')
  for (const [, next = ''] of text.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) needed(next, seen)
  return seen
}

test('the first load is at most 350 KB compressed, scripts and style together', () => {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const named = [...page.matchAll(/\/console\/assets\/([\w.-]+\.(?:js|css))/g)].map(([, name = '']) => name)
  const scripts = named.filter((name) => name.endsWith('.js')).flatMap((name) => [...needed(name)])
  const all = new Set([...named, ...scripts])
  assert.ok(all.size >= 2, page)
  const bytes = [...all].reduce((sum, name) => sum + statSync(join(folder, 'assets', `${name}.br`)).size, 0)
  assert.ok(bytes > 50_000 && bytes <= 350_000, `${bytes} bytes`)
})

test('nothing runs or styles in the page itself', () => {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)|<style|\son[a-z]+=|\sstyle=/)
})

const keysOf = (value: object, before = ''): string[] =>
  Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'object' && one !== null ? keysOf(one, `${before}${key}.`) : [`${before}${key}`],
  )
const holesOf = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).sort()

for (const file of globSync('en/*.json', { cwd: locales }).map((path) => path.slice('en/'.length)))
  test(`${file} says the same in both languages, and nothing is left out`, () => {
    const read = (language: string): object => JSON.parse(readFileSync(join(locales, language, file), 'utf8'))
    const [english, hindi] = [read('en'), read('hi')]
    assert.deepEqual(keysOf(hindi).sort(), keysOf(english).sort())
    const at = (value: object, path: string): string =>
      String(path.split('.').reduce<unknown>((one, key) => Object(one)[key], value))
    for (const key of keysOf(english)) {
      assert.notEqual(at(hindi, key).trim(), '', key)
      assert.deepEqual(holesOf(at(hindi, key)), holesOf(at(english, key)), key)
    }
  })

test('amounts are written as on a cheque, to the paisa', () => {
  for (const [paise, english] of [
    ['100', 'One Rupee Only'],
    ['150000', 'One Thousand Five Hundred Rupees Only'],
    ['12345678', 'One Lakh Twenty Three Thousand Four Hundred Fifty Six Rupees And Seventy Eight Paise Only'],
    ['50000000', 'Five Lakh Rupees Only'],
  ] as const)
    assert.equal(amountInWords(paise, 'en'), english)
  assert.match(amountInWords('10900', 'hi'), /एक सौ नौ/)
})

test('what is typed is a request, or says which field is no such thing', () => {
  assert.deepEqual(Object.keys(faultsOf(noWish)).sort(), ['account', 'amount', 'from', 'ifsc'])
  const wish = { ...noWish, from: 'acc_1', account: '50100123456789', ifsc: 'HDFC0000123', amount: '1,23,456.5' }
  assert.deepEqual(faultsOf(wish), {})
  assert.deepEqual(requestOf(wish), {
    from: 'acc_1',
    amount: '12345650',
    to: { kind: 'account', account: '50100123456789', ifsc: 'HDFC0000123' },
    channel: 'internet',
  })
  for (const amount of ['', '0.99', '1.234', '-5', '1e3', 'ten'])
    assert.ok(faultsOf({ ...wish, amount }).amount, amount)
})

test('days of filters are days in India', () => {
  const { from, to, minAmount, status } = queryOf({
    from: '2026-11-28',
    to: '2026-11-28',
    min: '1,500',
    status: 'nonsense',
  })
  assert.deepEqual([from, to], ['2026-11-27T18:30:00.000Z', '2026-11-28T18:30:00.000Z'])
  assert.deepEqual([minAmount, status], ['150000', undefined])
})

test('a field of a file is no formula of a spreadsheet', () => {
  assert.equal(csvField('=HYPERLINK("x")'), `"'=HYPERLINK(""x"")"`)
  assert.equal(csvField('-1500.00'), '-1500.00')
  assert.equal(csvField('a, b'), '"a, b"')
})
