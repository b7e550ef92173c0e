import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import {
  type AccountId,
  type Mmid,
  must,
  parseAccountId,
  parseIfsc,
  parseMmid,
  parseMobile,
} from '../base/identifiers.ts'
import { parsePaise } from '../base/money.ts'
import type { Vault } from '../base/vault.ts'
import type { Db } from '../db/pool.ts'
import { findTenant } from '../identity/tenants.ts'
import type { Institution } from '../imps/profile.ts'
import {
  balanceAt,
  type CustomerAccount,
  findAccount,
  listAccounts,
  listEntries,
  openAccount,
  setDefaultForMobile,
} from '../ledger/store.ts'
import { customerForAccount } from './customers.ts'
import { readTextCursor, textCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { invalidField, Problem } from './problems.ts'
import { Reveal, type RevealDeps, reveal, revealWords } from './reveal.ts'
import {
  AccountIdWord,
  AccountNumberWord,
  AccountPath,
  Amount,
  answers,
  Cursor,
  CustomerIdWord,
  IfscWord,
  InstantWord,
  Limit,
  MmidWord,
  MobileWord,
  NameWord,
  nullable,
  PaymentIdWord,
  pageOf,
  ReferenceWord,
  SignedAmount,
  strict,
} from './schemas.ts'
import { parseInstant } from './validation.ts'

/** The number of an account or of an entry, that a page ends with. */
const NUMBER = /^([1-9][0-9]{0,14})$/

export type AccountDeps = RevealDeps & {
  readonly clock: Clock
  readonly db: Db
  readonly vault: Vault
  /** The banks on this hub; the first is the one meant when a request names none. */
  readonly institutions: readonly Institution[]
  readonly sandbox: boolean
}

const DefaultForMobile = Type.Boolean({
  description:
    'whether its owner consents that what comes for the mobile number and the bank (the default MMID, NBIN and 000) is for this account',
})

const NewAccount = strict(
  {
    name: NameWord,
    institution: Type.Optional(
      Type.String({
        pattern: '^[A-Z0-9]{3}$',
        maxLength: 3,
        description: 'the code of a bank on this hub',
        examples: ['TRN'],
      }),
    ),
    mobile: Type.Optional(MobileWord),
    defaultForMobile: Type.Optional(DefaultForMobile),
    reference: Type.Optional(ReferenceWord),
    customer: Type.Optional(CustomerIdWord),
    openingBalance: Type.Optional(Amount),
  },
  'an account to open',
)

const AccountChange = strict({ defaultForMobile: DefaultForMobile }, 'what to change of an account')

const AccountDocument = strict({
  id: AccountIdWord,
  institution: Type.String(),
  name: Type.String(),
  accountNumber: AccountNumberWord,
  ifsc: IfscWord,
  mobile: nullable(MobileWord),
  mmid: nullable(MmidWord),
  defaultForMobile: DefaultForMobile,
  reference: nullable(Type.String()),
  customer: nullable(CustomerIdWord),
  status: Type.Unsafe<string>({ type: 'string', enum: ['open', 'frozen', 'closed'] }),
  currency: Type.Literal('INR'),
  balance: SignedAmount,
  available: SignedAmount,
  createdAt: InstantWord,
  asOf: nullable(
    strict({ at: InstantWord, available: SignedAmount }, 'what could be spent at the instant that was asked about'),
  ),
})

export const EntryDocument = strict({
  number: Type.String({ description: 'counts the entries of this account from 1, without gaps' }),
  at: InstantWord,
  kind: Type.Unsafe<string>({ type: 'string', enum: ['opening', 'hold', 'void', 'credit', 'return'] }),
  amount: SignedAmount,
  balanceAfter: SignedAmount,
  paymentId: nullable(PaymentIdWord),
})

/** Accounts that one mobile number can have at one institution: MMIDs end in 001 to 010, and 000 is the default of all of them. */
const MAX_PER_MOBILE = 10

/** Customer accounts and wallets on the ledger of the hub. */
export function accountRoutes(app: FastifyInstance, deps: AccountDeps): void {
  const { db, clock } = deps

  app.post<{ Body: Static<typeof NewAccount> }>(
    '/v1/accounts',
    {
      config: needs('accounts:write'),
      schema: {
        tags: ['Accounts'],
        summary: 'Open an account',
        description:
          'The hub gives it a number, an IFSC and, with a mobile number, an MMID. `openingBalance` only in a sandbox. ' +
          'A mobile number with one account needs no consent to be paid by number and bank; with several, only the one with ' +
          '`defaultForMobile` is paid so, and it takes the place of the one before.',
        body: NewAccount,
        response: answers(201, AccountDocument, [
          'invalid_request',
          'invalid_json',
          'duplicate_field',
          'json_too_deep',
          'unauthorized',
          'mobile_taken',
          'default_taken',
          'body_too_large',
          'unsupported_media_type',
          'database_unavailable',
        ]),
      },
    },
    async (request, reply) => {
      const { name, institution: code, reference, mobile, defaultForMobile = false, openingBalance } = request.body
      const institution = await bankFor(deps, request.caller.tenantId, code)
      if (openingBalance !== undefined && !deps.sandbox) throw invalidField('openingBalance', 'is only for a sandbox')
      if (defaultForMobile && mobile === undefined) throw invalidField('defaultForMobile', 'needs a mobile')
      const { customer } = request.body
      const customerId =
        customer === undefined ? undefined : await customerForAccount(deps, request.caller.tenantId, customer)
      const open = (mmid: Mmid | null) =>
        openAccount(
          db,
          deps.vault,
          {
            tenantId: request.caller.tenantId,
            institution: institution.code,
            nbin: institution.nbin,
            name,
            ifsc: must(parseIfsc(`${institution.ifscPrefix}0000001`), 'IFSC'),
            mobile: mobile === undefined ? null : must(parseMobile(mobile), 'mobile'),
            mmid,
            defaultForMobile,
            reference: reference ?? null,
            ...(customerId === undefined ? {} : { customerId }),
            openingBalance: parsePaise(openingBalance) ?? 0n,
          },
          clock.now(),
        )
      let opened = await open(mobile === undefined ? null : mmidOf(institution, 1))
      for (let n = 2; opened === 'mobile_taken' && n <= MAX_PER_MOBILE; n += 1)
        opened = await open(mmidOf(institution, n))
      if (opened === 'default_taken') throw defaultTaken()
      if (opened === 'mobile_taken')
        throw new Problem('mobile_taken', { errors: [{ field: 'mobile', message: 'is taken' }] })
      reply.code(201).header('location', `/v1/accounts/${opened.id}`)
      return accountView(opened, null)
    },
  )

  app.get<{ Querystring: { limit?: number; cursor?: string } }>(
    '/v1/accounts',
    {
      config: needs('accounts:read'),
      schema: {
        tags: ['Accounts'],
        summary: 'All accounts, newest first',
        querystring: strict({ limit: Limit, cursor: Cursor }),
        response: answers(200, pageOf(AccountDocument), [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'database_unavailable',
        ]),
      },
    },
    async ({ query, caller }) => {
      const limit = query.limit ?? 25
      const before =
        query.cursor === undefined ? undefined : parseAccountId(`acc_${readTextCursor(query.cursor, NUMBER)}`)
      const found = await deps.asTenant(caller.tenantId, (tx) =>
        listAccounts(tx, deps.vault, caller.tenantId, limit + 1, before),
      )
      return toPage(
        found,
        limit,
        (account) => accountView(account, null),
        (account) => textCursor(account.id.slice(4)),
      )
    },
  )

  app.get<{ Params: Static<typeof AccountPath>; Querystring: { at?: string; reveal?: boolean } }>(
    '/v1/accounts/:id',
    {
      config: needs('accounts:read'),
      schema: {
        tags: ['Accounts'],
        summary: 'One account',
        description:
          '`balance` still counts what is held for payments under way, `available` does not. With `at`, `asOf` says what could be ' +
          'spent at that instant. ' +
          revealWords,
        params: AccountPath,
        querystring: strict({ at: Type.Optional(InstantWord), reveal: Reveal.properties.reveal }),
        response: answers(200, AccountDocument, [
          'invalid_request',
          'unauthorized',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async (request) => {
      const { query, params, caller } = request
      const account = await findOwnAccount(deps, caller.tenantId, params.id)
      if (query.reveal === true) await reveal(deps, request, account.id)
      if (query.at === undefined) return accountView(account, null)
      const at = must(parseInstant(query.at), 'instant')
      return accountView(account, {
        at: toRfc3339(at),
        available: String(await deps.asTenant(caller.tenantId, (tx) => balanceAt(tx, account.id, at))),
      })
    },
  )

  app.patch<{ Params: Static<typeof AccountPath>; Body: Static<typeof AccountChange> }>(
    '/v1/accounts/:id',
    {
      config: needs('accounts:write'),
      schema: {
        tags: ['Accounts'],
        summary: 'Record consent',
        description:
          'With `defaultForMobile: true` what comes for the mobile number and the bank is for this account, and no longer for the ' +
          'account that had it before; `false` takes the consent back. Saying it again changes nothing.',
        params: AccountPath,
        body: AccountChange,
        response: answers(200, AccountDocument, [
          'invalid_request',
          'invalid_json',
          'duplicate_field',
          'json_too_deep',
          'unauthorized',
          'not_found',
          'default_taken',
          'body_too_large',
          'unsupported_media_type',
          'database_unavailable',
        ]),
      },
    },
    async ({ body, params, caller }) => {
      const id = must(parseAccountId(params.id), 'account id')
      const changed = await setDefaultForMobile(db, deps.vault, caller.tenantId, id, body.defaultForMobile)
      if (changed === undefined) throw noSuchAccount(id)
      if (changed === 'no_mobile') throw invalidField('defaultForMobile', 'needs an account with a mobile')
      if (changed === 'default_taken') throw defaultTaken()
      return accountView(changed, null)
    },
  )

  app.get<{ Params: Static<typeof AccountPath>; Querystring: { limit?: number; cursor?: string } }>(
    '/v1/accounts/:id/entries',
    {
      config: needs('accounts:read'),
      schema: {
        tags: ['Accounts'],
        summary: 'Statement, newest first',
        description: 'Credits are positive, debits negative; `balanceAfter` is what could be spent after the entry.',
        params: AccountPath,
        querystring: strict({ limit: Limit, cursor: Cursor }),
        response: answers(200, pageOf(EntryDocument), [
          'invalid_request',
          'invalid_cursor',
          'unauthorized',
          'not_found',
          'database_unavailable',
        ]),
      },
    },
    async ({ query, params, caller }) => {
      const account = await findOwnAccount(deps, caller.tenantId, params.id)
      return entriesPage(deps, caller.tenantId, account.id, query)
    },
  )
}

/** A page of the entries of an account, newest first. @throws {Problem} `invalid_cursor` */
export async function entriesPage(
  deps: Pick<AccountDeps, 'asTenant'>,
  tenantId: number,
  id: AccountId,
  query: { readonly limit?: number; readonly cursor?: string },
) {
  const limit = query.limit ?? 25
  const before = query.cursor === undefined ? undefined : BigInt(readTextCursor(query.cursor, NUMBER))
  const lines = await deps.asTenant(tenantId, (tx) => listEntries(tx, id, limit + 1, before))
  return toPage(
    lines,
    limit,
    (line) => ({
      number: String(line.entryNo),
      at: toRfc3339(line.at),
      kind: line.kind,
      amount: String(line.amount),
      balanceAfter: String(line.balanceAfter),
      paymentId: line.kind === 'opening' ? null : `pay_${line.journalId}`,
    }),
    (line) => textCursor(String(line.entryNo)),
  )
}

/** The bank of a new account: the tenant's own, else the one that was named, else the first of the hub. @throws {Problem} naming the field */
async function bankFor(deps: AccountDeps, tenantId: number, code: string | undefined): Promise<Institution> {
  const tenant = await deps.asTenant(tenantId, (tx) => findTenant(tx, tenantId))
  const own = tenant?.institution ?? undefined
  if (own !== undefined && code !== undefined && code !== own)
    throw invalidField('institution', `must be ${own}: that is where your accounts are`)
  const wanted = code ?? own
  const found = deps.institutions.find((one) => wanted === undefined || one.code === wanted)
  if (found === undefined) throw invalidField('institution', 'must be the code of a bank on this hub')
  return found
}

const mmidOf = (institution: Institution, n: number): Mmid =>
  must(parseMmid(`${institution.nbin}${String(n).padStart(3, '0')}`), 'MMID')

export const noSuchAccount = (id: AccountId): Problem =>
  new Problem('not_found', { detail: `There is no account ${id}.` })

const defaultTaken = (): Problem =>
  new Problem('default_taken', {
    errors: [{ field: 'defaultForMobile', message: 'is held by an account that is not yours' }],
  })

/** An account of the caller's own tenant. @throws {Problem} `not_found` */
export async function findOwnAccount(
  deps: Pick<AccountDeps, 'asTenant' | 'vault'>,
  tenantId: number,
  id: string,
): Promise<CustomerAccount> {
  const accountId: AccountId = must(parseAccountId(id), 'account id')
  const account = await deps.asTenant(tenantId, (tx) => findAccount(tx, deps.vault, tenantId, accountId))
  if (account === undefined) throw noSuchAccount(accountId)
  return account
}

function accountView(account: CustomerAccount, asOf: { readonly at: string; readonly available: string } | null) {
  const { id, institution, name, accountNumber, ifsc, mobile, mmid, defaultForMobile, reference, customer, status } =
    account
  return {
    id,
    institution,
    name,
    accountNumber,
    ifsc,
    mobile,
    mmid,
    defaultForMobile,
    reference,
    customer,
    status,
    currency: 'INR',
    balance: String(account.balance),
    available: String(account.available),
    createdAt: toRfc3339(account.createdAt),
    asOf,
  }
}
