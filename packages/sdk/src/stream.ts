import { pause } from './host.ts'

/** Server-sent events, as far as the hub uses them: `id`, one line of `data`, and comments. @source HTML §9.2 */

export type Step<T> = { readonly id: string; readonly data: T }

/** Reads the events of an answer until it ends, says nothing for too long, or the caller leaves. */
export async function* readSteps<T>(
  answer: Response,
  silenceMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Step<T>, void, undefined> {
  const reader = answer.body?.getReader()
  if (reader === undefined) return
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const enough = new AbortController()
      const leave = (): void => enough.abort()
      signal?.addEventListener('abort', leave)
      const read = await Promise.race([reader.read(), pause(silenceMs, enough.signal)])
      enough.abort()
      signal?.removeEventListener('abort', leave)
      if (read === undefined || read.value === undefined) return
      const parts = (rest + decoder.decode(read.value, { stream: true })).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const id = /^id: (.*)$/m.exec(part)?.[1]
        const data = /^data: (.*)$/m.exec(part)?.[1]
        if (id !== undefined && data !== undefined) yield { id, data: JSON.parse(data) }
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
