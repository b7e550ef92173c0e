import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import type { Tx } from '../db/pool.ts'
import { asHub } from '../db/tenant.ts'
import { decideApproval } from '../payment/approval-store.ts'
import type { MakeChange, TurnDown } from '../payment/changes.ts'
import { oneChecker } from '../payment/four-eyes.ts'
import { answerUpload } from '../settlement/books/upload-answer.ts'
import { purposes } from '../settlement/books/upload-rows.ts'
import {
  findUpload,
  listUploadLines,
  listUploads,
  releaseUpload,
  setUploadApproval,
  type UploadFile,
  uploadStates,
  withdrawUpload,
} from '../settlement/books/upload-store.ts'
import { requeueAnswers } from '../settlement/books/uploads.ts'
import { dropAsked, dropUploaded } from '../settlement/disputes/ask.ts'
import { note, readNote } from '../settlement/notes.ts'
import { actOf } from './acts.ts'
import { type ApprovalDeps, ApprovalDocument, approvalView, changeBy } from './approvals.ts'
import { idCursor, readIdCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import {
  Amount,
  answers,
  anyWord,
  Cursor,
  InstantWord,
  Limit,
  nullable,
  PaymentIdWord,
  pageOf,
  SaidWords,
  strict,
} from './schemas.ts'
import { banksOf, type SettlementBankDeps } from './settlement-bank.ts'

export type UploadRouteDeps = SettlementBankDeps & ApprovalDeps

const UploadIdWord = Type.String({
  pattern: '^upl_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'an upload id: upl_ and 32 hex digits',
})
const ReferenceWord = Type.String({
  pattern: '^[0-9a-f]{32}$',
  maxLength: 32,
  description: 'the bank’s own reference of a row, as the file has it: 32 hex digits',
})
const UploadPath = strict({ id: UploadIdWord })
const UploadDocument = strict({
  id: UploadIdWord,
  institution: Type.String(),
  fileName: Type.String({ description: 'NPCI refuses a name that it has seen' }),
  format: anyWord(['upload_classic', 'upload_good_faith']),
  purpose: anyWord(purposes),
  state: anyWord(uploadStates),
  rows: Type.Integer(),
  amount: Amount,
  sha256: Type.String({ description: 'of the file as it leaves, before OpenPGP' }),
  agreedSha256: nullable(
    Type.String({ description: 'what people agreed to, where rows were taken out of it before it left' }),
  ),
  approval: nullable(Type.String()),
  dueAt: nullable(InstantWord),
  madeAt: InstantWord,
  releasedAt: nullable(InstantWord),
  sentAt: nullable(InstantWord),
  answer: nullable(Type.String({ description: 'what NPCI said to the file as a whole, where it said anything' })),
  answeredAt: nullable(InstantWord),
  withdrawal: nullable(
    strict({ at: InstantWord, by: nullable(Type.String()), reason: Type.String(), said: nullable(SaidWords) }),
  ),
})
const LineDocument = strict({
  reference: ReferenceWord,
  flag: Type.String(),
  reason: Type.String(),
  rrn: Type.String(),
  direction: anyWord(['outward', 'inward']),
  payment: nullable(PaymentIdWord),
  amount: Amount,
  dueAt: nullable(InstantWord),
  takenOut: nullable(
    strict(
      { at: InstantWord, reason: Type.String(), said: nullable(SaidWords) },
      'taken out before the file left, or NPCI did not take the file or the row: it counts in neither rows nor amount',
    ),
  ),
  refused: nullable(Type.String({ description: 'why NPCI did not take this row, in its own code or words' })),
})
const WholeUpload = strict({ ...UploadDocument.properties, lines: Type.Array(LineDocument) })
const Filters = strict({
  institution: Type.Optional(Type.String({ pattern: '^[A-Z0-9]{1,20}$', maxLength: 20 })),
  state: Type.Optional(anyWord(uploadStates)),
  limit: Limit,
  cursor: Cursor,
})
const Release = Type.Union([
  strict({
    sha256: Type.Optional(
      Type.String({
        pattern: '^[0-9a-f]{64}$',
        maxLength: 64,
        description: 'the sha256 of the file that you looked at: that one and no other is meant',
      }),
    ),
  }),
  Type.Null(),
])
const Withdrawal = strict(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 400,
      pattern: '^[^\\p{Cc}]+$',
      description: 'why, in words of 1 to 400 characters',
    }),
  },
  'why it does not leave',
)
const Answer = strict(
  {
    refused: Type.Array(
      strict({
        reference: ReferenceWord,
        reason: Type.String({
          minLength: 1,
          maxLength: 200,
          pattern: '^[^\\p{Cc}]+$',
          description: 'NPCI’s code or words, 1 to 200 characters',
        }),
        again: Type.Optional(
          Type.Boolean({
            description: 'say a confirmation or a return once more, in the next file; without it people decide',
          }),
        ),
      }),
      { maxItems: 5_000, description: 'the rows that NPCI did not take; none: it took all' },
    ),
  },
  'what NPCI made of the rows of a file',
)
const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'database_unavailable']
const acting: readonly ProblemCode[] = [
  ...reading,
  'invalid_json',
  'duplicate_field',
  'json_too_deep',
  'body_too_large',
  'unsupported_media_type',
  'forbidden',
  'reauthentication_required',
  'signature_required',
  'signature_invalid',
  'not_found',
]

/** What is to be told NPCI: made by the hub, let go by two people. */
export function uploadRoutes(app: FastifyInstance, deps: UploadRouteDeps): void {
  const { db, clock } = deps
  const tags = ['Settlement']

  app.get<{ Querystring: Static<typeof Filters> }>(
    '/v1/upload-files',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'Files for NPCI, the latest first',
        description:
          'Confirmations and returns of time-outs, disputes, good faith: in NPCI’s formats, and where each stands.',
        querystring: Filters,
        response: answers(200, pageOf(UploadDocument), [...reading, 'invalid_cursor']),
      },
    },
    async ({ query, caller }) => {
      const { limit = 25, cursor, institution, state } = query
      const banks = (await banksOf(deps, caller)).filter((code) => institution === undefined || code === institution)
      const before = cursor === undefined ? undefined : readIdCursor(cursor, 'upl')
      const found = await listUploads(db, banks, state, before, limit + 1)
      return toPage(found, limit, viewOf, ({ id }) => idCursor(id))
    },
  )

  app.get<{ Params: Static<typeof UploadPath> }>(
    '/v1/upload-files/:id',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'One file for NPCI, with its rows',
        params: UploadPath,
        response: answers(200, WholeUpload, [...reading, 'not_found']),
      },
    },
    async ({ params, caller }) => {
      const file = await findUpload(db, await banksOf(deps, caller), params.id)
      if (file === undefined) throw noSuchUpload(params.id)
      const lines = await listUploadLines(db, file.id)
      return {
        ...viewOf(file),
        lines: lines.map(
          ({ reference, flag, reasonCode, rrn, direction, paymentId, amountPaise, dueAt, dropped, refusedWhy }) => ({
            reference,
            flag,
            reason: reasonCode,
            rrn,
            direction,
            payment: paymentId,
            amount: String(amountPaise),
            dueAt: instant(dueAt),
            takenOut:
              dropped === null ? null : { at: toRfc3339(dropped.at), reason: dropped.why, said: readNote(dropped.why) },
            refused: refusedWhy,
          }),
        ),
      }
    },
  )

  app.post<{ Params: Static<typeof UploadPath>; Body: Static<typeof Release> }>(
    '/v1/upload-files/:id/release',
    {
      config: needs('settlement:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Ask that a file may leave for NPCI',
        description:
          'It always waits for somebody else: by the rules for `upload`, or one checker where there is none. With their last vote it leaves ' +
          'at the next look of the hub, as it is now: its SHA-256 is what they agree to. Before it leaves each row is judged once more: what ' +
          'has ended meanwhile is taken out, with the reason. A no withdraws the file.',
        params: UploadPath,
        body: Release,
        response: answers(202, ApprovalDocument, [...acting, 'upload_not_waiting']),
      },
    },
    async ({ params, body, caller, id: requestId }, reply) => {
      const banks = await banksOf(deps, caller)
      const approval = await deps.asTenant(caller.tenantId, async (tx) => {
        const file = await asHub(tx, (hub) => findUpload(hub, banks, params.id, true))
        if (file === undefined) throw noSuchUpload(params.id)
        const looked = body?.sha256 ?? file.sha256 // no secret: whoever may see the file may see it
        if (looked !== file.sha256)
          throw new Problem('upload_not_waiting', { detail: 'It is not the file that you looked at.' })
        if (file.state !== 'waiting') throw new Problem('upload_not_waiting', { detail: `It is ${file.state}.` })
        const content = {
          sha256: file.sha256,
          name: file.name,
          purpose: file.purpose,
          rows: file.rows,
          amount: String(file.amountPaise),
        }
        const proposed = await deps.changes.propose(tx, changeBy(caller, 'upload', file.id, content), oneChecker)
        await asHub(tx, (hub) => setUploadApproval(hub, file.id, proposed.id))
        const detail = { approval: `apr_${proposed.id}`, name: file.name, rows: file.rows }
        await deps.note(tx, actOf(caller, requestId, clock.now(), 'upload.release_proposed', file.id, detail))
        return proposed
      })
      reply.code(202)
      return approvalView(deps, caller, approval)
    },
  )

  app.post<{ Params: Static<typeof UploadPath>; Body: Static<typeof Withdrawal> }>(
    '/v1/upload-files/:id/withdraw',
    {
      config: needs('settlement:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Take a file back that has not left',
        description:
          'Nobody need agree: nothing leaves by it. Confirmations and returns that are still due wait for the next file; what a dispute asked ' +
          'for is dropped from it, and can be asked for again. Once the hub has begun to hand the file over it cannot be taken back.',
        params: UploadPath,
        body: Withdrawal,
        response: answers(200, UploadDocument, [...acting, 'upload_not_waiting']),
      },
    },
    async ({ params, body, caller, id: requestId }) => {
      const banks = await banksOf(deps, caller)
      return deps.asTenant(caller.tenantId, async (tx) => {
        const file = await asHub(tx, async (hub) => {
          const found = await findUpload(hub, banks, params.id, true)
          if (found === undefined) throw noSuchUpload(params.id)
          if (!(await takeBack(deps, hub, found.id, { by: caller.actor.id, why: body.reason })))
            throw new Problem('upload_not_waiting', { detail: `It is ${found.state}, or on its way.` })
          if (found.approvalId !== null) await decideApproval(hub, found.approvalId, 'cancelled', clock.now())
          return findUpload(hub, banks, params.id)
        })
        if (file === undefined) throw noSuchUpload(params.id)
        const detail = { name: file.name, reason: body.reason }
        await deps.note(tx, actOf(caller, requestId, clock.now(), 'upload.withdrawn', params.id, detail))
        return viewOf(file)
      })
    },
  )

  app.post<{ Params: Static<typeof UploadPath>; Body: Static<typeof Answer> }>(
    '/v1/upload-files/:id/answer',
    {
      config: needs('settlement:write'),
      schema: {
        tags,
        summary: 'Hand in what NPCI made of the rows of a file',
        description:
          'NPCI takes a file and refuses single rows of it. Those named were not said: what a dispute asked for is dropped from it, and a ' +
          'confirmation or return is owed again, before people (a break) or, with `again`, in the next file, which people let go. The other ' +
          'rows were taken. The same answer again changes nothing; a row that was refused may be said again later.',
        params: UploadPath,
        body: Answer,
        response: answers(200, UploadDocument, acting),
      },
    },
    async ({ params, body, caller, id: requestId }) => {
      const banks = await banksOf(deps, caller)
      return deps.asTenant(caller.tenantId, async (tx) => {
        const { file, refused } = await asHub(tx, async (hub) => {
          if ((await findUpload(hub, banks, params.id, true)) === undefined) throw noSuchUpload(params.id)
          const count = await takeAnswer(deps, hub, params.id, body.refused)
          return { file: await findUpload(hub, banks, params.id), refused: count }
        })
        if (file === undefined) throw noSuchUpload(params.id)
        const detail = { name: file.name, rows: body.refused.length, refused }
        await deps.note(tx, actOf(caller, requestId, clock.now(), 'upload.answered', params.id, detail))
        return viewOf(file)
      })
    },
  )
}

/** @returns how many rows were refused that were not before @throws {Problem} naming the row that cannot be taken */
async function takeAnswer(
  { vault, clock }: TakeBackDeps,
  hub: Tx,
  id: string,
  rows: Static<typeof Answer>['refused'],
): Promise<number> {
  const onRefusedRow: Parameters<typeof answerUpload>[0]['onRefusedRow'] = (tx, row, why) =>
    dropAsked(tx, { clock }, row, 'npci', why)
  const refused = rows.map(({ reference, reason, again = false }) => ({ reference, why: reason, again }))
  const taken = await answerUpload({ vault, clock, onRefusedRow }, hub, id, refused, true)
  switch (taken.kind) {
    case 'answered':
      return taken.refused
    case 'not_sent':
      throw new Problem('not_found', { detail: `NPCI does not have ${id}: nothing of it was answered.` })
    case 'unknown_row':
      throw invalidField(fieldOf(rows, taken.reference, 'reference'), 'is no row of this file that was sent')
    case 'not_an_answer':
      throw invalidField(
        fieldOf(rows, taken.reference, 'again'),
        'what a dispute asked for is asked for again in the dispute',
      )
  }
}

const fieldOf = (rows: readonly { readonly reference: string }[], reference: string, name: string): string =>
  `refused.${rows.findIndex((row) => row.reference === reference)}.${name}`

type TakeBackDeps = Pick<UploadRouteDeps, 'vault' | 'clock'>

/** The file, and what becomes of its rows, in one commit. @returns false when it may have left */
async function takeBack(
  { vault, clock }: TakeBackDeps,
  hub: Tx,
  id: string,
  how: Parameters<typeof withdrawUpload>[2],
): Promise<boolean> {
  if (!(await withdrawUpload(hub, id, how, clock.now()))) return false
  await dropUploaded(hub, { clock }, id, how.by, how.why)
  await requeueAnswers({ vault, clock }, hub, id, note('file_withdrawn'))
  return true
}

/** Takes back a file that people did not let go: the one that was put before them, if nothing became of it since. */
export const makeUploadRejection =
  (deps: TakeBackDeps): TurnDown =>
  (tx, subjectId, approvalId, by) =>
    asHub(tx, async (hub) => {
      await takeBack(deps, hub, subjectId, { by, why: note('nobody_agreed'), approvalId })
    })

/** Lets a file go that people agreed about, if it is what they saw. */
export const makeUploadRelease =
  (now: () => number): MakeChange =>
  (tx, _tenantId, subjectId, content) =>
    asHub(tx, async (hub) => {
      const sha256 = 'sha256' in content && typeof content.sha256 === 'string' ? content.sha256 : ''
      if (!(await releaseUpload(hub, subjectId, sha256, now())))
        throw new Problem('upload_not_waiting', { detail: `${subjectId} has left, or is not what it was.` })
    })

const noSuchUpload = (id: string): Problem => new Problem('not_found', { detail: `There is no upload ${id}.` })

const instant = (at: number | null): string | null => (at === null ? null : toRfc3339(at))

const viewOf = (file: UploadFile): Static<typeof UploadDocument> => ({
  id: file.id,
  institution: file.institution,
  fileName: file.name,
  format: file.kind,
  purpose: file.purpose,
  state: file.state,
  rows: file.rows,
  amount: String(file.amountPaise),
  sha256: file.sha256,
  approval: file.approvalId === null ? null : `apr_${file.approvalId}`,
  dueAt: instant(file.dueAt),
  madeAt: toRfc3339(file.madeAt),
  releasedAt: instant(file.releasedAt),
  sentAt: instant(file.sentAt),
  answer: file.answer,
  answeredAt: instant(file.answeredAt),
  agreedSha256: file.agreedSha256,
  withdrawal:
    file.withdrawal === null
      ? null
      : {
          at: toRfc3339(file.withdrawal.at),
          by: file.withdrawal.by,
          reason: file.withdrawal.why,
          said: readNote(file.withdrawal.why),
        },
})
