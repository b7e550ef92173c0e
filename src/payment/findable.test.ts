import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findingOf, notFindable, outcomes, whyNotFound } from './findable.ts'
import { advance, advanceInward, stateKinds } from './payment.ts'

test('what people may say is what door 2 then does, for every outcome, direction and state', () => {
  const used = new Set<string>()
  for (const outcome of outcomes) {
    for (const direction of ['outward', 'inward'] as const) {
      for (const state of stateKinds) {
        const why = whyNotFound(outcome, { direction, state })
        const step = (direction === 'outward' ? advance : advanceInward)(state, findingOf[outcome])
        assert.equal(why === undefined, step.kind === 'moved', `${outcome} ${direction} ${state}`)
        if (step.kind === 'repeated') assert.equal(why, 'known', `${outcome} ${direction} ${state}`)
        if (why !== undefined) used.add(why)
      }
    }
  }
  assert.deepEqual([...used].sort(), Object.keys(notFindable).sort(), 'every reason is one of some cell')
})
