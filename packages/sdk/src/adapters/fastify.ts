import type { FastifyInstance } from 'fastify'
import { type ReceiverOptions, receive } from '../receive.ts'

/**
 * A plugin of Fastify: `app.register(turantWebhook, { path: '/hook', keys, onEvent })`. Inside it bodies stay raw; routes elsewhere keep their
 * parsers.
 */
export async function turantWebhook(
  app: FastifyInstance,
  { path, ...options }: ReceiverOptions & { readonly path: string },
): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post(path, async (request, reply) => {
    const received = await receive(options, request.body, request.headers)
    return received.status === 204 ? reply.code(204).send() : reply.code(received.status).send(received.body)
  })
}
