import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { answerMs, setUpRail } from '../../test/support/a-rail.ts'
import { openTestDatabase } from '../../test/support/database.ts'
import { proveBooks, requestFrom } from '../../test/support/payment-room.ts'
import { testVault } from '../../test/support/vault.ts'
import type { AccountId } from '../base/identifiers.ts'
import { must, parseIfsc, parseRrn, parseStan } from '../base/identifiers.ts'
import { paise } from '../base/money.ts'
import { createPool } from '../db/pool.ts'
import { type WireKind, wires } from '../imps/profile.ts'
import type { FundTransferRequest } from '../imps/rail-message.ts'
import type { StoredPayment } from '../payment/stored.ts'
import type { RailOptions } from './options.ts'

const { url, db } = await openTestDatabase()
const doors = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
after(() => doors.end({ timeout: 2 }))

const setUp = (wire: WireKind, options: Partial<RailOptions> = {}) => setUpRail({ db, doors }, wire, options)

const onBothWires = (name: string, run: (wire: WireKind) => Promise<void>): void => {
  for (const wire of wires) test(`${wire}: ${name}`, () => run(wire))
}

const outcomes: readonly (readonly [string, StoredPayment['state'], string])[] = [
  ['00', 'succeeded', 'success'],
  ['91', 'deemed', 'deemed'],
  ['M1', 'declined', 'businessDecline'],
  ['51', 'declined', 'businessDecline'],
  ['08', 'unconfirmed', 'technicalDecline'],
  ['ZZ', 'unconfirmed', 'unknown'],
]

onBothWires('an original leaves once, and its answer decides by its class', async (wire) => {
  const { rail, theSwitch, up, down, pay, becomes, seen, stateOf } = await setUp(wire)
  await up()
  for (const [code, state, seenClass] of outcomes) {
    theSwitch.onRequest = (_, reply) => reply(code)
    const payment = await pay()
    await becomes(payment.id, state)
    assert.equal((await stateOf(payment.id)).responseCode, code)
    assert.equal(seen.at(-1)?.class, seenClass)
    assert.equal(seen.at(-1)?.bank, 'HDFC')
  }
  assert.equal(theSwitch.originals().length, outcomes.length)
  assert.equal(new Set(theSwitch.originals().map(({ rrn }) => rrn)).size, outcomes.length)
  assert.equal(rail.status().links[0]?.inflight, 0)
  await proveBooks(db)
  await down()
})

onBothWires(
  'no answer: unconfirmed after the response time, asked at 56, 66, 76 s and so on, then a break, once',
  async (wire) => {
    const { rail, clock, theSwitch, up, down, pay, becomes, until, breaks, stateOf } = await setUp(wire)
    await up()
    const payment = await pay()
    await until('it is on the wire', () => theSwitch.originals().length === 1)
    clock.advance(answerMs[wire] - 1_000)
    assert.equal((await stateOf(payment.id)).state, 'sent')
    clock.advance(1_100)
    await becomes(payment.id, 'unconfirmed')
    const sentAt = payment.transmittedAt ?? 0
    const wanted = [56_000, 66_000, 76_000, 376_000, 976_000, 1_876_000, 3_676_000]
    for (const [i, offset] of wanted.entries()) {
      clock.advance(sentAt + offset - clock.now() - 1_500)
      await until('nothing early', () => true)
      assert.equal(theSwitch.verifications().length, i)
      await until(`verification ${i + 1}`, () => theSwitch.verifications().length === i + 1)
      const at = theSwitch.lastHeardAt()
      // Inside the windows of NPCI: 56-65, 66-75, 76-85 s.
      assert.ok(at >= sentAt + offset && at < sentAt + offset + 9_000, `verification ${i + 1} at ${at - sentAt}`)
    }
    const asked = theSwitch.verifications()
    assert.ok(
      asked.every(
        ({ rrn, stan, amountPaise }) => rrn === payment.rrn && stan === payment.stan && amountPaise === 150_000n,
      ),
    )
    await until('a break', async () => {
      clock.advance(1_000)
      return (await breaks(payment.id)).length === 1
    })
    clock.advance(100_000)
    await until('nothing more', () => true)
    assert.equal((await breaks(payment.id))[0]?.kind, 'unresolved')
    assert.equal((await stateOf(payment.id)).state, 'unconfirmed')
    assert.equal(theSwitch.originals().length, 1)
    assert.equal(theSwitch.verifications().length, wanted.length)
    assert.equal(rail.status().counters.verificationsAsked, wanted.length)
    await down()
  },
)

for (const [code, state] of [
  ['00', 'succeeded'],
  ['91', 'deemed'],
  ['M0', 'declined'],
  ['M1', 'unconfirmed'], //  only M0 says that the original was declined
  ['96', 'unconfirmed'],
] as const) {
  onBothWires(`a verification answered ${code} makes it ${state}, and asking ends when it decided`, async (wire) => {
    const { clock, theSwitch, up, down, pay, becomes, until, stateOf } = await setUp(wire)
    await up()
    theSwitch.onRequest = (request, reply) => {
      if (request.kind === 'verificationRequest') reply(code)
    }
    const payment = await pay()
    clock.advance(answerMs[wire] + 1_000)
    await becomes(payment.id, 'unconfirmed')
    clock.advance(57_000 - answerMs[wire])
    await until('asked', () => theSwitch.verifications().length === 1)
    await becomes(payment.id, state)
    clock.advance(9_000)
    const more = state === 'unconfirmed' ? 2 : 1
    await until('asked again or not', () => {
      clock.advance(10)
      return theSwitch.verifications().length === more
    })
    assert.equal((await stateOf(payment.id)).state, state)
    await proveBooks(db)
    await down()
  })
}

/** How a payment gets into each state, by the code its original is answered with; what a late second answer does to it then. */
const late: readonly (readonly [string | null, string, StoredPayment['state'], string | null])[] = [
  [null, '00', 'succeeded', null],
  [null, '91', 'deemed', null],
  [null, 'M1', 'declined', null],
  [null, '08', 'unconfirmed', null],
  ['00', '00', 'succeeded', null],
  ['00', '91', 'succeeded', null],
  ['00', 'M1', 'succeeded', 'contradiction'],
  ['91', '00', 'succeeded', null],
  ['91', '91', 'deemed', null],
  ['91', 'M1', 'deemed', 'contradiction'],
  ['M1', 'M1', 'declined', null],
  ['M1', '00', 'declined', 'contradiction'],
]

onBothWires('a late answer in every state: used, repeated or a break, and the books stay right', async (wire) => {
  const { clock, theSwitch, rail, up, down, pay, becomes, until, breaks, stateOf } = await setUp(wire)
  await up()
  for (const [first, second, state, brk] of late) {
    let original: FundTransferRequest | undefined
    theSwitch.onRequest = (request, reply) => {
      if (request.kind === 'verificationRequest') return
      original = request
      if (first !== null) reply(first)
    }
    const payment = await pay()
    if (first === null) {
      clock.advance(answerMs[wire] + 1_000)
      await becomes(payment.id, 'unconfirmed')
    } else {
      await until('final', async () => !['held', 'sent'].includes((await stateOf(payment.id)).state))
    }
    const lateBefore = rail.status().counters.lateAnswers
    theSwitch.answer(must(original, 'original'), second)
    await until('late answer', () => rail.status().counters.lateAnswers === lateBefore + 1)
    await until('recorded', async () => {
      const found = await breaks(payment.id)
      return (await stateOf(payment.id)).state === state && (brk === null || found.some(({ kind }) => kind === brk))
    })
    assert.equal((await breaks(payment.id)).length, brk === null ? 0 : 1, `${first} then ${second}`)
  }
  await proveBooks(db)
  await down()
})

onBothWires(
  'an answer for another amount opens a break and moves nothing; the right one still counts',
  async (wire) => {
    const { clock, theSwitch, up, down, pay, becomes, until, breaks, stateOf } = await setUp(wire)
    await up()
    let answerRight: () => void = () => undefined
    theSwitch.onRequest = (request, reply) => {
      if (request.kind === 'verificationRequest') return
      reply('00', request.amountPaise + 1n)
      answerRight = () => reply('M1')
    }
    const payment = await pay()
    await until('break', async () => (await breaks(payment.id)).length === 1)
    assert.equal((await breaks(payment.id))[0]?.kind, 'amount_mismatch')
    assert.equal((await stateOf(payment.id)).state, 'sent')
    const kept = await db`select reason from unmatched_answer where rrn = ${payment.rrn}`
    assert.deepEqual([...kept], [{ reason: 'amount_mismatch' }])
    clock.advance(10)
    answerRight()
    await becomes(payment.id, 'declined')
    await proveBooks(db)
    await down()
  },
)

onBothWires('an answer nobody asked for is kept with its bytes and a break', async (wire) => {
  const { clock, theSwitch, rail, up, down, until } = await setUp(wire)
  await up()
  const rrn = must(parseRrn(wire === 'xml' ? '632600211222' : '632600111222'), 'RRN')
  const stan = must(parseStan(rrn.slice(-6)), 'STAN')
  const request: FundTransferRequest = {
    kind: 'fundTransferRequest',
    rrn,
    stan,
    remitterBank: '700001',
    amountPaise: paise(5_000n),
    transmittedAt: clock.now(),
    channel: 'internet',
    remitter: {
      name: 'Nobody',
      account: must(requestAccount(), 'account'),
      ifsc: must(parseIfsc('TRNT0000001'), 'IFSC'),
    },
    beneficiary: requestFrom('acc_1' as AccountId).to,
  }
  const answer = theSwitch.answerNobody(request)
  await until('kept', async () => (await db`select from unmatched_answer where rrn = ${rrn}`).length === 1)
  const [row] = await db<{ id: string; sealed: Uint8Array; reason: string }[]>`
    select answer_id::text as id, sealed, reason from unmatched_answer where rrn = ${rrn}`
  assert.ok(row)
  const frame = testVault.openBytes('unmatched_answer.sealed', 0, row.id, row.sealed)
  assert.equal(Buffer.from(frame ?? []).toString('latin1'), answer)
  assert.equal(row?.reason, 'unknown_reference')
  assert.equal(rail.status().counters.unmatchedAnswers, 1)
  await down()
})

const requestAccount = () => {
  const { to } = requestFrom('acc_1' as AccountId)
  return to.kind === 'account' ? to.account : undefined
}

onBothWires('with no link payments are held; they leave when one comes up, each once', async (wire) => {
  const { clock, theSwitch, rail, up, down, pay, becomes, until, stateOf } = await setUp(wire)
  theSwitch.onRequest = (_, reply) => reply('00')
  const held = [await pay(), await pay(), await pay()]
  for (const { id } of held) assert.equal((await stateOf(id)).state, 'held')
  await up()
  for (const { id } of held) await becomes(id, 'succeeded')
  clock.advance(5_000)
  await until('settled', () => rail.status().links.every(({ inflight }) => inflight === 0))
  assert.equal(theSwitch.originals().length, 3)
  await proveBooks(db)
  await down()
})

onBothWires('a payment held too long is refused and the money given back', async (wire) => {
  const { clock, theSwitch, unreachable, rail, down, pay, becomes, until, stateOf } = await setUp(wire)
  unreachable()
  rail.start()
  const payment = await pay()
  clock.advance(899_000)
  await until('still held', async () => (await stateOf(payment.id)).state === 'held')
  clock.advance(2_000)
  await becomes(payment.id, 'refused')
  assert.equal((await stateOf(payment.id)).reason, 'waited_too_long')
  assert.equal(theSwitch.originals().length, 0)
  await proveBooks(db)
  await down()
})

onBothWires('a full in-flight table makes new payments wait, and they go on as answers come', async (wire) => {
  const { theSwitch, rail, up, down, pay, becomes, until, stateOf, clock } = await setUp(wire, { maxInflight: 2 })
  await up()
  const replies: (() => void)[] = []
  theSwitch.onRequest = (_, reply) => replies.push(() => reply('00'))
  const first = await pay()
  await until('first out', () => replies.length === 1)
  const second = await pay()
  await until('second out', () => replies.length === 2)
  const third = await pay()
  assert.equal((await stateOf(third.id)).state, 'held')
  assert.equal(rail.status().sending, false)
  for (const reply of replies.splice(0)) reply()
  await becomes(first.id, 'succeeded')
  await becomes(second.id, 'succeeded')
  clock.advance(600)
  await until('third out', () => replies.length === 1)
  replies[0]?.()
  await becomes(third.id, 'succeeded')
  await down()
})

onBothWires('after a crash what was sent is unconfirmed, asked about, and never sent again', async (wire) => {
  const { clock, theSwitch, rail, up, down, pay, becomes, until, start } = await setUp(wire)
  await up()
  const payment = await pay()
  await until('on the wire', () => theSwitch.originals().length === 1)
  // The process dies: nothing of it runs on; another one starts under the same name.
  const crashed = rail.status().links[0]?.epoch ?? 0
  theSwitch.hangUp()
  const { rail: next } = start('hub-a')
  theSwitch.onRequest = (request, reply) => {
    if (request.kind === 'verificationRequest') reply('00')
  }
  await up(next)
  assert.ok((next.status().links[0]?.epoch ?? 0) > crashed)
  await becomes(payment.id, 'unconfirmed')
  clock.advance(57_000)
  await becomes(payment.id, 'succeeded')
  assert.equal(theSwitch.originals().length, 1)
  await down(next)
  await down()
})

onBothWires('a link belongs to one process; the other watches, and takes over when it is released', async (wire) => {
  const { rail, up, down, until, start, clock } = await setUp(wire)
  await up()
  const { rail: second } = start('hub-b')
  second.start()
  await until('watching', () => {
    clock.advance(10)
    return second.status().links.length > 0
  })
  clock.advance(30_000)
  await until('quiet', () => true)
  assert.ok(second.status().links.every(({ state, epoch }) => state === 'down' && epoch === null))
  assert.equal(second.linkFor('TRN'), undefined)
  const before = rail.status().links[0]?.epoch ?? 0
  await down()
  await until('taken over', () => {
    clock.advance(100)
    return second.status().links.every(({ state }) => state === 'loggedOn')
  })
  assert.equal(second.status().links[0]?.epoch, before + 1)
  await down(second)
})

onBothWires('a process that was overtaken writes nothing: the commit of door 1 sees the new epoch', async (wire) => {
  const { rail, theSwitch, up, down, pay, stateOf, until, clock } = await setUp(wire)
  await up()
  // Overtaken without knowing it, as after a long pause.
  await db`update link_lease set epoch = epoch + 1, holder = 'hub-b', expires_at = now() + interval '1 day'`
  assert.notEqual(rail.linkFor('TRN'), undefined)
  const payment = await pay()
  assert.equal((await stateOf(payment.id)).state, 'held')
  assert.equal(theSwitch.originals().length, 0)
  clock.advance(4_000)
  await until('noticed', () => rail.status().links.every(({ state, epoch }) => state === 'down' && epoch === null))
  assert.equal(rail.linkFor('TRN'), undefined)
  await down()
})

onBothWires('a lease that may have run out locally stops writing, although the link is up', async (wire) => {
  const { rail, clock, until, up, down } = await setUp(wire, { leaseMs: 10_000, leaseRenewMs: 86_400_000 })
  await up()
  assert.notEqual(rail.linkFor('TRN'), undefined)
  clock.advance(10_001)
  await until('quiet', () => true)
  assert.equal(rail.status().links[0]?.state, 'loggedOn')
  assert.equal(rail.linkFor('TRN'), undefined)
  await down()
})

onBothWires('asking now: only what is unconfirmed, within the budget, over a usable link', async (wire) => {
  const { rail, clock, theSwitch, up, down, pay, becomes, until, stateOf } = await setUp(wire, {
    verificationBurst: 1,
    verificationsPerSecond: 0.01,
  })
  const heldOne = await pay()
  assert.equal(await rail.verifyNow(heldOne), 'too_early')
  await up()
  await becomes(heldOne.id, 'sent')
  assert.equal(await rail.verifyNow(await stateOf(heldOne.id)), 'too_early')
  clock.advance(answerMs[wire] + 1_000)
  await becomes(heldOne.id, 'unconfirmed')
  const unconfirmed = await stateOf(heldOne.id)
  assert.equal(await rail.verifyNow(unconfirmed), 'asked')
  await until('asked', () => theSwitch.verifications().length === 1)
  assert.equal(await rail.verifyNow(unconfirmed), 'budget_spent')
  const request = must(theSwitch.verifications()[0], 'verification')
  theSwitch.answer(request, '00')
  await becomes(heldOne.id, 'succeeded')
  assert.equal(await rail.verifyNow(await stateOf(heldOne.id)), 'known')
  await down()
  assert.equal(await rail.verifyNow(unconfirmed), 'link_down')
})

let serials = 0
const inwardOriginal = (serial: number, at: number, to: FundTransferRequest['beneficiary']): FundTransferRequest => ({
  kind: 'fundTransferRequest',
  rrn: must(parseRrn(`63${String(++serials).padStart(4, '0')}${serial}`), 'RRN'),
  stan: must(parseStan(String(serial)), 'STAN'),
  remitterBank: '900900',
  amountPaise: paise(123_400n),
  transmittedAt: at,
  channel: 'mobile',
  remitter: {
    name: 'Asha Devi',
    account: must(requestAccount(), 'account'),
    ifsc: must(parseIfsc('OTHB0000001'), 'IFSC'),
  },
  beneficiary: to,
})

onBothWires(
  'inward: over the limit an original is left without an answer, for it may be the second copy of one that was credited',
  async (wire) => {
    const { clock, theSwitch, account, rail, up, down, until } = await setUp(wire, { maxInward: 0 })
    await up()
    const answers = theSwitch.said
    const to = { kind: 'account', ifsc: account.ifsc, account: account.accountNumber } as const
    const request = inwardOriginal(700_702, clock.now(), to)
    theSwitch.ask(request)
    await until('counted', () => rail.status().counters.inwardRefused === 1)
    assert.equal(answers.length, 0)
    assert.equal(rail.status().counters.inwardSilent, 1)
    assert.equal((await db`select from payment where rrn = ${request.rrn} and direction = 'inward'`).length, 0)
    await down()
  },
)

onBothWires(
  'inward: when it cannot be known whether a credit was made, the hub is silent and credits nothing under an old epoch',
  async (wire) => {
    const { clock, theSwitch, account, rail, up, down, until } = await setUp(wire, { leaseRenewMs: 86_000_000 })
    await up()
    const answers = theSwitch.said
    await db`update link_lease set epoch = epoch + 1, holder = 'hub-b', expires_at = now() + interval '1 day'`
    const to = { kind: 'account', ifsc: account.ifsc, account: account.accountNumber } as const
    const request = inwardOriginal(700_703, clock.now(), to)
    theSwitch.ask(request)
    await until('given up', () => rail.status().counters.inwardSilent === 1)
    assert.equal(answers.length, 0)
    assert.equal((await db`select from payment where rrn = ${request.rrn} and direction = 'inward'`).length, 0)
    const [row] = await db<{ balance: bigint }[]>`select balance from account where account_id = ${account.id.slice(4)}`
    assert.equal(row?.balance, 100_000_000n)
    await down()
  },
)

onBothWires(
  'inward: credited once and answered, a duplicate gets the same bytes, a verification gets 00',
  async (wire) => {
    const { clock, theSwitch, account, rail, up, down, until } = await setUp(wire)
    await up()
    const answers = theSwitch.said
    const to = { kind: 'account', ifsc: account.ifsc, account: account.accountNumber } as const
    const request = inwardOriginal(700_700, clock.now(), to)
    const verification = { ...request, kind: 'verificationRequest' as const }

    theSwitch.ask(verification)
    await until('verification before its original', () => answers.length === 1)
    const early = must(answers[0], 'answer')
    assert.ok(early.kind === 'verificationResponse' && early.responseCode === '91')
    const noted = await db`select times from inward_verification where rrn = ${request.rrn}`
    assert.deepEqual([...noted], [{ times: 1 }])

    theSwitch.ask(request)
    await until('answered', () => answers.length === 2)
    const first = must(answers[1], 'answer')
    assert.ok(first.kind === 'fundTransferResponse' && first.responseCode === '00')
    assert.equal(first.registeredName, 'Ramesh Kumar'.slice(0, 20))

    theSwitch.ask(request)
    await until('answered again', () => answers.length === 3)
    assert.deepEqual(answers[2], answers[1])

    theSwitch.ask(verification)
    await until('verified', () => answers.length === 4)
    const verified = must(answers[3], 'answer')
    assert.ok(verified.kind === 'verificationResponse' && verified.responseCode === '00')

    const [row] = await db<{ balance: bigint }[]>`select balance from account where account_id = ${account.id.slice(4)}`
    assert.equal(row?.balance, 100_123_400n)
    assert.equal(rail.status().counters.inwardOriginals, 2)
    await proveBooks(db)
    await down()
  },
)

// Found by the simulation: a remitter bank that was told 91 counts the payment as paid, and M1 after it would pay back what a
// settlement cycle has charged.
onBothWires('inward: asked about before it came, an original for nobody is answered 91, and stays so', async (wire) => {
  const { clock, theSwitch, up, down, until } = await setUp(wire)
  await up()
  const answers = theSwitch.said
  const request = inwardOriginal(700_704, clock.now(), requestFrom('acc_1' as AccountId).to)
  const verification = { ...request, kind: 'verificationRequest' as const }
  const codes = () => answers.map(({ responseCode }) => responseCode)
  for (const said of [verification, request, request, verification]) {
    const before = answers.length
    theSwitch.ask(said)
    await until('answered', () => answers.length === before + 1)
  }
  assert.deepEqual(codes(), ['91', '91', '91', '91'])
  assert.deepEqual(answers[2], answers[1])
  const [row] =
    await db`select state, response_code, reason from payment where rrn = ${request.rrn} and direction = 'inward'`
  assert.deepEqual({ ...row }, { state: 'declined', response_code: '91', reason: 'account_not_found' })
  await proveBooks(db)
  await down()
})

onBothWires('inward: an unknown account is declined M1, and its verification says M0', async (wire) => {
  const { clock, theSwitch, up, down, until } = await setUp(wire)
  await up()
  const answers = theSwitch.said
  const request = inwardOriginal(700_701, clock.now(), requestFrom('acc_1' as AccountId).to)
  const codes = () => answers.map(({ responseCode }) => responseCode)
  theSwitch.ask(request)
  await until('declined', () => answers.length === 1)
  theSwitch.ask({ ...request, kind: 'verificationRequest' })
  await until('verified', () => answers.length === 2)
  assert.deepEqual(codes(), ['M1', 'M0'])
  await proveBooks(db)
  await down()
})
