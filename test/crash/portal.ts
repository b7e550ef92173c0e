import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { between, chance, type Random } from '../../src/base/random.ts'
import type { Db } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { addDays, dayOf } from '../../src/imps/cycles.ts'
import type { Institution } from '../../src/imps/profile.ts'
import { listUploads, releaseUpload } from '../../src/settlement/books/upload-store.ts'
import type { CutAnswer } from '../../src/simulator/cycles/office.ts'
import { createNpciSays, type NpciSays } from '../support/npci-says.ts'
import { get } from './check.ts'
import type { Processes } from './processes.ts'

/**
 * Whoever stands between NPCI and the hub: has cycles cut, keeps what NPCI wrote, and carries it into the hub's inbox out of order, late,
 * broken in the middle and twice; argues about payments, and lets go what waits for people. It never dies.
 */

export type Portal = {
  readonly says: NpciSays
  readonly counts: Record<'cycles' | 'files' | 'halves' | 'repeats' | 'late' | 'disputes' | 'released', number>
  /** Has the next cycle cut, and carries what there is. @param all  nothing is kept back, nothing is spoilt */
  cut(all?: boolean): Promise<void>
  /** While the hub is dead: that a minute has passed, after which its runs are taken for dead. */
  between(db: Db): Promise<void>
  /** Lets go the files for NPCI that wait for people. */
  release(db: Db): Promise<void>
  /** What is not done yet; empty: all that was carried is settled. */
  unsettled(db: Db): Promise<string[]>
  /** Puts all that was ever carried into the inbox once more. */
  repeatAll(): number
  /** Files that were carried, by name. */
  readonly carried: ReadonlyMap<string, Buffer>
  /** Names of files of which a half came before the whole. */
  readonly halved: ReadonlySet<string>
}

/** So far ahead of the calendar cycles are cut: what banks answer then is late, and costs. @source settlement.md §2.2, RBI/2019-20/67 */
const DAYS_AHEAD = 3
const LATE = 0.1
const HALF = 0.06
const REPEATED = 0.25
const ARGUED = 0.5
/** What a bank behind the switch raises. @source settlement.md §4.1 */
const flags = ['C', 'BGGC', 'RGGC', 'B', 'FB', 'FC', 'WP', 'DFC', 'DWC'] as const

export function createPortal(processes: Processes, random: Random, institutions: readonly Institution[]): Portal {
  const simulator = `http://127.0.0.1:${processes.simulatorPort}`
  const says = createNpciSays(institutions)
  const banks = institutions.map(({ code }) => code)
  const carried = new Map<string, Buffer>()
  const halved = new Set<string>()
  const counts = { cycles: 0, files: 0, halves: 0, repeats: 0, late: 0, disputes: 0, released: 0 }
  let waiting: string[] = []

  const post = async (path: string, body: object): Promise<Response> =>
    fetch(`${simulator}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  /** Whole or not at all, as a transfer that renames at its end. */
  const put = (name: string, bytes: Uint8Array): void => {
    const draft = join(processes.inbox, `.${name}.part`)
    writeFileSync(draft, bytes, { mode: 0o600 })
    renameSync(draft, join(processes.inbox, name))
  }

  const isStatementOfBank = (name: string): boolean => name.startsWith('RBISTMT')

  const carry = (all: boolean): void => {
    const late: string[] = []
    for (const name of waiting.toSorted(() => (chance(random, 0.5) ? 1 : -1))) {
      const bytes = carried.get(name) ?? Buffer.alloc(0)
      if (!all && chance(random, LATE)) {
        counts.late += 1
        late.push(name)
      } else if (!all && chance(random, HALF) && !isStatementOfBank(name) && !halved.has(name)) {
        counts.halves += 1
        halved.add(name)
        put(name, bytes.subarray(0, Math.floor(bytes.length / 2)))
        late.push(name)
      } else put(name, bytes)
    }
    const known = [...carried.keys()].filter((name) => !late.includes(name))
    const again = known[between(random, 0, Math.max(0, known.length - 1))]
    if (!all && again !== undefined && chance(random, REPEATED)) {
      counts.repeats += 1
      put(again, carried.get(again) ?? Buffer.alloc(0))
    }
    waiting = late
  }

  const argue = async (): Promise<void> => {
    const row = says.rows[between(random, 0, Math.max(0, says.rows.length - 1))]
    const flag = flags[between(random, 0, flags.length - 1)]
    if (row === undefined || !chance(random, ARGUED)) return
    // Some of these NPCI takes from no bank: then it says so.
    if ((await post('/disputes', { rrn: row.rrn, flag })).status === 202) counts.disputes += 1
  }

  return {
    says,
    counts,
    carried,
    halved,
    async cut(all = false) {
      if (!all) await argue()
      const first = { date: addDays(dayOf(Date.now()), DAYS_AHEAD), cycle: '1' }
      const response = await post('/cycle', counts.cycles === 0 ? first : {})
      if (response.status !== 200) throw new Error(`the cycle was not cut: ${await response.text()}`)
      const { files } = (await response.json()) as CutAnswer
      for (const { name, kind } of files) {
        const bytes = readFileSync(join(processes.outgoing, name))
        carried.set(name, bytes)
        if (kind !== 'bank_statement') await says.add(name, bytes)
        waiting.push(name)
      }
      counts.cycles += 1
      counts.files += files.length
      carry(all)
    },
    async between(db) {
      await db`update recon_run set beat_at = beat_at - interval '1 hour' where state = 'running'`
    },
    async release(db) {
      for (const file of await listUploads(db, banks, 'waiting', undefined, 100)) {
        if (await inTransaction(db, (tx) => releaseUpload(tx, file.id, file.sha256, Date.now()))) counts.released += 1
      }
    },
    async unsettled(db) {
      const left = existsSync(processes.inbox)
        ? readdirSync(processes.inbox, { withFileTypes: true }).filter((one) => one.isFile())
        : []
      const open = await db<{ what: string }[]>`
        select c.institution || ' ' || c.settled_on || '/' || c.cycle || ' has only ' || coalesce(string_agg(s.step, ' '), 'its files') as what
        from settlement_cycle c left join pipeline_step s using (institution, settled_on, cycle)
        group by c.institution, c.settled_on, c.cycle having count(s.step) < 4
        union all select 'rows for NPCI are in no file' from upload_row where upload_id is null
        union all select 'file ' || name || ' is ' || state from upload_file where state in ('waiting', 'released')
        union all select 'dispute ' || dispute_id || ' is over and holds money' from dispute where closed_at is not null and held > 0
        limit 10`
      const [{ cycles } = { cycles: 0 }] = await db<
        { cycles: number }[]
      >`select count(*)::integer as cycles from settlement_cycle`
      return [
        ...waiting.map((name) => `${name} is not carried`),
        ...left.map(({ name }) => `${name} lies in the inbox`),
        ...(cycles < says.stated.size ? [`${says.stated.size - cycles} cycles are not known yet`] : []),
        ...open.map(({ what }) => what),
      ]
    },
    repeatAll() {
      for (const [name, bytes] of carried) put(name, bytes)
      return carried.size
    },
  }
}

/** What NPCI has of the hub's uploads. */
export const uploadsAt = async (
  simulatorPort: number,
): Promise<
  readonly {
    readonly name: string
    readonly rows: readonly { rrn: string; flag: string; state: string; refusal?: string }[]
  }[]
> => (await get<{ data: never[] }>(`http://127.0.0.1:${simulatorPort}/uploads`)).data
