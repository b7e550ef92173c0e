import { XmlError } from './error.ts'
import type { ForeignRemittance } from './message.ts'
import type { tables } from './messages.ts'
import type { ValuesOf } from './table.ts'

/** Foreign inward remittance: the Institution block, there with initiationMode 12 and only then. @source protocol.md §2.3, §2.4 */

export const FOREIGN_REMITTANCE = '12'

export const remittanceValues = (remittance: ForeignRemittance) => ({
  institutionKind: remittance.institution,
  institutionRoute: remittance.route,
  institutionName: remittance.name,
  institutionAccount: remittance.account,
  institutionIfsc: remittance.ifsc,
  remittancePurpose: remittance.purpose.code,
  remittancePurposeNote: remittance.purpose.note,
  originatorName: remittance.originator.name,
  originatorReference: remittance.originator.reference,
  originatorKind: remittance.originator.kind,
  originatorLocation: remittance.originator.location,
  remittanceBeneficiary: remittance.beneficiaryName,
})

type Read = ValuesOf<typeof tables.ReqPay>

/** @throws {XmlError} when block and initiationMode contradict each other, or the block is not whole */
export function readRemittance(values: Read): ForeignRemittance | undefined {
  if (values.initiationMode !== FOREIGN_REMITTANCE) {
    if (values.institutionKind !== undefined) throw new XmlError('refused', 'Txn@initiationMode')
    return undefined
  }
  return {
    institution: needed(values.institutionKind, '@type'),
    route: needed(values.institutionRoute, '@route'),
    name: needed(values.institutionName, '/Name@value'),
    ...(values.institutionAccount !== undefined && { account: values.institutionAccount }),
    ...(values.institutionIfsc !== undefined && { ifsc: values.institutionIfsc }),
    purpose: {
      code: needed(values.remittancePurpose, '/Purpose@code'),
      ...(values.remittancePurposeNote !== undefined && { note: values.remittancePurposeNote }),
    },
    originator: {
      name: needed(values.originatorName, '/Originator@name'),
      ...(values.originatorReference !== undefined && { reference: values.originatorReference }),
      ...(values.originatorKind !== undefined && { kind: values.originatorKind }),
      ...(values.originatorLocation !== undefined && { location: values.originatorLocation }),
    },
    ...(values.remittanceBeneficiary !== undefined && { beneficiaryName: values.remittanceBeneficiary }),
  }
}

function needed<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new XmlError('missing', `Payer/Institution${field}`)
  return value
}
