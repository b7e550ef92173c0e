import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { TraceSpan, Tracing } from '../base/tracing.ts'

/** A span for each request, and all that it starts is below it. The caller's `traceparent` names the trace that it belongs to. */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  const spans = new WeakMap<FastifyRequest, TraceSpan>()
  app.addHook('onRequest', (request, _reply, done) => {
    const { traceparent } = request.headers
    const route = request.routeOptions.url ?? 'none'
    const span = tracing.start(
      `${request.method} ${route}`,
      'server',
      { 'http.request.method': request.method, 'http.route': route, 'turant.request_id': request.id },
      typeof traceparent === 'string' ? traceparent : undefined,
    )
    spans.set(request, span)
    tracing.within(span, done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request)
    span?.set({ 'http.response.status_code': reply.statusCode })
    span?.end(reply.statusCode >= 500)
    done()
  })
}
