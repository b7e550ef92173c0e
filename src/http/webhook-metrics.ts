import { Counter, type Registry } from 'prom-client'
import { createHistogram } from './histogram.ts'

/** What came of a try to tell a receiver, in the words of `webhook/deliver.ts`. */
type Kind = 'told' | 'failed' | 'gone' | 'postponed'

const TRY_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15]

/** Counts tries of webhooks. @returns `tried` for the webhooks' `onTried`, and `print` for what the registry does not have */
export function countWebhooks(registry: Registry) {
  const tries = new Map<Kind, number>()
  new Counter({
    name: 'turant_webhook_tries_total',
    help: 'Tries to tell a receiver: told (2xx), failed (tried again later), gone (410, disabled), postponed (too much on its way there).',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [outcome, value] of tries) this.inc({ outcome }, value)
    },
  })
  const duration = createHistogram(
    'turant_webhook_try_seconds',
    'From a webhook to the answer of its receiver, or to the end of its time.',
    ['outcome'],
    TRY_BUCKETS_S,
  )
  return {
    tried(outcome: Kind, seconds: number): void {
      tries.set(outcome, (tries.get(outcome) ?? 0) + 1)
      duration.of(outcome).observe(seconds)
    },
    print: () => duration.print(),
  }
}
