/** What the SDK takes from where it runs: time, chance and waiting. Everything else is `fetch` and WebCrypto, which all of them have. */

export const now = (): number => Date.now()

/** A number from 0 to below 1. */
export const chance = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32

/** Bytes that nobody can guess, in hex. `crypto.randomUUID` is not used, since a page without HTTPS does not have it. */
export const randomHex = (bytes: number): string =>
  [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** Resolves after so many milliseconds, or at once when the signal is, or comes to be, aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}

/** Aborts after so many milliseconds, or when the caller's signal does. `end` must be called: a timer keeps a process alive. */
export function deadline(
  ms: number,
  signal?: AbortSignal,
): {
  readonly signal: AbortSignal
  /** True when the time was over before the caller aborted. */
  readonly isLate: () => boolean
  readonly end: () => void
} {
  const controller = new AbortController()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    controller.abort()
  }, ms)
  const leave = (): void => controller.abort()
  signal?.addEventListener('abort', leave)
  return {
    signal: controller.signal,
    isLate: () => isLate,
    end: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    },
  }
}
