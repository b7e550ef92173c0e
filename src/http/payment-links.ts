import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  must,
  type PaymentLinkId,
  parseAccountId,
  parseNbin,
  parsePaymentLinkId,
  paymentLinkIdFrom,
} from '../base/identifiers.ts'
import { parsePaise } from '../base/money.ts'
import { type Random, randomHex } from '../base/random.ts'
import type { Vault } from '../base/vault.ts'
import type { Tx } from '../db/pool.ts'
import type { Caller } from '../identity/caller.ts'
import type { Institution } from '../imps/profile.ts'
import { type CustomerAccount, findAccount } from '../ledger/store.ts'
import type { Changes } from '../payment/changes.ts'
import { changed, writeChanges } from '../payment-link/change.ts'
import { type PaymentLink, statusOf } from '../payment-link/link.ts'
import { findLink, insertLink, listCredits, listLinks, lockLink, type NewLink } from '../payment-link/store.ts'
import { makeVirtualNumber } from '../payment-link/virtual-account.ts'
import { actOf } from './acts.ts'
import type { Feed } from './feed.ts'
import { idCursor, readHexCursor, toPage } from './page.ts'
import {
  LinkStatusWord,
  ListedCreditDocument,
  linkView,
  listedCreditView,
  PaymentLinkDocument,
} from './payment-link-view.ts'
import { readIdempotencyKey, refuseBody } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import type { RevealDeps } from './reveal.ts'
import {
  AccountIdWord,
  Amount,
  answers,
  Cursor,
  InstantWord,
  Limit,
  PaymentLinkIdWord,
  pageOf,
  ReferenceWord,
  strict,
} from './schemas.ts'
import { parseInstant } from './validation.ts'

/** Tells whoever follows a link that it has moved. */
export type LinkFeed = Feed<PaymentLinkId, PaymentLink>

export type PaymentLinkDeps = RevealDeps & {
  readonly vault: Vault
  readonly random: Random
  readonly changes: Pick<Changes, 'newId'>
  readonly institutions: readonly Institution[]
  /** What the hub is called from outside. */
  readonly origins: () => readonly string[]
  readonly linkFeed: LinkFeed
}

const NewPaymentLink = strict(
  {
    account: AccountIdWord,
    amount: Type.Optional(Amount),
    partial: Type.Optional(
      Type.Boolean({ description: 'whether it may be paid in parts; only of a link with an amount that is paid once' }),
    ),
    uses: Type.Optional(
      Type.Unsafe<PaymentLink['uses']>({ type: 'string', enum: ['once', 'many'], description: 'once or many' }),
    ),
    reference: Type.Optional(ReferenceWord),
    description: Type.Optional(
      Type.String({
        pattern: '^[^\\p{Cc}\\p{Cs}]+$',
        minLength: 1,
        maxLength: 200,
        description: 'what the payer reads: 1 to 200 characters, none of them a control character',
        examples: ['Order 42: two books'],
      }),
    ),
    expiresAt: Type.Optional(InstantWord),
    returnUrl: Type.Optional(
      Type.String({
        pattern: '^https?://[!-~]+$',
        maxLength: 2048,
        description: 'an https address that the payer can go back to, 2,048 characters at most',
        examples: ['https://shop.example/orders/42'],
      }),
    ),
  },
  'a payment link to make',
)
type NewPaymentLink = Static<typeof NewPaymentLink>
const LinkPath = strict({ id: PaymentLinkIdWord })
const LinkQuery = strict({
  status: Type.Optional(LinkStatusWord),
  account: Type.Optional(AccountIdWord),
  reference: Type.Optional(ReferenceWord),
  limit: Limit,
  cursor: Cursor,
})
const CreditQuery = strict({ limit: Limit, cursor: Cursor })
const MakeHeaders = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      description: '1 to 255 printable ASCII characters: one key, one link, however often it is asked for',
    }),
  ),
})

const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'database_unavailable']
/** The longest that a link can wait for its payer. */
const MAX_LIFE_MS = 366 * 86_400_000
/** Numbers that are tried until one is nobody's: one in 10^11 is. */
const MAX_NUMBERS = 5

/** Payment links: what somebody asks to be paid. The routes translate; what a credit is to a link, door 3 judges by `payment-link/link.ts`. */
export function paymentLinkRoutes(app: FastifyInstance, deps: PaymentLinkDeps): void {
  const { clock, vault } = deps
  const tags = ['Payment links']
  const view = (link: PaymentLink) => linkView(link, clock.now(), deps.origins()[0])

  app.post<{ Body: NewPaymentLink }>(
    '/v1/payment-links',
    {
      config: needs('links:create'),
      schema: {
        tags,
        summary: 'Ask to be paid',
        description:
          'Makes a page for the payer (`url`) and an account number for this order alone (`virtualAccount`): what any bank pays into it by IMPS is ' +
          'credited to `account` and told by `payment_link.*` events. Without `amount` the payer says how much. With an `Idempotency-Key` the same ' +
          'key and body give the link again, as it stands then.',
        headers: MakeHeaders,
        body: NewPaymentLink,
        response: answers(201, PaymentLinkDocument, [
          ...reading,
          'invalid_json',
          'duplicate_field',
          'json_too_deep',
          'body_too_large',
          'unsupported_media_type',
          'idempotency_key_invalid',
          'key_reused',
          'account_not_found',
          'account_frozen',
          'account_closed',
        ]),
      },
    },
    async ({ body, caller, id, headers }, reply) => {
      const given = headers['idempotency-key']
      const key = given === undefined ? undefined : readIdempotencyKey(given)
      const { link, isNew } = await askToBePaid(deps, caller, id, body, key)
      if (!isNew) reply.header('idempotency-replayed', 'true')
      reply.code(201).header('location', `/v1/payment-links/${link.id}`)
      return view(link)
    },
  )

  app.get<{ Querystring: Static<typeof LinkQuery> }>(
    '/v1/payment-links',
    {
      config: needs('links:read'),
      schema: {
        tags,
        summary: 'Payment links, newest first',
        querystring: LinkQuery,
        response: answers(200, pageOf(PaymentLinkDocument), [...reading, 'invalid_cursor']),
      },
    },
    async ({ query, caller }) => {
      const limit = query.limit ?? 25
      const { status, reference } = query
      const account = query.account === undefined ? undefined : must(parseAccountId(query.account), 'account id')
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listLinks(
          tx,
          vault,
          caller.tenantId,
          { status, account, reference },
          clock.now(),
          readPlace(query.cursor),
          limit + 1,
        ),
      )
      return toPage(found, limit, view, ({ id }) => idCursor(id))
    },
  )

  app.get<{ Params: Static<typeof LinkPath> }>(
    '/v1/payment-links/:id',
    {
      config: needs('links:read'),
      schema: {
        tags,
        summary: 'One payment link',
        params: LinkPath,
        response: answers(200, PaymentLinkDocument, [...reading, 'not_found']),
      },
    },
    async ({ params, caller }) => view(await findOwn(deps, caller, params.id)),
  )

  app.get<{ Params: Static<typeof LinkPath>; Querystring: Static<typeof CreditQuery> }>(
    '/v1/payment-links/:id/payments',
    {
      config: needs('links:read'),
      schema: {
        tags,
        summary: 'What a link was paid, newest first',
        params: LinkPath,
        querystring: CreditQuery,
        response: answers(200, pageOf(ListedCreditDocument), [...reading, 'invalid_cursor', 'not_found']),
      },
    },
    async ({ params, query, caller }) => {
      const link = await findOwn(deps, caller, params.id)
      const limit = query.limit ?? 25
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listCredits(tx, link.id, readPlace(query.cursor), limit + 1),
      )
      return toPage(found, limit, listedCreditView, ({ paymentId }) => idCursor(paymentId))
    },
  )

  app.post<{ Params: Static<typeof LinkPath> }>(
    '/v1/payment-links/:id/cancel',
    {
      config: needs('links:create'),
      schema: {
        tags,
        summary: 'Cancel a link that is open',
        description:
          'Its page asks for nothing any more. What a payer sends all the same is credited and told as `payment_link.late_credit`. Cancelling it ' +
          'again gives the same answer.',
        params: LinkPath,
        response: answers(200, PaymentLinkDocument, [...reading, 'not_found', 'link_not_open']),
      },
    },
    async (request) => {
      refuseBody(request)
      const { params, caller, id } = request
      const linkId = must(parsePaymentLinkId(params.id), 'link id')
      const { link, isNew } = await deps.asTenant(caller.tenantId, async (tx) => {
        const found = await lockLink(tx, vault, caller.tenantId, linkId)
        if (found === undefined) throw noSuchLink(params.id)
        const now = clock.now()
        const status = statusOf(found, now)
        if (status === 'cancelled') return { link: found, isNew: false }
        if (status !== 'open') throw new Problem('link_not_open', { detail: `The payment link is ${status}.` })
        const change = changed(found, 'cancelled', now, { state: 'cancelled' })
        await Promise.all(writeChanges(tx, [change], now))
        await deps.note(tx, actOf(caller, id, now, 'payment_link.cancelled', found.id, {}))
        return { link: change.link, isNew: true }
      })
      if (isNew) deps.linkFeed.moved(link)
      return view(link)
    },
  )
}

/**
 * Makes a link for whoever asks, who may ask for money to this account.
 * @param key  the caller's own idempotency key: the same with the same body gives the link again
 * @throws {Problem}
 */
export async function askToBePaid(
  deps: PaymentLinkDeps,
  caller: Caller,
  requestId: string,
  body: NewPaymentLink,
  key: string | undefined,
): Promise<{ readonly link: PaymentLink; readonly isNew: boolean }> {
  const { vault } = deps
  const now = deps.clock.now()
  const asked = readNew(body, now)
  await vault.prepare([caller.tenantId], now)
  return deps.asTenant(caller.tenantId, async (tx) => {
    const account = await payableAccount(tx, deps, caller, body.account)
    const bank = deps.institutions.find(({ code }) => code === account.institution)
    if (bank === undefined) throw new Error(`the bank ${account.institution} of an account is not in the profile`)
    const made = await makeLink(
      tx,
      deps,
      (): NewLink => ({
        ...asked,
        id: paymentLinkIdFrom(deps.changes.newId()),
        tenantId: caller.tenantId,
        accountId: account.id,
        token: Buffer.from(randomHex(deps.random, 32), 'hex').toString('base64url'),
        virtualAccount: {
          ifsc: account.ifsc,
          accountNumber: makeVirtualNumber(must(parseNbin(bank.nbin), 'NBIN'), deps.random),
        },
        createdAt: now,
        madeBy: caller.actor.id,
        key: key === undefined ? undefined : { text: key, bodyHash: hashBody(body) },
      }),
    )
    if (made.isNew) {
      const detail = { amount: body.amount ?? null, account: body.account }
      await deps.note(tx, actOf(caller, requestId, now, 'payment_link.created', made.id, detail))
    }
    const link = await findLink(tx, vault, caller.tenantId, made.id)
    if (link === undefined) throw new Error('a link that was just made cannot be read')
    return { link, isNew: made.isNew }
  })
}

/** What is asked for, as the domain knows it. @throws {Problem} `invalid_request` naming the field */
function readNew(
  { amount, partial = false, uses = 'once', reference, description, expiresAt, returnUrl }: NewPaymentLink,
  now: number,
): Pick<NewLink, 'amountPaise' | 'partial' | 'uses' | 'reference' | 'description' | 'expiresAt' | 'returnUrl'> {
  if (partial && amount === undefined) throw invalidField('partial', 'needs an amount')
  if (partial && uses === 'many') throw invalidField('partial', 'is only for a link that is paid once')
  const ends = expiresAt === undefined ? null : must(parseInstant(expiresAt), 'instant')
  if (ends !== null && (ends <= now || ends > now + MAX_LIFE_MS))
    throw invalidField('expiresAt', 'must be in the next 366 days')
  if (returnUrl !== undefined && !isGoodReturn(returnUrl))
    throw invalidField('returnUrl', 'must be an https address without a user name')
  return {
    amountPaise: parsePaise(amount) ?? null,
    partial,
    uses,
    reference: reference ?? null,
    description: description ?? null,
    expiresAt: ends,
    returnUrl: returnUrl ?? null,
  }
}

/** HTTPS, or this machine, where somebody tries it out. */
function isGoodReturn(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  const isSafe = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return isSafe && username === '' && password === ''
}

/** SHA-256 over the fields in one fixed order. */
const hashBody = (body: NewPaymentLink): string =>
  hash(
    'sha256',
    JSON.stringify([
      body.account,
      body.amount,
      body.partial ?? false,
      body.uses ?? 'once',
      body.reference,
      body.description,
      body.expiresAt,
      body.returnUrl,
    ]),
  )

/** An account of the caller's that money can come to. */
async function payableAccount(
  tx: Tx,
  { vault }: PaymentLinkDeps,
  { tenantId }: Caller,
  id: string,
): Promise<CustomerAccount> {
  const account = await findAccount(tx, vault, tenantId, must(parseAccountId(id), 'account id'))
  if (account === undefined)
    throw new Problem('account_not_found', { errors: [{ field: 'account', message: 'is not an account of yours' }] })
  if (account.status === 'frozen') throw new Problem('account_frozen')
  if (account.status === 'closed') throw new Problem('account_closed')
  return account
}

/** @throws {Problem} `key_reused` */
async function makeLink(tx: Tx, { vault }: PaymentLinkDeps, fresh: () => NewLink) {
  for (let n = 0; n < MAX_NUMBERS; n += 1) {
    const link = fresh()
    const inserted = await insertLink(tx, vault, link)
    if (inserted.kind === 'made') return { id: link.id, isNew: true }
    if (inserted.kind !== 'seen') continue
    if (!inserted.sameBody) throw new Problem('key_reused')
    return { id: inserted.id, isNew: false }
  }
  throw new Error('no number for a virtual account is free')
}

/** A link of the caller's own tenant; anybody else's does not exist. */
export async function findOwn(
  deps: Pick<PaymentLinkDeps, 'asTenant' | 'vault'>,
  { tenantId }: Caller,
  id: string,
): Promise<PaymentLink> {
  const linkId = must(parsePaymentLinkId(id), 'link id')
  const found = await deps.asTenant(tenantId, (tx) => findLink(tx, deps.vault, tenantId, linkId))
  if (found === undefined) throw noSuchLink(id)
  return found
}

const noSuchLink = (id: string): Problem => new Problem('not_found', { detail: `There is no payment link ${id}.` })

const readPlace = (cursor: string | undefined): string | undefined =>
  cursor === undefined ? undefined : readHexCursor(cursor)
