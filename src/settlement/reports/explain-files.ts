import type { Db } from '../../db/pool.ts'
import type { Said } from '../said.ts'
import type { FindFileLines } from './explain.ts'
import { piece } from './story-words.ts'

type Row = {
  name: string
  received_at: number
  settled_on: string | null
  cycle: string | null
  line: number
  kind: 'adjustment' | 'udir' | 'timeout' | 'ntsl'
  said: string
  amount: bigint
  compensation: bigint
}

/** What the small files say about a payment: reports of adjustments and time-outs, and lines of statements; those that are in use. */
export const reportStory =
  (db: Db): FindFileLines =>
  async ({ institution, rrn }) => {
    const rows = await db<Row[]>`
      select f.name, f.received_at, f.settled_on::text as settled_on, f.cycle, l.line, l.kind, l.said, l.amount, l.compensation
      from (
        select file_id, line, report as kind, flag || ' ' || reason_code as said, adjusted as amount, compensation
        from adjustment_line where rrn = ${rrn}
        union all select file_id, line, 'timeout', '08', amount, 0 from timeout_line where rrn = ${rrn}
        union all select file_id, line, 'ntsl', description || ' ' || direction || ' ' || bank, debit + credit, 0
        from ntsl_line where rrn = ${rrn}
      ) as l join settlement_file f using (file_id)
      where f.institution = ${institution} and f.state = 'accepted'
      order by f.received_at, l.line limit 100`
    return rows.map((row) => ({ at: row.received_at, kind: 'file', parts: [placeOf(row), ...says(row)] }))
  }

function placeOf({ name: file, line, settled_on: day, cycle }: Row): Said {
  if (day === null) return piece('line', { file, line })
  if (cycle === null) return piece('line_of_day', { file, line, day })
  return piece('line_of_cycle', { file, line, cycle: `${day}/${cycle}` })
}

function says({ kind, said: what, amount: paise, compensation }: Row): readonly Said[] {
  const amount = String(paise)
  switch (kind) {
    case 'timeout':
      return [piece('timed_out', { what, amount })]
    case 'udir':
      return [piece('by_udir', { what })]
    case 'ntsl':
      return [piece('settled', { what, amount })]
    default:
      return [
        piece('row', { what, amount }),
        ...(compensation === 0n ? [] : [piece('with_compensation', { amount: String(compensation) })]),
      ]
  }
}
