import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Act } from '../audit/acts.ts'
import { toRfc3339 } from '../base/clock.ts'
import type { Caller } from '../identity/caller.ts'
import { formatCycle, isDay, parseCycle } from '../imps/cycles.ts'
import type { Arrival, IntakeDeps, Taken } from '../settlement/intake/arrival.ts'
import { arrivingKinds, cycleOf, describeRefused, fileStates, type SettlementFile } from '../settlement/intake/file.ts'
import type { GivenBack } from '../settlement/intake/give-back.ts'
import { type FileFilters, findFile, listFiles } from '../settlement/intake/store.ts'
import { actOf } from './acts.ts'
import { idCursor, readIdCursor } from './page.ts'
import { needs } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { answers, anyWord, Cursor, InstantWord, Limit, nullable, pageOf, SignedAmount, strict } from './schemas.ts'
import { banksOf, type SettlementBankDeps } from './settlement-bank.ts'

export type SettlementFileDeps = SettlementBankDeps & {
  readonly intake: Pick<IntakeDeps, 'clock' | 'cycles'> & {
    readonly take: (arrival: Arrival) => Promise<Taken>
    readonly giveBack: (file: SettlementFile, act: Act) => Promise<GivenBack | undefined>
  }
}

/** What is handed in is in memory once; larger files come by the inbox. */
export const MOST_FILE_BYTES = 16 * 1024 * 1024

const FileIdWord = Type.String({
  pattern: '^fil_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a file id: fil_ and 32 hex digits',
})
const CycleWord = Type.String({
  pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}/([1-9][0-9]?|DC[1-9])$',
  maxLength: 13,
  description: 'a settlement cycle: its date in IST and its number, such as 2026-11-27/5',
})
const KindWord = anyWord(arrivingKinds)
const StateWord = anyWord(fileStates)

const RefusalDocument = strict({
  fault: Type.String({ description: 'stable: see docs/guides/settlement-files.md' }),
  sheet: nullable(Type.String()),
  row: nullable(Type.Integer({ description: 'as a person counts the rows of the file, from 1' })),
  column: nullable(Type.String()),
  expected: Type.String(),
  found: Type.String({ description: 'clipped and masked' }),
})
const FileDocument = strict({
  id: FileIdWord,
  institution: nullable(Type.String()),
  kind: nullable(KindWord),
  layout: nullable(Type.String()),
  fileName: Type.String(),
  settlementDate: nullable(Type.String()),
  cycle: nullable(CycleWord),
  state: StateWord,
  supersedes: nullable(FileIdWord),
  sha256: Type.String({ description: 'of the content, decrypted' }),
  bytes: Type.Integer(),
  rows: nullable(Type.Integer()),
  amount: nullable(SignedAmount),
  encrypted: Type.Boolean({ description: 'it came as an OpenPGP message' }),
  signed: Type.Boolean({ description: 'by a key of the other side that the hub knows' }),
  refusal: nullable(RefusalDocument),
  cameBy: anyWord(['inbox', 'api']),
  receivedBy: Type.String(),
  receivedAt: InstantWord,
})
const Handed = strict({
  name: Type.String({ minLength: 1, maxLength: 200, description: 'the name of the file, as NPCI or the bank gave it' }),
  replaces: Type.Optional(FileIdWord),
})
const Filters = strict({
  institution: Type.Optional(Type.String({ pattern: '^[A-Z0-9]{1,20}$', maxLength: 20 })),
  kind: Type.Optional(KindWord),
  state: Type.Optional(StateWord),
  cycle: Type.Optional(CycleWord),
  date: Type.Optional(
    Type.String({ pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$', maxLength: 10, description: 'a settlement date in IST' }),
  ),
  limit: Limit,
  cursor: Cursor,
})
const FilePath = strict({ id: FileIdWord })
const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'database_unavailable']

/** Files of NPCI and of banks: hand one in, and see what became of each. */
export async function settlementFileRoutes(app: FastifyInstance, deps: SettlementFileDeps): Promise<void> {
  const { db, intake } = deps
  const tags = ['Settlement']

  // The bytes of a file are no JSON; no other route takes them.
  await app.register(async (files) => {
    files.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: MOST_FILE_BYTES },
      (request, body, done) => {
        if (request.headers['content-encoding'] !== undefined) return done(new Problem('unsupported_media_type'))
        if (request.headers['signature-input'] !== undefined) {
          request.bodySha256 = createHash('sha256').update(body).digest()
        }
        done(null, body)
      },
    )
    files.post<{ Querystring: Static<typeof Handed>; Body: Uint8Array }>(
      '/v1/settlement-files',
      {
        config: needs('settlement:write'),
        bodyLimit: MOST_FILE_BYTES,
        schema: {
          tags,
          summary: 'Hand in a settlement file',
          description:
            'The body is the file (`application/octet-stream`, up to 16 MiB; larger ones come by the inbox folder). It is taken whole, 201, or ' +
            'refused whole with the row and column that is wrong, 422. The same content again is 200 and changes nothing. Another content ' +
            'for the same bank, kind and cycle is refused unless `replaces` names the file in use, and its cycle is not settled.',
          consumes: ['application/octet-stream'],
          querystring: Handed,
          response: {
            ...answers(201, FileDocument, [
              ...reading,
              'body_too_large',
              'unsupported_media_type',
              'settlement_file_refused',
            ]),
            200: { description: 'It is here already.', content: { 'application/json': { schema: FileDocument } } },
          },
        },
      },
      async ({ query, body, caller, id: requestId }, reply) => {
        if (!(body instanceof Uint8Array)) throw new Problem('unsupported_media_type')
        const { name, replaces } = query
        const { kind, file } = await intake.take({
          name,
          chunks: one(body),
          cameBy: 'api',
          receivedBy: caller.actor.id,
          actor: caller.actor,
          tenantId: caller.tenantId,
          banks: await banksOf(deps, caller),
          requestId,
          address: caller.address,
          ...(replaces === undefined ? {} : { replaces }),
        })
        if (kind === 'refused') throw refused(file)
        reply.code(kind === 'known' ? 200 : 201)
        return viewOf(file)
      },
    )
  })

  app.get<{ Querystring: Static<typeof Filters> }>(
    '/v1/settlement-files',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'Settlement files, the latest first',
        description: 'Everything that came: accepted, superseded by a later one, or refused, with why.',
        querystring: Filters,
        response: answers(200, pageOf(FileDocument), [...reading, 'invalid_cursor']),
      },
    },
    async ({ query, caller }) => {
      const { limit = 25, cursor, date, cycle, institution, kind, state } = query
      if (date !== undefined && !isDay(date)) throw invalidField('date', 'must be a day that exists')
      const wanted = cycle === undefined ? undefined : parseCycle(cycle)
      if (cycle !== undefined && wanted === undefined) throw invalidField('cycle', 'must be of a day that exists')
      const filters: FileFilters = {
        ...(institution === undefined ? {} : { institution }),
        ...(kind === undefined ? {} : { kind }),
        ...(state === undefined ? {} : { state }),
        ...(date === undefined ? {} : { settlementDate: date }),
        ...(wanted === undefined ? {} : { settlementDate: wanted.settlementDate, cycle: wanted.number }),
      }
      const institutions = await banksOf(deps, caller)
      const all = institutions.length === deps.institutions.length
      const before = cursor === undefined ? undefined : readIdCursor(cursor, 'fil')
      const { files, next } = await listFiles(
        db,
        { institutions, tenantId: caller.tenantId, all },
        filters,
        before,
        limit,
      )
      return {
        data: files.map(viewOf),
        hasMore: next !== undefined,
        nextCursor: next === undefined ? null : idCursor(next),
      }
    },
  )

  app.get<{ Params: Static<typeof FilePath> }>(
    '/v1/settlement-files/:id',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'One settlement file',
        params: FilePath,
        response: answers(200, FileDocument, [...reading, 'not_found']),
      },
    },
    async ({ params, caller }) => viewOf(await seenFile(deps, caller, params.id)),
  )

  app.get<{ Params: Static<typeof FilePath> }>(
    '/v1/settlement-files/:id/content',
    {
      config: { ...needs('settlement:write'), gives: /application\/octet-stream/i },
      schema: {
        tags,
        summary: 'A refused file, as it came',
        description:
          'Files that were refused out of the inbox are kept encrypted for 45 days. They have account numbers in them: a program needs ' +
          '`details:read` too, a person `details:reveal`. Each look is written down.',
        params: FilePath,
        response: {
          ...answers(200, Type.Any(), [...reading, 'forbidden', 'not_found']),
          200: {
            description: 'The file.',
            content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
          },
        },
      },
    },
    async ({ params, caller, id: requestId }, reply) => {
      if (!caller.rights.has('details:read') && !caller.rights.has('details:reveal'))
        throw new Problem('forbidden', { detail: 'This needs the right details:read or details:reveal.' })
      const file = await seenFile(deps, caller, params.id)
      const act = actOf(caller, requestId, intake.clock.now(), 'settlement_file.given_back', file.id, {
        sha256: file.sha256,
      })
      const given = await intake.giveBack(file, act)
      if (given === undefined) throw new Problem('not_found', { detail: `The content of ${file.id} is not kept.` })
      return reply
        .header('content-type', 'application/octet-stream')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(given.name)}`)
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(Readable.from(given.content, { objectMode: false }))
    },
  )
}

/** @throws {Problem} `not_found` when it is not there, or not theirs to see */
async function seenFile(deps: SettlementFileDeps, caller: Caller, id: string): Promise<SettlementFile> {
  const file = await findFile(deps.db, id)
  const institutions = await banksOf(deps, caller)
  const isSeen =
    file !== undefined &&
    (file.institution === null
      ? file.tenantId === caller.tenantId || (file.tenantId === 0 && institutions.length === deps.institutions.length)
      : institutions.includes(file.institution))
  if (!isSeen) throw new Problem('not_found', { detail: `There is no file ${id}.` })
  return file
}

async function* one(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body
}

function refused(file: SettlementFile): Problem {
  const { refusal } = file
  const field = [refusal?.sheet, refusal?.row, refusal?.column].filter((part) => part !== undefined).join(', ')
  return new Problem('settlement_file_refused', {
    detail: `${describeRefused(file)} (${refusal?.fault}).`,
    errors: [
      {
        field: field === '' ? 'name' : field,
        message: `${refusal?.fault}: expected ${refusal?.expected}, found ${refusal?.found}`,
      },
    ],
    headers: { location: `/v1/settlement-files/${file.id}` },
  })
}

function viewOf(file: SettlementFile): Static<typeof FileDocument> {
  const { id, institution, kind, layout, name: fileName, settlementDate, state, supersedes, refusal } = file
  const { sha256, bytes, rows, amountPaise, encrypted, signed, cameBy, receivedBy, receivedAt } = file
  const cycle = cycleOf(file)
  return {
    id,
    institution,
    kind,
    layout,
    fileName,
    settlementDate,
    cycle: cycle === undefined ? null : formatCycle(cycle),
    state,
    supersedes,
    sha256,
    bytes,
    rows,
    amount: amountPaise === null ? null : String(amountPaise),
    encrypted,
    signed,
    refusal:
      refusal === null
        ? null
        : {
            fault: refusal.fault,
            sheet: refusal.sheet ?? null,
            row: refusal.row ?? null,
            column: refusal.column ?? null,
            expected: refusal.expected,
            found: refusal.found,
          },
    cameBy,
    receivedBy,
    receivedAt: toRfc3339(receivedAt),
  }
}
