import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { softCustody, testZmk, withMacs } from '../../test/support/link-keys.ts'
import { testLog } from '../../test/support/logs.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { readVectors } from '../../test/vectors/read.ts'
import { softKey, wrapKey } from '../imps/iso8583/mac.ts'
import { createMacPlace } from '../imps/iso8583/mac-place.ts'
import { defaultProfile } from '../imps/profile.ts'
import type { WrappedKey } from '../imps/rail-message.ts'
import { createLinkMac, type LinkKeyCustody } from './link-mac.ts'

const { db } = await openTestDatabase()
const profile = withMacs({ oldKeyMs: 60_000, maxBad: 3 })(defaultProfile)
const { algorithm } = profile.iso.mac
const place = createMacPlace(profile.iso)
const vector = Buffer.from(readVectors().find(({ name }) => name === 'p2a-response-approved')?.hex ?? '', 'hex')

let links = 0
/** A link of its own, leased; `again` is the same link in another life of the process. */
async function aLink(custody: LinkKeyCustody = softCustody(profile)) {
  links += 1
  const id = `mac-${links}`
  const lease = { epoch: 1 as number | undefined }
  await db`insert into link_lease (link_id, epoch, holder, expires_at) values (${id}, 1, 'test', now() + interval '1 day')`
  const clock = createVirtualClock(Date.UTC(2026, 10, 22) + links * 86_400_000)
  const again = (other = custody) =>
    createLinkMac({ db, clock, log: testLog, iso: profile.iso, custody: other, epoch: () => lease.epoch }, id)
  return { id, clock, lease, mac: again(), again }
}

const keyOf = (seed: number): WrappedKey & { readonly sealed: Uint8Array } => {
  const key = Buffer.alloc(16, seed)
  key.fill(seed + 100, 8)
  return { ...wrapKey(algorithm, testZmk, key), sealed: place.add(vector, softKey(algorithm, key)) }
}
const take = async (mac: ReturnType<typeof createLinkMac>, { cryptogram, checkValue }: WrappedKey): Promise<string> => {
  const { responseCode, adopt } = await mac.take({ cryptogram, checkValue })
  if (responseCode === '00') adopt()
  return responseCode
}
// Two apart: the lowest bit of a DES byte is parity, and says nothing.
const [first, second, third] = [keyOf(2), keyOf(4), keyOf(6)]

test('a key is kept as it came before it is used; the same again is a yes, an older one a no', async () => {
  const { id, mac } = await aLink()
  assert.equal(mac.ready(), false)
  assert.equal(mac.seal(vector), undefined)
  assert.equal(await take(mac, first), '00')
  assert.deepEqual(Buffer.from(mac.seal(vector) ?? ''), Buffer.from(first.sealed))
  assert.equal(await take(mac, second), '00')
  assert.equal(await take(mac, second), '00')
  assert.equal(await take(mac, first), '63')
  assert.deepEqual(Buffer.from(mac.seal(vector) ?? ''), Buffer.from(second.sealed))
  const rows = await db`select cryptogram, check_value from link_key where link_id = ${id} order by key_no`
  assert.deepEqual(
    rows.map(({ cryptogram, check_value }) => [cryptogram, check_value]),
    [first, second].map(({ cryptogram, checkValue }) => [cryptogram, checkValue]),
  )
})

test('a key is used only after it was answered: until then the one before makes the MACs', async () => {
  const { mac } = await aLink()
  await take(mac, first)
  const { adopt } = await mac.take(second)
  assert.deepEqual(Buffer.from(mac.seal(vector) ?? ''), Buffer.from(first.sealed))
  adopt()
  assert.deepEqual(Buffer.from(mac.seal(vector) ?? ''), Buffer.from(second.sealed))
})

test('the key before is good for what is on its way, for as long as the profile says', async () => {
  const { mac, clock } = await aLink()
  await take(mac, first)
  await take(mac, second)
  assert.deepEqual(
    [mac.prove(first.sealed), mac.prove(second.sealed), mac.prove(third.sealed)],
    ['good', 'good', 'bad'],
  )
  clock.advance(59_000)
  assert.equal(mac.prove(first.sealed), 'good')
  clock.advance(1_100)
  assert.deepEqual([mac.prove(first.sealed), mac.prove(second.sealed)], ['bad', 'good'])
})

test('a restart knows the key, and the one before while it is good; so does another process that takes the link over', async () => {
  const { mac, again, clock } = await aLink()
  await take(mac, first)
  await take(mac, second)
  const next = again()
  assert.equal(next.ready(), false)
  await next.load()
  assert.ok(next.ready())
  assert.deepEqual([next.prove(first.sealed), next.prove(second.sealed)], ['good', 'good'])
  clock.advance(61_000)
  const late = again()
  await late.load()
  assert.deepEqual([late.prove(first.sealed), late.prove(second.sealed)], ['bad', 'good'])
})

test('what does not open under the ZMK is not taken and not kept, and a stored key that does not is as if there were none', async () => {
  const { id, mac, again } = await aLink()
  assert.equal(await take(mac, { ...first, checkValue: 'FFFFFF' }), '63')
  assert.equal((await db`select from link_key where link_id = ${id}`).length, 0)
  await take(mac, first)
  const other = again(softCustody(profile, Buffer.from('00FFEEDDCCBBAA998877665544332211', 'hex')))
  await other.load()
  assert.equal(other.ready(), false)
})

test('without a lease, or with one that somebody else has, nothing is kept: the switch is told to try again', async () => {
  const { id, mac, lease } = await aLink()
  lease.epoch = undefined
  assert.equal(await take(mac, first), '96')
  lease.epoch = 2
  assert.equal(await take(mac, first), '96')
  assert.equal((await db`select from link_key where link_id = ${id}`).length, 0)
  lease.epoch = 1
  assert.equal(await take(mac, first), '00')
})

test('a store of keys that is away is no reason to end, nor to take anything', async () => {
  const { mac } = await aLink({
    open: async () => {
      throw new Error('the module is away')
    },
  })
  assert.equal(await take(mac, first), '96')
  await mac.load()
  assert.equal(mac.ready(), false)
})

test('bad ones in a row make the key doubted, a good one between does not; a new key, or time, ends the doubt', async () => {
  const { mac, clock } = await aLink()
  await take(mac, first)
  const bad = () => mac.prove(third.sealed)
  for (const prove of [bad, bad, () => mac.prove(first.sealed), bad, bad]) {
    prove()
    assert.equal(mac.lostFaith(), false)
  }
  bad()
  assert.equal(mac.lostFaith(), true)
  assert.equal(mac.lostFaith(), false, 'told once')
  assert.equal(mac.ready(), false)
  assert.equal(mac.prove(first.sealed), 'good', 'what it proves it still proves')
  clock.advance(profile.iso.netMgmt.logonRetryMs + 1)
  assert.ok(mac.ready())
  for (let i = 0; i < 3; i += 1) bad()
  assert.equal(mac.lostFaith(), true)
  await take(mac, second)
  assert.ok(mac.ready())
})

test('keys that come at once are taken one after the other, in their order', async () => {
  const { mac, again } = await aLink()
  const taken = await Promise.all([first, second, third].map((key) => mac.take(key)))
  for (const { adopt } of taken) adopt()
  assert.deepEqual(Buffer.from(mac.seal(vector) ?? ''), Buffer.from(third.sealed))
  const next = again()
  await next.load()
  assert.deepEqual(Buffer.from(next.seal(vector) ?? ''), Buffer.from(third.sealed))
})

test('the table is of the hub alone, and nothing in it can be changed', async () => {
  await assert.rejects(db`update link_key set check_value = '000000'`)
  await assert.rejects(db`delete from link_key`)
  await assert.rejects(
    db.begin(async (tx) => {
      await tx`set local role turant_tenant`
      await tx`select from link_key`
    }),
    /permission denied/,
  )
})
