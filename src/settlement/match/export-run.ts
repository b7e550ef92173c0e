import type { Db, Tx } from '../../db/pool.ts'
import { runKey } from './run-store.ts'

/**
 * Everything a run left in the tables, as lines of JSON in one order, without its id and the hours it ran at: two runs over the same rows
 * give the same bytes.
 */
export async function exportRun(db: Db | Tx, id: string): Promise<string> {
  const key = runKey(id)
  const rows = await db<{ line: string }[]>`
    select line from (
      select 1 as part, '' as k, jsonb_build_object('run', institution, 'on', settled_on, 'cycle', cycle, 'rules', rule_version, 'state',
        case state when 'rolled_back' then 'matched' else state end, 'totals', totals, 'counts', counts, 'hash', outcome_hash)::text as line
      from recon_run where run_id = ${key}::uuid
      union all
      select 2, b.break_id::text, (to_jsonb(b) - 'run_id' - 'opened_at')::text from break b where run_id = ${key}::uuid
      union all
      select 3, lpad(ordinal::text, 12, '0'), (to_jsonb(i) - 'run_id')::text from recon_item i where run_id = ${key}::uuid
      union all
      select 4, (to_jsonb(s) - 'run_id')::text, (to_jsonb(s) - 'run_id')::text from recon_settled s where run_id = ${key}::uuid
      union all
      select 5, m.break_id::text, jsonb_build_object('break', m.break_id, 'before', m.before,
        'after', to_jsonb(b) - 'closed_at')::text
      from recon_mark m join break b on b.break_id = m.break_id where m.run_id = ${key}::uuid
    ) lines order by part, k, line`
  return rows.map(({ line }) => `${line}\n`).join('')
}
