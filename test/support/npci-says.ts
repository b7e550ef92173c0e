import type { Db } from '../../src/db/pool.ts'
import { isOf, readFile } from '../../src/imps/files/read.ts'
import type { AdjustmentRow, RawRow } from '../../src/imps/files/rows.ts'
import type { Institution } from '../../src/imps/profile.ts'
import type { SettledRow } from './settlement-invariants.ts'

type Stated = { readonly outwardPaise: bigint; readonly inwardPaise: bigint }

/** What NPCI's files say, read beside the hub: the witness that the hub's books are held to. */
export type NpciSays = {
  /** Takes a file as NPCI wrote it, once. @throws when it cannot be read */
  add(name: string, bytes: Uint8Array): Promise<void>
  /** Rows that are settled, each in the lane that the hub had for it when it was. */
  settled(db: Db): Promise<SettledRow[]>
  /** What the statements say was settled, by the key of a cycle's journals. */
  readonly stated: ReadonlyMap<string, Stated>
  /** What all statements come to, to the banks' credit. */
  finalPaise(): bigint
  /** Every row of the raw files, and every line of the reports of adjustments. */
  readonly rows: readonly (RawRow & { readonly institution: string })[]
  readonly adjustments: readonly AdjustmentRow[]
}

export function createNpciSays(institutions: readonly Institution[]): NpciSays {
  const names = new Map(institutions.map(({ bank3, code }) => [bank3, code]))
  const rows: (RawRow & { readonly institution: string })[] = []
  const adjustments: AdjustmentRow[] = []
  const stated = new Map<string, Stated>()
  let finalPaise = 0n
  return {
    rows,
    adjustments,
    stated,
    finalPaise: () => finalPaise,
    async add(name, bytes) {
      const found = await readFile(name, bytes)
      if (found.kind === 'refused') throw new Error(`${name} cannot be read: ${found.refusal.fault}`)
      const { read } = found
      const institution = names.get(read.identity.bank)
      if (institution === undefined) throw new Error(`${name} is of no bank of the hub`)
      if (read.of === 'ntsl') {
        const sum = (side: string): bigint =>
          read.ntsl.rows
            .filter(({ description }) => description.startsWith(side) && description.endsWith(' Transaction Amount'))
            .reduce((total, { debitPaise, creditPaise }) => total + debitPaise + creditPaise, 0n)
        stated.set(`cycle:${institution}/${read.identity.day}/${read.identity.cycle}`, {
          outwardPaise: sum('Remitter'),
          inwardPaise: sum('Beneficiary'),
        })
        finalPaise += read.ntsl.totals.finalPaise
      } else if (isOf(read, 'raw_remitter') || isOf(read, 'raw_beneficiary')) {
        for (const row of read.rows) rows.push({ ...row, institution })
      } else if (isOf(read, 'adjustment')) adjustments.push(...read.rows)
    },
    async settled(db) {
      // What has one bank on both sides is not NPCI's to settle: it is a break, and its money in suspense. @source settlement.md §7.3 B27
      const paid = rows.filter(
        ({ responseCode, remitterBank, beneficiaryBank }) =>
          (responseCode === '00' || responseCode === '08') && remitterBank !== beneficiaryBank,
      )
      const directions = paid.map(({ side }) => (side === 'remitter' ? 'outward' : 'inward'))
      // An item keeps the lane that its payment was settled in: none, where nobody knew the payment then.
      const lanes = await db<{ lane: number }[]>`
        select coalesce(i.lane, p.lane, 0)::integer as lane
        from unnest(${paid.map(({ rrn }) => rrn)}::text[], ${directions}::text[], ${paid.map(({ institution }) => institution)}::text[])
          with ordinality as s (rrn, direction, institution, at)
        left join lateral (select lane from settlement_item i
          where i.rrn = s.rrn and i.direction = s.direction and i.institution = s.institution limit 1) i on true
        left join lateral (select lane from payment p
          where p.rrn = s.rrn and p.direction = s.direction and p.institution = s.institution limit 1) p on true
        order by s.at`
      return paid.map(({ rrn, institution, amountPaise }, index) => ({
        direction: directions[index] === 'outward' ? 'outward' : 'inward',
        rrn,
        institution,
        amountPaise,
        lane: lanes[index]?.lane ?? 0,
      }))
    },
  }
}
