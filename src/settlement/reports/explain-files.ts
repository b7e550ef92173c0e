import { formatRupees } from '../../base/money.ts'
import type { Db } from '../../db/pool.ts'
import type { FindFileLines, StoryLine } from './explain.ts'

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
    return rows.map(
      (row): StoryLine => ({
        at: row.received_at,
        kind: 'file',
        text: `${row.name}${of(row)}, line ${row.line}: ${says(row)}`,
      }),
    )
  }

const of = ({ settled_on: day, cycle }: Row): string =>
  day === null ? '' : ` of ${cycle === null ? day : `cycle ${day}/${cycle}`}`

const rupees = (paise: bigint): string => `₹${formatRupees(paise)}`

function says({ kind, said, amount, compensation }: Row): string {
  switch (kind) {
    case 'timeout':
      return `timed out at the beneficiary bank (${said}), ${rupees(amount)}`
    case 'udir':
      return `${said} by UDIR, which moves no money`
    case 'ntsl':
      return `${said}, ${rupees(amount)} settled`
    default:
      return `${said}, ${rupees(amount)}${compensation === 0n ? '' : `, compensation of ${rupees(compensation)}`}`
  }
}
