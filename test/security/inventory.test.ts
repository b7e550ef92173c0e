import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { settings } from '../../src/config.ts'
import { MAX_BODY_BYTES, MAX_DEPTH, MAX_FIELDS } from '../../src/http/json.ts'
import { clientRights, rights, roleNames, roles } from '../../src/identity/rights.ts'
import { openTestDatabase } from '../support/database.ts'
import { program, root, sourceOf } from '../support/source.ts'

// The documents of docs/security against the program: what uses cryptography, opens connections, keeps rows or holds secrets is in its list, with
// the file that does. A document that nobody corrects is wrong within a month; this one is wrong within a commit.

const read = (file: string): string => readFileSync(join(root, 'docs/security', file), 'utf8')
const importers = (name: RegExp): string[] =>
  program.filter((file) => sourceOf(file).imports.some((one) => name.test(one)))
const missing = (document: string, files: readonly string[]): string[] =>
  files.filter((file) => !read(document).includes(`\`${file}\``))

// ASVS 11.1.2, 11.1.3, 11.1.4
test('every file that uses cryptography is in the inventory', () => {
  const direct = importers(
    /^(node:)?(crypto|tls|https)$|^(jose|otpauth|xml-crypto|undici|pkcs11js)$|^@(noble|peculiar|simplewebauthn)\//,
  ).filter(
    (file) =>
      !/import type [^;\n]*from '(node:)?(crypto|tls|https)'/.test(sourceOf(file).text) ||
      /import \{[^}]*\} from '(node:)?(crypto|tls|https)'/.test(sourceOf(file).text),
  )
  assert.ok(direct.length > 15)
  assert.deepEqual(missing('cryptography.md', direct), [])
})

// ASVS 11.1.2, 11.3.1, 11.3.2, 11.4.1, 11.6.1
test('every algorithm that the program names is in the inventory, and none that is broken is named', () => {
  const form =
    /['"`/#](md[245]|sha-?\d+|sha3-\d+|ripemd\w*|aes-?\d+[\w-]*|des[\w-]*cb\w*|des-\w+|rc[24]\w*|bf-\w+|chacha20[\w-]*|ed25519|ed448|x25519|x448|p-?\d{3}|secp\w+|prime256v1|rsa[\w-]*|ecdsa[\w-]*|hmac-\w+|(?:r|p|e|h)s\d{3}|eddsa|argon2\w*|scrypt|pbkdf2|bcrypt|aes_?cmac|A\d{3}(?:GCM)?KW)['"`]/gi
  const named = new Map<string, string>()
  for (const file of program)
    for (const found of sourceOf(file).text.matchAll(form)) named.set((found[1] ?? '').toLowerCase(), file)
  const text = read('cryptography.md').toLowerCase()
  const plain = (word: string): string => word.replace(/[-_]/g, '')
  const known = plain(text)
  for (const [name, file] of named) assert.ok(known.includes(plain(name)), `${file} uses ${name}`)
  // ASVS 11.4.1: HMAC-SHA-1 in RFC 6238 is the one exception; nothing else knows the word.
  for (const [name, file] of named) {
    assert.doesNotMatch(name, /^(md[245]|ripemd|rc[24]|bf-|des-ecb|des-cbc|bcrypt|rs1$)/, `${file} uses ${name}`)
    if (/^sha-?1$/.test(name)) assert.ok(file === 'src/identity/totp.ts', `${file} uses ${name}`)
    // Triple DES with one key is the one block that ISO 9797-1 algorithm 3 is made of, and belongs to the MAC of the links alone.
    if (/ecb|cbc/.test(name)) assert.match(file, /mac/, `${file} uses ${name}`)
  }
})

// ASVS 11.2.1, 11.3.3
test('what is encrypted is encrypted with its authentication, by the library of the system', () => {
  for (const file of program)
    for (const found of sourceOf(file).text.matchAll(/create(?:C|Dec)ipheriv\(\s*'([^']+)'/g))
      assert.ok(found[1]?.endsWith('-gcm') === true || /mac/.test(file), `${file} uses ${found[1]}`)
  // A tag of fewer bytes than sixteen would be taken unless the length is said.
  for (const file of program)
    for (const found of sourceOf(file).text.matchAll(/createDecipheriv\([^\n]*gcm[^\n]*/g))
      assert.match(found[0], /authTagLength: 16/, file)
})

// ASVS 13.1.1, 13.2.4, 13.2.5
test('every file that opens a connection, and every place that can be called, is in the list of connections', () => {
  // A type, or the reading of an address, is not a connection.
  const harmless = /^(type \w+|isIP|isIPv4|isIPv6|BlockList|STATUS_CODES)?$/
  const opens = (file: string): boolean =>
    [
      ...sourceOf(file).text.matchAll(
        /^import (type )?(?:\{([^}]*)\}|[\w*][^{]*?) from '(?:node:)?(?:net|tls|http|https|http2|dgram|dns(?:\/promises)?|undici|postgres)'/gm,
      ),
    ].some(
      ([, type, list]) => type === undefined && !(list ?? 'all').split(',').every((one) => harmless.test(one.trim())),
    ) ||
    (/(?<![.\w])fetch\(/.test(sourceOf(file).code) && !/\b(?:const|function) fetch\b/.test(sourceOf(file).code))
  const connecting = program.filter(opens)
  assert.ok(connecting.length >= 5)
  assert.deepEqual(missing('resources.md', connecting), [])
})

test('every file that starts a program, or runs text as SQL, is in the list of what is dangerous', () => {
  // ASVS 15.1.5, 15.2.5
  const starting = importers(/^(node:)?(child_process|worker_threads|cluster)$/).filter((file) =>
    file.startsWith('src/'),
  )
  const running = program.filter((file) => /\.unsafe\(/.test(sourceOf(file).code))
  assert.deepEqual(missing('resources.md', [...starting, ...running]), [])
})

// ASVS 14.1.1, 14.1.2, 14.2.7
test('every table of the database has its class and its time in the list of data', async () => {
  const { db } = await openTestDatabase()
  const tables = await db<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'`
  const rows = read('data.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  const listed = new Set(
    rows.flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map((found) => found[1] ?? '')),
  )
  assert.ok(tables.length > 25)
  assert.deepEqual(
    tables.map(({ name }) => name).filter((name) => !listed.has(name)),
    [],
  )
  for (const name of listed)
    assert.ok(
      tables.some((one) => one.name === name),
      `there is no table ${name}`,
    )
  for (const line of rows) {
    assert.match(line.split('|')[2] ?? '', /secret|personal|money|running/, line)
    assert.match(line.split('|')[3] ?? '', /\w/, line)
  }
})

// ASVS 14.2.4
test('every column that can hold a text of somebody is sealed, an index, or named here as telling nobody', async () => {
  const { db } = await openTestDatabase()
  const columns = await db<{ name: string }[]>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = current_schema() and data_type = 'text' and
      column_name ~ '(name|account_number|mobile|remarks|address|beneficiary|remitter|login|email|phone)'`
  const fine = new Set(plainColumns)
  assert.deepEqual(
    columns
      .map(({ name }) => name)
      .filter((name) => !fine.has(name))
      .sort(),
    [],
  )
})
/** Texts with such a word in their name that are not a person's: of banks, tenants, programs and rules. */
const plainColumns = [
  'tenant.name',
  'client.name',
  'member_bank.name',
  'schema_migration.name',
  'payment.beneficiary_bank',
  'payment.remitter_ifsc',
  'name_enquiry.beneficiary_bank',
  'name_enquiry.beneficiary_ifsc',
  'act.address', // of a connection: an investigation needs it

  'payment.remitter_bank',
  'payment.beneficiary_kind',
  'name_enquiry.beneficiary_kind',
  'payment.beneficiary_ifsc',
  'unmatched_answer.remitter_bank',
  'inward_verification.remitter_bank',
]

// ASVS 13.1.4, 13.3.4, 13.3.1
test('every setting that is a secret is in the list of secrets, with when it is changed', () => {
  const text = read('resources.md')
  const secret = Object.values(settings).filter((one) => one.secret)
  assert.ok(secret.length >= 4)
  for (const { name } of secret) assert.match(text, new RegExp(`\\| \`${name}\` \\| [^|]+ \\|`), name)
})

// ASVS 2.1.1, 2.1.3, 15.1.3
test('the limits that the documents state are those of the program', () => {
  const input = read('input.md')
  assert.equal(MAX_BODY_BYTES, 64 * 1024)
  assert.ok(input.includes(`64 KiB, ${MAX_DEPTH} deep, ${MAX_FIELDS} fields per object`))
  const all = input + read('resources.md')
  for (const name of ['maxHeld', 'maxWaiting', 'maxInFlight', 'databaseConnections'] as const)
    assert.ok(all.includes(settings[name].name), settings[name].name)
  assert.ok(all.includes(`${Number(settings.maxInFlight.default).toLocaleString('en')}`))
})

// ASVS 8.1.1
test('the document of access has every role with exactly its rights', () => {
  const text = read('access.md')
  for (const role of roleNames)
    assert.ok(
      text.includes(`| ${role} | ${roles[role].map((one) => `\`${one}\``).join(', ')} |`),
      `access.md: the rights of ${role}`,
    )
  for (const right of rights) assert.ok(text.includes(`\`${right}\``), right)
  const never = rights.filter((one) => !clientRights.includes(one)).map((one) => `\`${one}\``)
  assert.ok(text.includes(`A client is never given ${never.join(', ')}.`))
})
