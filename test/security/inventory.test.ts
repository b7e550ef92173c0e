import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { settings } from '../../src/config.ts'
import { CHALLENGE_MS, MAX_TRIES } from '../../src/customer/challenge-store.ts'
import { MAX_BODY_BYTES, MAX_DEPTH, MAX_FIELDS } from '../../src/http/json.ts'
import { createServer } from '../../src/http/server.ts'
import { MAX_PASSWORD, MIN_PASSWORD } from '../../src/identity/passwords.ts'
import { clientRights, rights, roleNames, roles } from '../../src/identity/rights.ts'
import { ABSOLUTE_MS, IDLE_MS, MAX_SESSIONS } from '../../src/identity/session-store.ts'
import { patienceWithAddresses, patienceWithLogins } from '../../src/identity/tries.ts'
import { openTestDatabase } from '../support/database.ts'
import { createFakeHub } from '../support/http.ts'
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
    if (/ecb|cbc/.test(name)) assert.match(file, /(^|\/)mac[.-]/, `${file} uses ${name}`)
  }
})

// ASVS 11.2.1, 11.3.3, 11.3.5, 11.4.3
test('what is encrypted is encrypted with its authentication, by the library of the system; what is signed is signed over SHA-256', () => {
  for (const file of program)
    for (const found of sourceOf(file).text.matchAll(
      /(?:create(?:Hash|Hmac|Sign|Verify)|\bhash|\b(?:sign|verify)(?:Bytes)?)\(\s*'([^']+)'/g,
    ))
      assert.match(found[1] ?? '', /^(RSA-)?SHA-?(256|384|512)$/i, file)
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

// ASVS 6.3.2
test('a new database has nobody in it: no person, no client, no key, no customer', async () => {
  const { db } = await openTestDatabase()
  for (const table of ['person', 'credential', 'session', 'client', 'client_key', 'customer', 'factor']) {
    const [{ count = -1 } = {}] = await db`select count(*)::int from ${db(table)}`
    assert.equal(count, 0, table)
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
  'session.address', // likewise
  'wallet_session.address', // likewise

  'tenant.name',
  'client.name',
  'member_bank.name',
  'schema_migration.name',
  'upload_file.name', // NPCI's pattern: bank, day, number
  'settlement_file.name', // likewise; of any other file masked
  'adjustment_line.remitter_bank',
  'adjustment_line.beneficiary_bank',
  'timeout_line.remitter_bank',
  'timeout_line.beneficiary_bank',
  'payment.beneficiary_bank',
  'payment.remitter_ifsc',
  'name_enquiry.beneficiary_bank',
  'name_enquiry.beneficiary_ifsc',
  'act.address', // of a connection: an investigation needs it

  'payment.remitter_bank',
  'dispute.remitter_bank',
  'recon_item.beneficiary_bank',
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
  const never = rights.filter((one) => !clientRights.some((right) => right === one)).map((one) => `\`${one}\``)
  assert.ok(text.includes(`A client is never given ${never.join(', ')}.`))
})

/** The rows of a table of a document, by the first cell of its head. */
function tableOf(document: string, head: string): string[][] {
  const lines = read(document).split('\n')
  const from = lines.findIndex((line) => line.startsWith(`| ${head} |`))
  assert.notEqual(from, -1, `${document} has no table of ${head}`)
  const rows: string[][] = []
  for (const line of lines.slice(from + 2)) {
    if (!line.startsWith('|')) break
    rows.push(
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  }
  return rows
}

// ASVS 2.1.2
test('every rule about single values and about values together names where it is, and what tries to break it', () => {
  for (const head of ['Value', 'Values']) {
    const rows = tableOf('input.md', head)
    assert.ok(rows.length >= 8)
    for (const [what = '', rule = '', where = '', proof = ''] of rows) {
      assert.ok(rule.length > 5, what)
      assert.match(where, /^`(src|packages)\/[\w/.-]+\.ts`$/, what)
      const [, file = ''] = /^`([\w/.-]+\.test\.ts)`$/.exec(proof) ?? []
      assert.ok(existsSync(join(root, file)) && file !== '', `${what}: ${proof}`)
    }
  }
})

// ASVS 11.1.1
test('every kind of key has a birth, a place, one work and an end', () => {
  const rows = tableOf('cryptography.md', 'Key')
  assert.ok(rows.length >= 8)
  for (const row of rows) {
    assert.equal(row.length, 5, row.join())
    for (const cell of row) assert.ok(cell.length > 3, row.join(' | '))
  }
})

// ASVS 13.1.2, 13.1.3
test('every connection has a most, and says what happens when it is full or away', () => {
  const rows = tableOf('resources.md', 'To or from')
  assert.ok(rows.length >= 7)
  for (const [name = '', how, where, most, full] of rows)
    for (const cell of [how, where, most, full]) assert.ok((cell?.length ?? 0) > 3, name)
})

// ASVS 15.1.1, 15.1.4
test('how soon a weakness of a part is mended is said in days, by how bad it is', () => {
  const text = read('resources.md').replace(/\s+/g, ' ')
  assert.match(text, /within 2 days .* 7 when .* critical or high, 30 when .* medium, 90 otherwise/)
  assert.match(text, /versions are raised at least every 90 days/)
  assert.ok(tableOf('resources.md', 'Risky').length >= 4)
})

// ASVS 16.1.1
test('every log has its events, form, place, readers and time', () => {
  const rows = tableOf('data.md', 'Log')
  assert.ok(rows.length >= 4)
  for (const row of rows) {
    assert.equal(row.length, 6, row.join())
    for (const cell of row) assert.ok(cell.length > 3, row.join(' | '))
  }
})

// ASVS 6.1.1, 7.1.1, 7.1.2
test('the numbers of the document of access are those of the program', () => {
  const text = read('access.md').replace(/\s+/g, ' ')
  const minutes = (ms: number): string => String(ms / 60_000)
  assert.ok(text.includes(`Idle ${minutes(IDLE_MS)} minutes, ${ABSOLUTE_MS / 3_600_000} hours at most`))
  assert.equal(MAX_SESSIONS, 10)
  assert.ok(text.includes('ten of one person; the eleventh ends the oldest'))
  const { free, firstMs, longestMs } = patienceWithLogins
  assert.deepEqual([free, firstMs / 1000], [5, 30])
  assert.ok(text.includes(`login: five free, then 30 s doubling to ${minutes(longestMs)} min`))
  const { free: many, firstMs: short, longestMs: long } = patienceWithAddresses
  assert.ok(text.includes(`address: ${many} free, then ${short / 1000} s to ${long / 1000} s`))
  assert.ok(text.includes(`${CHALLENGE_MS / 1000} s, used, payment edited`))
  assert.equal(MAX_TRIES, 3)
  assert.ok(text.includes('three tries a challenge'))
  assert.ok(text.includes(`${MIN_PASSWORD} to ${MAX_PASSWORD} characters`))
  assert.ok(text.includes(`${settings.failuresPerMinute.default} wrong ones a minute from one address`))
})

// ASVS 6.1.2
test('the words that no password may be made of are in the document', () => {
  const [, list = ''] = /const ownWords = \[([^\]]+)\]/.exec(sourceOf('src/identity/passwords.ts').text) ?? []
  const words = [...list.matchAll(/'([^']+)'/g)].map((found) => found[1] ?? '')
  assert.ok(words.length >= 4)
  for (const word of words) assert.ok(read('access.md').includes(`\`${word}\``), word)
})

// ASVS 6.1.3
test('every way in that the program knows is in the document', async (t) => {
  const [, union = ''] = /readonly via: ([^\n]+)/.exec(sourceOf('src/identity/caller.ts').text) ?? []
  const ways = [...union.matchAll(/'(\w+)'/g)].map((found) => found[1] ?? '')
  assert.deepEqual(ways, ['key', 'token', 'session', 'wallet'])
  const text = read('access.md')
  for (const way of ways) assert.match(text, new RegExp(`\\b${way}\\b`), way)
  const server = await createServer(createFakeHub().deps)
  t.after(() => server.close())
  const { components, paths } = (await server.app.inject('/openapi.json')).json()
  for (const name of Object.keys(components.securitySchemes))
    assert.ok(['apiKey', 'session', 'wallet', 'token', 'dpop', 'oauth2'].includes(name), name)

  // ASVS 8.1.2: what nobody may write is in no body.
  const [, named = ''] = /\| ([^|]*`status`[^|]*) \| with the thing \|/.exec(text) ?? []
  const never = [...named.matchAll(/`(\w+)`/g)].map((found) => found[1] ?? '')
  assert.ok(never.includes('balance') && never.length >= 6)
  const written = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('properties' in value && typeof value.properties === 'object' && value.properties !== null)
      for (const name of Object.keys(value.properties)) written.add(name)
    for (const inner of Object.values(value)) visit(inner)
  }
  // In a sandbox one says to the switch which payment it is to argue about.
  for (const [path, methods] of Object.entries<Record<string, { requestBody?: object }>>(paths))
    for (const { requestBody } of path.startsWith('/sandbox/') ? [] : Object.values(methods)) visit(requestBody)
  assert.ok(written.has('amount'))
  assert.deepEqual(
    never.filter((name) => written.has(name)),
    [],
  )
})
