import type { Clock } from '../../base/clock.ts'
import type { Beneficiary } from '../../base/party.ts'
import type { Vault } from '../../base/vault.ts'
import type { Tx } from '../../db/pool.ts'
import { type NbinOf, remitterNbin } from '../../imps/banks.ts'
import { findPayment } from '../../payment/store.ts'
import { queueUpload } from '../books/upload-rows.ts'
import type { QueuedRow } from './ask.ts'

export type QueueDeps = {
  readonly vault: Vault
  readonly clock: Clock
  readonly nbinOf: NbinOf
}

/** What was asked for as a row of the next upload file of its purpose; people let that file go. */
export const createQueue =
  ({ vault, clock, nbinOf }: QueueDeps) =>
  async (tx: Tx, row: QueuedRow): Promise<boolean> => {
    const payment = await findPayment(tx, vault, row.tenantId, row.paymentId)
    if (payment === undefined) throw new Error(`there is no ${row.paymentId}`)
    const [paper] = await tx<{ evidence_id: string }[]>`
      select e.evidence_id from evidence_file e join dispute d using (dispute_id)
      where d.payment_id = ${row.paymentId.slice(4)}::uuid and d.pending_flag = ${row.flag} order by e.evidence_id desc limit 1`
    // A dispute asks for one thing at a time; what a file did not carry, or a dispute before this one had, may be asked for again.
    const [said] = await tx<{ count: number }[]>`
      select count(*)::integer as count from upload_row
      where rrn = ${row.rrn} and flag = ${row.flag} and direction = ${row.direction} and payment_id = ${row.paymentId.slice(4)}::uuid`
    return queueUpload({ room: { vault, clock } }, tx, {
      tenantId: row.tenantId,
      institution: row.institution,
      purpose: row.purpose,
      flag: row.flag,
      reasonCode: row.reasonCode,
      rrn: row.rrn,
      nbin: remitterNbin(nbinOf, row),
      direction: row.direction,
      paymentId: row.paymentId,
      amountPaise: row.amountPaise,
      txnDate: row.transactionOn,
      card: cardOf(payment.beneficiary, payment.institution, row.direction, nbinOf),
      ...(paper === undefined ? {} : { evidenceFile: `evd_${paper.evidence_id.replaceAll('-', '')}` }),
      dueAt: row.dueAt,
      occurrence: (said?.count ?? 0) + 1,
    })
  }

/** Shcrd: NBIN and account, or NBIN 00 product 00 mobile. @source NPCI OC 28 Annexure D */
function cardOf(to: Beneficiary, institution: string, direction: QueuedRow['direction'], nbinOf: NbinOf): string {
  const own = direction === 'inward' ? nbinOf({ institution }) : undefined
  if (to.kind === 'account') return `${own ?? nbinOf({ ifsc: to.ifsc }) ?? '0000'}${to.account}`
  const nbin = own ?? (to.kind === 'mmid' ? to.mmid.slice(0, 4) : '0000')
  return `${nbin}00000${to.mobile}`
}
