import { registerHooks } from 'node:module'
import type postgresModule from 'postgres'

/**
 * The PostgreSQL driver, with the defects of 3.4.9 repaired that show when the server goes away under load. All are known
 * upstream and unfixed in any release (porsager/postgres #1066, #1154, #1208; found here by `npm run crash -- --postgres`):
 *
 * - A transaction whose connection was lost still wrote to it: an exception that nobody can catch, or, when the connection had
 *   been opened again for somebody else, a ROLLBACK in the middle of that transaction, and a release of what was not its own.
 * - Bytes that waited for a connection when it closed stayed, and the connection could never be used again.
 * - A statement between the error of a socket and its close was never answered, nor a transaction that waited for a connection
 *   which closed; one that failed while it waited kept the next connection for good.
 * - A connection lost while it was being opened was an unhandled rejection; a pool of transactions never forgot its failures,
 *   and waited longer after each.
 *
 * - A copy to the client whose last row came together with its end, and was more than its stream wanted, left the socket paused for good
 *   (found here by CI: a backup that never ended).
 *
 * And two that cost: each statement of a kilobyte or more was a write of its own to the socket, however many left in one turn. All of a
 * turn leave together, as the small ones did; what a batch sends is bounded by the batch. And of the free connections the one was taken that had
 * been free longest, so that each process of PostgreSQL came round with cold caches; the one that was used last is taken.
 *
 * The sources are repaired as they are loaded. Each repair must fit exactly, so another version of the driver stops the start.
 */

type Repair = readonly [from: string, to: string]

const repairs: Readonly<Record<string, readonly Repair[]>> = {
  '/postgres/src/connection.js': [
    ['    if (fn || chunk.length >= 1024)\n', '    if (fn)\n'],
    [
      '    const x = socket.write(chunk, fn)\n',
      `    if (socket === null) {
      nextWriteTimer !== null && clearImmediate(nextWriteTimer)
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
      query = null
      return false
    }
    const x = socket.write(chunk, fn)
`,
    ],
    [
      "    clearImmediate(nextWriteTimer)\n    socket.removeListener('data', data)\n",
      "    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener('data', data)\n",
    ],
    [
      "    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n",
      "    ;(query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n    query = results = errorResponse = null\n",
    ],
    [
      '    stream && stream.push(null)\n    stream = null\n',
      '    stream && stream.push(null)\n    stream = null\n    socket.resume()\n',
    ],
    [
      '        return fetchArrayTypes()\n',
      '        options.shared.retries = retries = 0\n        return fetchArrayTypes().catch(() => undefined)\n',
    ],
  ],
  '/postgres/src/index.js': [
    [
      '      , open = Queue()\n',
      `      , open = (free => ({
        get length() { return free.length },
        remove: c => free.includes(c) ? free.splice(free.indexOf(c), 1)[0] : null,
        push: c => (free.push(c), c),
        shift: () => free.pop()
      }))([])
`,
    ],
    [
      '        const query = { reserve: resolve, reject }\n',
      '        const query = { reserve: resolve, reject: e => (queries.remove(query), reject(e)) }\n',
    ],
    [
      '    queries.length && connect(c, queries.shift())\n',
      `    if (queries.length) {
      const next = queries.shift()
      next.reserve && queries.push(next)
      connect(c, next)
    }
`,
    ],
    [
      '    c.reserved.release = true\n',
      `    c.reserved.release = true
    let lost = null
    c.onclose = e => {
      lost = e
      while (queue.length) queue.shift().reject(e)
    }
`,
    ],
    [
      '      c.reserved = null\n      onopen(c)\n    }\n\n    return sql\n',
      '      if (lost) return\n      c.onclose = null\n      c.reserved = null\n      onopen(c)\n    }\n\n    return sql\n',
    ],
    [
      '      c.queue === full\n        ? queue.push(q)\n',
      '      lost ? q.reject(lost) : c.queue === full\n        ? queue.push(q)\n',
    ],
    ['      , prepare = null\n', '      , prepare = null\n      , lost = null\n'],
    [
      '        new Promise((_, reject) => connection.onclose = reject)\n',
      `        new Promise((_, reject) => connection.onclose = e => {
          lost = e
          while (queries.length) queries.shift().reject(e)
          reject(e)
        })
`,
    ],
    [
      '        c.queue === full\n          ? queries.push(q)\n',
      '        lost ? q.reject(lost) : c.queue === full\n          ? queries.push(q)\n',
    ],
  ],
}

const mended = new Set<string>()

function mend(name: string, source: string): string {
  let text = source
  for (const [from, to] of repairs[name] ?? []) {
    const parts = text.split(from)
    if (parts.length !== 2) throw new Error(`${name} is not the one of postgres 3.4.9: see src/db/driver.ts`)
    text = parts.join(to)
  }
  mended.add(name)
  return text
}

const hooks = registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const name = Object.keys(repairs).find((path) => url.endsWith(path))
    if (name === undefined) return loaded
    const { source = '' } = loaded
    return { ...loaded, source: mend(name, typeof source === 'string' ? source : new TextDecoder().decode(source)) }
  },
})
/** The driver. Only `pool.ts` opens connections with it. */
export const postgres: typeof postgresModule = (await import('postgres')).default
hooks.deregister()
if (mended.size !== Object.keys(repairs).length) throw new Error('postgres was loaded before it could be repaired')
