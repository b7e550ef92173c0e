import type { TFunction } from 'i18next'
import { tell } from './problem-alert.tsx'

/** What some changes answer when a rule puts them before other people: the approval that waits. */
type Waiting = { readonly id: string; readonly digest: string; readonly steps: readonly unknown[] }

/** Whether a change was not made yet, because others must agree to it. */
export const waits = (answer: unknown): answer is Waiting =>
  typeof answer === 'object' && answer !== null && 'digest' in answer && 'steps' in answer

/** Says that something is done; or that it waits for other people, when that is what the hub answered. */
export function tellDone(t: TFunction, answer: unknown, done: string): void {
  tell(waits(answer) ? t('common:waitsForOthers') : done)
}
