import { hash } from 'node:crypto'

/**
 * Four eyes: who must agree before something is done. Pure; the stores and the doors carry it out.
 */

/** Somebody with this role, so many of them. */
export type Alternative = { readonly role: string; readonly count: number }
/** Passed when one of the alternatives is met. All steps must be passed, each by people of its own. */
export type ApprovalStep = { readonly anyOf: readonly Alternative[] }

/** What applies where no rule does and something has to be looked at all the same: one person who may. */
export const oneChecker: readonly ApprovalStep[] = [{ anyOf: [{ role: 'checker', count: 1 }] }]

/** One vote for it. `same` are all the names of who voted. */
export type Vote = { readonly voter: string; readonly same: readonly string[]; readonly roles: readonly string[] }

/** Steps at most, alternatives of one at most, and people of one alternative at most. */
export const MAX_STEPS = 5

/** True when all steps are passed, nobody counting in two of them, and nobody twice under two names. */
export function satisfied(steps: readonly ApprovalStep[], votes: readonly Vote[]): boolean {
  const [step, ...rest] = steps
  if (step === undefined) return true
  return step.anyOf.some(({ role, count }) =>
    chosen(
      votes.filter((vote) => vote.roles.includes(role)),
      count,
    ).some((some) =>
      satisfied(
        rest,
        votes.filter((vote) => !some.some((one) => isSame(one, vote))),
      ),
    ),
  )
}

/** Every way to take `count` different people out of the votes. */
function chosen(votes: readonly Vote[], count: number): Vote[][] {
  if (count === 0) return [[]]
  return votes.flatMap((vote, i) =>
    chosen(
      votes.slice(i + 1).filter((other) => !isSame(vote, other)),
      count - 1,
    ).map((others) => [vote, ...others]),
  )
}

const isSame = (a: Vote, b: Vote): boolean =>
  a.voter === b.voter ||
  a.same.includes(b.voter) ||
  b.same.includes(a.voter) ||
  a.same.some((name) => b.same.includes(name))

/** Why somebody may not vote; undefined when they may. `same` are all the names of the maker and of the voter. */
export function barred(
  steps: readonly ApprovalStep[],
  maker: readonly string[],
  voter: Vote,
): 'own_work' | 'wrong_role' | undefined {
  if (maker.includes(voter.voter) || voter.same.some((name) => maker.includes(name))) return 'own_work'
  const asked = steps.flatMap((step) => step.anyOf.map(({ role }) => role))
  return voter.roles.some((role) => asked.includes(role)) ? undefined : 'wrong_role'
}

/** SHA-256 over values in one fixed order: what an approval is about, to the letter. */
export const digestOf = (values: readonly unknown[]): string =>
  hash(
    'sha256',
    JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
  )
