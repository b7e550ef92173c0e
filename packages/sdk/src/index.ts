import { verify } from './webhooks.ts'

export { type NewPayment, type Payments, Turant, type TurantOptions } from './client.ts'
export {
  ApiError,
  AuthenticationError,
  ConflictError,
  ConnectionError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  type Problem,
  RateLimitError,
  RefusedError,
  ServerError,
  TurantError,
} from './errors.ts'
export type { components, paths } from './generated/openapi.ts'
export type * from './generated/resources.ts'
export { List, type Page } from './list.ts'
export { type FollowOptions, isFinal, type WaitOptions } from './payments.ts'
export type { SigningKey } from './signing.ts'
export type { AnswerNote, RequestOptions } from './transport.ts'
export { type WebhookEvent, WebhookVerificationError } from './webhooks.ts'

/** `webhooks.verify(rawBody, headers, keys)`. */
export const webhooks = { verify }
