import type { Clock } from '../base/clock.ts'
import type { Message, Messenger } from './message.ts'

/** A message in the box. `at` is epoch milliseconds. */
export type Kept = Message & { readonly at: number }

/** The sandbox's phones: the last messages, in memory, of every tenant. Nothing leaves this machine. */
export type MessageBox = Messenger & {
  /** A tenant's messages, newest first. */
  readonly list: (tenantId: number, to: string | undefined, limit: number) => readonly Kept[]
}

const MAX_KEPT = 1_000

export function createMessageBox(clock: Clock): MessageBox {
  let kept: Kept[] = []
  return {
    async send(message) {
      kept = [{ ...message, at: clock.now() }, ...kept.slice(0, MAX_KEPT - 1)]
      return { kind: 'sent' }
    },
    list: (tenantId, to, limit) =>
      kept.filter((one) => one.tenantId === tenantId && (to === undefined || one.to === to)).slice(0, limit),
  }
}
