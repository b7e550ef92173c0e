import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must, parseRrn } from '../base/identifiers.ts'
import { compare, type HubPayment } from './agreement.ts'
import { createJournal, type Stand } from './journal.ts'

const rrn = must(parseRrn('632612000001'), 'RRN')

/** Hub state, what the switch saw (stand, credited, originals), whether they agree. */
const rows: readonly [
  state: string,
  seen: readonly [Stand, boolean, number] | undefined,
  agrees: boolean,
  disputed?: true,
][] = [
  ['succeeded', ['approved', true, 1], true],
  ['succeeded', ['declined', false, 1], false],
  ['succeeded', ['silent', false, 1], false],
  ['succeeded', undefined, false],
  ['declined', ['declined', false, 1], true],
  ['declined', ['approved', true, 1], false],
  ['declined', ['approved', true, 1], true, true],
  ['declined', undefined, false],
  ['deemed', ['deemed', true, 1], true],
  ['deemed', ['deemed', false, 1], true],
  ['deemed', ['approved', true, 1], false],
  ['unconfirmed', ['silent', true, 1], true],
  ['unconfirmed', undefined, true],
  ['sent', ['approved', true, 1], true],
  ['succeeded', ['approved', true, 2], false],
  ['unconfirmed', ['silent', true, 2], false],
  ['held', undefined, true],
  ['held', ['unseen', false, 1], false],
  ['cancelled', ['declined', false, 1], false],
]

for (const [state, seen, agrees, disputed] of rows) {
  test(`hub ${state}, switch ${seen?.join(' ') ?? 'nothing'}${disputed ? ', disputed' : ''}: ${agrees ? 'agree' : 'differ'}`, () => {
    const journal = { outward: createJournal({ limit: 10 }), inward: createJournal({ limit: 10 }) }
    if (seen !== undefined) {
      const [stand, credited, originals] = seen
      const id = journal.outward.open(rrn, '700001', 100n, 0)
      for (let time = 0; time < originals; time += 1) journal.outward.count(id, 'originals')
      journal.outward.rule(id, stand, '', undefined, credited)
    }
    const payment: HubPayment = {
      direction: 'outward',
      rrn,
      remitterBank: '700001',
      amountPaise: 100n,
      state,
      disputed: disputed ?? false,
    }
    assert.equal(compare(journal, [payment]).length === 0, agrees)
  })
}

test('what one side has and the other has not is found both ways, and so is another amount', () => {
  const journal = { outward: createJournal({ limit: 10 }), inward: createJournal({ limit: 10 }) }
  const out = journal.outward.open(rrn, '700001', 100n, 0)
  const back = journal.inward.open(rrn, '600001', 100n, 0)
  journal.outward.rule(out, 'approved', '', '00', true)
  journal.inward.rule(back, 'approved', '', '00', true)
  assert.equal(compare(journal, []).length, 2)
  const outward: HubPayment = {
    direction: 'outward',
    rrn,
    remitterBank: '700001',
    amountPaise: 100n,
    state: 'succeeded',
    disputed: false,
  }
  const inward: HubPayment = { ...outward, direction: 'inward', remitterBank: '600001' }
  assert.deepEqual(compare(journal, [outward, inward]), [])
  assert.equal(compare(journal, [{ ...outward, amountPaise: 101n }, inward]).length, 1)
  assert.equal(compare(journal, [outward, { ...inward, state: 'declined' }]).length, 1)
  assert.equal(compare(journal, [outward, inward, inward]).length, 1)
})
