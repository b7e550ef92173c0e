import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../base/clock.ts'
import type { KeyStore } from './key-store.ts'
import type { Opened, Order, Reply } from './pkcs11-worker.ts'

export type Pkcs11Options = Opened & {
  /** Where is kept which PIN file was refused, so that a hub that is started again and again does not lock the token. */
  readonly refusedFile: string
  readonly clock: Clock
}

/** A token in another room may take its time; one that takes longer is away. */
const ANSWER_MS = 15_000

/**
 * Key-encryption keys in a hardware security module, over PKCS#11: AES-256 keys that cannot leave it, used with GCM and the context as
 * additional data, and the audit key on P-256. Both are made in it at the first use.
 *
 * A token that went away and came back is found again; until then every call fails and says so. A PIN that was refused is
 * not tried again, not even by the next process, until its file has changed.
 * @throws one line that says what is wrong: no such token, a PIN that is refused, a module that cannot be loaded
 */
export async function openPkcs11Store(options: Pkcs11Options): Promise<KeyStore> {
  const { refusedFile, clock, ...opened } = options
  const mark = markOf(opened.pinFile)
  if (existsSync(refusedFile) && readFileSync(refusedFile, 'utf8') === mark)
    throw new Error(
      `TURANT_PKCS11_PIN_FILE: the token "${opened.token}" refused this PIN before, and it is not tried again: write the right one into ${opened.pinFile}`,
    )
  const worker = new Worker(new URL('./pkcs11-worker.ts', import.meta.url), { workerData: opened })
  worker.unref()
  const waiting = new Map<number, (reply: Reply) => void>()
  let last = 0
  worker.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply))
  worker.on('error', (error: Error) => {
    for (const [id, answer] of waiting)
      answer({ id, kind: 'failed', why: `the PKCS#11 module ended its thread (${error.name})`, wrongPin: false })
  })

  const ask = (order: Order): Promise<Extract<Reply, { kind: 'done' }>['value']> =>
    new Promise((resolve, reject) => {
      last += 1
      const id = last
      const end = (): void => {
        cancel()
        waiting.delete(id)
        if (waiting.size === 0) worker.unref()
      }
      const cancel = clock.after(ANSWER_MS, () => {
        end()
        reject(new Error(`the token "${opened.token}" did not answer within ${ANSWER_MS / 1000} s`))
      })
      waiting.set(id, (reply) => {
        end()
        if (reply.kind === 'done') return resolve(reply.value)
        if (reply.wrongPin) writeFileSync(refusedFile, mark, { mode: 0o600 })
        reject(new Error(reply.why))
      })
      worker.ref()
      worker.postMessage({ id, order })
    })
  const bytes = async (order: Order): Promise<Uint8Array> => {
    const value = await ask(order)
    if (value instanceof Uint8Array) return value
    throw new Error(`the token "${opened.token}" gave no bytes`)
  }
  const list = async (): Promise<readonly string[]> => {
    const value = await ask({ kind: 'list' })
    return Array.isArray(value) ? value : []
  }
  const close = async (): Promise<void> => {
    await ask({ kind: 'close' }).catch(() => undefined)
    await worker.terminate()
  }
  const current = async (): Promise<string> => (await list()).at(-1) ?? ''

  try {
    await ask({ kind: 'open' })
  } catch (error) {
    await close()
    throw error
  }
  rmSync(refusedFile, { force: true })
  return {
    name: 'pkcs11',
    current,
    list,
    wrap: (kek, key, context) => bytes({ kind: 'wrap', kek, bytes: key, context }),
    unwrap: (kek, wrapped, context) => bytes({ kind: 'unwrap', kek, bytes: wrapped, context }),
    rotate: async () => String(await ask({ kind: 'rotate' })),
    async destroy(kek) {
      if ((await current()) === kek) throw new Error(`${kek} is the current key: rotate first`)
      await ask({ kind: 'destroy', kek })
    },
    sign: (text) => bytes({ kind: 'sign', bytes: text }),
    auditKey: () => bytes({ kind: 'auditKey' }),
    close,
  }
}

/** Which file of a PIN this is: another one has another place or time. @throws one line when it cannot be used */
function markOf(pinFile: string): string {
  try {
    const { ino, size, mtimeMs, mode } = statSync(pinFile)
    if ((mode & 0o007) !== 0) throw new Error('everybody on this machine can read it: chmod 600')
    if (size === 0 || size > 300) throw new Error('it must hold the PIN and nothing else')
    return `${pinFile} ${ino} ${size} ${mtimeMs}`
  } catch (error) {
    const why = error instanceof Error ? ('code' in error ? `it cannot be read (${error.code})` : error.message) : ''
    throw new Error(`TURANT_PKCS11_PIN_FILE: ${pinFile}: ${why}`)
  }
}
