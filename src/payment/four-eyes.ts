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

/** The role that somebody must have to take it. */
type Seat = string

/**
 * True when all steps are passed, nobody counting in two of them, and nobody twice under two names. However many have voted: those who
 * share a name are one, and each seat of the steps is given to one of them.
 */
export function satisfied(steps: readonly ApprovalStep[], votes: readonly Vote[]): boolean {
  const people = peopleOf(votes)
  return seatings(steps).some((seats) => seats.length <= people.length && canSeat(seats, people))
}

/** The roles of each person who voted, whatever they called themselves. */
function peopleOf(votes: readonly Vote[]): ReadonlySet<string>[] {
  const people: { readonly votes: Vote[] }[] = []
  for (const vote of votes) {
    const same = people.filter((one) => one.votes.some((other) => isSame(vote, other)))
    for (const one of same) people.splice(people.indexOf(one), 1)
    people.push({ votes: [vote, ...same.flatMap((one) => one.votes)] })
  }
  return people.map((one) => new Set(one.votes.flatMap(({ roles }) => roles)))
}

/** Every way to pass the steps, as the seats that must be taken then. */
const seatings = (steps: readonly ApprovalStep[]): Seat[][] =>
  steps.reduce<Seat[][]>(
    (before, { anyOf }) =>
      before.flatMap((seats) => anyOf.map(({ role, count }) => [...seats, ...Array<Seat>(count).fill(role)])),
    [[]],
  )

/** Whether each seat can have a person of its own: whoever is seated moves on when that makes room (augmenting paths). */
function canSeat(seats: readonly Seat[], people: readonly ReadonlySet<string>[]): boolean {
  const seatOf = new Map<number, number>() // person → seat
  const seat = (at: number, asked: Set<number>): boolean =>
    people.some((roles, person) => {
      if (asked.has(person) || !roles.has(seats[at] ?? '')) return false
      asked.add(person)
      const taken = seatOf.get(person)
      if (taken !== undefined && !seat(taken, asked)) return false
      seatOf.set(person, at)
      return true
    })
  return seats.every((_, at) => seat(at, new Set()))
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
