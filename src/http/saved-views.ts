import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { toRfc3339 } from '../base/clock.ts'
import { lockPerson } from '../identity/person-store.ts'
import { deleteView, listViews, type SavedView, saveView } from '../identity/view-store.ts'
import { publicStatuses } from '../payment/payment.ts'
import { actOf } from './acts.ts'
import type { ApprovalDeps } from './approvals.ts'
import { refuseBody } from './payments.ts'
import { signedIn } from './policy.ts'
import { invalidField, Problem, type ProblemCode } from './problems.ts'
import { Amount, answers, InstantWord, strict } from './schemas.ts'
import { readingBody, type SessionRouteDeps, sessionOf } from './sessions.ts'

type SavedViewDeps = SessionRouteDeps & {
  readonly changes: Pick<ApprovalDeps['changes'], 'newId'>
}

/** Views of one person at most. */
const MAX_VIEWS = 50

const columns = [
  'createdAt',
  'amount',
  'status',
  'direction',
  'with',
  'rrn',
  'reference',
  'responseCode',
  'channel',
  'id',
] as const

const ViewIdWord = Type.String({
  pattern: '^viw_[0-9a-f]{32}$',
  maxLength: 36,
  description: 'a view id: viw_ and 32 hex digits',
})
const NameWord = Type.String({
  pattern: '^[^\\p{Cc}\\p{Cs}]+$',
  minLength: 1,
  maxLength: 50,
  description: 'a name of 1 to 50 characters, none of them a control character',
})
const DayWord = Type.String({
  pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
  maxLength: 10,
  description: 'a day of India: YYYY-MM-DD',
})
const word = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description: `one of ${values.join(', ')}` })
const FiltersDocument = strict(
  {
    q: Type.Optional(
      Type.String({
        pattern: '^[^\\p{Cc}\\p{Cs}]+$',
        minLength: 1,
        maxLength: 64,
        description: 'what is looked for: 1 to 64 characters, none of them a control character',
      }),
    ),
    inStatus: Type.Optional(word(publicStatuses)),
    direction: Type.Optional(word(['outward', 'inward'])),
    from: Type.Optional(DayWord),
    to: Type.Optional(DayWord),
    minAmount: Type.Optional(Amount),
    maxAmount: Type.Optional(Amount),
  },
  'what the list is narrowed by',
)
const ColumnsWord = Type.Array(word(columns), {
  maxItems: columns.length,
  uniqueItems: true,
  description: 'columns that are shown, each once; empty: those that the list begins with',
})
const ViewDocument = strict({
  id: ViewIdWord,
  name: Type.String(),
  filters: FiltersDocument,
  columns: Type.Array(Type.String()),
  createdAt: InstantWord,
  updatedAt: InstantWord,
})
const NewView = strict(
  { name: NameWord, filters: FiltersDocument, columns: Type.Optional(ColumnsWord) },
  'a view to save',
)
const ViewPatch = strict(
  {
    name: Type.Optional(NameWord),
    filters: Type.Optional(FiltersDocument),
    columns: Type.Optional(ColumnsWord),
  },
  'what to change of a view',
)
const ViewPath = strict({ id: ViewIdWord })

const changing: readonly ProblemCode[] = [...readingBody, 'unauthorized']
const tags = ['Your account']

/** What people look for among payments again and again: each person's own views. */
export function savedViewRoutes(app: FastifyInstance, deps: SavedViewDeps): void {
  const { clock } = deps
  const { vault } = deps.people

  app.get(
    '/v1/people/me/views',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'Your views of payments, the oldest first',
        response: answers(200, strict({ data: Type.Array(ViewDocument) }), [
          'unauthorized',
          'csrf_refused',
          'database_unavailable',
        ]),
      },
    },
    async (request) => {
      const owner = sessionOf(request)
      const found = await deps.asTenant(owner.tenantId, (tx) => listViews(tx, vault, owner))
      return { data: found.map(viewOf) }
    },
  )

  app.post<{ Body: Static<typeof NewView> }>(
    '/v1/people/me/views',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'Save a view of payments',
        description: `A name, and what the list is narrowed by then. Nobody else sees it. ${MAX_VIEWS} at most, each name once.`,
        body: NewView,
        response: answers(201, ViewDocument, [...changing, 'too_many_views']),
      },
    },
    async (request, reply) => {
      const { body, caller, id } = request
      const owner = sessionOf(request)
      const now = clock.now()
      await vault.prepare([owner.tenantId], now)
      const made: SavedView = {
        id: `viw_${deps.changes.newId()}`,
        name: body.name.trim(),
        filters: body.filters,
        columns: body.columns ?? [],
        createdAt: now,
        updatedAt: now,
      }
      await deps.asTenant(owner.tenantId, async (tx) => {
        await lockPerson(tx, vault, owner.tenantId, owner.personId)
        const before = await listViews(tx, vault, owner)
        if (before.length >= MAX_VIEWS) throw new Problem('too_many_views')
        refuseTwice(before, made)
        await saveView(tx, vault, owner, made)
        await deps.note(tx, actOf(caller, id, now, 'view.created', made.id, {}))
      })
      reply.code(201)
      return viewOf(made)
    },
  )

  app.patch<{ Params: Static<typeof ViewPath>; Body: Static<typeof ViewPatch> }>(
    '/v1/people/me/views/:id',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'Change a view',
        description: 'What is given takes the place of what was there; `filters` and `columns` as a whole.',
        params: ViewPath,
        body: ViewPatch,
        response: answers(200, ViewDocument, [...changing, 'not_found']),
      },
    },
    async (request) => {
      const { params, body, caller, id } = request
      const owner = sessionOf(request)
      const now = clock.now()
      await vault.prepare([owner.tenantId], now)
      const after = await deps.asTenant(owner.tenantId, async (tx) => {
        await lockPerson(tx, vault, owner.tenantId, owner.personId)
        const before = await listViews(tx, vault, owner)
        const found = before.find((one) => one.id === params.id)
        if (found === undefined) throw noSuchView(params.id)
        const changed = {
          ...found,
          name: body.name?.trim() ?? found.name,
          filters: body.filters ?? found.filters,
          columns: body.columns ?? found.columns,
          updatedAt: now,
        }
        refuseTwice(before, changed)
        await saveView(tx, vault, owner, changed)
        await deps.note(tx, actOf(caller, id, now, 'view.changed', changed.id, {}))
        return changed
      })
      return viewOf(after)
    },
  )

  app.delete<{ Params: Static<typeof ViewPath> }>(
    '/v1/people/me/views/:id',
    {
      config: signedIn(),
      schema: {
        tags,
        summary: 'Delete a view',
        params: ViewPath,
        response: {
          204: { description: 'It is gone.', type: 'null' },
          ...answers(200, Type.Null(), [...changing, 'not_found']),
        },
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { params, caller, id } = request
      const owner = sessionOf(request)
      await deps.asTenant(owner.tenantId, async (tx) => {
        if (!(await deleteView(tx, owner, params.id))) throw noSuchView(params.id)
        await deps.note(tx, actOf(caller, id, clock.now(), 'view.deleted', params.id, {}))
      })
      return reply.code(204).send()
    },
  )
}

const noSuchView = (id: string): Problem => new Problem('not_found', { detail: `You have no view ${id}.` })

/** @throws {Problem} naming `name` */
function refuseTwice(before: readonly SavedView[], view: SavedView): void {
  if (view.name === '') throw invalidField('name', 'must have a character that is no space')
  if (before.some(({ id, name }) => id !== view.id && name === view.name))
    throw invalidField('name', 'is the name of another view of yours')
}

const viewOf = ({ createdAt, updatedAt, columns, ...view }: SavedView) => ({
  ...view,
  columns: [...columns],
  createdAt: toRfc3339(createdAt),
  updatedAt: toRfc3339(updatedAt),
})
