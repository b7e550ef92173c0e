import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultProfile, type IsoProfile, type MacAlgorithm, type MacProfile } from '../profile.ts'
import { createIsoDialect } from './dialect.ts'
import { aesMac, checkValueOf, isZmk, retailMac, softKey, unwrapKey, wrapKey } from './mac.ts'
import { createMacPlace, withoutMacTag } from './mac-place.ts'

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex')
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1')

// --- standard vectors -----------------------------------------------------------------------------------------------

/** @source ISO/IEC 9797-1:2011, Annex B.4 (algorithm 3, padding method 1); the first is also that of ANSI X9.19 */
const retail = [
  ['Now is the time for all ', 'a1c72e74ea3fa9b6'],
  ['Now is the time for it', '2e2b1428cc78254f'],
] as const

for (const [text, mac] of retail) {
  test(`ISO 9797-1 algorithm 3 of "${text}"`, () => {
    assert.equal(toHex(retailMac(hex('0123456789ABCDEFFEDCBA9876543210'), ascii(text))), mac)
  })
}

/** @source NIST SP 800-38B, D.1 (AES-128); the same as RFC 4493, section 4. Eight bytes of each. */
const block =
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710'
const cmacs = [
  [0, 'bb1d6929e9593728'],
  [16, '070a16b46b4d4144'],
  [40, 'dfa66747de9ae630'],
  [64, '51f0bebf7e3b9d92'],
] as const

for (const [length, mac] of cmacs) {
  test(`AES-CMAC of SP 800-38B and RFC 4493 over ${length} bytes`, () => {
    assert.equal(toHex(aesMac(hex('2b7e151628aed2a6abf7158809cf4f3c'), hex(block).subarray(0, length))), mac)
  })
}

test('CMAC under AES-256, as SP 800-38B has it, for keys that wrap', () => {
  const key = hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4')
  assert.equal(toHex(aesMac(key, hex(block).subarray(0, 16))), '28a7023f452e8f82')
})

// --- keys -----------------------------------------------------------------------------------------------------------

// Wrapped and checked with the openssl program, by hand.
const zmk = hex('112233445566778899AABBCCDDEEFF00')
const byHand = [
  ['iso9797-1-alg3-pad1', '0123456789ABCDEFFEDCBA9876543210', '034F9AA584C80FB6981BF2412B02777E', '08D7B4FB629D0885'],
  ['aes-cmac', '2B7E151628AED2A6ABF7158809CF4F3C', '39462BF0E5CE94D7825CA40392598088', '7AD386C3760FB349'],
] as const

for (const [algorithm, key, cryptogram, checkValue] of byHand) {
  test(`a working key for ${algorithm} opens under its ZMK and no other, with its check value and no other`, () => {
    assert.equal(checkValueOf(algorithm, hex(key)), checkValue)
    assert.deepEqual(wrapKey(algorithm, zmk, hex(key)), { cryptogram, checkValue: checkValue.slice(0, 6) })
    for (const length of [6, 8, 16]) {
      const opened = unwrapKey(algorithm, zmk, { cryptogram, checkValue: checkValue.slice(0, length).toLowerCase() })
      assert.equal(toHex(opened ?? hex('')), key.toLowerCase())
    }
    const refused = [
      { cryptogram, checkValue: '000000' },
      { cryptogram, checkValue: checkValue.slice(0, 4) },
      { cryptogram, checkValue: '' },
      { cryptogram: cryptogram.slice(0, 16), checkValue },
      { cryptogram: `${cryptogram.slice(16)}${cryptogram.slice(0, 16)}`, checkValue },
      { cryptogram: '', checkValue },
    ]
    for (const wrapped of refused) assert.equal(unwrapKey(algorithm, zmk, wrapped), undefined)
    assert.equal(unwrapKey(algorithm, hex('00FFEEDDCCBBAA998877665544332211'), { cryptogram, checkValue }), undefined)
  })
}

test('a working key that is single DES twice is refused, also when only parity tells the halves apart', () => {
  for (const single of ['0123456789ABCDEF0123456789ABCDEF', '0123456789ABCDEF0022446688AACCEE']) {
    const wrapped = wrapKey('iso9797-1-alg3-pad1', zmk, hex(single))
    assert.equal(unwrapKey('iso9797-1-alg3-pad1', zmk, wrapped), undefined)
    assert.equal(isZmk('iso9797-1-alg3-pad1', hex(single)), false)
  }
})

// --- messages -------------------------------------------------------------------------------------------------------

type Vector = {
  readonly name: string
  readonly algorithm: MacAlgorithm
  readonly carrier: MacProfile['carrier']
  readonly key: string
  readonly plain: string
  readonly input: string
  readonly mac: string
  readonly hex: string
}

const folder = new URL('../../../test/vectors/mac/', import.meta.url)
const vectors = readdirSync(folder).map(
  (file): Vector => ({ name: file.slice(0, -5), ...JSON.parse(readFileSync(new URL(file, folder), 'utf8')) }),
)

const isoWith = (mac: Partial<MacProfile>, wire: Partial<IsoProfile> = {}): IsoProfile => ({
  ...defaultProfile.iso,
  ...wire,
  mac: { ...defaultProfile.iso.mac, enabled: true, ...mac },
})

test('there are vectors made by hand, for each algorithm and each place', () => {
  assert.equal(vectors.length, 16)
})

for (const vector of vectors) {
  const { algorithm, carrier } = vector
  const place = createMacPlace(isoWith({ algorithm, carrier }))
  const key = softKey(algorithm, hex(vector.key))
  test(`vector ${vector.name}: what the hub writes, and what it takes`, () => {
    const seen: string[] = []
    const spy = {
      mac: (input: Uint8Array) => {
        seen.push(toHex(input))
        return key.mac(input)
      },
    }
    assert.equal(toHex(place.add(hex(vector.plain), spy)), vector.hex)
    assert.deepEqual(seen, [vector.input])
    assert.equal(toHex(key.mac(hex(vector.input))), vector.mac)
    assert.equal(place.check(hex(vector.hex), [key]), 'good')
    assert.equal(place.check(hex(vector.plain), [key]), 'missing')
    assert.equal(toHex(place.add(hex(vector.hex), key)), vector.hex, 'a MAC takes the place of the one before')
  })

  test(`vector ${vector.name}: no other key, and no key at all, proves it; the key before does while it is known`, () => {
    const other = softKey(algorithm, hex('00112233445566778899AABBCCDDEEFF'))
    assert.equal(place.check(hex(vector.hex), [other]), 'bad')
    assert.equal(place.check(hex(vector.hex), []), 'bad')
    assert.equal(place.check(hex(vector.hex), [other, key]), 'good')
  })

  test(`vector ${vector.name}: every flipped bit under the MAC shows, and every flipped bit of the MAC`, () => {
    const whole = hex(vector.hex)
    const dialect = createIsoDialect({ ...defaultProfile, iso: isoWith({ algorithm, carrier }) })
    let unproved = 0
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const flipped = Uint8Array.from(whole)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      let decodes = true
      try {
        dialect.decode(flipped, 0)
      } catch {
        decodes = false
      }
      if (!decodes) continue
      // Hex digits have two cases: another letter for the same MAC is the same MAC.
      const proof = place.check(flipped, [key])
      if (proof === 'good') {
        assert.equal(carrier, '48.099', `bit ${bit}`)
        const before = dialect.decode(whole, 0)
        const after = dialect.decode(flipped, 0)
        for (const name of ['rrn', 'stan', 'amountPaise', 'responseCode', 'kind'] as const) {
          assert.deepEqual(Reflect.get(after, name), Reflect.get(before, name), `bit ${bit} changes ${name}`)
        }
      } else unproved += 1
    }
    assert.ok(unproved > 50)
  })
}

test('on every wire, and beside other tags of DE 48, what is added is found, and nothing else changes', () => {
  for (const numeric of ['ascii', 'bcd'] as const) {
    for (const bitmap of ['binary', 'hex'] as const) {
      for (const lengths of ['ascii', 'bcd'] as const) {
        for (const carrier of ['48.099', '64/128'] as const) {
          const iso = isoWith({ carrier }, { numeric, bitmap, lengths })
          const dialect = createIsoDialect({ ...defaultProfile, iso })
          const usual = createIsoDialect(defaultProfile)
          const place = createMacPlace(iso)
          const key = softKey('iso9797-1-alg3-pad1', hex('0123456789ABCDEFFEDCBA9876543210'))
          for (const { plain } of vectors.filter(({ name }) => name.endsWith('retail-tag'))) {
            const meant = usual.decode(hex(plain), 0)
            if (meant.kind !== 'fundTransferRequest' && meant.kind !== 'verificationRequest') continue
            const sent = dialect.encode(meant)
            const sealed = place.add(sent, key)
            assert.equal(place.check(sealed, [key]), 'good')
            assert.deepEqual(dialect.decode(sealed, 0), meant)
            const answer = dialect.answer(sealed, meant, { responseCode: '00', registeredName: 'A' })
            assert.equal(place.check(answer, [key]), 'missing', 'an answer does not repeat the MAC of its request')
            assert.equal(place.check(place.add(answer, key), [key]), 'good')
          }
        }
      }
    }
  }
})

test('DE 48 keeps its other tags, in order; what is no tag goes', () => {
  assert.equal(withoutMacTag('001003abc0990160123456789ABCDEF002001x'), '001003abc002001x')
  assert.equal(withoutMacTag('0990160123456789ABCDEF'), '')
  assert.equal(withoutMacTag('001003abcrubbish'), '001003abc')
  assert.equal(withoutMacTag('099999'), '')
  fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (text) => withoutMacTag(text).length <= text.length))
})

test('two tags 099, a short one, or DE 48 that is no list of tags are no MAC', () => {
  const [vector] = vectors.filter(({ name }) => name === 'response-approved-retail-tag')
  assert.ok(vector)
  const iso = isoWith({})
  const place = createMacPlace(iso)
  const key = softKey('iso9797-1-alg3-pad1', hex(vector.key))
  const mac = vector.mac.toUpperCase()
  const whole = Buffer.from(vector.hex, 'hex').toString('latin1')
  const said = `022099016${mac}`
  const instead = (text: string) => ascii(whole.replace(said, String(text.length).padStart(3, '0') + text))
  assert.equal(place.check(instead(`099016${mac}`), [key]), 'good')
  assert.equal(place.check(instead(`001001x099016${mac}`), [key]), 'good')
  for (const text of [
    `099016${mac}099016${mac}`,
    `099014${mac.slice(2)}`,
    `099016${mac}x`,
    `098016${mac}`,
    `${mac}`,
    `099016${'G'.repeat(16)}`,
    `099000`,
  ]) {
    assert.notEqual(place.check(instead(text), [key]), 'good', text)
  }
})
