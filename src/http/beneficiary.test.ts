import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { must, parseMmid, parseMobile, parseNbin } from '../base/identifiers.ts'
import { createBankDirectory } from '../imps/banks.ts'
import { createServer, type Server } from './server.ts'

const hub = createFakeHub()
const directory = createBankDirectory({
  sandboxNbins: false,
  banks: [
    { code: 'HDFC', nbin: must(parseNbin('9240'), 'NBIN') },
    { code: 'SLOW', name: 'Slow Bank', nbin: must(parseNbin('9241'), 'NBIN'), takesImps: false },
  ],
  institutions: [],
})
let server: Server
before(async () => {
  server = await createServer({ ...hub.deps, directory })
})
after(() => server.close())

let keys = 0
const pay = (bank: string, carriesMobile = true, key?: string, amount = '5000') => {
  hub.carriesMobile = carriesMobile
  keys += 1
  return server.app.inject({
    method: 'POST',
    url: '/v1/payments',
    headers: {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'idempotency-key': key ?? `mobile-${keys}`,
    },
    payload: JSON.stringify({
      amount,
      from: 'acc_100001',
      to: { kind: 'mobile', mobile: '9876543210', bank },
    }),
  })
}

test('a mobile number and a bank become the default MMID of the bank, and are shown as they were asked for', async () => {
  const answer = await pay('HDFC')
  assert.equal(answer.statusCode, 201)
  assert.deepEqual(hub.asked.at(-1)?.to, { kind: 'mmid', mobile: '9876543210', mmid: '9240000', bank: 'HDFC' })
  assert.deepEqual(answer.json().to, { kind: 'mobile', mobile: '9876543210', bank: 'HDFC', registeredName: null })
})

const refused = [
  ['ZZZZ', 'ZZZZ is not a bank of the directory'],
  ['SLOW', 'Slow Bank does not take IMPS'],
  ['SBIN', 'the number (NBIN) of State Bank of India is not known to this hub'],
] as const
for (const [bank, why] of refused) {
  test(`a payment to ${bank} by mobile number is refused, and the reason is said: ${why}`, async () => {
    const before = hub.asked.length
    const answer = await pay(bank)
    assert.deepEqual([answer.statusCode, answer.json().code], [422, 'bank_not_reachable'])
    assert.deepEqual(answer.json().errors, [{ field: 'to.bank', message: `cannot be paid by mobile number: ${why}` }])
    assert.equal(hub.asked.length, before)
  })
}

test('a payment that was taken is given again when its bank can no longer be paid: a no would look as if nothing was paid', async () => {
  const first = await pay('HDFC', true, 'once')
  const again = async (amount?: string) => {
    const answer = await pay('HDFC', false, 'once', amount)
    return [answer.statusCode, answer.headers['idempotency-replayed'], answer.json().id ?? answer.json().code]
  }
  assert.deepEqual(await again(), [201, 'true', first.json().id])
  assert.deepEqual(await again('5001'), [422, undefined, 'key_reused'])
})

test('where the rail cannot ask for the name first, a mobile number and a bank are refused', async () => {
  const answer = await pay('HDFC', false)
  assert.deepEqual([answer.statusCode, answer.json().code], [422, 'not_available'])
  assert.equal(answer.json().errors[0].field, 'to.kind')
})

test('a mobile number with several accounts is told to the payer in words, and only for a default MMID', async () => {
  const { id } = (await pay('HDFC')).json()
  hub.move(id, { state: 'declined', responseCode: 'MT' })
  const read = (url: string) => server.app.inject({ url, headers: { authorization: `Bearer ${KEY}` } })
  const { status, reason } = (await read(`/v1/payments/${id}`)).json()
  assert.deepEqual(
    [status, reason.code, reason.source, reason.retryable, reason.raw],
    ['failed', 'several_accounts', 'beneficiary_bank', false, 'MT'],
  )
  assert.match(reason.message, /several accounts behind this mobile number/)
  hub.move(id, {
    beneficiary: {
      kind: 'mmid',
      mobile: must(parseMobile('9876543210'), 'mobile'),
      mmid: must(parseMmid('9240123'), 'MMID'),
    },
  })
  assert.equal((await read(`/v1/payments/${id}`)).json().reason.code, 'not_allowed')
})
