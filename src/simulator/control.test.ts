import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { createStubLink, dialect, original, rupees, type StubLink } from '../../test/support/stub-hub.ts'
import { systemClock } from '../base/clock.ts'
import { must, parseIfsc } from '../base/identifiers.ts'
import { type Listener, systemDial, systemListen } from '../base/network.ts'
import { createSeededRandom } from '../base/random.ts'
import { defaultProfile } from '../imps/profile.ts'
import { createXmlDialect } from '../imps/xml/dialect.ts'
import type { XmlMessage } from '../imps/xml/message.ts'
import { serveControl } from './control.ts'
import { createSimulator } from './simulator.ts'

const simulator = createSimulator({ clock: systemClock, random: createSeededRandom(1), profile: defaultProfile })
let control: Listener
let ports: { remitter: Listener; beneficiary: Listener }

before(async () => {
  const address = { host: '127.0.0.1', port: 0 }
  control = await serveControl({ simulator, clock: systemClock, address })
  ports = {
    remitter: await systemListen(address, (connection) => simulator.attach('remitter', connection)),
    beneficiary: await systemListen(address, (connection) => simulator.attach('beneficiary', connection)),
  }
})

after(async () => {
  simulator.close()
  await Promise.all([control.close(), ports.remitter.close(), ports.beneficiary.close()])
})

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; type: string | null; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${control.port}${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: text === '' ? undefined : JSON.parse(text),
  }
}

/** A logged-on link over a real socket. */
async function linkTo(role: 'remitter' | 'beneficiary'): Promise<StubLink> {
  const link = createStubLink(await systemDial({ host: '127.0.0.1', port: ports[role].port }, 1000), systemClock)
  const loggedOn = Promise.withResolvers<void>()
  link.onMessage = () => loggedOn.resolve()
  link.ask('logOn')
  await loggedOn.promise
  return link
}

const to = { ifsc: 'TRNT0000001', account: '00012345' }

test('health, summary and faults are there, and dials can be turned', async () => {
  assert.equal((await call('GET', '/health')).status, 200)
  assert.equal((await call('GET', '/summary')).status, 200)
  const { status, body } = await call('POST', '/faults', { drop: 0.5, delayMs: '1-2', refuseLogOn: true })
  assert.equal(status, 200)
  assert.deepEqual(body, { ...simulator.faults })
  assert.deepEqual([simulator.faults.dropIn, simulator.faults.refuseLogOn], [0.5, -1])
  assert.equal((await call('POST', '/reset')).status, 204)
  assert.equal(simulator.faults.dropIn, 0)
})

test('a payment over a real socket is in the journal', async () => {
  const link = await linkTo('remitter')
  const request = original(systemClock, 371, rupees('1500.00'))
  const answered = Promise.withResolvers<void>()
  link.onMessage = () => answered.resolve()
  link.send(request)
  await answered.promise
  const { status, body } = await call('GET', `/journal/${request.rrn}`)
  assert.equal(status, 200)
  assert.deepEqual(body, { outward: simulator.journal.outward.byRrn(request.rrn), inward: [] })
  const list = await call('GET', '/journal?limit=1')
  assert.deepEqual(list.body, { data: simulator.journal.outward.latest(1) })
  assert.equal((await call('GET', '/journal/000000000000')).status, 404)
  link.close()
})

test('an inward payment without a link is 503; with one it is sent, and can be waited for', async () => {
  assert.equal((await call('POST', '/inward', { amountPaise: '100', to })).status, 503)
  const link = await linkTo('beneficiary')
  link.onMessage = (message, bytes) => {
    if (message?.kind === 'fundTransferRequest') link.sendBytes(dialect.answer(bytes, message, { responseCode: '00' }))
  }
  const sent = await call('POST', '/inward', {
    amountPaise: '100',
    to,
    from: { name: 'RAVI' },
    remarks: 'RENT',
    duplicates: 1,
  })
  assert.equal(sent.status, 202)
  const settled = await call('POST', '/inward', {
    amountPaise: '100',
    to: { mobile: '9876543210', mmid: '7001123' },
    wait: true,
  })
  assert.equal(settled.status, 200)
  assert.match(JSON.stringify(settled.body), /"verdict":"approved","responseCode":"00"/)
  const load = await call('POST', '/inward/load', {
    count: 500,
    concurrency: 32,
    to: Array.from({ length: 1000 }, () => ({ kind: 'account', ...to })),
  })
  assert.equal(load.status, 200)
  assert.match(JSON.stringify(load.body), /"sent":500,"unsent":0,"failed":0,"approved":500/)
  assert.deepEqual((await call('POST', '/announce', { function: 'echo' })).body, { links: 1 })
  assert.deepEqual((await call('POST', '/disconnect', { role: 'beneficiary' })).body, { disconnected: 1 })
})

test('name enquiries and reversals are asked of the hub, one or many, and their answers told', async (t) => {
  const address = { host: '127.0.0.1', port: 0 }
  const profile = { ...defaultProfile, wire: 'xml' } as const
  const documents = createXmlDialect(profile)
  const told = (message: XmlMessage): XmlMessage | undefined => {
    const envelope = {
      msgId: `TRN${message.msgId.slice(3)}`,
      orgId: '700001',
      at: systemClock.now(),
      transactionId: message.transactionId,
    }
    const common = { ...envelope, inReplyTo: message.msgId }
    if (message.api === 'ReqValAdd') {
      const answer = {
        kind: 'nameEnquiryResponse',
        result: 'SUCCESS',
        responseCode: '00',
        registeredName: 'RAVI',
      } as const
      return { ...common, api: 'RespValAdd', answer }
    }
    if (message.api !== 'ReqPay' || message.leg !== 'reversal') return undefined
    const { rrn, stan } = message.request
    const answer = { kind: 'reversalResponse', rrn, stan, responseCode: '12', result: 'FAILURE' } as const
    return { ...common, api: 'RespPay', leg: 'reversal', answer }
  }
  const bytesOf = (message: XmlMessage) => ({ path: '/', body: Buffer.from(documents.write(message)) })
  const speaking = createSimulator({
    clock: systemClock,
    random: createSeededRandom(1),
    profile,
    xml: {
      hubUrl: 'https://hub',
      secure: false,
      signingKey: () => assert.fail('nothing is signed'),
      pinned: () => [],
      async post({ body }) {
        const message = documents.read(String(body))
        const answer = told(message)
        if (answer !== undefined) setImmediate(() => void speaking.answerXml(bytesOf(answer)))
        return {
          status: 200,
          body: documents.writeAck({ api: message.api, reqMsgId: message.msgId, at: systemClock.now() }),
        }
      },
    },
  })
  const listener = await serveControl({ simulator: speaking, clock: systemClock, address })
  t.after(async () => {
    speaking.close()
    await listener.close()
  })
  const ask = async (path: string, body: unknown): Promise<string> => {
    const url = `http://127.0.0.1:${listener.port}${path}`
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    return `${response.status} ${await response.text()}`
  }
  assert.match(await ask('/enquiry', { to }), /^200 .*"verdict":"found","responseCode":"00","registeredName":"RAVI"/)
  assert.match(
    await ask('/enquiry/load', { count: 40, concurrency: 10, perSecond: 400, to: [to] }),
    /^200 {"sent":40,"unsent":0,"failed":0,"found":40,"refused":0,"unanswered":0,/,
  )
  const request = original(systemClock, 1, rupees('1500.00'))
  const transactionId = 'TRN018f00000000700080000000000000a1'
  const envelope = { msgId: 'TRN1', orgId: '700001', at: systemClock.now(), transactionId }
  const remitter = { ...request.remitter, ifsc: must(parseIfsc(to.ifsc), 'IFSC') }
  await speaking.answerXml(bytesOf({ ...envelope, api: 'ReqPay', leg: 'pay', request: { ...request, remitter } }))
  assert.match(
    await ask('/reversal', { rrn: request.rrn, amountPaise: '1', wait: true }),
    /^200 {"rrn":"[0-9]{12}","verdict":"refused","responseCode":"12"}$/,
  )
  assert.match(await ask('/reversal', { rrn: request.rrn }), /^202 {"rrn":"[0-9]{12}"}$/)
})

const deep = '['.repeat(30_000) + ']'.repeat(30_000)
const bad: readonly (readonly [
  name: string,
  method: string,
  path: string,
  body: unknown,
  status: number,
  field?: string,
])[] = [
  ['a number for money', 'POST', '/inward', { amountPaise: 100, to }, 400, 'amountPaise'],
  ['a negative amount', 'POST', '/inward', { amountPaise: '-1', to }, 400, 'amountPaise'],
  ['no amount', 'POST', '/inward', { to }, 400, 'amountPaise'],
  ['no beneficiary', 'POST', '/inward', { amountPaise: '1' }, 400, 'to'],
  ['a bad IFSC', 'POST', '/inward', { amountPaise: '1', to: { ...to, ifsc: 'TRNT1000001' } }, 400, 'to.ifsc'],
  [
    'an account too long',
    'POST',
    '/inward',
    { amountPaise: '1', to: { ...to, account: '1'.repeat(29) } },
    400,
    'to.account',
  ],
  ['a name of nothing', 'POST', '/inward', { amountPaise: '1', to: { ...to, name: ' ' } }, 400, 'to.name'],
  ['a mobile without MMID', 'POST', '/inward', { amountPaise: '1', to: { mobile: '9876543210' } }, 400, 'to.mmid'],
  ['an unknown kind', 'POST', '/inward', { amountPaise: '1', to: { ...to, kind: 'x' } }, 400, 'to.kind'],
  ['a load over 1 MB', 'POST', '/inward/load', 'x'.repeat(1_100_000), 413],
  ['a repeat too soon', 'POST', '/inward', { amountPaise: '1', to, repeatAfterMs: 0 }, 400, 'repeatAfterMs'],
  ['a skip that is none', 'GET', '/journal?skip=-1', undefined, 400, 'skip'],
  ['account and mobile', 'POST', '/inward', { amountPaise: '1', to: { ...to, mobile: '9876543210' } }, 400, 'to.ifsc'],
  ['an unknown field', 'POST', '/inward', { amountPaise: '1', to, extra: 1 }, 400, 'extra'],
  ['a list', 'POST', '/inward', [], 400, ''],
  ['a null', 'POST', '/inward', 'null', 400, ''],
  ['no JSON', 'POST', '/inward', '{', 400],
  ['60 kB of nesting', 'POST', '/inward', deep, 400, ''],
  ['a wait that is no boolean', 'POST', '/inward', { amountPaise: '1', to, wait: 1 }, 400, 'wait'],
  ['too many duplicates', 'POST', '/inward', { amountPaise: '1', to, duplicates: 101 }, 400, 'duplicates'],
  ['a bad remitter', 'POST', '/inward', { amountPaise: '1', to, from: { mobile: '123' } }, 400, 'from.mobile'],
  ['a load to nobody', 'POST', '/inward/load', { count: 1, concurrency: 1, to: [] }, 400, 'to'],
  ['a load of none', 'POST', '/inward/load', { count: 0, concurrency: 1, to: [to] }, 400, 'count'],
  ['a load to a bad one', 'POST', '/inward/load', { count: 1, concurrency: 1, to: [to, {}] }, 400, 'to[1].ifsc'],
  ['a rate of none', 'POST', '/inward/load', { count: 1, concurrency: 1, perSecond: 0, to: [to] }, 400, 'perSecond'],
  ['an enquiry about nobody', 'POST', '/enquiry', {}, 400, 'to'],
  ['an enquiry on a switch without XML', 'POST', '/enquiry', { to }, 503],
  ['enquiries on a switch without XML', 'POST', '/enquiry/load', { count: 1, concurrency: 1, to: [to] }, 503],
  ['a reversal of nothing', 'POST', '/reversal', {}, 400, 'rrn'],
  ['a reversal of the unknown', 'POST', '/reversal', { rrn: '632611999991' }, 404, 'rrn'],
  ['a fault that is none', 'POST', '/faults', { nothing: 1 }, 400, 'nothing'],
  ['a fault too likely', 'POST', '/faults', { drop: 1.1 }, 400, 'drop'],
  ['faults as text', 'POST', '/faults', '"drop"', 400, ''],
  ['a port that is none', 'POST', '/disconnect', { role: 'x' }, 400, 'role'],
  ['a function that is none', 'POST', '/announce', {}, 400, 'function'],
  ['a limit of none', 'GET', '/journal?limit=0', undefined, 400, 'limit'],
  ['an unknown filter', 'GET', '/journal?page=2', undefined, 400, 'page'],
  ['an RRN that is none', 'GET', '/journal/12', undefined, 400, 'rrn'],
  ['a long RRN', 'GET', `/journal/${'1'.repeat(5000)}`, undefined, 400, 'rrn'],
  ['nothing there', 'GET', '/nothing', undefined, 404],
  ['the wrong method', 'GET', '/inward', undefined, 405],
  ['a body over 64 kB', 'POST', '/faults', 'x'.repeat(70_000), 413],
]

for (const [name, method, path, body, status, field] of bad) {
  test(`${name} is ${status}${field === undefined ? '' : `, naming ${field || 'the body'}`}`, async () => {
    const reply = await call(method, path, body)
    assert.equal(reply.status, status)
    assert.equal(reply.type, 'application/problem+json')
    if (field !== undefined) {
      const { errors } = Object(reply.body)
      assert.equal(errors[0].field, field)
    }
    assert.equal((await call('GET', '/health')).status, 200)
  })
}

test('bytes that are no HTTP, invalid UTF-8 and half a body leave it standing', async () => {
  const raw = (bytes: Uint8Array | string, end: boolean): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(control.port, '127.0.0.1', () => {
        socket.write(bytes)
        if (end) setImmediate(() => socket.destroy())
      })
      socket.on('error', () => undefined)
      socket.on('data', () => socket.destroy())
      socket.on('close', () => resolve())
    })
  await raw(Buffer.from([0, 255, 1, 254]), false)
  await raw('POST /inward HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a', true)
  await raw(
    Buffer.concat([
      Buffer.from('POST /faults HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n'),
      Buffer.from([0xff, 0xfe]),
    ]),
    false,
  )
  assert.equal((await call('GET', '/health')).status, 200)
})
