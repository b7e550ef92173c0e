import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import type { TraceSpan, Tracing } from './base/tracing.ts'

/**
 * Traces over OTLP/HTTP, where a setting names who takes them. Nothing else of the hub knows the library, and a hub without the setting
 * never loads it. Whether a trace is kept follows from its id and the ratio alone: a caller's `traceparent` names the trace, and cannot
 * make the hub write more than it was told to.
 */

const QUEUE = 8_192
const BATCH = 1_024
const EVERY_MS = 2_000
const TIMEOUT_MS = 5_000

const kinds = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const

/** @source W3C Trace Context §3.2 */
const traceparentForm = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

/**
 * @param url  where traces are posted to, `…/v1/traces`
 * @param ratio  how many traces are kept, 0 to 1
 * @param instance  this process among those of the hub
 */
export function openTracing({ url, ratio, instance }: { url: string; ratio: number; instance: string }): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'turant', 'service.instance.id': instance }),
    sampler: new TraceIdRatioBasedSampler(ratio),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, timeoutMillis: TIMEOUT_MS }),
        // What does not fit is dropped: who watches must never slow down what is watched.
        maxQueueSize: QUEUE,
        maxExportBatchSize: BATCH,
        scheduledDelayMillis: EVERY_MS,
        exportTimeoutMillis: TIMEOUT_MS,
      }),
    ],
  })
  const tracer = provider.getTracer('turant')
  const around = new AsyncLocalStorage<TraceSpan>()
  const contexts = new WeakMap<TraceSpan, Context>()

  const contextOf = (parent: TraceSpan | string | undefined): Context => {
    if (typeof parent !== 'string') return (parent && contexts.get(parent)) ?? ROOT_CONTEXT
    const [, traceId, spanId] = traceparentForm.exec(parent) ?? []
    if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true })
  }

  return {
    start(name, kind, attributes, parent = around.getStore()) {
      const context = contextOf(parent)
      const inner = tracer.startSpan(name, { kind: kinds[kind], attributes }, context)
      const { traceId, spanId, traceFlags } = inner.spanContext()
      const span: TraceSpan = {
        set: (more) => void inner.setAttributes(more),
        end(failed = false) {
          if (failed) inner.setStatus({ code: SpanStatusCode.ERROR })
          inner.end()
        },
        traceparent: `00-${traceId}-${spanId}-${String(traceFlags).padStart(2, '0')}`,
      }
      contexts.set(span, trace.setSpan(context, inner))
      return span
    },
    within: (span, run) => around.run(span, run),
    current: () => around.getStore(),
    close: () => provider.shutdown(),
  }
}
