import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Verdict, verifyAudit } from '../audit/verify.ts'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { Db } from '../db/pool.ts'
import type { AsTenant } from '../db/tenant.ts'
import type { Ending } from '../imps/xml/key-ring.ts'
import { actOf, type Noting } from './acts.ts'
import { type LinkHealth, LinkHealthDocument, linkHealthView } from './overview.ts'
import { refuseBody } from './payments.ts'
import { needs } from './policy.ts'
import { answers, InstantWord, nullable, strict } from './schemas.ts'
import type { Log } from './server.ts'
import { banksOf, type SettlementBankDeps } from './settlement-bank.ts'

export type SystemDeps = SettlementBankDeps &
  Noting & {
    readonly db: Db
    readonly clock: Clock
    readonly asTenant: AsTenant
    readonly log: Log
    readonly linkHealth: () => readonly LinkHealth[]
    /** When the certificates of all wires and of the API's port end. */
    readonly certificates: () => readonly Ending[]
    readonly about: About
  }

/** What the process knows of itself. */
export type About = {
  readonly version: string
  readonly node: string
  /** Where the keys are: `file` or `pkcs11`. */
  readonly keyStore: string
  /** Epoch milliseconds. */
  readonly startedAt: number
}

const SystemDocument = strict({
  version: Type.String({ description: 'of Turant' }),
  node: Type.String(),
  startedAt: InstantWord,
  sandbox: Type.Boolean(),
  keyStore: Type.String({ description: 'where the keys are: file or pkcs11' }),
  database: strict({
    version: Type.String({ description: 'of PostgreSQL' }),
    bytes: nullable(Type.String({ description: 'of the whole database; null for who has no bank here' })),
  }),
  links: Type.Array(LinkHealthDocument),
  certificates: Type.Array(
    strict({
      use: Type.String(),
      subject: Type.String(),
      daysLeft: Type.Integer({ description: 'whole days; negative when it is over' }),
    }),
  ),
})
const VerificationDocument = strict({
  state: Type.Unsafe<'never' | 'running' | 'done' | 'failed'>({
    type: 'string',
    enum: ['never', 'running', 'done', 'failed'],
    description:
      'never (since this process began), running, done, or failed: the database could not be read to the end',
  }),
  startedAt: nullable(InstantWord),
  endedAt: nullable(InstantWord),
  actsRead: Type.Integer(),
  sealed: nullable(Type.Integer({ description: 'steps of payments and legs of the ledger that seals prove' })),
  faults: Type.Array(Type.String(), {
    description: 'in plain words, a hundred at most; empty: all is as it was written',
  }),
})
type VerificationView = Static<typeof VerificationDocument>

type Verification = {
  readonly startedAt: number
  readonly end?: { readonly at: number; readonly verdict: Verdict | undefined }
  readonly read: () => number
}

/** The state of the hub for its administrators, and the proof that a tenant's audit chain is whole. */
export function systemRoutes(app: FastifyInstance, deps: SystemDeps): void {
  const { clock, db } = deps
  const verifications = new Map<number, Verification>()

  app.get(
    '/v1/system',
    {
      config: needs('audit:read'),
      schema: {
        tags: ['Operations'],
        summary: 'Versions, links, certificates and the database',
        response: answers(200, SystemDocument, ['unauthorized', 'database_unavailable']),
      },
    },
    async ({ caller }): Promise<Static<typeof SystemDocument>> => {
      const own = await banksOf(deps, caller)
      const [row] = await db<{ version: string; bytes: bigint }[]>`
        select current_setting('server_version') as version, pg_database_size(current_database()) as bytes`
      const { startedAt, ...about } = deps.about
      return {
        ...about,
        startedAt: toRfc3339(startedAt),
        sandbox: deps.sandbox,
        database: {
          version: row?.version ?? '',
          bytes: own.length === 0 || row === undefined ? null : String(row.bytes),
        },
        links: deps.linkHealth().map(linkHealthView),
        certificates: deps.certificates().map(({ whose, subject, daysLeft }) => ({ use: whose, subject, daysLeft })),
      }
    },
  )

  app.get(
    '/v1/audit/verification',
    {
      config: needs('audit:read'),
      schema: {
        tags: ['Audit'],
        summary: 'What the last verification of the audit chain found',
        response: answers(200, VerificationDocument, ['unauthorized']),
      },
    },
    ({ caller }) => viewOf(verifications.get(caller.tenantId)),
  )

  app.post(
    '/v1/audit/verification',
    {
      config: needs('audit:read'),
      schema: {
        tags: ['Audit'],
        summary: "Verify the tenant's audit chain, from its first act to its last",
        description:
          'It takes a while: read what it found with `GET /v1/audit/verification`. While one runs, asking again begins no second. The signed ' +
          'roots of the whole hub, and their copy elsewhere, are for the operator to verify: `npm run audit -- verify`.',
        response: answers(202, VerificationDocument, ['invalid_request', 'unauthorized', 'database_unavailable']),
      },
    },
    async (request, reply) => {
      refuseBody(request)
      const { caller, id } = request
      const { tenantId } = caller
      const earlier = verifications.get(tenantId)
      reply.code(202)
      if (earlier !== undefined && earlier.end === undefined) return viewOf(earlier)
      const now = clock.now()
      await deps.asTenant(tenantId, (tx) => deps.note(tx, actOf(caller, id, now, 'audit.verified', null, {})))
      let acts = 0
      const running: Verification = { startedAt: now, read: () => acts }
      verifications.set(tenantId, running)
      const told = (read: number): void => {
        acts = read
      }
      verifyAudit(db, { tenantId, told })
        .catch((error: unknown) => {
          deps.log.warn({ err: error }, 'an audit chain cannot be verified now')
          return undefined
        })
        .then((verdict) => verifications.set(tenantId, { ...running, end: { at: clock.now(), verdict } }))
      return viewOf(running)
    },
  )
}

function viewOf(one: Verification | undefined): VerificationView {
  if (one === undefined)
    return { state: 'never', startedAt: null, endedAt: null, actsRead: 0, sealed: null, faults: [] }
  const { startedAt, end, read } = one
  const verdict = end?.verdict
  return {
    state: end === undefined ? 'running' : verdict === undefined ? 'failed' : 'done',
    startedAt: toRfc3339(startedAt),
    endedAt: end === undefined ? null : toRfc3339(end.at),
    actsRead: verdict?.acts ?? read(),
    sealed: verdict?.sealed ?? null,
    faults: [...(verdict?.faults ?? [])],
  }
}
