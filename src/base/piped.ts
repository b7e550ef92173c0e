import { execFile } from 'node:child_process'
import { constants, createReadStream } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sleep, systemClock } from './clock.ts'
import { readSealedFile } from './sealed-file.ts'

/** Content in a file: sealed under a key, or as it is. */
export type Content = { readonly path: string; readonly key?: Uint8Array }

/** What the content is, from its beginning. */
export const readContent = ({ path, key }: Content): AsyncIterable<Uint8Array> =>
  key === undefined ? createReadStream(path) : readSealedFile(path, key)

/** How often a reader is looked for that has not opened its end yet. */
const POLL_MS = 1

/** Two threads of Node's four wait in pipes at most: the others decrypt what goes through them. */
const AT_ONCE = 2
let opened = 0
const waiting: (() => void)[] = []

/**
 * Gives what is sealed a path that a program can read once, from its beginning to its end: a named pipe, so that nothing of it lies on a
 * disk in the clear, whenever this process dies. Where there are no pipes (Windows) it is a file that is removed when `read` ends.
 *
 * @param folder  where the pipe may be: one that only this hub's user can enter
 * @throws what `read` throws, or that the content is not what was sealed: what `read` said of it is then not believed
 */
export async function withPath<T>(content: Content, folder: string, read: (path: string) => Promise<T>): Promise<T> {
  if (content.key === undefined) return read(content.path)
  const own = await mkdtemp(join(folder, 'pipe-'))
  const path = join(own, 'content')
  if (opened >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else opened += 1
  try {
    if (process.platform === 'win32') {
      await writeFile(path, readContent(content), { mode: 0o600, flag: 'wx' })
      return await read(path)
    }
    await promisify(execFile)('mkfifo', ['-m', '600', path])
    let isRead = false
    const reading = read(path).finally(() => {
      isRead = true
    })
    reading.catch(() => undefined) // it is awaited once the pipe is fed
    const fed = await feed(path, readContent(content), () => isRead).catch((error: unknown) => ({ error }))
    const result = await reading
    if (fed !== undefined) throw fed.error
    return result
  } finally {
    const next = waiting.shift()
    if (next === undefined) opened -= 1
    else next()
    await rm(own, { recursive: true, force: true })
  }
}

/** Writes into a pipe until it is at its end, or nobody reads any more. */
async function feed(path: string, pieces: AsyncIterable<Uint8Array>, isRead: () => boolean): Promise<undefined> {
  const pipe = await openWhenRead(path, isRead)
  if (pipe === undefined) return
  try {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; ) at += (await pipe.write(piece, at)).bytesWritten
    }
  } catch (error) {
    // A reader that goes before the end has its own reason, and says it.
    if (codeOf(error) !== 'EPIPE') throw error
  } finally {
    await pipe.close()
  }
}

/** Never waits in `open`: a reader that fails before it opens the pipe, or as soon as it has, would leave a thread there for good. */
async function openWhenRead(path: string, isRead: () => boolean): Promise<FileHandle | undefined> {
  while (!isRead()) {
    try {
      const seen = await open(path, constants.O_WRONLY | constants.O_NONBLOCK)
      const guard = await open(path, constants.O_RDWR) // reads too, so that the next line never waits for a reader
      try {
        return await open(path, constants.O_WRONLY)
      } finally {
        await Promise.all([seen.close(), guard.close()])
      }
    } catch (error) {
      if (codeOf(error) !== 'ENXIO') throw error
      await sleep(systemClock, POLL_MS)
    }
  }
  return undefined
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
