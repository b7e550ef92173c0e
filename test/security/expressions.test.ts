import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createServer } from '../../src/http/server.ts'
import { createFakeHub } from '../support/http.ts'
import { program, sourceOf } from '../support/source.ts'

// A regular expression that goes back over its text is a way to stop a process with one request. Every one of the program, and every
// `pattern` of the API's schemas, is given texts that were made to make it go back: its own matches and letters, repeated, with an end that
// does not fit. A schema's pattern is tried on bodies of full length too, since all that is wrong with a body is named. ASVS 1.3.12

const LONG = 10_000
const SHORT = [20, 26, 32, 38]
const MAX_BODY = 65_000
/** For a text of full length, the better of two tries. What goes back once for every letter takes ten times as long. */
const LIMIT_MS = 40

/** Expressions that are given short texts only, and how long those can be. */
const bounded: Readonly<Record<string, number>> = {
  'src/base/money.ts /\\B(?=(\\d{2})+$)/g': 20, //                         an amount
  'src/payment/name-match.ts /\\b[SDWC] ?\\/ ?O\\b.*$/': 200, //           a name
  'src/http/openapi.ts /<script(?: type="[a-z/]{1,30}")?>([\\s\\S]{0,10000}?)<\\/script>/g': 1_000, // the hub's own page
}

type Tried = { readonly name: string; readonly expression: RegExp; readonly longest: number }

const ofProgram: readonly Tried[] = program.flatMap((file) =>
  sourceOf(file).expressions.map((text) => {
    const end = text.lastIndexOf('/')
    const name = `${file} ${text}`
    return {
      name,
      expression: new RegExp(text.slice(1, end), text.slice(end + 1)),
      longest: bounded[name] ?? LONG,
    }
  }),
)

/** Texts that repeat what the expression is about, and then do not fit. */
function attacks({ expression, longest }: Tried): readonly string[] {
  const letters = new Set([...expression.source.replaceAll(/[^ -~]/g, ''), ' ', '\t', '\r', '\n', '0', 'a', 'A'])
  let samples: readonly string[] = []
  try {
    const form = new RegExp(expression.source, expression.flags.replaceAll(/[gym]/g, ''))
    samples = fc.sample(fc.stringMatching(form), { seed: 3, numRuns: 6 })
  } catch {
    // Looks ahead or behind: no text can be made from it, and its letters must do.
  }
  const parts = samples.flatMap((one) => [one.slice(0, 12), one.slice(0, 2), one.slice(-3), one.slice(1, 5)])
  const pumps = [...new Set([...letters, ...parts])].filter((one) => one.length > 0)
  const starts = longest < 100 ? [''] : ['', ...samples.slice(0, 1).map((one) => one.slice(0, 20))]
  return starts.flatMap((start) =>
    pumps.flatMap((pump) =>
      ['\u0000', '!\n'].map((end) => start + pump.repeat(Math.ceil(longest / pump.length)).slice(0, longest) + end),
    ),
  )
}

function timeOf(expression: RegExp, text: string): number {
  const begun = process.threadCpuUsage() // of this thread alone: other programs make nothing slow
  if (expression.global) text.replaceAll(expression, '')
  else expression.test(text)
  return process.threadCpuUsage(begun).user / 1_000
}

function tooSlow(one: Tried): string | undefined {
  // Short ones first: what doubles with every letter must not be given many.
  for (const longest of [...SHORT, 1_000, one.longest]) {
    for (const text of attacks({ ...one, longest: Math.min(longest, one.longest) })) {
      if (timeOf(one.expression, text) <= LIMIT_MS) continue
      if (timeOf(one.expression, text) > LIMIT_MS)
        return `${one.name}: ${JSON.stringify(text.slice(0, 40))} × ${text.length}`
    }
  }
  return undefined
}

test('every regular expression of the program is done with a long text in the time of its length', () => {
  assert.ok(ofProgram.length > 100, `${ofProgram.length} found`)
  for (const name of Object.keys(bounded))
    assert.ok(
      ofProgram.some((one) => one.name === name),
      `there is no ${name}`,
    )
  assert.deepEqual(
    ofProgram.flatMap((one) => tooSlow(one) ?? []),
    [],
  )
})

test('every pattern of the schemas too, on a whole body of one text', async () => {
  const server = await createServer(createFakeHub().deps)
  const patterns = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('pattern' in value && typeof value.pattern === 'string') patterns.add(value.pattern)
    for (const inner of Object.values(value)) visit(inner)
  }
  visit((await server.app.inject('/openapi.json')).json())
  await server.close()
  assert.ok(patterns.size > 20, `${patterns.size} found`)
  assert.deepEqual(
    [...patterns].flatMap(
      (pattern) => tooSlow({ name: pattern, expression: new RegExp(pattern, 'u'), longest: MAX_BODY }) ?? [],
    ),
    [],
  )
})

test('these texts find an expression that goes back', () => {
  for (const bad of [/^(a+)+$/, /\s+$/, /(x|xx)*y/])
    assert.ok(tooSlow({ name: '', expression: bad, longest: LONG }) !== undefined, String(bad))
})
