/**
 * What the hub tells about one payment's way through it, for those who look at many hubs at once. What a span may carry is this list and
 * nothing else, so that no name, account, mobile number or amount can get into one.
 */
export type TraceAttributes = {
  readonly 'http.request.method'?: string
  /** The pattern, never the path that was asked for. */
  readonly 'http.route'?: string
  readonly 'http.response.status_code'?: number
  readonly 'turant.request_id'?: string
  readonly 'turant.payment_id'?: string
  readonly 'turant.payment_link_id'?: string
  readonly 'turant.rrn'?: string
  readonly 'turant.direction'?: string
  readonly 'turant.state'?: string
  readonly 'turant.response_code'?: string
  readonly 'turant.link'?: string
  /** The type of the event that a webhook tells. */
  readonly 'turant.event'?: string
  /** What a door answered: `accepted`, `moved`, `refused`; or what came of a webhook: `told`, `failed`, `gone`, `postponed`. */
  readonly 'turant.answer'?: string
}

export type TraceSpan = {
  readonly set: (attributes: TraceAttributes) => void
  /** Ends it now. @param failed  it did not do what it was for: a fault, never a refusal or a decline */
  readonly end: (failed?: boolean) => void
  /** `00-…` of W3C Trace Context, for whoever is called because of it. */
  readonly traceparent: string
}

export type Tracing = {
  /**
   * Begins a span.
   * @param parent  a span, or the `traceparent` that a caller sent; undefined: the span around this, if there is one
   */
  readonly start: (
    name: string,
    kind: 'server' | 'internal' | 'client',
    attributes: TraceAttributes,
    parent?: TraceSpan | string | undefined,
  ) => TraceSpan
  /** Runs `run`, and all that it starts, with `span` around it. */
  readonly within: <T>(span: TraceSpan, run: () => T) => T
  /** The span around this. */
  readonly current: () => TraceSpan | undefined
  /** Sends what is left, for some seconds at most. */
  readonly close: () => Promise<void>
}
