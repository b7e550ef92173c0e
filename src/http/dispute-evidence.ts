import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Added, addEvidence, readEvidence } from '../settlement/disputes/evidence.ts'
import { MAX_EVIDENCE_BYTES, MAX_EVIDENCE_FILES, mediaTypes } from '../settlement/disputes/media.ts'
import { actOf } from './acts.ts'
import { DisputeIdWord, DisputePath, type DisputeRouteDeps, disputeOf } from './disputes.ts'
import { needs } from './policy.ts'
import { Problem } from './problems.ts'
import { answers, strict } from './schemas.ts'

const Name = strict({
  name: Type.String({
    pattern: '^[^\\p{Cc}\\p{Cs}/\\\\]+$',
    minLength: 1,
    maxLength: 100,
    description: 'what the file is called: 1 to 100 characters, none of them a control character or a slash',
  }),
})
const PaperPath = strict({
  id: DisputeIdWord,
  evidenceId: Type.String({
    pattern: '^evd_[0-9a-f]{32}$',
    maxLength: 36,
    description: 'an id of a paper: evd_ and 32 hex digits',
  }),
})
const Kept = strict({ id: Type.String(), kept: Type.Boolean({ description: 'false: it was there already' }) })

const refusals: Readonly<Record<Exclude<Added['kind'], 'added' | 'repeated'>, () => Problem>> = {
  unknown: () => new Problem('not_found', { detail: 'There is no such dispute.' }),
  over: () => new Problem('dispute_refused', { detail: 'The dispute is over.' }),
  not_a_paper: () => new Problem('not_a_paper'),
  too_large: () => new Problem('body_too_large', { detail: `A paper has at most ${MAX_EVIDENCE_BYTES} bytes.` }),
  too_many: () =>
    new Problem('dispute_refused', { detail: `A dispute has at most ${MAX_EVIDENCE_FILES} papers, and this one has.` }),
}

/** Papers for disputes. They come as they are, in the body; what they are their bytes say. */
export async function disputeEvidenceRoutes(api: FastifyInstance, deps: DisputeRouteDeps): Promise<void> {
  const { clock, newId } = deps.disputes
  await api.register(async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(
      [...mediaTypes, 'application/octet-stream'],
      { parseAs: 'buffer', bodyLimit: MAX_EVIDENCE_BYTES },
      (request, body, done) => {
        if (request.headers['content-encoding'] !== undefined) {
          done(new Problem('unsupported_media_type'))
          return
        }
        const bytes = typeof body === 'string' ? Buffer.from(body) : body
        if (request.headers['signature-input'] !== undefined)
          request.bodySha256 = createHash('sha256').update(bytes).digest()
        done(null, bytes)
      },
    )

    app.post<{ Params: Static<typeof DisputePath>; Querystring: Static<typeof Name>; Body: unknown }>(
      '/v1/disputes/:id/evidence',
      {
        config: needs('settlement:write'),
        bodyLimit: MAX_EVIDENCE_BYTES,
        schema: {
          tags: ['Disputes'],
          summary: 'Hand in a paper',
          description:
            `A PDF, a PNG or JPEG picture, or a text in UTF-8, as the body of the request: at most ${MAX_EVIDENCE_BYTES} bytes, ` +
            `${MAX_EVIDENCE_FILES} a dispute. What it is its first bytes say, not its name. It is kept encrypted. The same again is kept once.`,
          params: DisputePath,
          querystring: Name,
          response: answers(201, Kept, [
            'invalid_request',
            'body_too_large',
            'unsupported_media_type',
            'not_a_paper',
            'unauthorized',
            'forbidden',
            'not_found',
            'dispute_refused',
            'database_unavailable',
          ]),
        },
      },
      async ({ params, query, body, caller, id: requestId }, reply) => {
        if (!(body instanceof Uint8Array) || body.length === 0) throw new Problem('not_a_paper')
        const at = clock.now()
        const paper = { id: `evd_${newId()}`, disputeId: params.id, name: query.name, content: body, at }
        const added = await deps.asTenant(caller.tenantId, async (tx) => {
          const { tenantId, actor } = caller
          const result = await addEvidence(tx, deps.vault, { ...paper, tenantId, by: actor.id })
          if (result.kind === 'added') {
            const detail = { evidence: result.id, bytes: body.length }
            await deps.note(tx, actOf(caller, requestId, at, 'dispute.evidence_added', params.id, detail))
          }
          return result
        })
        if (added.kind !== 'added' && added.kind !== 'repeated') throw refusals[added.kind]()
        reply.code(201)
        return { id: added.id, kept: added.kind === 'added' }
      },
    )
  })

  api.get<{ Params: Static<typeof PaperPath> }>(
    '/v1/disputes/:id/evidence/:evidenceId',
    {
      config: { ...needs('settlement:read'), gives: /image\/|text\/(plain|\*)|application\/pdf/i },
      schema: {
        tags: ['Disputes'],
        summary: 'A paper, as it was handed in',
        description:
          'Papers have names and account numbers in them: a program needs `details:read`, a person `details:reveal`. Each look is written down.',
        params: PaperPath,
        response: {
          ...answers(200, Type.Any(), [
            'invalid_request',
            'unauthorized',
            'forbidden',
            'not_found',
            'database_unavailable',
          ]),
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
      const found = await deps.asTenant(caller.tenantId, async (tx) => {
        await disputeOf(tx, caller, params.id)
        const paper = await readEvidence(tx, deps.vault, caller.tenantId, params.id, params.evidenceId)
        if (paper === undefined) throw new Problem('not_found', { detail: `There is no paper ${params.evidenceId}.` })
        await deps.note(
          tx,
          actOf(caller, requestId, clock.now(), 'dispute.evidence_read', params.id, { evidence: paper.id }),
        )
        return paper
      })
      // Never opened in a browser as a page of the hub's own.
      return reply
        .header('content-type', found.mediaType)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`)
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(Buffer.from(found.content))
    },
  )
}
