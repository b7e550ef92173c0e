import { toRfc3339 } from '../base/clock.ts'
import {
  type AccountNumber,
  accountIdOf,
  accountKey,
  type EnquiryId,
  enquiryIdOf,
  enquiryKey,
  type Ifsc,
  type Mmid,
  type Mobile,
  type Rrn,
} from '../base/identifiers.ts'
import type { Beneficiary } from '../base/party.ts'
import { words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import type { NameEnquiry } from './name-enquiry.ts'

type EnquiryRow = {
  enquiry_id: string
  tenant_id: number
  institution: string
  account_id: bigint | null
  beneficiary_kind: 'account' | 'mmid'
  beneficiary_account: AccountNumber | null
  beneficiary_ifsc: Ifsc | null
  beneficiary_mobile: Mobile | null
  beneficiary_mmid: Mmid | null
  beneficiary_bank: string | null
  asked_name: string | null
  status: 'verified' | 'refused'
  registered_name: string | null
  score: number | null
  response_code: string
  transaction_id: string | null
  rrn: Rrn
  created_at: number
}

function beneficiaryOf(row: EnquiryRow): Beneficiary {
  if (row.beneficiary_kind === 'account') {
    return {
      kind: 'account',
      ifsc: row.beneficiary_ifsc as Ifsc,
      account: row.beneficiary_account as AccountNumber,
      ...(row.asked_name === null ? {} : { name: row.asked_name }),
    }
  }
  return {
    kind: 'mmid',
    mobile: row.beneficiary_mobile as Mobile,
    mmid: row.beneficiary_mmid as Mmid,
    ...(row.beneficiary_bank === null ? {} : { bank: row.beneficiary_bank }),
  }
}

const enquiryOf = (row: EnquiryRow): NameEnquiry => ({
  id: enquiryIdOf(row.enquiry_id),
  tenantId: row.tenant_id,
  institution: row.institution,
  accountId: row.account_id === null ? null : accountIdOf(row.account_id),
  beneficiary: beneficiaryOf(row),
  askedName: row.asked_name,
  status: row.status,
  registeredName: row.registered_name,
  score: row.score,
  responseCode: row.response_code,
  transactionId: row.transaction_id,
  rrn: row.rrn,
  createdAt: row.created_at,
})

/** Stores one look-up, and gives it its id. */
export async function insertEnquiry(db: Db, enquiry: Omit<NameEnquiry, 'id'>): Promise<NameEnquiry> {
  const { beneficiary } = enquiry
  const account = beneficiary.kind === 'account' ? beneficiary : undefined
  const mobile = beneficiary.kind === 'mmid' ? beneficiary : undefined
  const [row] = await db<EnquiryRow[]>`
    insert into name_enquiry (tenant_id, institution, account_id, beneficiary_kind, beneficiary_account, beneficiary_ifsc,
      beneficiary_mobile, beneficiary_mmid, beneficiary_bank, asked_name, status, registered_name, score, response_code,
      transaction_id, rrn, created_at)
    values (${enquiry.tenantId}, ${enquiry.institution},
      ${enquiry.accountId === null ? null : accountKey(enquiry.accountId)}::bigint, ${beneficiary.kind},
      ${account?.account ?? null}, ${account?.ifsc ?? null}, ${mobile?.mobile ?? null}, ${mobile?.mmid ?? null},
      ${mobile?.bank ?? null}, ${enquiry.askedName}, ${enquiry.status}, ${enquiry.registeredName},
      ${enquiry.score}::smallint, ${enquiry.responseCode}, ${enquiry.transactionId}, ${enquiry.rrn},
      ${toRfc3339(enquiry.createdAt)}::timestamptz)
    returning *`
  return enquiryOf(row as EnquiryRow)
}

/** One look-up of a tenant. */
export async function findEnquiry(db: Db | Tx, tenantId: number, id: EnquiryId): Promise<NameEnquiry | undefined> {
  const [row] = await db<EnquiryRow[]>`
    select * from name_enquiry where enquiry_id = ${enquiryKey(id)} and tenant_id = ${tenantId}`
  return row && enquiryOf(row)
}

/** Look-ups of a tenant by id; those that are not there are missing from the answer. */
export async function findEnquiries(
  db: Db | Tx,
  tenantId: number,
  ids: readonly EnquiryId[],
): Promise<ReadonlyMap<EnquiryId, NameEnquiry>> {
  if (ids.length === 0) return new Map()
  const rows = await db<EnquiryRow[]>`
    select * from name_enquiry where enquiry_id = any(${words(ids, enquiryKey)}::uuid[]) and tenant_id = ${tenantId}`
  return new Map(rows.map((row) => [enquiryIdOf(row.enquiry_id), enquiryOf(row)]))
}
