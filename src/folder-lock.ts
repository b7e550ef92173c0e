import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from './base/alive.ts'

/** One process per folder: a file with the process id, which counts only while that very process lives. */
export type FolderLock =
  | { readonly kind: 'locked'; readonly release: () => void }
  | { readonly kind: 'taken'; readonly pid: number }

/** Takes the lock, or says who has it. A lock left by a process that was killed is taken over. */
export function lockFolder(folder: string, file: string): FolderLock {
  const path = join(folder, file)
  const draft = `${path}.${process.pid}`
  const mine = `${process.pid} ${startOf(process.pid)}\n`
  for (;;) {
    // Written first and then linked, so that nobody reads a lock without its owner.
    writeFileSync(draft, mine, { mode: 0o600 })
    try {
      linkSync(draft, path)
      return {
        kind: 'locked',
        release: () => {
          if (read(path) === mine) rmSync(path, { force: true })
        },
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const owner = read(path)
      const [pid, started] = (owner ?? '').trim().split(' ')
      if (pid !== undefined && /^[1-9][0-9]*$/.test(pid) && isAlive(Number(pid)) && startOf(Number(pid)) === started) {
        return { kind: 'taken', pid: Number(pid) }
      }
      // Only what was read is removed; a process that took over meanwhile keeps its own.
      if (read(path) === owner) rmSync(path, { force: true })
    } finally {
      rmSync(draft, { force: true })
    }
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** When a process started, in the system's own words, so that a process id used again is not mistaken; '-' where it cannot be read. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
  } catch {
    return '-'
  }
}
