import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testVault } from '../../test/support/vault.ts'
import { accountIdOf, must, parseAccountNumber, parseIfsc, parseMmid, parseMobile } from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { type Outbound, OutboundFault, type OutboundRequest } from '../base/outbound.ts'
import type { RiskQuestion } from '../payment/risk.ts'
import { createOutsideEngine } from './outside.ts'

const question: RiskQuestion = {
  tenantId: 1,
  accountId: accountIdOf(100_001),
  to: {
    kind: 'account',
    ifsc: must(parseIfsc('HDFC0000123'), 'IFSC'),
    account: must(parseAccountNumber('50100123456789'), 'account'),
    name: 'Asha Devi',
  },
  channel: 'mobile',
  amountPaise: paise(150_000n),
}
const toMobile: RiskQuestion = {
  ...question,
  to: { kind: 'mmid', mobile: must(parseMobile('9876543210'), 'mobile'), mmid: must(parseMmid('9229123'), 'MMID') },
}
const said = { kind: 'review', reasons: ['known_mule'], ruleSet: 'vendor/1' }

/** An engine that answers what it is told to, and what it was asked. */
function engineOf(status: number, body: string) {
  const asked: OutboundRequest[] = []
  const outbound: Outbound = {
    async send(request) {
      asked.push(request)
      if (status === 0) throw new OutboundFault('timeout', true)
      return { status, headers: {}, body }
    },
    check: (url) => new URL(url),
    close: async () => undefined,
  }
  const url = 'https://risk.example/judge'
  const port = createOutsideEngine({ outbound, url, key: 'a-key-of-the-engine', vault: testVault, timeoutMs: 50 })
  return { asked, assess: (about: RiskQuestion) => port.assess(about, new AbortController().signal) }
}

test('one question, one verdict, with what the engine needs to recognise a beneficiary and nothing that names one', async () => {
  const { asked, assess } = engineOf(200, JSON.stringify({ ...said, more: 'ignored' }))
  assert.deepEqual(await assess(question), said)
  await assess({ ...question, amountPaise: paise(1n) })
  await assess(toMobile)
  const bodies = asked.map(({ body }) => JSON.parse(String(body)))
  assert.deepEqual(
    { ...bodies[0], beneficiary: undefined },
    { tenant: 1, account: 'acc_100001', channel: 'mobile', amount: '150000', beneficiary: undefined },
  )
  assert.equal(bodies[0].beneficiary.bank, 'HDFC')
  assert.equal(bodies[0].beneficiary.token, bodies[1].beneficiary.token)
  assert.notEqual(bodies[0].beneficiary.token, bodies[2].beneficiary.token)
  for (const { body, headers } of asked) {
    assert.doesNotMatch(String(body), /50100123456789|9876543210|Asha/)
    assert.equal(headers?.authorization, 'Bearer a-key-of-the-engine')
  }
  assert.ok(!JSON.stringify(bodies[0]).includes(testVault.index('account', '50100123456789')))
})

for (const [status, body] of [
  [500, JSON.stringify(said)],
  [302, JSON.stringify(said)],
  [200, ''],
  [200, '{'],
  [200, 'null'],
  [200, JSON.stringify({ ...said, kind: 'fine' })],
  [200, JSON.stringify({ ...said, reasons: ['Asha Devi is a mule'] })],
  [0, ''],
] as const) {
  test(`no verdict is made of an answer ${status} ${body.slice(0, 60)}`, async () => {
    await assert.rejects(engineOf(status, body).assess(question))
  })
}
