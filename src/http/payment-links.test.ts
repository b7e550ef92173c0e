import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askUntil } from '../../test/support/ask-until.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { pushInto } from '../../test/support/payment-links.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { testVault } from '../../test/support/vault.ts'
import { roles } from '../identity/rights.ts'
import { findLinkByToken } from '../payment-link/store.ts'
import { isVirtualNumber } from '../payment-link/virtual-account.ts'

const { db, url } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const t = await createTestRoom(url)
const { server, call } = await startRealServer(db, t.room, [
  { tenantId: 1, name: 'program' },
  { tenantId: 1, name: 'viewer', rights: roles.viewer },
  { tenantId: 2, name: 'program' },
])
after(() => Promise.all([server.close(), t.close()]))
const program = keyOf(1, 'program')
const merchant = await t.open()

const make = (body: object, key?: string) =>
  server.app.inject({
    method: 'POST',
    url: '/v1/payment-links',
    headers: {
      authorization: `Bearer ${program}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    payload: JSON.stringify({ account: merchant.id, ...body }),
  })

test('a link has a page and an account number of its own, and reads back as it was made', async () => {
  const answer = await make({ amount: '150000', reference: 'INV-42', description: 'Order 42: two books' })
  assert.equal(answer.statusCode, 201, answer.body)
  const link = answer.json()
  assert.match(link.id, /^lnk_[0-9a-f]{32}$/)
  assert.match(link.url, /^https:\/\/hub\.example\/pay\/[A-Za-z0-9_-]{22}$/)
  assert.equal(answer.headers.location, `/v1/payment-links/${link.id}`)
  assert.deepEqual(
    [link.status, link.amount, link.amountReceived, link.amountRemaining, link.partial, link.uses, link.lastPayment],
    ['open', '150000', '0', '150000', false, 'once', null],
  )
  assert.deepEqual([link.account, link.reference, link.description], [merchant.id, 'INV-42', 'Order 42: two books'])
  assert.equal(link.virtualAccount.ifsc, merchant.ifsc)
  assert.ok(isVirtualNumber(link.virtualAccount.accountNumber))
  assert.deepEqual((await call('get', `/v1/payment-links/${link.id}`, program)).body, link)
  assert.deepEqual((await call('get', `/v1/payment-links/${link.id}/payments`, program)).body.data, [])

  const found = await findLinkByToken(db, testVault, link.url.split('/').at(-1))
  assert.deepEqual([found?.link.id, found?.payee, found?.credits], [link.id, 'Ramesh Kumar', []])
  assert.equal(await findLinkByToken(db, testVault, 'A'.repeat(22)), undefined)
})

test('whoever reads links without a right to details still sees the number that is to be paid', async () => {
  const made = (await make({ amount: '100' })).json()
  const seen = await call('get', `/v1/payment-links/${made.id}`, keyOf(1, 'viewer'))
  assert.deepEqual(seen.body.virtualAccount, made.virtualAccount)
})

test('one key makes one link, also of twenty at once, and another body is refused', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => make({ amount: '7700' }, 'once')))
  assert.equal(new Set(answers.map((one) => one.json().id)).size, 1)
  assert.equal(answers.filter((one) => one.headers['idempotency-replayed'] === undefined).length, 1)
  const other = await make({ amount: '7701' }, 'once')
  assert.deepEqual([other.statusCode, other.json().code], [422, 'key_reused'])
})

const refused: readonly (readonly [object, string])[] = [
  [{ amount: 100 }, 'amount'],
  [{ amount: '0' }, 'amount'],
  [{ partial: true }, 'partial'],
  [{ amount: '100', partial: true, uses: 'many' }, 'partial'],
  [{ uses: 'twice' }, 'uses'],
  [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  [{ expiresAt: '2920-01-01T00:00:00Z' }, 'expiresAt'],
  [{ expiresAt: 'soon' }, 'expiresAt'],
  [{ returnUrl: 'javascript:alert(1)' }, 'returnUrl'],
  [{ returnUrl: 'http://shop.example/' }, 'returnUrl'],
  [{ returnUrl: 'https://shop@evil.example/' }, 'returnUrl'],
  [{ description: '' }, 'description'],
  [{ description: 'x'.repeat(201) }, 'description'],
  [{ account: 'acc_0' }, 'account'],
  [{ status: 'paid' }, 'status'],
]
test('what cannot be asked for is refused, and the field is named', async () => {
  for (const [body, field] of refused) {
    const { statusCode, body: text } = await make(body)
    const { code, errors } = JSON.parse(text)
    assert.deepEqual([statusCode, code, errors[0].field], [400, 'invalid_request', field], text)
  }
  const theirs = await call('post', '/v1/payment-links', keyOf(2, 'program'), { account: merchant.id, amount: '1' })
  assert.deepEqual([theirs.status, theirs.body.code], [422, 'account_not_found'])
  const frozen = await t.open()
  await db`update account set status = 'frozen' where account_id = ${frozen.id.slice(4)}`
  assert.equal((await make({ account: frozen.id })).json().code, 'account_frozen')
})

test('a link is cancelled once, the same again, and not when it has expired', async () => {
  const made = (await make({ amount: '100' })).json()
  const cancel = (id: string) => call('post', `/v1/payment-links/${id}/cancel`, program)
  const first = await cancel(made.id)
  assert.deepEqual([first.status, first.body.status], [200, 'cancelled'])
  assert.deepEqual((await cancel(made.id)).body, first.body)
  const [{ events = 0 } = {}] = await db`
    select count(*)::int as events from payment_link_event where link_id = ${made.id.slice(4)} and type = 'cancelled'`
  assert.equal(events, 1)

  const gone = (await make({ amount: '100', expiresAt: new Date(Date.now() + 3_600_000).toISOString() })).json()
  await db`update payment_link set expires_at = created_at where link_id = ${gone.id.slice(4)}`
  const late = await cancel(gone.id)
  assert.deepEqual([late.status, late.body.code], [409, 'link_not_open'])
  assert.equal((await call('get', `/v1/payment-links/${gone.id}`, program)).body.status, 'expired')
})

test('the list goes by pages, newest first, and by what is asked for', async () => {
  const own = await t.open()
  const made: string[] = []
  for (let n = 0; n < 5; n += 1) made.push((await make({ account: own.id, reference: `L-${n}` })).json().id)
  await call('post', `/v1/payment-links/${made[0]}/cancel`, program)
  const list = async (query: string): Promise<{ ids: string[]; next: string | null }> => {
    const { status, body } = await call('get', `/v1/payment-links?account=${own.id}&${query}`, program)
    assert.equal(status, 200, JSON.stringify(body))
    return { ids: body.data.map((one: { id: string }) => one.id), next: body.nextCursor }
  }
  const first = await list('limit=3')
  const second = await list(`limit=3&cursor=${first.next}`)
  assert.deepEqual([...first.ids, ...second.ids], made.toReversed())
  assert.equal(second.next, null)
  assert.deepEqual((await list('status=cancelled')).ids, [made[0]])
  assert.deepEqual((await list('status=expired')).ids, [])
  assert.equal((await list('status=open')).ids.length, 4)
  assert.deepEqual((await list('reference=L-3')).ids, [made[3]])
  assert.deepEqual((await call('get', '/v1/payment-links', keyOf(2, 'program'))).body.data, [])
})

test('what came in goes back where it came from, and no more than that', async () => {
  const own = await t.open(1_000_000n)
  const made = (await make({ account: own.id, amount: '5000' })).json()
  const pushed = await pushInto(t, made.virtualAccount, 6_000n)
  const { body: listed } = await call('get', `/v1/payment-links/${made.id}/payments`, program)
  const [credit] = listed.data
  assert.deepEqual([credit.rrn, credit.outcome, credit.amountRefunded], [pushed.rrn, 'over', '0'])
  const refund = (body: object) =>
    call('post', `/v1/payment-links/${made.id}/refunds`, program, { payment: credit.payment, ...body })

  // ISO 8583 told no IFSC.
  const unknown = await refund({ amount: '1000' })
  assert.deepEqual([unknown.status, unknown.body.code, unknown.body.errors[0].field], [422, 'refund_to_unknown', 'to'])
  const elsewhere = await refund({ amount: '1000', to: { ifsc: 'HDFC0000123', account: '50100123456789' } })
  assert.deepEqual([elsewhere.status, elsewhere.body.errors[0].field], [400, 'to.account'])

  const to = { ifsc: 'HDFC0000123', account: '991100223344' }
  const back = await refund({ amount: '1000', to })
  assert.equal(back.status, 201, JSON.stringify(back.body))
  assert.deepEqual(
    [
      back.body.direction,
      back.body.amount,
      back.body.from,
      back.body.to.account,
      back.body.reference,
      back.body.remarks,
    ],
    ['outward', '1000', own.id, to.account, made.id, `refund of ${pushed.rrn}`],
  )
  const over = await refund({ amount: '5001', to })
  assert.deepEqual(
    [over.status, over.body.code, over.body.errors],
    [422, 'refund_over_paid', [{ field: 'amount', message: 'must be at most 5000' }]],
  )
  assert.equal(
    (await call('get', `/v1/payment-links/${made.id}/payments`, program)).body.data[0].amountRefunded,
    '1000',
  )
  assert.equal(
    (await refund({ payment: back.body.id, amount: '1', to })).status,
    404,
    'a payment that did not come in for the link',
  )
})

test('what became of a link is in the list of events, and is told again when asked', async () => {
  const made = (await make({ amount: '4200' })).json()
  const pushed = await pushInto(t, made.virtualAccount, 4_200n)
  const event = await askUntil(
    async () => {
      const { body } = await call('get', '/v1/events?type=payment_link.paid&limit=100', program)
      return body.data.find((one: { data: { id: string } }) => one.data.id === made.id)
    },
    (found) => found !== undefined,
  )
  assert.deepEqual(
    [event.id, event.data.status, event.data.amountReceived, event.data.lastPayment.rrn, event.data.virtualAccount],
    [`evt_${made.id.slice(4)}0001`, 'paid', '4200', pushed.rrn, made.virtualAccount],
  )
  assert.deepEqual((await call('get', `/v1/events/${event.id}`, program)).body, event)
  assert.equal((await call('post', `/v1/events/${event.id}/redeliver`, program, {})).status, 202)
  const ofPayment = await askUntil(
    async () => (await call('get', `/v1/events?payment=${event.data.lastPayment.payment}`, program)).body.data,
    (found) => found.length >= 2,
  )
  assert.deepEqual(ofPayment.map(({ type }: { type: string }) => type).sort(), [
    'payment.succeeded',
    'payment_link.paid',
  ])
})

test('a payment to a virtual account is known by its link, unless the payer has a reference of its own', async () => {
  const payer = await t.open(1_000_000n)
  const made = (await make({ amount: '4200' })).json()
  const { ifsc, accountNumber: account } = made.virtualAccount
  const pay = (more: object) =>
    call('post', '/v1/payments', program, {
      amount: '100',
      from: payer.id,
      to: { kind: 'account', ifsc, account },
      ...more,
    })
  assert.equal((await pay({})).body.reference, made.id)
  assert.equal((await pay({ reference: 'mine' })).body.reference, 'mine')
})
