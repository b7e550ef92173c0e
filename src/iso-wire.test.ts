import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createCipheriv } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createVirtualClock } from '../test/support/virtual-clock.ts'
import { silentLog } from './base/log.ts'
import { checkValueOf } from './imps/iso8583/mac.ts'
import { defaultProfile, type LinkTls, type WireProfile } from './imps/profile.ts'
import { openIsoWire } from './iso-wire.ts'
import { makeSandboxKeys } from './sandbox-keys.ts'
import { openFileStore } from './secrecy/file-store.ts'
import { combine, readZmk, writeZmk } from './zmk-file.ts'

const place = mkdtempSync(join(tmpdir(), 'turant-iso-'))
after(() => rmSync(place, { recursive: true, force: true }))
await makeSandboxKeys(join(place, 'made'))
const folder = join(place, 'made', 'hub')
const keys = openFileStore(join(place, 'kek.json'), undefined)
const zmk = Buffer.from('112233445566778899AABBCCDDEEFF00', 'hex')
writeFileSync(join(folder, 'plain.hex'), zmk.toString('hex'))
const clock = createVirtualClock(Date.now())

const profileWith = (tls: LinkTls | undefined, file?: string): WireProfile => ({
  ...defaultProfile,
  iso: {
    ...defaultProfile.iso,
    links: defaultProfile.iso.links.map((link) => ({ ...link, ...(tls && { tls }), ...(file && { zmk: file }) })),
    mac: { ...defaultProfile.iso.mac, enabled: file !== undefined },
  },
})
const open = (profile: WireProfile, plainAllowed = true, log = silentLog, dir = folder) =>
  openIsoWire({ profile, folder: dir, keys, plainAllowed, clock, log })

const wrong: readonly (readonly [what: string, tls: LinkTls, says: RegExp])[] = [
  ['no authority', { ca: 'none.crt' }, /^link npci-remitter: .*none\.crt cannot be read: ENOENT$/],
  ['an authority that is none', { ca: 'tls.key' }, /^link npci-remitter: .*tls\.key is not a certificate in PEM$/],
  ['no key', { ca: 'ca.crt', cert: 'tls.crt', key: 'no.key' }, /no\.key cannot be read: ENOENT$/],
  [
    'the key of another certificate',
    { ca: 'ca.crt', cert: 'tls.crt', key: 'sign.key' },
    /sign\.key is not the key of .*tls\.crt$/,
  ],
]
for (const [what, tls, says] of wrong) {
  test(`${what}: the start ends with one line that names the link and the file`, async () => {
    await assert.rejects(open(profileWith(tls)), { message: says })
  })
}

test('the ends of the certificates are told, and warned of before', async () => {
  const told: unknown[] = []
  const log = { ...silentLog, warn: (fields: unknown) => told.push(fields) }
  const wire = await open(profileWith({ ca: 'ca.crt', cert: 'tls.crt', key: 'tls.key' }), true, log)
  assert.deepEqual(
    wire.certificates().map(({ whose, daysLeft }) => [whose, daysLeft > 3_600]),
    [
      ['tls', true],
      ['authority', true],
      ['tls', true],
      ['authority', true],
    ],
  )
  assert.deepEqual(told, [])
  wire.close()
  const later = createVirtualClock(Date.now() + 3_640 * 86_400_000)
  const soon = await openIsoWire({
    profile: profileWith({ ca: 'ca.crt' }),
    folder,
    keys,
    plainAllowed: true,
    clock: later,
    log,
  })
  assert.deepEqual(told[0], { whose: 'authority', daysLeft: 9, level: 30 })
  soon.close()
})

test('files are read again; those that cannot be used change nothing', async () => {
  const dir = join(place, 'again')
  mkdirSync(dir)
  for (const name of ['ca.crt', 'tls.crt', 'tls.key']) copyFileSync(join(folder, name), join(dir, name))
  const errors: unknown[] = []
  const log = { ...silentLog, error: (fields: unknown) => errors.push(fields) }
  const wire = await open(profileWith({ ca: 'ca.crt', cert: 'tls.crt', key: 'tls.key' }), true, log, dir)
  rmSync(join(dir, 'tls.key'))
  wire.reload()
  assert.equal(errors.length, 1)
  assert.equal(wire.certificates().length, 4)
  copyFileSync(join(folder, 'tls.key'), join(dir, 'tls.key'))
  wire.reload()
  assert.equal(errors.length, 1)
  wire.close()
})

// --- the key of a link ----------------------------------------------------------------------------------------------

const algorithm = 'iso9797-1-alg3-pad1'
const working = Buffer.from('0123456789ABCDEFFEDCBA9876543210', 'hex')
const wrapped = {
  cryptogram: createCipheriv('des-ede', zmk, null).setAutoPadding(false).update(working).toString('hex').toUpperCase(),
  checkValue: '08D7B4',
}

test('a working key opens under the ZMK of its link, plain in a sandbox and sealed anywhere', async () => {
  await writeZmk(join(folder, 'npci-remitter.json'), 'npci-remitter', algorithm, zmk, keys)
  assert.equal(statSync(join(folder, 'npci-remitter.json')).mode & 0o777, 0o600)
  assert.ok(
    !readFileSync(join(folder, 'npci-remitter.json'), 'utf8').toUpperCase().includes(zmk.toString('hex').toUpperCase()),
  )
  const plain = await open(profileWith(undefined, 'plain.hex'))
  const key = await plain.custody?.open('npci-remitter', wrapped)
  assert.equal(Buffer.from(key?.mac(Buffer.from('Now is the time for it')) ?? []).toString('hex'), '2e2b1428cc78254f')
  assert.equal(await plain.custody?.open('npci-remitter', { ...wrapped, checkValue: '08D7B5' }), undefined)
  assert.equal(await plain.custody?.open('no-link', wrapped), undefined)
  plain.close()
  const deps = { keys, plainAllowed: false }
  assert.deepEqual(
    Buffer.from(await readZmk(join(folder, 'npci-remitter.json'), 'npci-remitter', algorithm, deps)),
    zmk,
  )
})

test('a key that is plain, of another link, altered, or of another store stops the start, and is not quoted', async () => {
  const sealed = join(folder, 'sealed.json')
  await writeZmk(sealed, 'npci-remitter', algorithm, zmk, keys)
  const text = readFileSync(sealed, 'utf8')
  const file: Record<string, string> = JSON.parse(text)
  const with_ = (name: string, change: object): string => {
    const path = join(folder, name)
    writeFileSync(path, JSON.stringify({ ...file, ...change }))
    return path
  }
  const bytes = Buffer.from(file.sealed ?? '', 'base64')
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20)
  const refusals: [string, string, RegExp][] = [
    [join(folder, 'plain.hex'), 'npci-remitter', /plain\.hex holds a key as it is: npm run zmk makes a sealed one$/],
    [sealed, 'npci-beneficiary', /sealed\.json is the key of another link$/],
    [with_('other.json', { link: 'npci-beneficiary' }), 'npci-beneficiary', /other\.json does not open/],
    [with_('altered.json', { sealed: bytes.toString('base64') }), 'npci-remitter', /altered\.json does not open/],
    [with_('version.json', { version: 2 }), 'npci-remitter', /version\.json is not a key file of this version$/],
    [join(folder, 'none.json'), 'npci-remitter', /none\.json cannot be read: ENOENT$/],
  ]
  for (const [path, link, says] of refusals) {
    await assert.rejects(readZmk(path, link, algorithm, { keys, plainAllowed: false }), (error) => {
      assert.ok(error instanceof Error)
      assert.match(error.message, says)
      assert.ok(!error.message.includes('11223344'))
      return true
    })
  }
  const stranger = openFileStore(join(place, 'other-kek.json'), undefined)
  await assert.rejects(
    readZmk(sealed, 'npci-remitter', algorithm, { keys: stranger, plainAllowed: false }),
    /does not open/,
  )
})

test('components make the key together; one alone, of two lengths, or that cancel out do not', () => {
  const [a, b, c] = [
    Buffer.from('0123456789ABCDEF1032547698BADCFE', 'hex'),
    Buffer.from('FEDCBA98765432100123456789ABCDEF', 'hex'),
    Buffer.from('00FF00FF00FF00FF000000000000000F', 'hex'),
  ]
  assert.equal(
    Buffer.from(combine(algorithm, [a, b, c])).toString('hex'),
    'ff00ff00ff00ff0011111111111111 1e'.replace(' ', ''),
  )
  assert.throws(() => combine(algorithm, [a]), /two components or more/)
  assert.throws(() => combine(algorithm, [a, b.subarray(0, 8)]), /one length/)
  assert.throws(() => combine(algorithm, [a, a]), /make no key/)
})

test('npm run zmk: custodians type, check values are shown, the key is not', async () => {
  const profile = join(place, 'profile.json')
  const { iso, institutions } = defaultProfile
  const links = iso.links.map((link) => ({ ...link, zmk: `${link.id}.zmk.json` }))
  writeFileSync(profile, JSON.stringify({ iso: { links, mac: { enabled: true } }, institutions }))
  const run = (link: string, input: string) =>
    spawnSync(process.execPath, [fileURLToPath(new URL('./zmk.ts', import.meta.url)), link], {
      input,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        TURANT_PROFILE: profile,
        TURANT_KEYS: place,
        TURANT_KEY_FILE: join(place, 'kek.json'),
      },
    })
  const [a, b] = ['0123456789ABCDEF1032547698BADCFE', '10111213141516171F1E1D1C1B1A1918']
  const made = run('npci-remitter', `${a}\n${b}\n\n`)
  assert.equal(made.status, 0, made.stderr)
  const key = combine(algorithm, [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')])
  for (const part of [Buffer.from(a, 'hex'), Buffer.from(b, 'hex'), key]) {
    assert.ok(made.stdout.includes(checkValueOf(algorithm, part).slice(0, 6)))
    assert.ok(!`${made.stdout}${made.stderr}`.toUpperCase().includes(Buffer.from(part).toString('hex').toUpperCase()))
  }
  const path = join(place, 'npci-remitter.zmk.json')
  assert.deepEqual(await readZmk(path, 'npci-remitter', algorithm, { keys, plainAllowed: false }), Buffer.from(key))
  for (const input of [`${a}\n\n`, 'xyz\n', `${a}\n${a}\n\n`, '']) {
    const failed = run('npci-beneficiary', input)
    assert.equal(failed.status, 1)
    assert.match(failed.stderr, /^zmk: [^\n]+\n$/)
    assert.ok(!existsSync(join(place, 'npci-beneficiary.zmk.json')))
  }
  assert.match(run('nobody', '').stderr, /no link nobody with a zmk/)
})
