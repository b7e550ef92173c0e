import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { now } from '../../clock.ts'
import { paiseOf } from '../../components/rupees.ts'
import { faultsOf, type Wish } from './wish.ts'

const DAY_MS = 86_400_000
const PAUSE_MS = 400
/** Money did not go, or went back. */
const gone = new Set(['failed', 'cancelled', 'returned'])

/** Payments of the last 24 hours of the same amount to the same account or mobile: somebody may be about to pay twice. */
export function useAlike(wish: Wish): readonly Item<'/v1/payments'>[] {
  const [settled] = useDebouncedValue(wish, PAUSE_MS)
  const [from] = useState(() => new Date(now() - DAY_MS).toISOString())
  const amount = paiseOf(settled.amount)
  const { amount: badAmount, account, mobile } = faultsOf(settled)
  const isReady = badAmount === undefined && account === undefined && mobile === undefined && amount !== undefined
  const { rows } = useList(
    '/v1/payments',
    {
      query: {
        direction: 'outward',
        minAmount: amount,
        maxAmount: amount,
        from,
        ...(settled.kind === 'account' ? { account: settled.account } : { mobile: settled.mobile }),
        limit: 10,
      },
    },
    { enabled: isReady },
  )
  return isReady ? rows.filter(({ status }) => !gone.has(status)) : []
}
