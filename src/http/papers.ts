import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Clock } from '../base/clock.ts'
import { addDays, startOfDay } from '../imps/cycles.ts'
import { readStatement } from '../ledger/store.ts'
import { maskName } from '../payment/name-match.ts'
import { MAX_PRINTED_ROWS, pdfOf } from '../settlement/reports/print.ts'
import { MAX_ROWS } from '../settlement/reports/queries.ts'
import type { Report } from '../settlement/reports/report.ts'
import { csvOf, xlsxOf } from '../settlement/reports/sheet.ts'
import { type AccountDeps, findOwnAccount } from './accounts.ts'
import { maskNumber, seesDetails } from './masking.ts'
import { find, type PaymentDeps } from './payments.ts'
import { needs } from './policy.ts'
import { invalidField } from './problems.ts'
import { istText, receiptPdf } from './receipt.ts'
import { Day, daysOf, formats } from './reports.ts'
import { Reveal, type RevealDeps, reveal, revealWords } from './reveal.ts'
import { AccountPath, answers, PaymentPath, strict } from './schemas.ts'

export type PaperDeps = RevealDeps & AccountDeps & Pick<PaymentDeps, 'findPayment' | 'view'> & { readonly clock: Clock }

const StatementQuery = strict({
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  format: Type.Optional(
    Type.Unsafe<'csv' | 'xlsx' | 'pdf'>({
      type: 'string',
      enum: ['csv', 'xlsx', 'pdf'],
      default: 'pdf',
      description: 'csv, xlsx or pdf',
    }),
  ),
  ...Reveal.properties,
})
const binary = { schema: { type: 'string', format: 'binary' } } as const

/** What customers are given on paper: the receipt of a payment, the statement of an account. */
export function paperRoutes(app: FastifyInstance, deps: PaperDeps): void {
  app.get<{ Params: Static<typeof PaymentPath> }>(
    '/v1/payments/:id/receipt',
    {
      config: { ...needs('payments:read'), gives: /application\/pdf/i },
      schema: {
        tags: ['Payments'],
        summary: 'The receipt of a payment, as a PDF',
        description:
          'It says honestly what is known: a payment that is deemed or unconfirmed is not called paid. Numbers and names are masked.',
        params: PaymentPath,
        response: {
          ...answers(200, Type.String(), ['invalid_request', 'unauthorized', 'not_found', 'database_unavailable']),
          200: { description: 'The receipt.', content: { [formats.pdf]: binary } },
        },
      },
    },
    async ({ params, caller }, reply) => {
      const payment = await find(deps, caller, params.id)
      return reply
        .header('content-type', formats.pdf)
        .header('content-disposition', `attachment; filename="receipt-${payment.rrn ?? payment.id}.pdf"`)
        .send(await receiptPdf(payment, deps.view, deps.clock.now()))
    },
  )

  app.get<{ Params: Static<typeof AccountPath>; Querystring: Static<typeof StatementQuery> }>(
    '/v1/accounts/:id/statement',
    {
      config: { ...needs('accounts:read'), gives: /text\/(csv|\*)|spreadsheetml|application\/pdf/i },
      schema: {
        tags: ['Accounts'],
        summary: 'The statement of an account, as a PDF, CSV or a workbook',
        description:
          '`from` and `to` are days in IST, both inclusive; today where they are left out. Opening and closing balance, and every entry between ' +
          `them, oldest first: at most ${MAX_ROWS}, ${MAX_PRINTED_ROWS} in a PDF. ${revealWords}`,
        params: AccountPath,
        querystring: StatementQuery,
        response: {
          ...answers(200, Type.String(), [
            'invalid_request',
            'unauthorized',
            'forbidden',
            'not_found',
            'database_unavailable',
          ]),
          200: {
            description: 'The statement.',
            content: {
              [formats.pdf]: binary,
              'text/csv': { schema: Type.String() },
              [formats.xlsx]: binary,
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { caller, params, query } = request
      const { format = 'pdf' } = query
      const now = deps.clock.now()
      const { from, to } = daysOf(query, now)
      const account = await findOwnAccount(deps, caller.tenantId, params.id)
      if (query.reveal === true) await reveal(deps, request, account.id)
      const inFull = seesDetails(caller) || request.revealed
      const most = format === 'pdf' ? MAX_PRINTED_ROWS : MAX_ROWS
      const statement = await deps.asTenant(caller.tenantId, (tx) =>
        readStatement(tx, account.id, startOfDay(from), startOfDay(addDays(to, 1)), most + 1),
      )
      if (statement.lines.length > most)
        throw invalidField('from', `and to are of more than ${most} entries: ask for fewer days`)
      const report: Report = {
        name: 'statement',
        unsigned: true,
        title: `Statement of account ${inFull ? account.accountNumber : maskNumber(account.accountNumber)}`,
        notes: [
          `${inFull ? account.name : maskName(account.name, 'partial')}, ${account.ifsc}`,
          `From ${from} to ${to} (IST), as of ${istText(now)}`,
        ],
        columns: [
          { title: 'Date', kind: 'text' },
          { title: 'What', kind: 'text' },
          { title: 'RRN', kind: 'text' },
          { title: 'Debit', kind: 'paise' },
          { title: 'Credit', kind: 'paise' },
          { title: 'Balance', kind: 'paise' },
        ],
        rows: [
          ['', 'Opening balance', null, null, null, statement.opening],
          ...statement.lines.map(({ at, kind, rrn, amount, balanceAfter }) => [
            istText(at),
            entryWords[kind] ?? kind.replaceAll('_', ' '),
            rrn,
            amount < 0n ? -amount : null,
            amount > 0n ? amount : null,
            balanceAfter,
          ]),
          ['', 'Closing balance', null, null, null, statement.closing],
        ],
      }
      const bytes =
        format === 'csv' ? csvOf(report) : format === 'xlsx' ? await xlsxOf(report) : await pdfOf(report, now)
      return reply
        .header('content-type', formats[format])
        .header('content-disposition', `attachment; filename="statement-${account.id}-${from}-${to}.${format}"`)
        .send(bytes)
    },
  )
}

/** What an entry is called on a statement. */
const entryWords: Readonly<Record<string, string>> = {
  opening: 'Opening deposit',
  hold: 'IMPS payment',
  void: 'IMPS payment given back',
  credit: 'IMPS received',
  return: 'IMPS payment returned',
  award: 'Dispute decided for you',
  recovery: 'IMPS credit taken back',
  charge: 'IMPS payment settled after all',
}
