import type { FundTransferRequest, VerificationRequest } from '../imps/rail-message.ts'
import type { StoredPayment } from '../payment/stored.ts'

/** The payment as the rail asks about it. @throws a bug when it was never given a reference */
export function requestOf<Kind extends (FundTransferRequest | VerificationRequest)['kind']>(
  kind: Kind,
  payment: StoredPayment,
): Omit<FundTransferRequest, 'kind'> & { readonly kind: Kind } {
  const { rrn, stan, transmittedAt } = payment
  if (rrn === null || stan === null || transmittedAt === null) throw new Error(`payment ${payment.id} has no reference`)
  const request = {
    kind,
    rrn,
    stan,
    remitterBank: payment.remitterBank,
    amountPaise: payment.amountPaise,
    transmittedAt,
    channel: payment.channel,
    remitter: payment.remitter,
    beneficiary: payment.beneficiary,
  }
  return payment.remarks === null ? request : { ...request, remarks: payment.remarks }
}
