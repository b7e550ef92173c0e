import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { places, program, root, sourceOf } from '../support/source.ts'

// What the program does not do, as its text shows: the tests of what it does cannot show that it never does the other thing. Each list of
// files is a decision; a new file in one of these places is looked at by whoever adds it here. Numbers are those of OWASP ASVS 5.0.

const everywhere = (pattern: RegExp, except: readonly string[] = []): string[] =>
  program.filter((file) => !except.some((one) => file.startsWith(one))).flatMap((file) => places(file, pattern))
const importing = (name: RegExp): string[] =>
  program.filter(
    (file) =>
      sourceOf(file).imports.some((one) => name.test(one)) || dynamicImports(file).some((one) => name.test(one)),
  )
const dynamicImports = (file: string): string[] =>
  [...sourceOf(file).text.matchAll(/\bimport\(\s*(?:'([^']*)'|[^)]*)\)/g)].map((found) => found[1] ?? '')

// ASVS 1.3.2
test('no text becomes a program: no eval, no Function, no vm, no import of a name that came in', () => {
  assert.deepEqual(everywhere(/\beval\s*\(|\bnew\s+Function\b|\bFunction\s*\(/g), [])
  // db/driver.ts repairs three lines of the driver as it loads; the worker loads the native module of a key store. Nothing that came in is among them.
  assert.deepEqual(importing(/^(node:)?(vm|repl|module|inspector)$/), [
    'src/db/driver.ts',
    'src/secrecy/pkcs11-worker.ts',
  ])
  for (const file of program)
    for (const name of dynamicImports(file)) assert.notEqual(name, '', `${file} imports a name it computes`)
})

// ASVS 1.2.5
test('other programs are started without a shell, in files that are known', () => {
  const starters = ['src/sandbox.ts', 'src/db/embedded.ts', 'src/main.ts', 'src/base/apart.ts', 'src/base/piped.ts']
  assert.deepEqual(
    importing(/^(node:)?(child_process|cluster)$/).filter((file) => !starters.includes(file)),
    [],
  )
  for (const file of starters)
    assert.deepEqual(places(file, /\bshell\s*:|\b(exec|execSync)\s*\(/g), [], `${file} starts a shell`)
})

// ASVS 1.2.4: what is not a bound parameter is text of ours.
test('statements are tagged templates; text is run as SQL by the migrations and the log-in of the hub alone', () => {
  assert.deepEqual(everywhere(/\.unsafe\s*\(/g, ['src/db/']), [])
  assert.deepEqual(
    everywhere(/\.unsafe\s*\(/g).map((at) => at.split(':')[0]),
    [...Array(2).fill('src/db/login.ts'), ...Array(2).fill('src/db/migrate.ts')],
  )
})

// ASVS 1.2.9
test('regular expressions are ours: none is built of what came in', () => {
  // In these files they are built of constants of their own file, of lengths in a table, or of the words of a layout, each of which is escaped.
  const built = [
    ...['src/imps/xml/signature.ts', 'src/imps/xml/rule.ts', 'src/imps/xml/scan.ts', 'src/imps/profile.ts'],
    ...['src/imps/files/read-layout.ts', 'src/imps/files/template.ts', 'src/settlement/notes.ts'],
  ]
  assert.deepEqual(everywhere(/\bnew\s+RegExp\b|\bRegExp\s*\(/g, built), [])
})

// ASVS 1.2.6, 1.2.7, 1.2.8, 1.3.5, 1.3.7, 1.3.8, 1.3.9, 1.3.11, 4.3.1, 4.3.2, 17.1.1: an interpreter that is not there is not injected into. Whoever
// brings one takes its name out of this list, and says in docs/security/asvs.csv how what goes into it is made safe.
test('there is no LDAP, XPath, LaTeX, JNDI, memcache, mail, template, markup, GraphQL, WebSocket or WebRTC in the hub', () => {
  const absent =
    /^(ldap|activedirectory|xpath$|fontoxpath|node-latex|latex|memcached?|memjs|ioredis|redis|nodemailer|imap|smtp|emailjs|handlebars|mustache|ejs|pug|nunjucks|eta|liquidjs|@fastify\/(view|websocket|multipart|static)|marked|showdown|graphql|mercurius|apollo|@apollo|ws$|socket\.io|wrtc|node-datachannel|simple-peer|mediasoup|node-turn|java)/
  assert.deepEqual(importing(absent), [])
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  assert.deepEqual(
    Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => absent.test(name)),
    [],
  )
  // Markup is made of the documents of the repository only, raw HTML in them being text; nothing that came in gets near it.
  assert.deepEqual(importing(/^markdown-it/), ['src/docs/library.ts'])
  assert.doesNotMatch(sourceOf('src/docs/library.ts').text, /request|fastify|html: true/)
  // xml-crypto selects by XPath; the hub finds signed elements itself, and gives it no expression.
  assert.deepEqual(everywhere(/\bxpath\s*:|\.xpath\b|\bxpath\s*\(/g), [])
})

// ASVS 1.3.10
test('no text that came in is a format: what is logged is a constant and fields', () => {
  for (const file of program)
    assert.doesNotMatch(sourceOf(file).text, /import \{[^}]*\b(format|inspect)\b[^}]*\} from 'node:util'/, file)
  const wrong = program.flatMap((file) =>
    [...sourceOf(file).text.matchAll(/\blog\.(?:debug|info|warn|error)\(([^)]*`[^`]*\$\{)/g)].map(
      (found) => `${file}: ${found[1]}`,
    ),
  )
  assert.deepEqual(wrong, [])
})

// ASVS 1.5.2, 1.5.3
test('what comes in is JSON, ISO 8583 or XML, each with one reader; nothing that makes objects of a class', () => {
  assert.deepEqual(importing(/^(node:)?v8$|^(js-)?yaml$|serialize|msgpack|bson|protobuf|^node:sqlite$/), [])
  assert.deepEqual(
    everywhere(/\bJSON\.parse\b|\.json\(\)/g, []).filter(
      (at) => at.startsWith('src/http/') && !at.startsWith('src/http/json.ts') && !at.startsWith('src/http/sandbox.ts'),
    ),
    [],
  )
  // Statements of banks; and the simulated bank, which writes them.
  const statements = ['src/settlement/statements/camt053.ts', 'src/simulator/cycles/bank-statement.ts']
  assert.deepEqual(
    importing(/^@xmldom\/xmldom$/).filter((file) => !file.startsWith('src/imps/xml/') && !statements.includes(file)),
    [],
  )
})

// ASVS 1.4.1, 1.4.3: memory is the engine's to keep; buffers that are not cleared are filled whole before they are read.
test('memory is taken uncleared in files that fill it whole, and nowhere else', () => {
  const filled = [
    ...['src/secrecy/vault.ts', 'packages/iso8583/src/framer.ts', 'packages/iso8583/src/encode.ts'],
    ...['src/base/sealed-file.ts', 'src/settlement/match/archive.ts'], // as far as was read or written, and cut to that
  ]
  assert.deepEqual(everywhere(/\ballocUnsafe(Slow)?\b|\bnew\s+Buffer\b/g, filled), [])
  const native = globSync('node_modules/**/binding.gyp', { cwd: root }).map((file) =>
    file.split('/').slice(1, -1).join('/'),
  )
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const inProduction = native.filter(
    (name) => lock[`node_modules/${name}`] !== undefined && lock[`node_modules/${name}`].dev !== true,
  )
  assert.deepEqual(
    inProduction.filter((name) => name !== 'pkcs11js'),
    [],
  )
})

// ASVS 15.3.5
test('values are compared strictly, and types are checked without exceptions', () => {
  assert.deepEqual(everywhere(/[^=!<>]==(?!=)|!=(?!=)/g), [])
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8').replace(/^\s*\/\/.*$/gm, ''))
  for (const name of ['strict', 'noUncheckedIndexedAccess', 'exactOptionalPropertyTypes'])
    assert.equal(compilerOptions[name], true, name)
  assert.deepEqual(everywhere(/@ts-(ignore|nocheck)/g), [])
  for (const file of program) assert.doesNotMatch(sourceOf(file).text, /@ts-(ignore|nocheck)/, file)
})

// ASVS 15.3.6
test('no object is written to by a name that came in as a prototype', () => {
  for (const file of program)
    assert.doesNotMatch(sourceOf(file).code, /\.__proto__\b|setPrototypeOf|\bprototype\s*\[/, file)
})

// ASVS 11.5.1
test('nothing that must not be guessed comes from Math.random, a clock or a UUID', () => {
  assert.deepEqual(everywhere(/\bMath\.random\b/g, ['src/base/random.ts']), [])
  // A UUID has 122 random bits: it names things here, and lets nobody in.
  const named = everywhere(/\brandomUUID\b/g).map((at) => at.split(':')[0] ?? '')
  for (const file of named)
    assert.ok(/^(src\/(payment|cli|http|identity|risk|settlement)|packages\/console)\//.test(file), file)
  for (const file of named)
    assert.doesNotMatch(sourceOf(file).code, /(token|secret|key|password|challenge|nonce)\s*[=:]\s*randomUUID/i, file)
})

// ASVS 5.3.2, 5.3.3: no name that came in becomes a path.
test('the front door opens no file', () => {
  assert.deepEqual(
    importing(/^(node:)?(fs|fs\/promises|path)$/).filter((file) =>
      /^src\/(http|payment|ledger|rail|imps|webhook|risk)\//.test(file),
    ),
    [],
  )
})

// ASVS 5.4.1, 5.4.2: a file name that came in is in no header.
test('no answer names a file by a text that came in', () => {
  for (const file of program.filter((one) => one.startsWith('src/http/')))
    for (const found of sourceOf(file).text.matchAll(/content-disposition.*$/gim))
      assert.doesNotMatch(found[0], /request\.|query\.|body\./, file)
})

// ASVS 11.2.4
test('what must not be guessed letter by letter is compared in constant time', () => {
  // The nonce of the present five minutes is told to whoever asks; a mobile is no secret from its own customer.
  const open = [
    'checked.nonce === fresh[0]',
    'factor.secret !== customer.mobile',
    'one.secret === found.customer.mobile',
  ]
  const wrong = program
    .filter((file) => /^src\/(identity|customer|http|secrecy|imps\/iso8583\/mac)/.test(file))
    .flatMap((file) =>
      [
        ...sourceOf(file).code.matchAll(
          /\b[\w.]*(?:sha256|hmac|mac|secret|token|csrf|password|mpin|nonce|proof)\)?\s*[=!]==\s*[\w.[\]]+/gi,
        ),
      ]
        .map((found) => found[0])
        .filter(
          (text) =>
            !/(===|!==)\s*(undefined|null|true|false|0|1)?$|===\s*$|\b(undefined|null|typeof)\b|length/.test(text) &&
            !open.includes(text),
        )
        .map((text) => `${file}: ${text}`),
    )
  assert.deepEqual(wrong, [])
  for (const file of ['src/identity/keys.ts', 'src/identity/signature.ts', 'src/imps/iso8583/mac.ts'])
    assert.match(sourceOf(file).code, /timingSafeEqual\(|sameDigest\(/, file)
})

// ASVS 16.2.3
test('nothing is logged anywhere but in the log of docs/security/data.md: no console, no file of its own', () => {
  assert.deepEqual(everywhere(/\bconsole\s*\./g, ['src/settings.ts', 'src/events.ts']), [])
  const opening = program.filter((file) => /\b(openLog|pino)\(/.test(sourceOf(file).code))
  assert.deepEqual(opening, ['src/base/log-writer.ts', 'src/main.ts'])
  // What a person at a terminal is told is told by the programs that a person starts.
  const told = everywhere(/\bprocess\.std(out|err)\b/g).map((at) => at.split(':')[0] ?? '')
  for (const file of told) assert.match(file, /^src\/(cli\/.*|main|settings|zmk|simulator\/main)\.ts$/)
})
