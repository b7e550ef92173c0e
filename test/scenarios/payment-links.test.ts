import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { must, parseAccountNumber } from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { createPool } from '../../src/db/pool.ts'
import { wires } from '../../src/imps/profile.ts'
import { findInwardByRrn } from '../../src/payment/store.ts'
import { startTestHub } from '../support/a-hub.ts'
import { openTestDatabase } from '../support/database.ts'
import { makeTestLink, readLink } from '../support/payment-links.ts'
import { proveBooks } from '../support/payment-room.ts'
import { testVault } from '../support/vault.ts'

// A link is paid over either wire: by a customer of another bank, and by one of this hub, whose payment goes out to the switch and comes back.

const { url, db } = await openTestDatabase()
const doors = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
after(() => doors.end({ timeout: 2 }))

for (const wire of wires) {
  test(`${wire}: a link is paid from another bank, and by a customer of this hub`, async () => {
    const { hub, simulator, open, pay, read, until, got, balance, stop } = await startTestHub({ db, doors }, wire)
    const place = { room: hub.room, db }
    // Of another bank of the hub: it goes over the switch, and comes back.
    const [payer, merchant] = [await open(1_000_000n, undefined, undefined, 'S02'), await open(0n)]
    const link = await makeTestLink(place, merchant, { amountPaise: paise(77_700n), partial: true })
    const to = {
      kind: 'account',
      ifsc: link.virtualAccount.ifsc,
      account: must(parseAccountNumber(link.virtualAccount.accountNumber), 'account'),
    } as const

    const sent = must(simulator.inward({ amountPaise: paise(50_000n), to, duplicates: 3 }), 'a way to the hub')
    const answered = await got('answered', sent.settled)
    assert.equal(answered.responseCode, '00')
    assert.match(answered.registeredName ?? '', /^ramesh/i, 'the payer sees whom it was for')
    assert.equal((await readLink(place, link.id)).receivedPaise, 50_000n)

    const { id } = await pay(payer.id, 27_700, to)
    await until('succeeded', async () => (await read(id)).state === 'succeeded')
    const paid = await readLink(place, link.id)
    assert.deepEqual([paid.state, paid.receivedPaise, paid.lastCredit?.outcome], ['paid', 77_700n, 'exact'])
    assert.deepEqual([await balance(payer.id), await balance(merchant.id)], [972_300n, 77_700n])

    const credit = must(paid.lastCredit ?? undefined, 'credit')
    const [inward] = await findInwardByRrn(db, testVault, credit.rrn)
    assert.deepEqual([inward?.id, inward?.reference], [credit.paymentId, link.id])
    assert.deepEqual(inward?.beneficiary, to, 'the number that the wire had: what NPCI’s file has too')
    // Where a refund goes: whole over XML; ISO 8583 has no IFSC of the payer.
    assert.deepEqual(
      [inward?.remitter.account, inward?.remitter.ifsc],
      [payer.accountNumber, wire === 'xml' ? payer.ifsc : undefined],
    )

    // Of the merchant's own bank: nothing of it is seen by the switch.
    const seen = () => simulator.summary().outward.originals
    const before = seen()
    const near = await pay((await open(10_000n)).id, 5_000, to)
    assert.equal(near.state, 'succeeded')
    assert.equal((await readLink(place, link.id)).receivedPaise, 82_700n)
    assert.equal(seen(), before)
    assert.deepEqual(simulator.summary().firstViolations, [])
    await proveBooks(db)
    await stop()
  })
}
