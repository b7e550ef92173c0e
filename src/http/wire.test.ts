import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { must, parseAccountNumber, parseMmid, parseMobile, parseRrn, parseStan } from '../base/identifiers.ts'
import { createIsoDialect } from '../imps/iso8583/dialect.ts'
import { defaultProfile } from '../imps/profile.ts'
import { createServer, type Server } from './server.ts'

const hub = createFakeHub()
const dialect = createIsoDialect(defaultProfile)
let server: Server
before(async () => {
  server = await createServer(hub.deps)
})
after(() => server.close())

const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 50,
})
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
const to = fc.oneof(
  fc.record({
    kind: fc.constant('account'),
    ifsc: digits(6).map((branch) => `HDFC0${branch}`),
    account: fc.string({ unit: fc.constantFrom(...'09AZaz'), minLength: 1, maxLength: 30 }),
    name: printable,
  }),
  fc.record({ kind: fc.constant('mmid'), mobile: digits(9).map((rest) => `9${rest}`), mmid: digits(7) }),
)

// Goal: nothing that the front door lets in can fail to be written on the wire later, when its money is already held.
// Method: whatever the schemas accept, at the edges of every length, through the dialect of the default profile.
test('whatever payment is accepted can be written in the dialect of the link', async () => {
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(to, printable, fc.integer({ min: 1, max: 12 }), async (beneficiary, remarks, length) => {
      const answer = await server.app.inject({
        method: 'POST',
        url: '/v1/payments',
        headers: {
          authorization: `Bearer ${KEY}`,
          'content-type': 'application/json',
          'idempotency-key': `key-${accepted}`,
        },
        payload: JSON.stringify({ amount: '9'.repeat(length), from: 'acc_100001', to: beneficiary, remarks }),
      })
      assert.equal(answer.statusCode, 201, answer.body)
      const asked = hub.asked[accepted]
      assert.ok(asked)
      accepted += 1
      dialect.encode({
        kind: 'fundTransferRequest',
        rrn: must(parseRrn('632609000123'), 'RRN'),
        stan: must(parseStan('000123'), 'STAN'),
        remitterBank: '700001',
        amountPaise: asked.amountPaise,
        transmittedAt: Date.UTC(2026, 10, 22),
        channel: asked.channel,
        remitter: {
          name: 'A'.repeat(50),
          account: must(parseAccountNumber('70010000100000'), 'account'),
          mobile: must(parseMobile('9000000001'), 'mobile'),
          mmid: must(parseMmid('7001001'), 'MMID'),
        },
        beneficiary: asked.to,
        remarks,
      })
    }),
    { numRuns: 300 },
  )
})
