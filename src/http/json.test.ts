import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MAX_DEPTH, MAX_FIELDS, parseJson } from './json.ts'
import { Problem } from './problems.ts'

const codeOf = (body: string | Buffer): string => {
  try {
    parseJson(Buffer.from(body))
  } catch (error) {
    assert.ok(error instanceof Problem, `a stranger's bytes made something else than a Problem: ${error}`)
    return error.code
  }
  return 'read'
}

const bodies: readonly (readonly [what: string, body: string | Buffer, code: string])[] = [
  ['a field twice', '{"amount":"1","amount":"2"}', 'duplicate_field'],
  ['a field twice, inside', '{"to":{"ifsc":"A","account":"1","ifsc":"B"}}', 'duplicate_field'],
  ['a field twice with an object between', '{"a":{"b":[{"c":1}]},"a":1}', 'duplicate_field'],
  ['the same field in two objects', '{"a":{"x":1},"b":{"x":1},"x":1}', 'read'],
  ['the same text as value and field', '{"a":"b","b":"a"}', 'read'],
  ['strings with commas, braces and escaped quotes', '{"a":"x,\\"}{,","b":"[\\\\"}', 'read'],
  ['a field name written with an escape', '{"\\u0061mount":"1"}', 'invalid_json'],
  ['NUL, escaped', '{"a":"\\u0000"}', 'invalid_json'],
  ['NUL, raw', '{"a":"\0"}', 'invalid_json'],
  ['half a character, escaped', '{"a":"x\\ud83dx"}', 'invalid_json'],
  ['the other half', '{"a":"\\uDE00"}', 'invalid_json'],
  ['two first halves', '{"a":"\\ud83d\\ud83d"}', 'invalid_json'],
  ['halves the wrong way round', '{"a":"\\ude00\\ud83d"}', 'invalid_json'],
  ['half a character and the end', '{"a":"\\ud83d', 'invalid_json'],
  ['a whole character in two escapes', '{"a":"\\ud83d\\ude00 \\uD83D\\uDE00 \\ud7ff \\ue000"}', 'read'],
  ['a backslash before ud83d', '{"a":"\\\\ud83d"}', 'read'],
  ['a backslash before u0000', '{"a":"\\\\u0000"}', 'read'],
  ['half a character', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc3, 0x22, 0x7d]), 'invalid_json'],
  ['an encoded surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'invalid_json'],
  ['a byte order mark', '\uFEFF{}', 'invalid_json'],
  ['nesting that is allowed', '['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH), 'read'],
  ['nesting that is too deep', '['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1), 'json_too_deep'],
  ['60 KB of nesting', '['.repeat(60_000), 'json_too_deep'],
  ['60 KB of nested objects', '{"a":'.repeat(12_000), 'json_too_deep'],
  [
    'more fields than an object may have',
    `{${Array.from({ length: MAX_FIELDS + 1 }, (_, i) => `"f${i}":1`)}}`,
    'invalid_json',
  ],
  ['half a body', '{"a":"b', 'invalid_json'],
  ['two bodies', '{}{}', 'invalid_json'],
  ['closed more often than opened', '{}}]', 'invalid_json'],
  ['a comment', '{/*x*/"a":1}', 'invalid_json'],
  ['not a number', '{"a":NaN}', 'invalid_json'],
]
for (const [what, body, code] of bodies) test(`${what}: ${code}`, () => assert.equal(codeOf(body), code))

test('what JSON.stringify writes is read back the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value)
      const code = codeOf(text)
      if (code === 'read') assert.deepEqual(parseJson(Buffer.from(text)), JSON.parse(text))
      else assert.ok(text.includes('\\') || text.includes('__proto__'), `${code}: ${text}`)
    }),
  )
})

test("a stranger's bytes are read or refused, and nothing else happens", () => {
  const soup = fc.array(fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '\\u0000', 'a', '1', ' ', '\xff'), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(soup, fc.boolean(), (parts, latin1) => {
      codeOf(Buffer.from(parts.join(''), latin1 ? 'latin1' : 'utf8'))
    }),
    { numRuns: 2_000 },
  )
})
