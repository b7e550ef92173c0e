import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultProfile, onWire, parseProfile, scaleTimers } from './profile.ts'
import { SettingError } from './settings-reader.ts'

const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part))
type Json = { [key: string]: Json } & Json[]
const whole = (): Json => JSON.parse(toJson(defaultProfile))
const identity = () => ({ iso: { links: whole().iso?.links }, institutions: whole().institutions })
const isoOnly = { ...defaultProfile.xml, enabled: false }

test('the default profile is a profile, and survives its own JSON', () => {
  assert.deepEqual(parseProfile(whole()), defaultProfile)
  assert.deepEqual(parseProfile(toJson(defaultProfile)), defaultProfile)
})

test('what is left out is the default; who the hub is and where the switch is must be said', () => {
  const parsed = parseProfile(identity())
  assert.deepEqual(parsed, { ...defaultProfile, sandboxNbins: false, xml: isoOnly })
  assert.throws(() => parseProfile({}), /profile\.iso is missing/)
  assert.throws(() => parseProfile({ iso: { links: whole().iso?.links } }), /profile\.institutions is missing/)
})

test('a profile without an xml section speaks ISO 8583 and nothing else', () => {
  assert.equal(parseProfile(identity()).xml.enabled, false)
  assert.equal(parseProfile({ ...identity(), xml: { host: 'imps.npci.example' } }).xml.enabled, true)
})

test('another wire is one that the profile has a section for', () => {
  assert.equal(onWire(defaultProfile, 'xml').wire, 'xml')
  assert.throws(() => onWire(parseProfile(identity()), 'xml'), /^SettingError: profile\.xml is missing$/)
  const onlyXml = { wire: 'xml', xml: { host: 'imps.npci.example' }, institutions: whole().institutions }
  assert.throws(() => onWire(parseProfile(onlyXml), 'iso8583'), /profile\.iso is missing/)
})

test('an xml section that only names the host has the defaults for all else', () => {
  const { xml } = parseProfile({ ...identity(), xml: { host: 'imps.npci.example' } })
  assert.deepEqual(xml, { ...defaultProfile.xml, host: 'imps.npci.example' })
})

test('a profile that sends and receives XML alone needs no iso section, and has no ISO links', () => {
  const parsed = parseProfile({ wire: 'xml', xml: { host: 'imps.npci.example' }, institutions: whole().institutions })
  assert.deepEqual(parsed.iso, { ...defaultProfile.iso, links: [] })
  assert.equal(parsed.wire, 'xml')
})

test('an institution may have a wire of its own for each direction', () => {
  const [first, ...rest] = whole().institutions ?? []
  const institutions = [{ ...first, wire: { outward: 'xml' } }, ...rest]
  const [parsed, other] = parseProfile({ ...identity(), xml: { host: 'h' }, institutions }).institutions
  assert.deepEqual(parsed?.wire, { outward: 'xml' })
  assert.equal(other?.wire, undefined)
})

test('the sandbox has 40 institutions, each with codes and numbers of its own', () => {
  assert.equal(defaultProfile.institutions.length, 40)
  for (const key of ['code', 'nbin', 'ifscPrefix', 'remitterBank', 'bank3'] as const) {
    assert.equal(new Set(defaultProfile.institutions.map((row) => row[key])).size, 40, key)
  }
})

/** The default profile with one setting changed, by path. */
function changed(path: string, value: unknown): unknown {
  const root = whole()
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  let at: Json = root
  for (const key of keys) at = at[key] as Json
  if (value === undefined) delete at[last]
  else at[last] = value as Json
  return root
}

const wrong: readonly (readonly [path: string, value: unknown, says: RegExp])[] = [
  ['extra', 1, /^profile\.extra is not a setting/],
  ['iso.lenghtHeader', 'binary2', /^profile\.iso\.lenghtHeader is not a setting/],
  ['two\nlines', 1, /^profile\."two\\nlines" is not a setting/],
  ['iso', [], /^profile\.iso must be an object, not \[\]$/],
  ['iso', null, /^profile\.iso must be an object, not null$/],
  ['iso.lengthHeader', 'binary4', /^profile\.iso\.lengthHeader must be "binary2" or "ascii4", not "binary4"$/],
  ['iso.bitmap', true, /^profile\.iso\.bitmap must be/],
  ['iso.mac', { enabled: true }, /^profile\.iso\.links\[0\]\.zmk is missing: mac is enabled$/],
  ['iso.mac.enabled', 'yes', /^profile\.iso\.mac\.enabled must be/],
  ['iso.mac.algorithm', 'hmac', /^profile\.iso\.mac\.algorithm must be "iso9797-1-alg3-pad1" or "aes-cmac"/],
  ['iso.mac.carrier', '53', /^profile\.iso\.mac\.carrier must be/],
  ['iso.mac.fields', [0, 4, 11, 39], /^profile\.iso\.mac\.fields: DE 37 must be among them$/],
  ['iso.mac.fields', [0, 4, 11, 37, 39, 48], /^profile\.iso\.mac\.fields: DE 48 is not under its own MAC$/],
  ['iso.mac.fields', [0, 4, 4, 11, 37, 39], /^profile\.iso\.mac\.fields: DE "4" is there twice$/],
  ['iso.mac.maxBad', 0, /^profile\.iso\.mac\.maxBad must be/],
  ['iso.mac.badRequestCode', '6', /^profile\.iso\.mac\.badRequestCode must be/],
  ['iso.links.0.zmk', '/etc/key', /^profile\.iso\.links\[0\]\.zmk must be the name of a file/],
  ['iso.links.0.zmk', '../key', /^profile\.iso\.links\[0\]\.zmk must be/],
  ['iso.links.0.tls', {}, /^profile\.iso\.links\[0\]\.tls\.ca is missing$/],
  ['iso.links.0.tls', { ca: 'ca.crt', cert: 'tls.crt' }, /^profile\.iso\.links\[0\]\.tls: cert and key go together$/],
  ['iso.links.0.tls', { ca: 'ca.crt', pin: 'abc' }, /^profile\.iso\.links\[0\]\.tls\.pin must be a SHA-256/],
  ['iso.de3', 900000, /^profile\.iso\.de3 must be a string of 6 digits/],
  ['iso.de3', '90000', /^profile\.iso\.de3 must be/],
  ['iso.maxFrameBytes', 100_000, /^profile\.iso\.maxFrameBytes must be a whole number from 512 to 9999/],
  ['iso.maxFrameBytes', '4096', /^profile\.iso\.maxFrameBytes must be/],
  ['iso.links', [], /^profile\.iso\.links must be a list of 1 to 64/],
  ['iso.links.0.role', 'issuer', /^profile\.iso\.links\[0\]\.role must be/],
  ['iso.links.0.port', 0, /^profile\.iso\.links\[0\]\.port must be/],
  ['iso.links.0.port', 7601.5, /^profile\.iso\.links\[0\]\.port must be/],
  ['iso.links.1.id', 'npci-remitter', /^profile\.iso\.links: id "npci-remitter" is there twice$/],
  ['iso.links.1.host', undefined, /^profile\.iso\.links\[1\]\.host is missing$/],
  ['iso.links.1.host', 'a\nb', /^profile\.iso\.links\[1\]\.host must be/],
  ['iso.types.p2p', '48', /^profile\.iso\.types: type "48" is there twice$/],
  ['iso.stripFromResponse', [14, 37], /^profile\.iso\.stripFromResponse: DE 37 must be echoed$/],
  ['iso.netMgmt.echoMs', -1, /^profile\.iso\.netMgmt\.echoMs must be/],
  ['iso.netMgmt.echoMs', null, /^profile\.iso\.netMgmt\.echoMs must be/],
  ['iso.location.address', 'x'.repeat(24), /^profile\.iso\.location\.address must be 1 to 23/],
  ['wire', 'soap', /^profile\.wire must be "iso8583" or "xml", not "soap"$/],
  ['xml.enabled', false, /^profile\.xml\.enabled must be true/],
  ['xml.host', undefined, /^profile\.xml\.host is missing$/],
  ['xml.host', 'https://x', /^profile\.xml\.host must be a host name or address/],
  ['xml.id', 'npci-remitter', /^profile\.xml\.id: npci-remitter is a link of iso$/],
  ['xml.urls.default', 'http://{host}/{api}', /^profile\.xml\.urls\.default must be an https URL/],
  ['xml.urls.default', 'https://{host}/{apii}', /^profile\.xml\.urls\.default must be an https URL/],
  ['xml.urls.ReqCollect', 'https://{host}', /^profile\.xml\.urls\.ReqCollect is not a setting/],
  ['xml.callback.port', 65_536, /^profile\.xml\.callback\.port must be/],
  ['xml.namespace', 'a"b', /^profile\.xml\.namespace must be the URI of a namespace/],
  ['xml.ver', '2', /^profile\.xml\.ver must be a version/],
  ['xml.ackMs', 0, /^profile\.xml\.ackMs must be/],
  ['xml.responseMs', 4_000, /^profile\.xml\.responseMs must be no less than ackMs, not 4000$/],
  ['xml.responseMs', 60_000, /^profile\.timers\.verifyAtMs must be no earlier than xml\.responseMs/],
  ['xml.maxDepth', 4, /^profile\.xml\.maxDepth must be a whole number from 8 to 64/],
  ['xml.maxBytes', 100, /^profile\.xml\.maxBytes must be/],
  ['xml.severalAccountsCode', 'mt', /^profile\.xml\.severalAccountsCode must be/],
  ['institutions.3.wire', { outward: 'soap' }, /^profile\.institutions\[3\]\.wire\.outward must be/],
  ['institutions.3.wire', 'xml', /^profile\.institutions\[3\]\.wire must be an object/],
  ['institutions.3.bank3', 'TRN', /^profile\.institutions: bank3 "TRN" is there twice$/],
  ['timers.responseMs', 1e12, /^profile\.timers\.responseMs must be/],
  ['timers.responseMs', 57_000, /^profile\.timers\.verifyAtMs must be no earlier than responseMs/],
  ['timers.verifyAtMs', [56_000, 56_000], /^profile\.timers\.verifyAtMs must be a list of rising times/],
  ['timers.verifyAtMs', [], /^profile\.timers\.verifyAtMs must be a list of 1 to 10/],
  ['channelMap.fax', {}, /^profile\.channelMap\.fax is not a setting/],
  [
    'channelMap.mobile',
    { merchantType: '481', entryMode: '019' },
    /^profile\.channelMap\.mobile\.merchantType must be/,
  ],
  ['limits.perPaymentPaise', 50_000_000, /^profile\.limits\.perPaymentPaise must be a string of digits in paise/],
  ['limits.perPaymentPaise', '0', /^profile\.limits\.perPaymentPaise must be/],
  ['limits.perPaymentPaise', '-5', /^profile\.limits\.perPaymentPaise must be/],
  ['limits.channelPaise', { sms: 1 }, /^profile\.limits\.channelPaise\.sms must be/],
  ['institutions', [], /^profile\.institutions must be a list/],
  ['institutions.3.nbin', '7001', /^profile\.institutions: nbin "7001" is there twice$/],
  ['institutions.3.ifscPrefix', 'qtab', /^profile\.institutions\[3\]\.ifscPrefix must be/],
  ['institutions.3.remitterBank', '123456789012', /^profile\.institutions\[3\]\.remitterBank must be/],
  ['banks', [{ code: 'HDFC', nbin: '92' }], /^profile\.banks\[0\]\.nbin must be/],
  ['banks', [{ code: 'HDFC' }, { code: 'HDFC' }], /^profile\.banks: code "HDFC" is there twice$/],
  [
    'responseCodes',
    [{ code: '91', class: 'technicalDecline', action: 'reverse' }],
    /^profile\.responseCodes\[0\]: 91 is/,
  ],
  ['responseCodes', [{ code: '08', class: 'declined', action: 'ask' }], /^profile\.responseCodes\[0\]\.class must be/],
  ['responseCodes', [{ code: '08', class: 'unknown', action: 'ask', from: '1 Jan' }], /\[0\]\.from must be a day/],
]

for (const [path, value, says] of wrong) {
  test(`a profile whose ${path} is ${JSON.stringify(value)?.slice(0, 40)} is refused by name, in one line`, () => {
    assert.throws(
      () => parseProfile(changed(path, value)),
      (error) => {
        assert.ok(error instanceof SettingError)
        assert.match(error.message, says)
        assert.ok(!error.message.includes('\n'))
        return true
      },
    )
  })
}

test('a wire that carries something and has no section is refused by name', () => {
  const { iso, institutions } = identity()
  assert.throws(() => parseProfile({ iso, institutions, wire: 'xml' }), /^SettingError: profile\.xml is missing$/)
  const [first, ...rest] = institutions ?? []
  const mixed = [{ ...first, wire: { inward: 'iso8583' } }, ...rest]
  assert.throws(
    () => parseProfile({ wire: 'xml', xml: { host: 'h' }, institutions: mixed }),
    /profile\.iso is missing$/,
  )
})

test('banks that share the first three characters of their ids may do so on ISO 8583 alone', () => {
  const { iso, institutions } = identity()
  const [first, second] = institutions ?? []
  const shared = { iso, institutions: [first, { ...second, bank3: 'TRN' }] }
  assert.equal(parseProfile(shared).institutions.length, 2)
  assert.throws(() => parseProfile({ ...shared, xml: { host: 'h' } }), /bank3 "TRN" is there twice/)
})

test('whatever is given, a profile is read or refused in one line; nothing else is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.jsonValue()), (json) => {
      assert.throws(
        () => parseProfile(json),
        (error) => error instanceof SettingError && !error.message.includes('\n'),
      )
    }),
  )
})

test('a timer scale of 0.05 makes every timer 20 times shorter and changes nothing else', () => {
  const fast = scaleTimers(defaultProfile, 0.05)
  assert.deepEqual(fast.timers, {
    responseMs: 2_000,
    verifyAtMs: [2_800, 3_300, 3_800],
    thenMs: [15_000, 45_000, 90_000, 180_000],
    connectMs: 500,
    heldMs: 45_000,
  })
  assert.deepEqual(fast.iso.netMgmt, { echoMs: 9_000, replyMs: 750, logonFirstRetryMs: 250, logonRetryMs: 15_000 })
  const { ackMs, responseMs, enquiryMs, heartbeatMs, directoryMs } = fast.xml
  assert.deepEqual(
    { ackMs, responseMs, enquiryMs, heartbeatMs, directoryMs },
    { ackMs: 250, responseMs: 2_750, enquiryMs: 500, heartbeatMs: 9_000, directoryMs: 4_320_000 },
  )
  assert.equal(fast.xml.skewMs, defaultProfile.xml.skewMs)
  assert.equal(fast.iso.mac.oldKeyMs, 15_000)
  const { timers, iso, xml } = defaultProfile
  const { netMgmt, mac } = iso
  assert.deepEqual({ ...fast, timers, iso: { ...fast.iso, netMgmt, mac }, xml }, defaultProfile)
})

test('no scale makes a timer zero, and a scale that is none is refused', () => {
  assert.equal(scaleTimers(defaultProfile, 1e-9).timers.responseMs, 1)
  for (const factor of [0, -1, Number.NaN, 4, Number.POSITIVE_INFINITY]) {
    assert.throws(() => scaleTimers(defaultProfile, factor), SettingError)
  }
})
