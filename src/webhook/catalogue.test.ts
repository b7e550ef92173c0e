import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { must, parsePaymentId } from '../base/identifiers.ts'
import { type At, eventIdOf, eventsDocument, eventTypeNames, eventTypes, readEventId, typeOfStep } from './catalogue.ts'
import { cutSnapshot, parseSnapshot } from './outbox.ts'

const at = (state: At['state'], reason: string | null = null): At => ({ state, reason })

test('a step is an event when it changes the public status', () => {
  const rows: readonly (readonly [At | undefined, At, string | undefined])[] = [
    [undefined, at('held', 'awaiting_authentication,approval'), 'payment.requires_authentication'],
    [at('held', 'awaiting_authentication,approval'), at('held', 'awaiting_approval'), 'payment.requires_approval'],
    [at('held', 'awaiting_approval'), at('held', 'awaiting_lag:60'), 'payment.processing'],
    [at('held', 'awaiting_lag:60'), at('held'), undefined],
    [undefined, at('held'), 'payment.processing'],
    [at('held'), at('sent'), undefined],
    [undefined, at('sent'), 'payment.processing'],
    [at('sent'), at('unconfirmed', 'no_answer'), undefined],
    [at('sent'), at('succeeded'), 'payment.succeeded'],
    [at('unconfirmed'), at('deemed'), 'payment.deemed'],
    [at('deemed'), at('succeeded'), 'payment.succeeded'],
    [at('deemed'), at('returned'), 'payment.returned'],
    [at('sent'), at('declined'), 'payment.failed'],
    [at('held', 'awaiting_approval'), at('refused', 'not_approved'), 'payment.failed'],
    [at('held'), at('cancelled'), 'payment.cancelled'],
    [undefined, at('succeeded'), 'payment.succeeded'], // inward
  ]
  for (const [before, after, type] of rows)
    assert.equal(typeOfStep(before, after), type, JSON.stringify([before, after]))
  assert.deepEqual(new Set(eventTypeNames), new Set(Object.keys(eventTypes)))
})

test('an id tells its payment and step, and sorts as they do', () => {
  const id = must(parsePaymentId(`pay_${'0123456789abcdef'.repeat(2)}`), 'payment id')
  assert.deepEqual(readEventId(eventIdOf(id, 10)), { subject: id, sequence: 10 })
  assert.ok(eventIdOf(id, 9) < eventIdOf(id, 10))
  for (const bad of ['evt_', `evt_${'0'.repeat(35)}`, `pay_${'0'.repeat(36)}`, `evt_${'G'.repeat(36)}`])
    assert.equal(readEventId(bad), undefined)
})

test('a snapshot is cut behind a transaction: what runs below stays unseen, and all above it', () => {
  const snapshot = parseSnapshot('10:30:10,12,25')
  assert.deepEqual(snapshot, { xmax: 30n, running: [10n, 12n, 25n] })
  assert.equal(cutSnapshot(snapshot, 20n), '10:21:10,12')
  assert.equal(cutSnapshot(snapshot, 9n), '10:10:')
  assert.equal(cutSnapshot(parseSnapshot('30:30:'), 29n), '30:30:')
})

test('the reference of events is printed from the table: npm run events -- --write', () => {
  const url = new URL('../../docs/reference/events.md', import.meta.url)
  assert.equal(readFileSync(url, 'utf8'), eventsDocument())
})
