import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseProfile } from '../../src/imps/profile.ts'

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

test('what the document says is refused is refused, by name', () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []
  assert.throws(() => parseProfile(json.replace('"iso": {', '"iso": { "mac": { "enabled": true },')), /mac/)
  assert.throws(() => parseProfile(json.replace('"iso"', '"isso": {}, "iso"')), /isso/)
  assert.throws(() => parseProfile(json.replace('7601', '"7601"')), /links\[0\]\.port/)
})
