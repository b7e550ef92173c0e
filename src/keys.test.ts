import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { limits, payment } from '../test/support/signed-documents.ts'
import { openSigned, sign } from './imps/xml/signature.ts'
import { loadKeys } from './keys.ts'
import { makeSandboxKeys, makeSigningKey } from './sandbox-keys.ts'

const place = mkdtempSync(join(tmpdir(), 'turant-keys-'))
after(() => rmSync(place, { recursive: true, force: true }))
const made = join(place, 'made')
await makeSandboxKeys(made)

/** A copy of the hub's folder, changed. */
let copies = 0
function changed(change: (dir: string) => void): string {
  copies += 1
  const dir = join(place, `copy-${copies}`)
  cpSync(join(made, 'hub'), dir, { recursive: true })
  change(dir)
  return dir
}

const filesIn = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

test('what the hub signs the switch opens, and the other way about; neither opens its own', () => {
  const now = Date.now()
  const [hub, theSwitch] = [loadKeys(join(made, 'hub')).ring, loadKeys(join(made, 'switch')).ring]
  for (const [from, to] of [
    [hub, theSwitch],
    [theSwitch, hub],
  ] as const) {
    const key = from.signingKey(now)
    assert.ok(key !== undefined)
    const signed = Buffer.from(sign(payment(), key))
    assert.equal(openSigned(signed, to.pinned, now, limits).text, payment())
    assert.throws(() => openSigned(signed, from.pinned, now, limits), /bad_signature/)
  }
})

test('every file is for its owner alone, and making them again changes none', async () => {
  const before = filesIn(made).map((file) => [file, readFileSync(file, 'utf8')])
  assert.equal(before.length, 12)
  for (const file of filesIn(made)) assert.equal(statSync(file).mode & 0o777, 0o600, file)
  await makeSandboxKeys(made)
  assert.deepEqual(
    filesIn(made).map((file) => [file, readFileSync(file, 'utf8')]),
    before,
  )
})

test('the authority’s own key is written nowhere: nobody can certify anything more', () => {
  const keys = filesIn(made).filter((file) => readFileSync(file, 'utf8').includes('PRIVATE KEY'))
  assert.deepEqual(keys.map((file) => file.slice(made.length + 1)).sort(), [
    'hub/sign.key',
    'hub/tls.key',
    'switch/sign.key',
    'switch/tls.key',
  ])
})

test('the authority signs all, and nobody else anything; each certificate is for its own use', () => {
  const read = (...path: string[]) => new X509Certificate(readFileSync(join(made, ...path)))
  const authority = read('hub', 'ca.crt')
  assert.ok(authority.ca && authority.verify(authority.publicKey))
  const serials = new Set([authority.serialNumber])
  for (const side of ['hub', 'switch']) {
    const [tls, signing] = [read(side, 'tls.crt'), read(side, 'sign.crt')]
    for (const one of [tls, signing]) {
      assert.ok(one.checkIssued(authority) && one.verify(authority.publicKey) && !one.ca, one.subject)
      assert.equal(one.validToDate.getTime() - one.validFromDate.getTime(), 3_651 * 86_400_000)
      serials.add(one.serialNumber)
    }
    assert.equal(tls.subject, `O=Turant sandbox\nCN=${side} TLS`)
    assert.equal(tls.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1')
    assert.deepEqual(tls.keyUsage, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']) // a server and a client
    assert.equal(signing.subject, `O=Turant sandbox\nCN=${side} signing`)
    assert.deepEqual([signing.subjectAltName, signing.keyUsage], [undefined, undefined])
  }
  assert.equal(serials.size, 5)
})

/** What a program of its own says that has `makeSandboxKeys` and `loadKeys`. */
async function runProgram(program: string): Promise<string> {
  const imports = `
    import { makeSandboxKeys } from ${JSON.stringify(new URL('./sandbox-keys.ts', import.meta.url).href)}
    import { loadKeys } from ${JSON.stringify(new URL('./keys.ts', import.meta.url).href)}`
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', `${imports}\n${program}`], {
    stdio: 'pipe',
  })
  let said = ''
  child.stdout?.on('data', (bytes: Buffer) => (said += bytes))
  child.stderr?.on('data', (bytes: Buffer) => (said += bytes))
  await once(child, 'close')
  return said
}

test('of eight programs that start at once all use the same keys, and nothing is left over', async () => {
  const dir = join(place, 'together', 'keys')
  const program = `
    await makeSandboxKeys(${JSON.stringify(dir)})
    console.log(loadKeys(${JSON.stringify(join(dir, 'hub'))}).ring.pinned[0].fingerprint256)`
  const seen = await Promise.all(Array.from({ length: 8 }, () => runProgram(program)))
  assert.equal(new Set(seen).size, 1, seen.join('\n'))
  assert.match(seen[0] ?? '', /^[0-9A-F:]{95}\n$/)
  assert.deepEqual(readdirSync(join(place, 'together')), ['keys'])
})

test('a program whose keys are there does not load what makes them', async () => {
  const loaded = `console.log('getMetadata' in Reflect)`
  const [found, making] = [made, join(place, 'loaded')].map((dir) => JSON.stringify(dir))
  assert.equal(await runProgram(`await makeSandboxKeys(${found}); ${loaded}`), 'false\n')
  assert.equal(await runProgram(`await makeSandboxKeys(${making}); ${loaded}`), 'true\n')
})

test('a folder that is there and is something else is left alone', async () => {
  const dir = join(place, 'other')
  mkdirSync(dir)
  writeFileSync(join(dir, 'precious.txt'), 'x')
  await assert.rejects(makeSandboxKeys(dir), /^Error: cannot make keys in .*other: /)
  assert.deepEqual(readdirSync(dir), ['precious.txt'])
})

test('a second pair and a second pinned certificate are read beside the first', async () => {
  const span = { fromMs: Date.now() - 1_000, untilMs: Date.now() + 86_400_000 }
  const { privateKey, certificate } = await makeSigningKey('hub next', span)
  const theirs = await makeSigningKey('switch next', span)
  const dir = changed((to) => {
    writeFileSync(join(to, 'sign-2.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(join(to, 'sign-2.crt'), certificate.toString())
    writeFileSync(join(to, 'pinned', 'next.crt'), theirs.certificate.toString())
  })
  const { ring } = loadKeys(dir)
  assert.equal(ring.pinned.length, 2)
  assert.equal(ring.signingKey(Date.now())?.certificate.fingerprint256, certificate.fingerprint256)
})

test('what is missing or wrong is said in one line that names the file and quotes nothing of it', () => {
  const other = join(made, 'switch')
  const cases: readonly (readonly [RegExp, (dir: string) => void])[] = [
    [/tls\.key cannot be read: ENOENT$/, (dir) => rmSync(join(dir, 'tls.key'))],
    [/ca\.crt cannot be read: ENOENT$/, (dir) => rmSync(join(dir, 'ca.crt'))],
    [/ca\.crt is not a certificate in PEM$/, (dir) => writeFileSync(join(dir, 'ca.crt'), 'x')],
    [/sign\.key is missing$/, (dir) => rmSync(join(dir, 'sign.key'))],
    [/sign\.key is not a private key/, (dir) => writeFileSync(join(dir, 'sign.key'), 'SECRET')],
    [/sign\.crt cannot be read: ENOENT$/, (dir) => rmSync(join(dir, 'sign.crt'))],
    [/sign\.crt is not the certificate of sign\.key$/, (dir) => cpSync(join(other, 'sign.crt'), join(dir, 'sign.crt'))],
    [/tls\.crt is not the certificate of tls\.key$/, (dir) => cpSync(join(other, 'tls.crt'), join(dir, 'tls.crt'))],
    [/sign-2\.crt cannot be read/, (dir) => cpSync(join(dir, 'sign.key'), join(dir, 'sign-2.key'))],
    [/pinned has no \.crt file$/, (dir) => rmSync(join(dir, 'pinned', 'switch.crt'))],
    [/pinned cannot be read: ENOENT$/, (dir) => rmSync(join(dir, 'pinned'), { recursive: true })],
    [
      /pinned\/switch\.crt is not for an RSA key/,
      (dir) => cpSync(join(dir, 'tls.crt'), join(dir, 'pinned', 'switch.crt')),
    ],
    [
      /pinned has more than 8 certificates$/,
      (dir) => {
        for (let i = 0; i < 8; i += 1) cpSync(join(dir, 'sign.crt'), join(dir, 'pinned', `${i}.crt`))
      },
    ],
  ]
  for (const [expected, change] of cases) {
    const dir = changed(change)
    assert.throws(
      () => loadKeys(dir),
      ({ message }: Error) =>
        expected.test(message) && message.startsWith(`keys: ${dir}`) && !/\n|SECRET/.test(message),
      String(expected),
    )
  }
})
