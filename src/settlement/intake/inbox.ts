import { constants, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { type FileHandle, lstat, open, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../base/log.ts'
import type { IntakeDeps, Taken } from './arrival.ts'
import { describeRefused } from './file.ts'
import { repeat } from './repeat.ts'
import { takeFile } from './take.ts'

/**
 * The folder that files are put into. A file is taken when it has not changed from one look to the next, so that nothing that is still
 * being written is read. Whatever became of a file, it is removed: what was taken is kept sealed, and so is what was refused, as it came; in
 * `refused` a text says why, and how to get it back.
 */
export interface Inbox {
  /** Looks once, and takes what has not changed since the last look. @returns what became of each, in the order of names */
  sweep(): Promise<readonly Taken[]>
}

/** Where it is said of refused files why, inside the inbox. */
export const REFUSED = 'refused'
/** What somebody is still writing is called so. */
const IN_WRITING = /^\.|\.(part|tmp|filepart|crdownload)$/i
/** Files of one look; more wait for the next. */
const MOST = 1_000

type Look = { readonly size: number; readonly mtimeMs: number; readonly ino: number }

const lookOf = ({ size, mtimeMs, ino }: Look): Look => ({ size, mtimeMs, ino })
const isSame = (one: Look | undefined, other: Look): boolean =>
  one !== undefined && one.size === other.size && one.mtimeMs === other.mtimeMs && one.ino === other.ino

/** @param folder  is made when it is not there, for this hub's user alone */
export function openInbox(deps: IntakeDeps, folder: string): Inbox {
  mkdirSync(join(folder, REFUSED), { recursive: true, mode: 0o700 })
  bringBack(folder)
  let before = new Map<string, Look>()

  const take = async (name: string, seen: Look): Promise<Taken | undefined> => {
    const path = join(folder, name)
    const file = await openPlain(path)
    if (file === undefined) return undefined
    try {
      const taken = await takeFile(deps, {
        name,
        chunks: file.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK }),
        again: () => readAgain(path, seen),
        cameBy: 'inbox',
        receivedBy: 'inbox',
        actor: { kind: 'hub', id: 'inbox' },
      })
      // Written to while it was read: what was read is done with, and what it is now comes at another look.
      const now = await lstat(path).catch(() => undefined)
      if (now === undefined || !isSame(lookOf(now), seen)) return taken
      if (taken.kind === 'refused') await sayWhy(folder, name, taken)
      await rm(path, { force: true })
      return taken
    } finally {
      await file.close()
    }
  }

  return {
    async sweep() {
      const now = new Map<string, Look>()
      const still: [name: string, seen: Look][] = []
      for (const name of (await readdir(folder)).sort().slice(0, MOST)) {
        if (IN_WRITING.test(name)) continue
        const found = await lstat(join(folder, name)).catch(() => undefined)
        if (found === undefined || !found.isFile()) continue
        const seen = lookOf(found)
        // What is taken now and stays all the same is looked at anew.
        if (isSame(before.get(name), seen)) still.push([name, seen])
        else now.set(name, seen)
      }
      before = now
      const taken: Taken[] = []
      const failed: unknown[] = []
      for (const [name, seen] of still) {
        // A failure of one file holds up no other.
        const one = await take(name, seen).catch((error: unknown) => failed.push(error))
        if (typeof one === 'object') taken.push(one)
      }
      if (failed.length > 0) throw failed[0]
      return taken
    },
  }
}

const CHUNK = 1_048_576
/** With an id before it and an ending after it a name still fits into a folder. */
const MAX_KEPT_NAME = 180

/** Opens a file, and no link to one. Undefined when it is gone, or is none. */
async function openPlain(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ELOOP') return undefined
    throw error
  }
}

/** What was just read, from its beginning: a reader that stops on the way closes the file. */
async function* readAgain(path: string, seen: Look): AsyncGenerator<Uint8Array> {
  const file = await openPlain(path)
  if (file === undefined) throw new Error('the file is gone')
  try {
    if (!isSame(lookOf(await file.stat()), seen)) throw new Error('the file is being written to')
    yield* file.createReadStream({ autoClose: false, highWaterMark: CHUNK })
  } finally {
    await file.close()
  }
}

async function sayWhy(folder: string, name: string, { file }: Taken): Promise<void> {
  const path = join(folder, REFUSED, `${file.id}-${name.slice(-MAX_KEPT_NAME)}.reason.txt`)
  const why = `${describeRefused(file)} (${file.refusal?.fault})`
  await writeFile(path, `${why}\nIt is kept encrypted: npm run settle -- give-back ${file.id}\n`, { mode: 0o600 })
}

/** Earlier versions laid refused files aside as they were: those come once more, and are sealed. */
function bringBack(folder: string): void {
  for (const name of readdirSync(join(folder, REFUSED))) {
    const plain = /^fil_[0-9a-f]{32}-(.+)$/.exec(name)?.[1]
    if (plain === undefined || name.endsWith('.reason.txt') || existsSync(join(folder, plain))) continue
    renameSync(join(folder, REFUSED, name), join(folder, plain))
  }
}

/** Looks again and again, one look at a time, until the returned function is called; it resolves when the last look has ended. */
export function watchInbox(
  { clock, log }: { readonly clock: IntakeDeps['clock']; readonly log: Log },
  inbox: Inbox,
  everyMs: number,
): () => Promise<void> {
  return repeat(clock, everyMs, async () => {
    try {
      for (const { kind, file } of await inbox.sweep()) {
        const { id, institution, kind: of } = file
        const about = { file: id, institution, fileKind: of }
        if (kind === 'refused') log.warn({ ...about, code: file.refusal?.fault }, 'a settlement file was refused')
        else if (kind === 'known') log.info(about, 'a settlement file came again')
        else log.info(about, 'a settlement file was taken')
      }
    } catch (error) {
      log.error({ err: error }, 'the inbox of settlement files cannot be read; it is tried again')
    }
  })
}
