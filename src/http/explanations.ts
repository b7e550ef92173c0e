import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { type ExplainDeps, explain, type Story, storyText, wordsOf } from '../settlement/reports/explain.ts'
import { type StoryLine, textOf } from '../settlement/reports/story-words.ts'
import { needs } from './policy.ts'
import { Problem } from './problems.ts'
import { Amount, answers, DirectionWord, InstantWord, nullable, PaymentIdWord, saidFields, strict } from './schemas.ts'

export type ExplanationDeps = { readonly explaining: ExplainDeps }

const RrnPath = strict({
  rrn: Type.String({ minLength: 1, maxLength: 20, description: 'the retrieval reference number: 12 digits' }),
})
/** Where a payment stands, in plain words. */
export const StandingWords = {
  now: Type.String({ description: 'what it means now, in plain words' }),
  meaning: Type.Array(strict(saidFields), { description: 'the same, sentence by sentence' }),
  next: Type.Array(strict({ ...saidFields, by: nullable(InstantWord) }), {
    description: 'what happens next, and until when',
  }),
} as const
/** What a line says. */
export const LineWords = {
  text: Type.String(),
  parts: Type.Array(strict(saidFields), { description: 'the same, in pieces that are read one after the other' }),
} as const
const Explanation = strict({
  payment: PaymentIdWord,
  direction: DirectionWord,
  amount: Amount,
  institution: Type.String(),
  remitterBank: Type.String(),
  state: Type.String(),
  story: Type.Array(
    strict({
      at: InstantWord,
      kind: Type.Unsafe<StoryLine['kind']>({
        type: 'string',
        enum: ['message', 'posting', 'file', 'decision'],
        description: 'message, posting, file or decision',
      }),
      ...LineWords,
    }),
  ),
  ...StandingWords,
  text: Type.String({ description: 'all of it, for people; times in IST' }),
})
const Explanations = strict({ rrn: Type.String(), data: Type.Array(Explanation) })

/** What happened to a payment, all of it, in plain words. */
export function explanationRoutes(app: FastifyInstance, { explaining }: ExplanationDeps): void {
  app.get<{ Params: Static<typeof RrnPath> }>(
    '/v1/explanations/:rrn',
    {
      config: needs('settlement:read'),
      schema: {
        tags: ['Settlement'],
        summary: 'The whole story of the payments with an RRN',
        description:
          'Every message, posting, file line and decision in order, what it means now, and what happens next by when. Other banks and the ' +
          'other direction may have the same RRN: each payment has a story of its own.',
        params: RrnPath,
        response: answers(200, Explanations, ['invalid_request', 'unauthorized', 'not_found', 'database_unavailable']),
      },
    },
    async ({ params: { rrn }, caller }) => {
      const stories = /^[0-9]{12}$/.test(rrn) ? await explain(explaining, caller.tenantId, rrn) : []
      if (stories.length === 0) throw new Problem('not_found', { detail: 'There is no payment with this RRN.' })
      return { rrn, data: stories.map(storyView) }
    },
  )
}

export const standingOf = ({ now, next }: Pick<Story, 'now' | 'next'>) => ({
  now: wordsOf(now),
  meaning: [...now],
  next: next.map(({ by, ...said }) => ({ ...said, by: by === null ? null : toRfc3339(by) })),
})

export const lineView = ({ at, parts }: StoryLine) => ({ at: toRfc3339(at), text: textOf(parts), parts: [...parts] })

const storyView = (story: Story): Static<typeof Explanation> => ({
  payment: story.payment.id,
  direction: story.payment.direction,
  amount: String(story.payment.amountPaise),
  institution: story.payment.institution,
  remitterBank: story.payment.remitterBank,
  state: story.payment.state,
  story: story.lines.map((line) => ({ kind: line.kind, ...lineView(line) })),
  ...standingOf(story),
  text: storyText(story),
})
