import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { LANES } from '../../src/base/identifiers.ts'
import type { Db } from '../../src/db/pool.ts'
import { chart } from '../../src/ledger/chart.ts'
import type { JournalEntry } from '../../src/simulator/journal.ts'
import { booksLines, changedLines, settlementInvariants } from '../support/settlement-invariants.ts'
import type { Disagreement, Row } from './check.ts'
import { type Portal, uploadsAt } from './portal.ts'

/** What must hold of settlement once all that was carried is settled: the hub's tables beside the files as NPCI wrote them. */

export type FoundSettled = {
  readonly violations: string[]
  /** How much there was of each thing, for the table. */
  readonly sums: Readonly<Record<string, number>>
  readonly breaks: Readonly<Record<string, number>>
}

/** Adjustments that bring the money of an outward payment back to it. @source settlement.md §4.1 */
const bringsBack = /^(RET|C|BGGC|A|AP|ACA|ACV|FA|FAP|FCA|DFCA|WPA|DWCA|ACW)$/

/** Why a settled payment cannot be what the switch saw and NPCI's files say; undefined when it can. */
export function settledDisagrees({ says }: Portal): Disagreement {
  const outward = says.rows.filter(({ side }) => side === 'remitter')
  const rawOf = new Map(outward.map(({ institution, rrn, responseCode }) => [`${institution} ${rrn}`, responseCode]))
  // The banks of the hub have the same letters in reports as in the hub.
  const flagsOf = Map.groupBy(says.adjustments, ({ remitterBank, rrn }) => `${remitterBank} ${rrn}`)
  return (row: Row, entry: JournalEntry) => {
    const key = `${row.institution} ${row.rrn}`
    const raw = rawOf.get(key)
    const settled = raw === '00' || raw === '08'
    const said = (flagsOf.get(key) ?? []).map(({ flag }) => flag)
    switch (row.state) {
      case 'succeeded':
        return entry.stand === 'approved' || said.includes('TCC') ? undefined : 'nobody approved or confirmed it'
      case 'returned':
        return said.some((flag) => bringsBack.test(flag)) ? undefined : `no report brings it back: ${said.join(' ')}`
      case 'declined':
        return settled ? `it is settled with ${raw}` : undefined
      case 'deemed':
        if (said.includes('TCC') || said.includes('RET')) return `the reports say ${said.join(' ')}`
        return raw === '08' || entry.stand === 'unseen' ? undefined : `the raw file has ${raw}`
      case 'unconfirmed':
        return raw === undefined ? undefined : `the raw file has ${raw}`
      default:
        return `it is ${row.state} after everything is settled`
    }
  }
}

export async function checkSettlement(db: Db, portal: Portal, simulatorPort: number): Promise<FoundSettled> {
  const { says } = portal
  const violations = await settlementInvariants(db, {
    settled: await says.settled(db),
    stated: says.stated,
    now: Date.now(),
  })
  const wrong = (name: string, rows: readonly { readonly wrong: string }[]): void => {
    for (const one of rows.slice(0, 5)) violations.push(`${name}: ${one.wrong}`)
  }
  const first = chart['RBI-STL'].number * LANES
  const [{ bank } = { bank: 0n }] = await db<{ bank: bigint }[]>`
    select coalesce(sum(amount), 0)::bigint as bank from entry
    where account_id between ${first} and ${first + LANES - 1} and kind <> 'opening'`
  if (bank !== -says.finalPaise()) violations.push(`RBI-STL has ${bank}, all statements come to ${says.finalPaise()}`)

  wrong(
    'a run',
    await db`
      select 'cycle ' || c.institution || ' ' || c.settled_on || '/' || c.cycle || ' has ' || count(r.run_id) || ' runs that hold' as wrong
      from settlement_cycle c left join recon_run r on (r.institution, r.settled_on, r.cycle, r.state) = (c.institution, c.settled_on, c.cycle, 'matched')
      group by c.institution, c.settled_on, c.cycle having count(r.run_id) <> 1
      union all
      select 'run ' || run_id || ' is ' || state || ' and left rows behind' from recon_run r where state <> 'matched' and (
        exists (select from break b where b.run_id = r.run_id) or exists (select from recon_item i where i.run_id = r.run_id)
        or exists (select from recon_settled s where s.run_id = r.run_id) or exists (select from recon_mark m where m.run_id = r.run_id))
      union all
      select 'run ' || r.run_id || ' counted ' || k.value || ' ' || k.key || ', and there are ' || count(b.break_id)
      from recon_run r cross join lateral jsonb_each_text(r.counts) k left join break b on b.run_id = r.run_id and b.type = k.key
      where r.state = 'matched' and k.key ~ '^B[0-9]{2}$' group by r.run_id, k.key, k.value having count(b.break_id) <> k.value::integer`,
  )
  wrong(
    'a journal',
    await db`
      select transfer_key || ' has ' || event || ' ' || count(*) || ' times' as wrong from journal
      where transfer_key like 'cycle:%' or transfer_key like 'adj:%' or transfer_key like 'pay:%'
      group by transfer_key, event having count(*) > 1
      union all
      select transfer_key || ' has ' || event || ' of the same line twice' from journal
      where transfer_key like 'dsp:%' group by transfer_key, event, occurrence having count(*) > 1
      union all
      select 'line ' || source || ' counted ' || count(*) || ' times' from dispute_event where source is not null
      group by source, flag having count(*) > 1`,
  )
  const sums: Record<string, number> = { ...portal.counts }
  await checkFiles(db, portal, violations)
  await checkUploads(db, simulatorPort, violations, sums)
  const counted = await db<{ what: string; count: number }[]>`
    select 'runs ' || state as what, count(*)::integer as count from recon_run group by state
    union all select 'journals', count(*) from journal
    union all select 'disputes taken', count(*) from dispute
    union all select 'compensated', count(*) from compensation where state = 'paid'
    union all select 'items', count(*) from settlement_item
    union all select 'items of duty ' || duty, count(*) from settlement_item where done_at is null group by duty`
  for (const { what, count } of counted) sums[what] = Number(count)
  const breaks = await db<{ kind: string; count: number }[]>`
    select kind, count(*)::integer as count from break group by kind order by kind`
  return { violations, sums, breaks: Object.fromEntries(breaks.map(({ kind, count }) => [kind, count])) }
}

/** Every file that NPCI wrote is in use once, byte for byte, and nothing else but the halves was refused. */
async function checkFiles(db: Db, { carried, halved }: Portal, violations: string[]): Promise<void> {
  const rows = await db<{ state: string; sha256: string; name: string }[]>`
    select state, sha256, name from settlement_file order by file_id`
  const times = new Map<string, number>()
  for (const { state, sha256, name } of rows) {
    // Two files without rows have the same content.
    const key = `${name} ${sha256}`
    if (state === 'accepted') times.set(key, (times.get(key) ?? 0) + 1)
    else if (state !== 'refused' || !halved.has(name)) violations.push(`file ${name} is ${state}`)
  }
  for (const [name, bytes] of carried) {
    const key = `${name} ${createHash('sha256').update(bytes).digest('hex')}`
    const count = times.get(key) ?? 0
    times.delete(key)
    if (count !== 1) violations.push(`file ${name} is in use ${count} times`)
  }
  for (const key of times.keys()) violations.push(`a file that NPCI never wrote is in use: ${key}`)
}

/** NPCI has every file that people let go, once, and nothing was said twice. */
async function checkUploads(
  db: Db,
  simulatorPort: number,
  violations: string[],
  sums: Record<string, number>,
): Promise<void> {
  const theirs = await uploadsAt(simulatorPort)
  const ours = await db<{ name: string; state: string; answer: string | null; rows: number }[]>`
    select name, state, answer,
      (rows + (select count(*) from upload_row r where r.upload_id = f.upload_id and r.refused_why is not null))::integer as rows
    from upload_file f`
  const seen = new Map(theirs.map((one) => [one.name, one]))
  for (const { name, state, answer, rows } of ours) {
    const one = seen.get(name)
    seen.delete(name)
    if (one === undefined) violations.push(`NPCI never got ${name}, which is ${state}`)
    else if (one.rows.length !== rows) violations.push(`NPCI has ${one.rows.length} rows of ${name}, the hub ${rows}`)
    else if (state !== 'accepted' && state !== 'sent')
      violations.push(`NPCI has ${name}, and for the hub it is ${state}: ${answer}`)
  }
  for (const name of seen.keys()) violations.push(`NPCI has ${name}, which the hub does not`)
  const said = new Set<string>()
  for (const { rrn, flag, state, refusal } of theirs.flatMap(({ rows }) => rows)) {
    if (said.has(`${rrn} ${flag}`)) violations.push(`NPCI was told ${flag} of ${rrn} twice`)
    said.add(`${rrn} ${flag}`)
    // Its remitter bank was quicker with a chargeback than people here with the file.
    if (state === 'refused' && refusal !== 'chargeback_settled')
      violations.push(`NPCI refused ${flag} of ${rrn}: ${refusal}`)
  }
  sums.uploads = theirs.length
  sums['rows uploaded'] = said.size
}

const REPEAT_MS = 60_000

/** All files once more change nothing. @source settlement.md §6.6 I7 */
export async function checkReplay(db: Db, portal: Portal): Promise<string[]> {
  const before = await booksLines(db)
  const count = portal.repeatAll()
  const deadline = performance.now() + REPEAT_MS
  while ((await portal.unsettled(db)).length > 0) {
    if (performance.now() > deadline) return [`I7: ${count} files were not looked at again within ${REPEAT_MS} ms`]
    await wait(50)
  }
  // Two sweeps of the pipeline, at 100 ms each and more.
  await wait(1_000)
  return changedLines(before, await booksLines(db))
    .slice(0, 5)
    .map((line) => `I7: all files again changed ${line}`)
}
