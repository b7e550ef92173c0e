import { randomUUID } from 'node:crypto'
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
import type { Vault } from '../base/vault.ts'
import { words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { ERASED } from '../ledger/store.ts'
import type { NameEnquiry } from './name-enquiry.ts'

type EnquiryRow = {
  enquiry_id: string
  tenant_id: number
  institution: string
  account_id: bigint | null
  beneficiary_kind: 'account' | 'mmid'
  sealed: Uint8Array
  beneficiary_ifsc: Ifsc | null
  beneficiary_bank: string | null
  status: 'verified' | 'refused'
  score: number | null
  response_code: string
  transaction_id: string | null
  rrn: Rrn
  created_at: number
}

/** What is personal about a look-up, in the order in which it is sealed. */
type Details = readonly [
  account: AccountNumber | null,
  mobile: Mobile | null,
  mmid: Mmid | null,
  askedName: string | null,
  registeredName: string | null,
]

const PLACE = 'name_enquiry.sealed'
const erased: Details = [null, null, null, null, ERASED]

function beneficiaryOf(row: EnquiryRow, [account, mobile, mmid, askedName]: Details): Beneficiary {
  if (row.beneficiary_kind === 'account') {
    return {
      kind: 'account',
      ifsc: row.beneficiary_ifsc as Ifsc,
      account: (account ?? ERASED) as AccountNumber,
      ...(askedName === null ? {} : { name: askedName }),
    }
  }
  return {
    kind: 'mmid',
    mobile: (mobile ?? ERASED) as Mobile,
    mmid: (mmid ?? ERASED) as Mmid,
    ...(row.beneficiary_bank === null ? {} : { bank: row.beneficiary_bank }),
  }
}

async function enquiriesOf(vault: Vault, rows: readonly EnquiryRow[]): Promise<NameEnquiry[]> {
  await vault.load(rows.map((row) => row.sealed))
  return rows.map((row) => {
    const id = enquiryIdOf(row.enquiry_id)
    const text = vault.open(PLACE, row.tenant_id, enquiryKey(id), row.sealed)
    const details = text === undefined ? erased : (JSON.parse(text) as Details)
    return {
      id,
      tenantId: row.tenant_id,
      institution: row.institution,
      accountId: row.account_id === null ? null : accountIdOf(row.account_id),
      beneficiary: beneficiaryOf(row, details),
      askedName: details[3],
      status: row.status,
      registeredName: details[4],
      score: row.score,
      responseCode: row.response_code,
      transactionId: row.transaction_id,
      rrn: row.rrn,
      createdAt: row.created_at,
    }
  })
}

/** Stores one look-up, and gives it its id. */
export async function insertEnquiry(db: Db, vault: Vault, enquiry: Omit<NameEnquiry, 'id'>): Promise<NameEnquiry> {
  const { beneficiary, tenantId } = enquiry
  const account = beneficiary.kind === 'account' ? beneficiary : undefined
  const mobile = beneficiary.kind === 'mmid' ? beneficiary : undefined
  const id = enquiryIdOf(randomUUID())
  const details: Details = [
    account?.account ?? null,
    mobile?.mobile ?? null,
    mobile?.mmid ?? null,
    enquiry.askedName,
    enquiry.registeredName,
  ]
  await vault.prepare([tenantId], enquiry.createdAt)
  await db`
    insert into name_enquiry (enquiry_id, tenant_id, institution, account_id, beneficiary_kind, sealed, beneficiary_ifsc,
      beneficiary_bank, status, score, response_code, transaction_id, rrn, created_at)
    values (${enquiryKey(id)}::uuid, ${tenantId}, ${enquiry.institution},
      ${enquiry.accountId === null ? null : accountKey(enquiry.accountId)}::bigint, ${beneficiary.kind},
      ${vault.seal(PLACE, tenantId, enquiryKey(id), JSON.stringify(details))}::bytea, ${account?.ifsc ?? null},
      ${mobile?.bank ?? null}, ${enquiry.status}, ${enquiry.score}::smallint, ${enquiry.responseCode}, ${enquiry.transactionId},
      ${enquiry.rrn}, ${toRfc3339(enquiry.createdAt)}::timestamptz)`
  return { ...enquiry, id }
}

/** One look-up of a tenant. */
export async function findEnquiry(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  id: EnquiryId,
): Promise<NameEnquiry | undefined> {
  const [row] = await db<EnquiryRow[]>`
    select * from name_enquiry where enquiry_id = ${enquiryKey(id)} and tenant_id = ${tenantId}`
  const [found] = await enquiriesOf(vault, row === undefined ? [] : [row])
  return found
}

/** Look-ups of a tenant by id; those that are not there are missing from the answer. */
export async function findEnquiries(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  ids: readonly EnquiryId[],
): Promise<ReadonlyMap<EnquiryId, NameEnquiry>> {
  if (ids.length === 0) return new Map()
  const rows = await db<EnquiryRow[]>`
    select * from name_enquiry where enquiry_id = any(${words(ids, enquiryKey)}::uuid[]) and tenant_id = ${tenantId}`
  return new Map((await enquiriesOf(vault, rows)).map((enquiry) => [enquiry.id, enquiry]))
}
