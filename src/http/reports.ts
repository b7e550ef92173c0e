import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { AsTenant } from '../db/tenant.ts'
import { dayOf, isDay } from '../imps/cycles.ts'
import { MAX_PRINTED_ROWS, pdfOf } from '../settlement/reports/print.ts'
import { MAX_ROWS } from '../settlement/reports/queries.ts'
import type { Report } from '../settlement/reports/report.ts'
import {
  isReport,
  makeReport,
  type ReportDeps,
  type ReportName,
  reportNames,
  reports,
} from '../settlement/reports/reports.ts'
import { csvOf, textOf, xlsxOf } from '../settlement/reports/sheet.ts'
import { actOf, type Noting } from './acts.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { answers, InstantWord, nullable, strict } from './schemas.ts'
import { bankOf, banksOf, type SettlementBankDeps } from './settlement-bank.ts'

export type ReportRouteDeps = SettlementBankDeps &
  Noting & { readonly clock: Clock; readonly reporting: ReportDeps; readonly asTenant: AsTenant }

export const formats = {
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
} as const
type Format = keyof typeof formats

export const Day = Type.String({
  pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$',
  maxLength: 10,
  description: 'a day in IST, such as 2026-11-27',
})
const Query = strict({
  format: Type.Optional(
    Type.Unsafe<Format>({ type: 'string', enum: Object.keys(formats), description: 'json, csv, xlsx or pdf' }),
  ),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  cycle: Type.Optional(
    Type.String({ pattern: '^([1-9][0-9]?|DC[1-9])$', maxLength: 3, description: 'the number of a cycle, such as 5' }),
  ),
  institution: Type.Optional(
    Type.String({
      pattern: '^[A-Z0-9]{1,20}$',
      minLength: 1,
      maxLength: 20,
      description: 'the code of a bank of this hub',
    }),
  ),
})
const NamePath = strict({
  name: Type.String({ minLength: 1, maxLength: 40, description: `one of ${reportNames.join(', ')}` }),
})
const ReportDocument = strict({
  name: Type.String(),
  title: Type.String(),
  notes: Type.Array(Type.String()),
  columns: Type.Array(Type.String()),
  kinds: Type.Array(Type.String({ description: 'of each column: text, paise, count or instant' })),
  rows: Type.Array(
    Type.Array(nullable(Type.String({ description: 'text; amounts in paise, instants as RFC 3339 has them' }))),
  ),
})
const ReportList = strict({
  data: Type.Array(strict({ name: Type.String(), title: Type.String(), what: Type.String() })),
  asOf: InstantWord,
})
/** Days of one report at most: a year and a day. */
const MAX_DAYS = 366
const reading: readonly ProblemCode[] = [
  'invalid_request',
  'unauthorized',
  'forbidden',
  'not_found',
  'database_unavailable',
]

/** Reports for people and their spreadsheets. */
export function reportRoutes(app: FastifyInstance, deps: ReportRouteDeps): void {
  const { clock } = deps
  app.get(
    '/v1/reports',
    {
      config: needs('settlement:read'),
      schema: {
        tags: ['Settlement'],
        summary: 'The reports that there are',
        response: answers(200, ReportList, ['unauthorized', 'forbidden']),
      },
    },
    () => ({
      data: reportNames.map((name) => ({ name, title: reports[name].title, what: reports[name].what })),
      asOf: toRfc3339(clock.now()),
    }),
  )

  app.get<{ Params: Static<typeof NamePath>; Querystring: Static<typeof Query> }>(
    '/v1/reports/:name',
    {
      config: { ...needs('settlement:read'), gives: /text\/(csv|\*)|spreadsheetml|application\/pdf/i },
      schema: {
        tags: ['Settlement'],
        summary: 'A report, as JSON, CSV, a workbook, or a PDF to print',
        description:
          '`from` and `to` are days in IST, both inclusive; today where they are left out. In CSV and workbooks no cell is a formula, and amounts ' +
          `are rupees with two decimals; in JSON they are paise. At most ${MAX_DAYS} days and ${MAX_ROWS} rows, ${MAX_PRINTED_ROWS} in a PDF.`,
        params: NamePath,
        querystring: Query,
        response: {
          ...answers(200, ReportDocument, reading),
          200: {
            description: 'The report.',
            content: {
              'application/json': { schema: ReportDocument },
              'text/csv': { schema: Type.String() },
              [formats.xlsx]: { schema: { type: 'string', format: 'binary' } },
              [formats.pdf]: { schema: { type: 'string', format: 'binary' } },
            },
          },
        },
      },
    },
    async ({ params, query, caller, id: requestId }, reply) => {
      const { name } = params
      if (!isReport(name)) throw new Problem('not_found', { detail: `The reports are ${reportNames.join(', ')}.` })
      const now = clock.now()
      const { from, to } = daysOf(query, now)
      const institutions =
        query.institution === undefined ? await banksOf(deps, caller) : [await bankOf(deps, caller, query.institution)]
      const report = await makeReport(deps.reporting, name, {
        tenantId: caller.tenantId,
        institutions,
        from,
        to,
        cycle: query.cycle,
        now,
      })
      const format = query.format ?? 'json'
      const most = format === 'pdf' ? MAX_PRINTED_ROWS : MAX_ROWS
      if (report.rows.length > most)
        throw invalidField('from', `and to are of more than ${most} rows: ask for fewer days`)
      await deps.asTenant(caller.tenantId, (tx) =>
        deps.note(
          tx,
          actOf(caller, requestId, now, 'report.made', name, { format, from, to, rows: report.rows.length }),
        ),
      )
      if (format === 'json') return documentOf(report)
      const bytes =
        format === 'csv' ? csvOf(report) : format === 'xlsx' ? await xlsxOf(report) : await pdfOf(report, now)
      return reply
        .header('content-type', formats[format])
        .header('content-disposition', `attachment; filename="${fileOf(name, from, to, format)}"`)
        .send(bytes)
    },
  )
}

const fileOf = (name: ReportName, from: string, to: string, format: Format): string =>
  `${name}-${from}${from === to ? '' : `-${to}`}.${format}`

export function daysOf(
  { from, to }: { readonly from?: string; readonly to?: string },
  now: number,
): { readonly from: string; readonly to: string } {
  const today = dayOf(now)
  for (const [field, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (day !== undefined && !isDay(day)) throw invalidField(field, 'must be a day of the calendar, such as 2026-11-27')
  const last = to ?? (from !== undefined && from > today ? from : today)
  const first = from ?? last
  if (first > last) throw invalidField('from', 'must not be later than to')
  if ((Date.parse(last) - Date.parse(first)) / 86_400_000 >= MAX_DAYS)
    throw invalidField('from', `must not be ${MAX_DAYS} days or more before to`)
  return { from: first, to: last }
}

const documentOf = ({ name, title, notes, columns, rows }: Report): Static<typeof ReportDocument> => ({
  name,
  title,
  notes: [...notes],
  columns: columns.map((column) => column.title),
  kinds: columns.map((column) => column.kind),
  rows: rows.map((row) =>
    row.map((cell, i) =>
      cell === null ? null : typeof cell === 'bigint' ? String(cell) : textOf(cell, columns[i]?.kind ?? 'text'),
    ),
  ),
})
