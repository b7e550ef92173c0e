import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { defaultProfile, parseProfile } from '../../src/imps/profile.ts'

const page = readFileSync(new URL('../../docs/operating/wire-profile.md', import.meta.url), 'utf8')

test('the profile in the document is one that the hub accepts, and says what the document says', () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []
  const profile = parseProfile(json)
  assert.deepEqual(
    profile.iso.links.map((link) => link.role),
    ['remitter', 'beneficiary'],
  )
  assert.deepEqual(
    profile.institutions.map((one) => one.code),
    ['EXB'],
  )
  assert.deepEqual(profile.timers.verifyAtMs, [56_000, 66_000, 76_000])
})

test('the profile with both wires is accepted, and only the institution that has moved speaks XML', () => {
  const [, , json = ''] = page.split('```json\n').map((part) => part.split('```')[0])
  const { wire, xml, institutions } = parseProfile(json)
  assert.deepEqual([wire, xml.enabled, xml.callback.port], ['iso8583', true, 8443])
  assert.deepEqual(
    institutions.map((one) => one.wire),
    [{ outward: 'xml' }, undefined],
  )
})

test('the profile with TLS and MACs is accepted, and says what the document says', () => {
  const [, , , json = ''] = page.split('```json\n').map((part) => part.split('```')[0])
  const { iso } = parseProfile(json)
  assert.deepEqual(
    iso.links.map(({ tls, zmk }) => [tls?.pin?.length, tls?.serverName, zmk]),
    [
      [44, undefined, 'npci-remitter.zmk.json'],
      [undefined, 'imps.npci.example', 'npci-beneficiary.zmk.json'],
    ],
  )
  const { mac } = defaultProfile.iso
  assert.deepEqual(iso.mac, { ...mac, enabled: true })
  assert.deepEqual([mac.badRequestCode, mac.oldKeyMs, mac.maxBad, mac.askForKey], ['63', 300_000, 10, true])
  assert.ok(page.includes(`[${mac.fields.join(', ')}]`))
})

test('the values that the document names are those of the default profile', () => {
  const { xml } = defaultProfile
  const said = [xml.ackMs, xml.responseMs, xml.enquiryMs, xml.heartbeatMs, xml.skewMs].map((ms) => ms / 1_000)
  assert.deepEqual(said, [5, 55, 10, 180, 60])
  assert.deepEqual([xml.maxBytes, xml.maxDepth, xml.maxUnacked], [256 * 1_024, 16, 2_000])
  assert.equal(xml.missedHeartbeats, 3)
  assert.ok(page.includes(`\`${xml.severalAccountsCode}\``))
})

test('what the document says is refused is refused, by name', () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []
  assert.throws(
    () => parseProfile(json.replace('"iso": {', '"iso": { "mac": { "enabled": true },')),
    /zmk is missing: mac/,
  )
  assert.throws(() => parseProfile(json.replace('"iso"', '"isso": {}, "iso"')), /isso/)
  assert.throws(() => parseProfile(json.replace('7601', '"7601"')), /links\[0\]\.port/)
})
