import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { payment } from '../test/support/signed-documents.ts'
import { createVirtualClock } from '../test/support/virtual-clock.ts'
import { silentLog } from './base/log.ts'
import { defaultProfile } from './imps/profile.ts'
import { sign } from './imps/xml/signature.ts'
import { loadKeys } from './keys.ts'
import { makeSandboxKeys } from './sandbox-keys.ts'
import { openXmlWire } from './xml-wire.ts'

const place = mkdtempSync(join(tmpdir(), 'turant-wire-'))
after(() => rmSync(place, { recursive: true, force: true }))
const NOW = Date.UTC(2026, 10, 22)
const YEARS = 365.25 * 86_400_000
const made = join(place, 'made')
const others = join(place, 'others')
await Promise.all([makeSandboxKeys(made, NOW), makeSandboxKeys(others, NOW)])

function open(folder = join(made, 'hub')) {
  const said: string[] = []
  const note = (_: object, line: string): void => {
    said.push(line)
  }
  const log = { ...silentLog, warn: note, error: note }
  const clock = createVirtualClock(NOW)
  const wire = openXmlWire({ folder, profile: defaultProfile, clock, log })
  return { wire, clock, said }
}
const signedBy = (folder: string): Uint8Array => {
  const key = loadKeys(folder).ring.signingKey(NOW)
  if (key === undefined) throw new Error('no key')
  return Buffer.from(sign(payment(), key))
}

test('the wire opens what the switch signed, and nothing that is unsigned, changed, our own, or signed by a stranger', async () => {
  const { wire } = open()
  const document = signedBy(join(made, 'switch'))
  assert.equal(wire.seal.open(document, false), payment())
  const wrong: readonly [string, Uint8Array][] = [
    ['no_signature', Buffer.from(payment())],
    ['bad_digest', Buffer.from(Buffer.from(document).toString().replace('1.00', '9.00'))],
    ['bad_signature', signedBy(join(made, 'hub'))],
    ['bad_signature', signedBy(join(others, 'switch'))],
  ]
  for (const [code, bytes] of wrong) assert.throws(() => wire.seal.open(bytes, false), { code })
  assert.equal(Buffer.from(wire.seal.sign(payment())).equals(signedBy(join(made, 'hub'))), true)
  await wire.close()
})

test('after its end our certificate signs nothing, and that of the other side opens nothing; somebody was told before', async () => {
  const { wire, clock, said } = open()
  assert.equal(said.length, 0)
  clock.advance(10 * YEARS)
  assert.ok(said.some((line) => line.includes('ends soon')))
  assert.throws(() => wire.seal.sign(payment()), /no signing certificate is valid now/)
  assert.throws(() => wire.seal.open(signedBy(join(made, 'switch')), false), { code: 'certificate_expired' })
  await wire.close()
})

test('only where the directory of members is awaited may a document be longer than 64 KiB', async () => {
  const { wire } = open()
  const document = payment('1.00', ` note="${'x'.repeat(100_000)}"`)
  const key = loadKeys(join(made, 'switch')).ring.signingKey(NOW)
  assert.ok(key !== undefined)
  const bytes = Buffer.from(sign(document, key))
  assert.throws(() => wire.seal.open(bytes, false), { code: 'too_large' })
  assert.equal(wire.seal.open(bytes, true), document)
  await wire.close()
})

test('keys are read again when asked; a folder that cannot be used leaves the ones of before', async () => {
  const folder = join(place, 'changing')
  cpSync(join(made, 'hub'), folder, { recursive: true })
  const { wire, said } = open(folder)
  writeFileSync(join(folder, 'pinned', 'broken.crt'), 'no certificate')
  wire.reload()
  assert.deepEqual(said, ['the keys of before stay in use'])
  assert.equal(wire.seal.open(signedBy(join(made, 'switch')), false), payment())
  rmSync(join(folder, 'pinned'), { recursive: true })
  cpSync(join(others, 'hub', 'pinned'), join(folder, 'pinned'), { recursive: true })
  wire.reload()
  assert.throws(() => wire.seal.open(signedBy(join(made, 'switch')), false), { code: 'bad_signature' })
  assert.equal(wire.seal.open(signedBy(join(others, 'switch')), false), payment())
  await wire.close()
})

test('certificates that are over stop the start where XML is the only wire; beside another one that is told, and nothing is signed', async () => {
  const clock = createVirtualClock(NOW + 11 * YEARS)
  const said: string[] = []
  const log = { ...silentLog, error: (_: object, line: string) => said.push(line) }
  const folder = join(made, 'hub')
  const onlyXml = { ...defaultProfile, iso: { ...defaultProfile.iso, links: [] } }
  assert.throws(
    () => openXmlWire({ folder, profile: onlyXml, clock, log }),
    /^Error: no signing certificate is valid now$/,
  )
  const wire = openXmlWire({ folder, profile: defaultProfile, clock, log })
  assert.equal(said.length, 1)
  assert.throws(() => wire.seal.sign(payment()), /no signing certificate is valid now/)
  await wire.close()
})
