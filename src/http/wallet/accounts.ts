import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../../base/clock.ts'
import { must, parseAccountId } from '../../base/identifiers.ts'
import { findCustomer } from '../../customer/customer-store.ts'
import { listFactors } from '../../customer/factor-store.ts'
import type { WalletSession } from '../../customer/session-store.ts'
import { type CustomerAccount, findAccount, listAccountsOf, listEntries } from '../../ledger/store.ts'
import { setCustomerStopped } from '../../payment/customer-stop.ts'
import { pdfOf } from '../../settlement/reports/print.ts'
import { csvOf } from '../../settlement/reports/sheet.ts'
import { type AccountDeps, EntryDocument, entriesPage, noSuchAccount } from '../accounts.ts'
import { actOf } from '../acts.ts'
import { FactorDocument, factorView } from '../factors.ts'
import { maskNumber } from '../masking.ts'
import { refuseBody } from '../payments.ts'
import { customerOnly } from '../policy.ts'
import { Problem, type ProblemCode } from '../problems.ts'
import {
  AccountIdWord,
  AccountPath,
  answers,
  Cursor,
  CustomerIdWord,
  IfscWord,
  InstantWord,
  Limit,
  nullable,
  pageOf,
  SignedAmount,
  strict,
} from '../schemas.ts'
import { walletOf } from './cookie.ts'
import { MAX_STATEMENT_LINES, statementOf } from './statement.ts'

const WalletAccount = strict({
  id: AccountIdWord,
  name: Type.String(),
  accountNumber: Type.String({ description: 'masked; in full only on its own, where `full=true` asks for it' }),
  ifsc: IfscWord,
  mobile: nullable(Type.String()),
  mmid: nullable(Type.String()),
  status: Type.Unsafe<string>({ type: 'string', enum: ['open', 'frozen', 'closed'] }),
  currency: Type.Literal('INR'),
  balance: SignedAmount,
  available: SignedAmount,
})
const WalletDocument = strict({
  id: CustomerIdWord,
  name: Type.String(),
  mobile: nullable(Type.String({ description: 'masked' })),
  language: Type.String(),
  stoppedAt: nullable(InstantWord),
  stoppedBy: nullable(Type.String({ description: 'customer or operations: who let it be stopped' })),
  accounts: Type.Array(WalletAccount),
  factors: Type.Array(FactorDocument),
})
const formats = { csv: 'text/csv; charset=utf-8', pdf: 'application/pdf' } as const
const StatementQuery = strict({
  format: Type.Unsafe<keyof typeof formats>({ type: 'string', enum: Object.keys(formats), description: 'csv or pdf' }),
})

const reading: readonly ProblemCode[] = ['unauthorized', 'csrf_refused', 'database_unavailable']
const tags = ['Wallet']

/** An account of the customer who asks; anybody else's does not exist. @throws {Problem} `not_found` */
export async function ownAccount(
  deps: Pick<AccountDeps, 'asTenant' | 'vault'>,
  { tenantId, customerKey }: WalletSession,
  id: string,
): Promise<CustomerAccount> {
  const accountId = must(parseAccountId(id), 'account id')
  const account = await deps.asTenant(tenantId, (tx) => findAccount(tx, deps.vault, tenantId, accountId))
  if (account === undefined || account.customerId !== customerKey) throw noSuchAccount(accountId)
  return account
}

/** What a customer has, and the switch that keeps it where it is. */
export function walletAccountRoutes(app: FastifyInstance, deps: AccountDeps): void {
  const { clock, vault } = deps
  const readWallet = ({ tenantId, customerId, customerKey }: WalletSession) =>
    deps.asTenant(tenantId, async (tx) => {
      const [customer, accounts] = await Promise.all([
        findCustomer(tx, vault, tenantId, customerId),
        listAccountsOf(tx, vault, tenantId, customerKey),
      ])
      if (customer === undefined) throw new Problem('unauthorized')
      const factors = await listFactors(tx, vault, customer)
      return {
        id: customer.id,
        name: customer.name,
        mobile: customer.mobile === null ? null : maskNumber(customer.mobile),
        language: customer.language,
        stoppedAt: customer.stoppedAt === null ? null : toRfc3339(customer.stoppedAt),
        stoppedBy: customer.stoppedBy,
        accounts: accounts.map((account) => accountView(account, false)),
        factors: factors.filter(({ enrolledAt }) => enrolledAt !== null).map(factorView),
      }
    })

  app.get(
    '/v1/wallet/me',
    {
      config: customerOnly(),
      schema: { tags, summary: 'You, your accounts and your factors', response: answers(200, WalletDocument, reading) },
    },
    async (request) => {
      request.revealed = true // masked by the view
      return readWallet(walletOf(request))
    },
  )

  app.get<{ Params: Static<typeof AccountPath>; Querystring: { full?: boolean } }>(
    '/v1/wallet/accounts/:id',
    {
      config: customerOnly(),
      schema: {
        tags,
        summary: 'One of your accounts',
        description:
          'With `full=true` its number is in full, so that somebody can be told where to pay; the look is written down.',
        params: AccountPath,
        querystring: strict({
          full: Type.Optional(Type.Boolean({ description: 'true: the account number and mobile number in full' })),
        }),
        response: answers(200, WalletAccount, [...reading, 'invalid_request', 'not_found']),
      },
    },
    async (request) => {
      const { params, query, caller, id } = request
      const account = await ownAccount(deps, walletOf(request), params.id)
      if (query.full === true)
        await deps.asTenant(caller.tenantId, (tx) =>
          deps.note(tx, actOf(caller, id, clock.now(), 'details.revealed', account.id, {})),
        )
      request.revealed = true
      return accountView(account, query.full === true)
    },
  )

  app.get<{ Params: Static<typeof AccountPath>; Querystring: { limit?: number; cursor?: string } }>(
    '/v1/wallet/accounts/:id/entries',
    {
      config: customerOnly(),
      schema: {
        tags,
        summary: 'Statement of one of your accounts, newest first',
        params: AccountPath,
        querystring: strict({ limit: Limit, cursor: Cursor }),
        response: answers(200, pageOf(EntryDocument), [...reading, 'invalid_request', 'invalid_cursor', 'not_found']),
      },
    },
    async (request) => {
      const { id } = await ownAccount(deps, walletOf(request), request.params.id)
      return entriesPage(deps, request.caller.tenantId, id, request.query)
    },
  )

  app.get<{ Params: Static<typeof AccountPath>; Querystring: Static<typeof StatementQuery> }>(
    '/v1/wallet/accounts/:id/statement',
    {
      config: { ...customerOnly(), gives: /text\/(csv|\*)|application\/pdf/i },
      schema: {
        tags,
        summary: 'Statement of one of your accounts, to keep or to print',
        description: `The last ${MAX_STATEMENT_LINES} entries, newest first.`,
        params: AccountPath,
        querystring: StatementQuery,
        response: {
          ...answers(200, Type.String(), [...reading, 'invalid_request', 'not_found']),
          200: {
            description: 'The statement.',
            content: {
              [formats.csv]: { schema: Type.String() },
              [formats.pdf]: { schema: { type: 'string', format: 'binary' } },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const account = await ownAccount(deps, walletOf(request), request.params.id)
      const lines = await deps.asTenant(request.caller.tenantId, (tx) =>
        listEntries(tx, account.id, MAX_STATEMENT_LINES, undefined),
      )
      const { format } = request.query
      const now = clock.now()
      const report = statementOf(account, lines, now)
      return reply
        .header('content-type', formats[format])
        .header('content-disposition', `attachment; filename="statement-${account.id}.${format}"`)
        .send(format === 'csv' ? csvOf(report) : await pdfOf(report, now))
    },
  )

  for (const [verb, on] of [
    ['stop', true],
    ['resume', false],
  ] as const) {
    app.post(
      `/v1/wallet/${verb}`,
      {
        // Stopping is for a moment in which nobody should be asked for more.
        config: on ? customerOnly() : customerOnly('sensitive'),
        schema: {
          tags,
          summary: on ? 'Stop everything that leaves your accounts' : 'Let payments go again',
          description: 'What has left is not touched. What operations stopped, a customer cannot let go again.',
          response: answers(200, WalletDocument, [
            ...reading,
            'invalid_request',
            ...(on ? [] : (['reauthentication_required', 'stopped_by_operations'] as const)),
          ]),
        },
      },
      async (request) => {
        refuseBody(request)
        const { caller, id } = request
        const session = walletOf(request)
        const now = clock.now()
        await deps.asTenant(caller.tenantId, async (tx) => {
          const before = await findCustomer(tx, vault, caller.tenantId, session.customerId)
          if (!on && before?.stoppedBy === 'operations') throw new Problem('stopped_by_operations')
          const by = on ? 'customer' : null
          if ((await setCustomerStopped(tx, caller.tenantId, session.customerId, by, now)) !== 'done') return
          const action = on ? 'customer.stopped' : 'customer.resumed'
          await deps.note(tx, actOf(caller, id, now, action, session.customerId, { by: 'customer' }))
        })
        request.revealed = true
        return readWallet(session)
      },
    )
  }
}

function accountView(account: CustomerAccount, inFull: boolean): Static<typeof WalletAccount> {
  const { id, name, accountNumber, ifsc, mobile, mmid, status, balance, available } = account
  return {
    id,
    name,
    accountNumber: inFull ? accountNumber : maskNumber(accountNumber),
    ifsc,
    mobile: mobile === null || inFull ? mobile : maskNumber(mobile),
    mmid,
    status,
    currency: 'INR',
    balance: String(balance),
    available: String(available),
  }
}
