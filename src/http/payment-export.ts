import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { PaymentId } from '../base/identifiers.ts'
import { dayOf } from '../imps/cycles.ts'
import { maskName } from '../payment/name-match.ts'
import type { StoredPayment } from '../payment/stored.ts'
import { MAX_ROWS } from '../settlement/reports/queries.ts'
import type { Column, ReportCell } from '../settlement/reports/report.ts'
import { csvOf, xlsxOf } from '../settlement/reports/sheet.ts'
import { actOf } from './acts.ts'
import { type HistoryDeps, readFilters } from './history.ts'
import { maskNumber, seesDetails } from './masking.ts'
import { needs } from './policy.ts'
import { invalidField } from './problems.ts'
import { formats } from './reports.ts'
import { Reveal, type RevealDeps, reveal } from './reveal.ts'
import { answers, PaymentFilters, strict } from './schemas.ts'
import { paymentView } from './view.ts'

const { limit: _limit, cursor: _cursor, ...filterFields } = PaymentFilters.properties
const ExportQuery = strict({
  ...filterFields,
  ...Reveal.properties,
  format: Type.Optional(
    Type.Unsafe<'csv' | 'xlsx'>({ type: 'string', enum: ['csv', 'xlsx'], default: 'csv', description: 'csv or xlsx' }),
  ),
})

/** Payments that are read at once. */
const PAGE = 100
/** A workbook is made in one piece, and payments wait meanwhile: so it is a small one. */
const MAX_WORKBOOK_ROWS = 10_000

const columns: readonly Column[] = [
  { title: 'Payment', kind: 'text' },
  { title: 'Created', kind: 'instant' },
  { title: 'Direction', kind: 'text' },
  { title: 'Status', kind: 'text' },
  { title: 'State', kind: 'text' },
  { title: 'Amount', kind: 'paise' },
  { title: 'RRN', kind: 'text' },
  { title: 'Response code', kind: 'text' },
  { title: 'Reason', kind: 'text' },
  { title: 'Account', kind: 'text' },
  { title: 'Remitter', kind: 'text' },
  { title: 'Remitter account', kind: 'text' },
  { title: 'Beneficiary', kind: 'text' },
  { title: 'Beneficiary account', kind: 'text' },
  { title: 'Beneficiary IFSC', kind: 'text' },
  { title: 'Beneficiary mobile', kind: 'text' },
  { title: 'Reference', kind: 'text' },
  { title: 'Remarks', kind: 'text' },
  { title: 'Channel', kind: 'text' },
  { title: 'Updated', kind: 'instant' },
]

/** `GET /v1/payments/export`: the history as a file for a spreadsheet. */
export function paymentExportRoutes(app: FastifyInstance, deps: HistoryDeps & RevealDeps): void {
  app.get<{ Querystring: Static<typeof ExportQuery> }>(
    '/v1/payments/export',
    {
      config: { ...needs('payments:read'), gives: /text\/(csv|\*)|spreadsheetml/i },
      schema: {
        tags: ['Payments'],
        summary: 'The history as CSV or a workbook',
        description:
          'The filters of `GET /v1/payments`, newest first. No cell is a formula; amounts are rupees with two decimals, instants UTC. ' +
          `At most ${MAX_ROWS} payments, ${MAX_WORKBOOK_ROWS} in a workbook: of more, none, and a refusal that says so. Account numbers, ` +
          'mobile numbers and names are masked without `details:read`; `reveal=true` shows them to whoever has `details:reveal`. Each export ' +
          'goes into the audit log.',
        querystring: ExportQuery,
        response: {
          ...answers(200, Type.String(), ['invalid_request', 'unauthorized', 'forbidden', 'database_unavailable']),
          200: {
            description: 'The payments.',
            content: {
              'text/csv': { schema: Type.String() },
              [formats.xlsx]: { schema: { type: 'string', format: 'binary' } },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { format = 'csv', reveal: wanted, ...query } = request.query
      const { caller } = request
      const now = deps.clock.now()
      if (wanted === true) await reveal(deps, request, 'payments')
      const inFull = seesDetails(caller) || request.revealed
      const filters = readFilters(query)
      const most = format === 'csv' ? MAX_ROWS : MAX_WORKBOOK_ROWS
      const rows: (readonly ReportCell[])[] = []
      let before: PaymentId | undefined
      do {
        const page = filters === 'none' ? undefined : await deps.listPayments(caller.tenantId, filters, before, PAGE)
        for (const payment of page?.payments ?? []) rows.push(rowOf(payment, deps.view, inFull))
        if (rows.length > most)
          throw invalidField('from', `and the other filters fit more than ${most} payments: ask for fewer days`)
        before = page?.next
      } while (before !== undefined)
      await deps.asTenant(caller.tenantId, (tx) =>
        deps.note(
          tx,
          actOf(caller, request.id, now, 'payments.exported', 'payments', { format, rows: rows.length, inFull }),
        ),
      )
      const report = { name: 'payments', title: 'Payments', notes: [], columns, rows }
      return reply
        .header('content-type', formats[format])
        .header('content-disposition', `attachment; filename="payments-${dayOf(now)}.${format}"`)
        .send(format === 'csv' ? csvOf(report) : await xlsxOf(report))
    },
  )
}

function rowOf(payment: StoredPayment, settings: HistoryDeps['view'], inFull: boolean): readonly ReportCell[] {
  const { status, reason } = paymentView(payment, [], settings)
  const { remitter, beneficiary } = payment
  const numberOf = (text: string | undefined): string | null =>
    text === undefined ? null : inFull ? text : maskNumber(text)
  const nameOf = (text: string | undefined): string | null =>
    text === undefined ? null : inFull ? text : maskName(text, 'partial')
  const to = beneficiary.kind === 'account' ? beneficiary : undefined
  return [
    payment.id,
    payment.createdAt,
    payment.direction,
    status,
    payment.state,
    payment.amountPaise,
    payment.rrn,
    payment.responseCode,
    reason?.message ?? null,
    payment.accountId,
    nameOf(remitter.name),
    numberOf(remitter.account),
    nameOf(payment.registeredName ?? to?.name),
    numberOf(to?.account),
    to?.ifsc ?? null,
    beneficiary.kind === 'account' ? null : numberOf(beneficiary.mobile),
    payment.reference,
    inFull || payment.remarks === null ? payment.remarks : 'XXXX',
    payment.channel,
    payment.updatedAt,
  ]
}
