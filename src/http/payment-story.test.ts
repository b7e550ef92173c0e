import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestHub } from '../../test/support/a-hub.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { must, parseAccountNumber } from '../base/identifiers.ts'
import { createPool } from '../db/pool.ts'
import { createClients } from '../identity/clients.ts'
import { digestOfKey } from '../identity/keys.ts'
import { roles } from '../identity/rights.ts'
import { readDescribed } from '../imps/element-names.ts'
import { wires } from '../imps/profile.ts'
import { createServer } from './server.ts'

// What was on the wire, what was booked and what NPCI's files say, of both sides of one payment, over both wires.

const { url, db } = await openTestDatabase()
await db`insert into tenant (tenant_id, kind, name) values (2, 'business', 'Other')`
const doors = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
after(() => doors.end({ timeout: 2 }))

for (const wire of wires) {
  test(`${wire}: a payment between two banks of the hub tells its story from both sides`, async () => {
    const hub = await startTestHub({ db, doors }, wire)
    const staticKeys = [1, 2].map((tenantId) => ({
      tenantId,
      name: 'viewer',
      sha256: digestOfKey(`key-of-${tenantId}`),
      rights: [...roles.viewer, 'details:read' as const],
    }))
    const server = await createServer({
      ...hub.hub.http,
      clients: createClients({ clock: hub.clock, db, staticKeys }),
    })
    const see = async (path: string, tenantId = 1) => {
      const headers = { authorization: `Bearer key-of-${tenantId}` }
      const answer = await hub.got(
        path,
        server.app.inject({ method: 'GET', url: path, headers }).then((one) => one),
      )
      return { status: answer.statusCode, body: answer.json() }
    }
    const [from, to] = [await hub.open(1_000_000n), await hub.open(0n, undefined, undefined, 'S02')]
    const { id } = await hub.pay(from.id, 77_700, {
      kind: 'account',
      ifsc: to.ifsc,
      account: must(parseAccountNumber(to.accountNumber), 'account'),
    })
    await hub.until('succeeded', async () => (await hub.read(id)).state === 'succeeded')
    const [inward] = await db<{ payment_id: string }[]>`
      select payment_id from payment where direction = 'inward' and account_id = ${to.id.slice(4)}`
    const inwardId = `pay_${inward?.payment_id.replaceAll('-', '')}`
    const { rrn } = await hub.read(id)

    const out = await see(`/v1/payments/${id}/messages`)
    assert.equal(out.status, 200, JSON.stringify(out.body))
    const [original, answer] = out.body.data
    assert.deepEqual(
      [original.way, original.kind, original.wire, original.source],
      ['sent', 'original', wire, 'rewritten'],
    )
    assert.equal(original.type, wire === 'xml' ? 'ReqPay' : '0200')
    assert.ok(original.elements.length > 10)
    const text = JSON.stringify(out.body)
    assert.ok(text.includes(rrn ?? 'none'))
    // Masked also for who may see details elsewhere.
    assert.ok(!text.includes(from.accountNumber) && !text.includes(to.accountNumber) && !/Ramesh/i.test(text))
    assert.deepEqual([answer.way, answer.source], ['received', 'recorded'])
    assert.deepEqual(answer.elements.at(-1), {
      element: 'DE 39',
      name: 'Response code',
      value: '00',
      meaning: 'Approved',
      meaningCode: 'approved',
    })

    const came = await see(`/v1/payments/${inwardId}/messages`)
    const kept = came.body.data[1]
    assert.deepEqual(
      [kept.way, kept.kind, kept.source, kept.type],
      ['sent', 'answer', 'kept', wire === 'xml' ? 'RespPay' : '0210'],
    )
    assert.ok(kept.elements.some((one: { meaning: string }) => one.meaning === 'Approved'))
    assert.ok(!JSON.stringify(came.body).includes(to.accountNumber))

    const postings = async (payment: string) =>
      (await see(`/v1/payments/${payment}/postings`)).body.data.map(
        ({ kind, legs }: { kind: string; legs: { account: string; side: string; amount: string }[] }) =>
          `${kind}: ${legs.map((leg) => `${leg.side} ${leg.account} ${leg.amount}`).join(', ')}`,
      )
    assert.deepEqual(await postings(id), ['hold: debit customer 77700, credit OUT-CLR 77700'])
    assert.deepEqual(await postings(inwardId), ['credit: debit IN-CLR 77700, credit customer 77700'])

    const settlement = (await see(`/v1/payments/${id}/settlement`)).body
    assert.match(settlement.cycle.cycle, /^2026-11-2\d\/\d+$/)
    assert.deepEqual([settlement.cycle.source, settlement.cycle.settled, settlement.breaks], ['time', false, []])
    assert.ok(settlement.now.length > 10)
    const { meaning, next } = settlement
    assert.equal(meaning.map(({ text }: { text: string }) => text).join(' '), settlement.now)
    for (const { code, values } of [...meaning, ...next]) {
      assert.match(code, /^[a-z_]+$/)
      assert.ok(Object.values(values).every((value) => typeof value === 'string' || typeof value === 'number'))
    }

    for (const part of ['messages', 'postings', 'settlement'])
      assert.equal((await see(`/v1/payments/${id}/${part}`, 2)).status, 404, `${part} of another tenant`)

    // To an account of the payer's own bank there is nothing on the wire and nothing to settle.
    const near = await hub.open(0n)
    const own = await hub.pay(from.id, 12_300, {
      kind: 'account',
      ifsc: near.ifsc,
      account: must(parseAccountNumber(near.accountNumber), 'account'),
    })
    const [credited] = await db<{ payment_id: string }[]>`
      select payment_id from payment where direction = 'inward' and account_id = ${near.id.slice(4)}`
    const creditedId = `pay_${credited?.payment_id.replaceAll('-', '')}`
    for (const side of [own.id, creditedId]) {
      const payment = (await see(`/v1/payments/${side}`)).body
      assert.deepEqual([payment.withinBank, payment.state, payment.responseCode], [true, 'succeeded', '00'])
      assert.deepEqual((await see(`/v1/payments/${side}/messages`)).body.data, [])
      const settles = (await see(`/v1/payments/${side}/settlement`)).body
      assert.deepEqual([settles.cycle, settles.items, settles.next], [null, [], []])
      assert.match(settles.now, /no cycle settles it/)
    }
    assert.deepEqual(await postings(own.id), ['hold: debit customer 12300, credit OUT-CLR 12300'])
    assert.deepEqual(await postings(creditedId), ['credit: debit OUT-CLR 12300, credit customer 12300'])
    assert.equal((await see(`/v1/payments/${id}`)).body.withinBank, false)
    await server.close()
    await hub.stop()
  })
}

test('a described message is read into its parts; what is no line of one is left out', () => {
  assert.deepEqual(
    readDescribed('0210\n  DE 39     responseCode         00\n    tag 046 beneficiaryName      *****\n  elements none'),
    {
      type: '0210',
      name: 'The answer to a financial request',
      elements: [
        { element: 'DE 39', name: 'Response code', value: '00' },
        { element: 'tag 046', name: 'Name of the beneficiary', value: '*****' },
      ],
    },
  )
  assert.deepEqual(readDescribed('RespPay\n  Txn@id X1\n  Resp/Ref[PAYER]@respCode 00').elements, [
    { element: 'Txn@id', name: 'Txn@id', value: 'X1' },
    { element: 'Resp/Ref[PAYER]@respCode', name: 'Ref[PAYER]@respCode', value: '00' },
  ])
})
