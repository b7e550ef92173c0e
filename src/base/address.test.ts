import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopback, isPublic, isWithin, parseNetwork } from './address.ts'

const networks: readonly (readonly [text: string, kept: string | undefined])[] = [
  ['203.0.113.7', '203.0.113.7/32'],
  ['203.0.113.0/24', '203.0.113.0/24'],
  ['2001:db8::1', '2001:db8::1/128'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['10.1/16', undefined],
  ['0x7f.0.0.1/8', undefined],
  ['2130706433', undefined],
  ['203.0.113.0/33', undefined],
  ['example.com', undefined],
  ['', undefined],
]
for (const [text, kept] of networks) {
  test(`the network ${JSON.stringify(text)} is ${kept ?? 'none'}`, () => assert.equal(parseNetwork(text), kept))
}
test('no address is within a network of the other kind', () => {
  assert.ok(!isWithin('::1', ['0.0.0.0/0']))
  assert.ok(!isWithin('127.0.0.1', ['::/0']))
  assert.ok(!isWithin('nonsense', ['0.0.0.0/0', '::/0']))
})

const open = [
  '8.8.8.8',
  '1.1.1.1',
  '52.95.110.1',
  '::ffff:8.8.8.8',
  '2606:4700:4700::1111',
  '2400:6180::1',
  '172.32.0.1',
  '100.128.0.1',
]
const closed = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '::',
  '::1',
  '::127.0.0.1',
  '::808:808',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::8.8.8.8',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:808:808::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'example.com',
  '',
]
test('what anybody may have is public; what is private, local, shared, reserved or an address in other clothes is not', () => {
  assert.deepEqual(
    open.filter((one) => !isPublic(one)),
    [],
  )
  assert.deepEqual(closed.filter(isPublic), [])
  assert.deepEqual([...open, ...closed].filter(isLoopback), [
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
  ])
})
