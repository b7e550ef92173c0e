import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ApprovalStep, barred, digestOf, oneChecker, satisfied, type Vote } from './four-eyes.ts'

const vote = (voter: string, ...roles: string[]): Vote => ({ voter, same: [voter], roles })
const step = (...anyOf: (readonly [role: string, count: number])[]): ApprovalStep => ({
  anyOf: anyOf.map(([role, count]) => ({ role, count })),
})

const table: readonly (readonly [
  what: string,
  steps: readonly ApprovalStep[],
  votes: readonly Vote[],
  passes: boolean,
])[] = [
  ['nobody, where nobody is asked', [], [], true],
  ['nobody, where one is asked', oneChecker, [], false],
  ['one of the role', oneChecker, [vote('a', 'checker')], true],
  ['one of another role', oneChecker, [vote('a', 'maker')], false],
  ['one of two that are asked', [step(['checker', 2])], [vote('a', 'checker')], false],
  [
    'one person under two names',
    [step(['checker', 2])],
    [vote('a', 'checker'), { ...vote('cli_a', 'checker'), same: ['cli_a', 'a'] }],
    false,
  ],
  ['two of two', [step(['checker', 2])], [vote('a', 'checker'), vote('b', 'checker')], true],
  ['either of two roles', [step(['checker', 2], ['administrator', 1])], [vote('a', 'administrator')], true],
  [
    'both of two steps',
    [step(['checker', 1]), step(['operations', 1])],
    [vote('a', 'checker'), vote('b', 'operations')],
    true,
  ],
  [
    'one person with both roles, for two steps',
    [step(['checker', 1]), step(['operations', 1])],
    [vote('a', 'checker', 'operations')],
    false,
  ],
  [
    'the one with both roles goes where the other cannot',
    [step(['checker', 1]), step(['operations', 1])],
    [vote('a', 'checker', 'operations'), vote('b', 'checker')],
    true,
  ],
]
for (const [what, steps, votes, passes] of table) {
  test(`${what}: ${passes ? 'passes' : 'is not enough'}`, () => assert.equal(satisfied(steps, votes), passes))
}

test('who made it cannot vote, under none of its names, and who has no role of it cannot either', () => {
  const maker = ['cli_key', 'usr_owner']
  assert.equal(barred(oneChecker, maker, vote('cli_key', 'checker')), 'own_work')
  assert.equal(barred(oneChecker, maker, vote('usr_owner', 'checker')), 'own_work')
  assert.equal(
    barred(oneChecker, maker, { ...vote('cli_other', 'checker'), same: ['cli_other', 'usr_owner'] }),
    'own_work',
  )
  assert.equal(barred(oneChecker, maker, vote('usr_b', 'maker')), 'wrong_role')
  assert.equal(barred(oneChecker, maker, vote('usr_b', 'checker')), undefined)
})

test('another vote never undoes what was enough', () => {
  const role = fc.constantFrom('checker', 'operations', 'administrator')
  const someVote = fc.record({
    voter: fc.constantFrom('a', 'b', 'c', 'd'),
    roles: fc.uniqueArray(role, { minLength: 1 }),
  })
  const someStep = fc.array(fc.record({ role, count: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 2 })
  fc.assert(
    fc.property(
      fc.array(someStep, { maxLength: 3 }),
      fc.array(someVote, { maxLength: 5 }),
      someVote,
      (steps, votes, one) => {
        const asked = steps.map((anyOf) => ({ anyOf }))
        const cast = votes.map(({ voter, roles }) => vote(voter, ...roles))
        if (satisfied(asked, cast)) assert.ok(satisfied(asked, [...cast, vote(one.voter, ...one.roles)]))
      },
    ),
  )
})

test('a digest is of the values and their order, and of nothing else', () => {
  assert.equal(digestOf(['payment', 1n, null]), digestOf(['payment', '1', null]))
  assert.notEqual(digestOf(['a', 'b']), digestOf(['b', 'a']))
  assert.notEqual(digestOf(['ab', '']), digestOf(['a', 'b']))
})
