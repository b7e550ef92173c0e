import type { AccountId, Lane } from '../../base/identifiers.ts'
import { type ChartCode, hubAccount } from '../../ledger/chart.ts'
import type { Leg } from '../../ledger/journals.ts'

/** Legs being added up: each move has two, so that they sum to zero whatever is moved. */
export type Legs = {
  /** Debits one account of the hub and credits another, in one lane; a negative amount the other way round. */
  move(debit: ChartCode, credit: ChartCode, amountPaise: bigint, lane: Lane): void
  all(): Leg[]
}

export function createLegs(): Legs {
  const sums = new Map<AccountId, bigint>()
  const add = (account: AccountId, amount: bigint): void => {
    sums.set(account, (sums.get(account) ?? 0n) + amount)
  }
  return {
    move(debit, credit, amountPaise, lane) {
      add(hubAccount(debit, lane), -amountPaise)
      add(hubAccount(credit, lane), amountPaise)
    },
    all: () => [...sums].map(([account, amountPaise]) => ({ account, amountPaise })),
  }
}

/** One move between two accounts of the hub. */
export const moveLegs = (debit: ChartCode, credit: ChartCode, amountPaise: bigint, lane: Lane): Leg[] => {
  const legs = createLegs()
  legs.move(debit, credit, amountPaise, lane)
  return legs.all()
}
