/**
 * Asks again until the answer is enough, as long as the test may take.
 *
 * For what waits for the oldest transaction still open in PostgreSQL, like the list of events: test files share one
 * PostgreSQL, so a transaction of another file can hold back for a moment what is already committed.
 */
export async function askUntil<T>(ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (isEnough(answer)) return answer
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}
