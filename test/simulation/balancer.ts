import type { Answering, Serve, WebResponse } from '../../src/base/web.ts'
import type { Life } from './life.ts'

/** What stands before the hub's processes: a document goes to one that listens, and to the next when that one says 503. */
export interface Balancer {
  readonly answering: Answering
  /** Listening, as one process does it: deaf while it is paused, gone when it dies. */
  serveFor(life: Life): Serve
}

export function createBalancer(): Balancer {
  const listening = new Map<Life, Answering>()
  let turn = 0

  const ask = (life: Life, answering: Answering, request: Parameters<Answering>[0]): Promise<WebResponse> =>
    new Promise((resolve, reject) => {
      life.onKill(() => reject(new Error('the process died')))
      life.reach(() => {
        answering(request).then(
          (response) => (life.isAlive() ? resolve(response) : reject(new Error('the process died'))),
          reject,
        )
      })
    })

  return {
    async answering(request) {
      turn += 1
      const all = [...listening]
      for (let i = 0; i < all.length; i += 1) {
        const [life, answering] = all[(turn + i) % all.length] as [Life, Answering]
        const response = await ask(life, answering, request)
        if (response.status !== 503) return response
      }
      throw new Error('nobody listens')
    },
    serveFor: (life) => async (_address, answering) => {
      listening.set(life, answering)
      life.onKill(() => listening.delete(life))
      return {
        port: 1,
        close: async () => {
          listening.delete(life)
        },
      }
    },
  }
}
