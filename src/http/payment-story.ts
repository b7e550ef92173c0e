import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { formatCycle } from '../imps/cycles.ts'
import { readDescribed } from '../imps/element-names.ts'
import { describeResponseCode } from '../imps/response-codes.ts'
import { chart, chartCodes } from '../ledger/chart.ts'
import type { PaymentEvent, StoredPayment } from '../payment/stored.ts'
import { stayedWithin } from '../payment/within-bank.ts'
import { readDetail } from '../settlement/notes.ts'
import { type ExplainDeps, legsOf, lookUp, nameOf, storyOf } from '../settlement/reports/explain.ts'
import type { Found } from '../settlement/reports/explain-store.ts'
import { LineWords, lineView, StandingWords, standingOf } from './explanations.ts'
import { find, type PaymentDeps } from './payments.ts'
import { needs } from './policy.ts'
import type { ProblemCode } from './problems.ts'
import { Amount, answers, InstantWord, nullable, PaymentPath, SaidWords, SignedAmount, strict } from './schemas.ts'

/** What was on the wire for a payment: what the rail can still say of it. Undefined where nothing can be shown. */
export type DescribeMessages = (
  payment: StoredPayment,
) => Promise<{ readonly wire: 'iso8583' | 'xml'; readonly text: string } | undefined>

export type PaymentStoryDeps = Pick<PaymentDeps, 'findPayment' | 'findEvents' | 'view'> & {
  readonly explaining: ExplainDeps
  readonly describeMessages: DescribeMessages
}

const word = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description })
const ElementDocument = strict({
  element: Type.String({ description: 'DE 39, tag 046, or the path of an XML attribute' }),
  name: Type.String(),
  value: Type.String({ description: 'what is personal is masked, whoever asks' }),
  meaning: nullable(Type.String()),
  meaningCode: nullable(
    Type.String({ description: 'of a response code: names what it means, as `code` of a reason does' }),
  ),
})
const MessageDocument = strict({
  at: InstantWord,
  way: word(['sent', 'received'], 'sent or received'),
  kind: word(['original', 'answer'], 'original or answer'),
  wire: nullable(word(['iso8583', 'xml'], 'iso8583 or xml')),
  link: nullable(Type.String()),
  type: nullable(Type.String({ description: 'a message type such as 0200 or ReqPay' })),
  name: nullable(Type.String()),
  source: word(
    ['kept', 'rewritten', 'recorded'],
    'kept: the very bytes; rewritten: as the hub writes this payment; recorded: only what was taken from it is kept',
  ),
  elements: Type.Array(ElementDocument),
})
const Messages = strict({ data: Type.Array(MessageDocument) })

const LegDocument = strict({
  account: Type.String({ description: 'customer, or a code of the chart of accounts such as OUT-CLR' }),
  name: Type.String(),
  side: word(['debit', 'credit'], 'debit or credit'),
  amount: Amount,
})
const PostingDocument = strict({
  at: InstantWord,
  kind: Type.String({ description: 'what was booked: hold, void, credit, return, … or an event of settlement' }),
  cycle: nullable(Type.String()),
  legs: Type.Array(LegDocument),
})
const Postings = strict({ data: Type.Array(PostingDocument) })

const SettlementDocument = strict({
  cycle: nullable(
    strict(
      {
        cycle: Type.String({ description: 'YYYY-MM-DD/number' }),
        source: word(['file', 'time'], "file: NPCI's raw file has it there; time: the one that it was made in"),
        settled: Type.Boolean({ description: 'whether that cycle is in the books' }),
      },
      'null of a payment within the bank, which no cycle settles',
    ),
  ),
  files: Type.Array(strict({ at: InstantWord, ...LineWords })),
  items: Type.Array(
    strict({
      cycle: Type.String(),
      raw: Type.String({ description: "what NPCI's files say: 00, 08, declined or absent" }),
      responseCode: nullable(Type.String()),
      absentCycles: Type.Integer(),
      duty: Type.String(),
      dueAt: nullable(InstantWord),
      outcome: nullable(Type.String()),
      doneAt: nullable(InstantWord),
    }),
  ),
  breaks: Type.Array(
    strict({
      type: Type.String(),
      detail: Type.String(),
      said: nullable(SaidWords),
      openedAt: InstantWord,
      closedAt: nullable(InstantWord),
      resolution: nullable(Type.String()),
      dueAt: nullable(InstantWord),
    }),
  ),
  disputes: Type.Array(
    strict({
      family: Type.String(),
      state: Type.String(),
      dueAt: nullable(InstantWord),
      closedAt: nullable(InstantWord),
    }),
  ),
  compensation: Type.Array(
    strict({
      owedBy: word(['us', 'them'], 'us or them'),
      days: Type.Integer(),
      amount: SignedAmount,
      state: Type.String(),
      fromOn: Type.String(),
    }),
  ),
  ...StandingWords,
})
type SettlementView = Static<typeof SettlementDocument>

const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'not_found', 'database_unavailable']

/** A payment's story in its parts: what was on the wire, what was booked, what NPCI's files say. */
export function paymentStoryRoutes(app: FastifyInstance, deps: PaymentStoryDeps): void {
  app.get<{ Params: Static<typeof PaymentPath> }>(
    '/v1/payments/:id/messages',
    {
      config: needs('payments:read'),
      schema: {
        tags: ['Payments'],
        summary: 'What was on the wire, element by element',
        description:
          'The hub keeps no copy of what it sends: an original is a function of the payment, and is written again here. Of what banks answer it ' +
          'keeps the code, the registered name and when; of an inward payment the very bytes of its own answer, which repeat the request. ' +
          'Names and numbers are masked, with or without `details:read`.',
        params: PaymentPath,
        response: answers(200, Messages, reading),
      },
    },
    async ({ params, caller }) => {
      const payment = await find(deps, caller, params.id)
      const [events, described] = await Promise.all([
        deps.findEvents(payment.tenantId, [payment.id]),
        deps.describeMessages(payment),
      ])
      return { data: messagesOf(deps, payment, events, described) }
    },
  )

  app.get<{ Params: Static<typeof PaymentPath> }>(
    '/v1/payments/:id/postings',
    {
      config: needs('payments:read'),
      schema: {
        tags: ['Payments'],
        summary: 'What was booked for it, in order',
        params: PaymentPath,
        response: answers(200, Postings, reading),
      },
    },
    async ({ params, caller }) => {
      const payment = await find(deps, caller, params.id)
      return { data: postingsOf(payment, (await lookUp(deps.explaining, payment)).found) }
    },
  )

  app.get<{ Params: Static<typeof PaymentPath> }>(
    '/v1/payments/:id/settlement',
    {
      config: needs('settlement:read'),
      schema: {
        tags: ['Payments'],
        summary: "Its cycle, what NPCI's files say of it, and what is open",
        params: PaymentPath,
        response: answers(200, SettlementDocument, reading),
      },
    },
    async ({ params, caller }): Promise<SettlementView> => {
      const payment = await find(deps, caller, params.id)
      const known = await lookUp(deps.explaining, payment)
      const standing = standingOf(storyOf(deps.explaining, payment, known))
      const { found, files, cycle, fromFile, settled } = known
      return {
        cycle: stayedWithin(payment)
          ? null
          : { cycle: formatCycle(cycle), source: fromFile ? 'file' : 'time', settled },
        files: files.map(lineView),
        items: found.items.map(({ settledOn, cycle: number, updatedAt: _, dueAt, doneAt, ...item }) => ({
          ...item,
          cycle: `${settledOn}/${number}`,
          dueAt: instantOf(dueAt),
          doneAt: instantOf(doneAt),
        })),
        breaks: found.breaks.map(({ type, detail, openedAt, closedAt, resolution, dueAt }) => ({
          type,
          detail,
          said: readDetail(detail),
          openedAt: toRfc3339(openedAt),
          closedAt: instantOf(closedAt),
          resolution,
          dueAt: instantOf(dueAt),
        })),
        disputes: found.disputes.map(({ family, state, dueAt, closedAt }) => ({
          family,
          state,
          dueAt: instantOf(dueAt),
          closedAt: instantOf(closedAt),
        })),
        compensation: found.compensations.map(({ owedBy, days, amountPaise, state, fromOn }) => ({
          owedBy: owedBy === 'us' ? 'us' : 'them',
          days,
          amount: String(amountPaise),
          state,
          fromOn,
        })),
        ...standing,
      }
    },
  )
}

const instantOf = (at: number | null): string | null => (at === null ? null : toRfc3339(at))

type MessageView = Static<typeof MessageDocument>
type Element = Static<typeof ElementDocument>

function messagesOf(
  { view }: Pick<PaymentStoryDeps, 'view'>,
  payment: StoredPayment,
  events: readonly PaymentEvent[],
  described: Awaited<ReturnType<DescribeMessages>>,
): MessageView[] {
  const { link, direction } = payment
  // Nothing of it was ever on a wire.
  if (stayedWithin(payment)) return []
  const wire = described?.wire ?? null
  const read = described && readDescribed(described.text)
  const element = (one: Pick<Element, 'element' | 'name' | 'value'>, at: number): Element => {
    const isResponseCode = one.element === 'DE 39' || one.element.endsWith('@respCode')
    if (!isResponseCode) return { ...one, meaning: null, meaningCode: null }
    const { message, code } = describeResponseCode(one.value, 'original', at, view.overrides)
    return { ...one, meaning: message, meaningCode: code }
  }
  const whole = (at: number): Pick<MessageView, 'type' | 'name' | 'elements'> => ({
    type: read?.type ?? null,
    name: read?.name ?? null,
    elements: (read?.elements ?? []).map((one) => element(one, at)),
  })
  const rrn =
    payment.rrn === null
      ? []
      : [element({ element: 'DE 37', name: 'Retrieval reference number (RRN)', value: payment.rrn }, payment.createdAt)]
  const recorded = (value: string, at: number): Pick<MessageView, 'type' | 'name' | 'elements' | 'source'> => ({
    type: null,
    name: null,
    source: 'recorded',
    elements: [...rrn, element({ element: 'DE 39', name: 'Response code', value }, at)],
  })
  if (direction === 'inward') {
    const at = toRfc3339(payment.createdAt)
    const came = {
      at,
      way: 'received',
      kind: 'original',
      wire,
      link,
      type: null,
      name: null,
      source: 'recorded',
    } as const
    const answer = { at, way: 'sent', kind: 'answer', wire, link } as const
    return [
      { ...came, elements: rrn },
      read === undefined
        ? { ...answer, ...recorded(payment.responseCode ?? '', payment.createdAt) }
        : { ...answer, source: 'kept', ...whole(payment.createdAt) },
    ]
  }
  const sentAt = payment.transmittedAt
  const original: MessageView[] =
    sentAt === null || read === undefined
      ? []
      : [{ at: toRfc3339(sentAt), way: 'sent', kind: 'original', wire, link, source: 'rewritten', ...whole(sentAt) }]
  return [
    ...original,
    ...events.flatMap(({ at, responseCode }): MessageView[] =>
      responseCode === null
        ? []
        : [{ at: toRfc3339(at), way: 'received', kind: 'answer', wire, link, ...recorded(responseCode, at) }],
    ),
  ]
}

function postingsOf(payment: StoredPayment, { entries, journals }: Found): Static<typeof PostingDocument>[] {
  const booked = [
    ...entries.map(({ kind, amountPaise, at }) => {
      const amount = String(amountPaise < 0n ? -amountPaise : amountPaise)
      const doors = legsOf(payment)[kind]
      // An opening balance has no other side that is the payment's.
      const legs = (doors ?? []).map((account, i) => ({
        account,
        name: titleOf(account),
        side: i === 0 ? ('debit' as const) : ('credit' as const),
        amount,
      }))
      return { at, kind, cycle: null, legs }
    }),
    ...journals.map(({ event, cycle, legs, at }) => ({
      at,
      kind: event,
      cycle,
      legs: legs.map(({ account, amountPaise }) => ({
        account: nameOf(account),
        name: titleOf(nameOf(account)),
        side: amountPaise < 0n ? ('debit' as const) : ('credit' as const),
        amount: String(amountPaise < 0n ? -amountPaise : amountPaise),
      })),
    })),
  ]
  return booked.sort((a, b) => a.at - b.at).map((one) => ({ ...one, at: toRfc3339(one.at) }))
}

/** What an account is called: the customer's, or the hub's own by its code. */
function titleOf(account: string): string {
  const code = chartCodes.find((one) => one === account)
  return code === undefined ? "The customer's account" : chart[code].name
}
