import { hash } from 'node:crypto'
import { toRfc3339 } from '../base/clock.ts'
import type { AccountId, AccountNumber, Ifsc, PaymentLinkId, Rrn } from '../base/identifiers.ts'
import { accountIdOf, accountKey, paymentIdOf, paymentLinkIdOf, paymentLinkKey } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'
import type { Vault } from '../base/vault.ts'
import { words } from '../db/arrays.ts'
import type { Db, Tx } from '../db/pool.ts'
import { ERASED, findOwner } from '../ledger/store.ts'
import type { CreditOutcome, LinkCredit, LinkState, LinkStatus, PaymentLink, Uses } from './link.ts'
import { refundedOf } from './refund.ts'

export type LinkRow = {
  link_id: string
  tenant_id: number
  account_id: bigint
  amount: bigint | null
  partial: boolean
  uses: Uses
  state: LinkState
  received: bigint
  version: number
  reference: string | null
  return_url: string | null
  ifsc: Ifsc
  sealed: Uint8Array
  expires_at: number | null
  created_at: number
  updated_at: number
}

type CreditRow = {
  payment_id: string
  credited: bigint
  rrn: Rrn
  outcome: CreditOutcome
  credited_at: number
}
export type WithCredit = LinkRow & { [K in keyof CreditRow]: CreditRow[K] | null }

/** What is not for whoever reads the table, in the order in which it is sealed. */
type Details = readonly [token: string, accountNumber: string, description: string | null]
const PLACE = 'payment_link.sealed'
const erased: Details = [ERASED, ERASED, null]

/** A link of this token is looked for by this: 128 bits of chance need no secret beside them. */
const digestOf = (text: string): string => hash('sha256', text).slice(0, 32)

const creditOf = (row: CreditRow): LinkCredit => ({
  paymentId: paymentIdOf(row.payment_id),
  amountPaise: row.credited as Paise,
  rrn: row.rrn,
  outcome: row.outcome,
  at: row.credited_at,
})

const lastOf = (row: WithCredit): LinkCredit | null =>
  row.payment_id === null ? null : creditOf(row as LinkRow & CreditRow)

function linkOf(vault: Vault, row: LinkRow, lastCredit: LinkCredit | null): PaymentLink {
  const text = vault.open(PLACE, row.tenant_id, row.link_id.replaceAll('-', ''), row.sealed)
  const [token, accountNumber, description] = text === undefined ? erased : (JSON.parse(text) as Details)
  return {
    id: paymentLinkIdOf(row.link_id),
    tenantId: row.tenant_id,
    accountId: accountIdOf(row.account_id),
    amountPaise: row.amount as Paise | null,
    partial: row.partial,
    uses: row.uses,
    state: row.state,
    receivedPaise: row.received,
    version: row.version,
    reference: row.reference,
    description,
    returnUrl: row.return_url,
    token,
    virtualAccount: { ifsc: row.ifsc, accountNumber: accountNumber as AccountNumber },
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastCredit,
  }
}

/** Rows of links, each with its newest credit or none, as the domain knows them. */
export async function linksOf(vault: Vault, rows: readonly WithCredit[]): Promise<PaymentLink[]> {
  await vault.load(rows.map((row) => row.sealed))
  return rows.map((row) => linkOf(vault, row, lastOf(row)))
}

/** A link to make: what is asked for, and the chance that it needs. */
export type NewLink = Omit<PaymentLink, 'state' | 'receivedPaise' | 'version' | 'updatedAt' | 'lastCredit'> & {
  /** The actor. */
  readonly madeBy: string
  /** Under which it is made once; `bodyHash` is 64 hex digits. */
  readonly key: { readonly text: string; readonly bodyHash: string } | undefined
}

/** `taken`: some link has its number or token, and it needs others. `seen`: the key has made a link before, of this or of another body. */
export type Inserted =
  | { readonly kind: 'made' }
  | { readonly kind: 'taken' }
  | { readonly kind: 'seen'; readonly id: PaymentLinkId; readonly sameBody: boolean }

/** Makes a link. The vault must be prepared for its tenant. */
export async function insertLink(tx: Tx, vault: Vault, link: NewLink): Promise<Inserted> {
  const { id, tenantId, key, virtualAccount, token, description } = link
  const keyHash = key === undefined ? null : digestOf(`${tenantId}:${key.text}`)
  const bodyHash = key === undefined ? null : key.bodyHash.slice(0, 32)
  const details: Details = [token, virtualAccount.accountNumber, description]
  const at = toRfc3339(link.createdAt)
  const made = await tx`
    insert into payment_link (link_id, tenant_id, account_id, amount, partial, uses, reference, return_url, ifsc, number_index, token_hash,
                              key_hash, body_hash, sealed, made_by, expires_at, created_at, updated_at)
    values (${paymentLinkKey(id)}::uuid, ${tenantId}, ${accountKey(link.accountId)}::bigint, ${link.amountPaise}::bigint, ${link.partial}, ${link.uses},
            ${link.reference}, ${link.returnUrl}, ${virtualAccount.ifsc}, ${vault.index('account', virtualAccount.accountNumber)}::uuid,
            ${digestOf(token)}::uuid, ${keyHash}::uuid, ${bodyHash}::uuid,
            ${vault.seal(PLACE, tenantId, paymentLinkKey(id), JSON.stringify(details))}, ${link.madeBy},
            ${link.expiresAt === null ? null : toRfc3339(link.expiresAt)}::timestamptz, ${at}::timestamptz, ${at}::timestamptz)
    on conflict do nothing returning link_id`
  if (made.length > 0) return { kind: 'made' }
  if (keyHash === null) return { kind: 'taken' }
  const [seen] = await tx<{ link_id: string; same: boolean }[]>`
    select link_id, body_hash = ${bodyHash}::uuid as same from payment_link where tenant_id = ${tenantId} and key_hash = ${keyHash}::uuid`
  return seen === undefined
    ? { kind: 'taken' }
    : { kind: 'seen', id: paymentLinkIdOf(seen.link_id), sameBody: seen.same }
}

/** The newest credit beside each link. */
const withLast = (db: Db | Tx) => db`
  left join lateral (
    select c.payment_id, c.amount as credited, c.rrn, c.outcome, c.credited_at from payment_link_credit c
    where c.link_id = l.link_id order by c.payment_id desc limit 1) last on true`

/** One link of a tenant, unlocked: for views. */
export async function findLink(
  db: Db | Tx,
  vault: Vault,
  tenantId: number,
  id: PaymentLinkId,
): Promise<PaymentLink | undefined> {
  const rows = await db<WithCredit[]>`
    select l.*, last.* from payment_link l ${withLast(db)}
    where l.link_id = ${paymentLinkKey(id)}::uuid and l.tenant_id = ${tenantId}`
  return (await linksOf(vault, rows))[0]
}

/** Links by their ids, of whichever tenant, unlocked: for whoever follows them. */
export async function findLinks(
  db: Db | Tx,
  vault: Vault,
  ids: readonly PaymentLinkId[],
): Promise<readonly PaymentLink[]> {
  const rows = await db<WithCredit[]>`
    select l.*, last.* from payment_link l ${withLast(db)}
    where l.link_id = any(${words(ids, paymentLinkKey)}::uuid[])`
  return linksOf(vault, rows)
}

/**
 * Locks links in order of their ids until `tx` ends. They come before accounts in the order of locks; `no key`, because door 1 writes rows that refer to
 * a link while it has the account that door 3 waits for.
 */
export async function lockLinks(
  tx: Tx,
  vault: Vault,
  ids: readonly PaymentLinkId[],
): Promise<Map<PaymentLinkId, PaymentLink>> {
  if (ids.length === 0) return new Map()
  const rows = await tx<LinkRow[]>`
    select * from payment_link where link_id = any(${words([...new Set(ids)], paymentLinkKey)}::uuid[]) order by link_id for no key update`
  await vault.load(rows.map((row) => row.sealed))
  return new Map(rows.map((row) => [paymentLinkIdOf(row.link_id), linkOf(vault, row, null)]))
}

/** Locks one link of a tenant until `tx` ends. */
export async function lockLink(
  tx: Tx,
  vault: Vault,
  tenantId: number,
  id: PaymentLinkId,
): Promise<PaymentLink | undefined> {
  const rows = await tx<WithCredit[]>`
    select l.*, last.* from payment_link l ${withLast(tx)}
    where l.link_id = ${paymentLinkKey(id)}::uuid and l.tenant_id = ${tenantId} for no key update of l`
  return (await linksOf(vault, rows))[0]
}

/** What a payer's page needs of a link. */
export type PayableLink = {
  readonly link: PaymentLink
  /** Whose account it is, in full: whom the payer pays. */
  readonly payee: string
  /** The newest credits, newest first, ten at most. */
  readonly credits: readonly ListedCredit[]
}

const SHOWN_CREDITS = 10

/**
 * The link behind `/pay/{token}`, of whichever tenant: whoever has the token may see what is in the answer. For pages; money is judged elsewhere.
 * @returns undefined for a token that is no link's
 */
export async function findLinkByToken(db: Db, vault: Vault, token: string): Promise<PayableLink | undefined> {
  const [found] = await linksOf(
    vault,
    await db<WithCredit[]>`
      select l.*, last.* from payment_link l ${withLast(db)} where l.token_hash = ${digestOf(token)}::uuid`,
  )
  if (found === undefined) return undefined
  const [owner, credits] = await Promise.all([
    findOwner(db, vault, found.accountId),
    listCredits(db, found.id, undefined, SHOWN_CREDITS),
  ])
  return { link: found, payee: owner?.name ?? ERASED, credits }
}

const ABOVE_ALL = 'ffffffffffffffffffffffffffffffff'

/** A credit, and what was given back of it: by refunds that have not failed. */
export type ListedCredit = LinkCredit & { readonly refundedPaise: bigint }

/** What a link was paid, newest first. @param before  the 32 hex digits of the last payment of the page before */
export async function listCredits(
  db: Db | Tx,
  id: PaymentLinkId,
  before: string | undefined,
  limit: number,
): Promise<ListedCredit[]> {
  const rows = await db<(CreditRow & { refunded: bigint })[]>`
    select c.payment_id, c.amount as credited, c.rrn, c.outcome, c.credited_at,
           (${refundedOf(db)}) as refunded
    from payment_link_credit c
    where c.link_id = ${paymentLinkKey(id)}::uuid and c.payment_id < ${before ?? ABOVE_ALL}::uuid
    order by c.payment_id desc limit ${limit}`
  return rows.map((row) => ({ ...creditOf(row), refundedPaise: row.refunded }))
}

export type LinkFilters = {
  readonly status?: LinkStatus | undefined
  readonly account?: AccountId | undefined
  readonly reference?: string | undefined
}

/** A tenant's links, newest first. @param now  epoch milliseconds, for what is expired @param before  the 32 hex digits of the last link of the page before */
export async function listLinks(
  tx: Tx,
  vault: Vault,
  tenantId: number,
  { status, account, reference }: LinkFilters,
  now: number,
  before: string | undefined,
  limit: number,
): Promise<PaymentLink[]> {
  const at = tx`${toRfc3339(now)}::timestamptz`
  const ofStatus =
    status === undefined
      ? tx``
      : status === 'expired'
        ? tx`and l.state = 'open' and l.expires_at <= ${at}`
        : status === 'open'
          ? tx`and l.state = 'open' and (l.expires_at is null or l.expires_at > ${at})`
          : tx`and l.state = ${status}`
  const rows = await tx<WithCredit[]>`
    select l.*, last.* from payment_link l ${withLast(tx)}
    where l.tenant_id = ${tenantId} and l.link_id < ${before ?? ABOVE_ALL}::uuid ${ofStatus}
      ${account === undefined ? tx`` : tx`and l.account_id = ${accountKey(account)}::bigint`}
      ${reference === undefined ? tx`` : tx`and l.reference = ${reference}`}
    order by l.link_id desc limit ${limit}`
  return linksOf(vault, rows)
}
