import type { paths } from '../../../sdk/src/generated/openapi.ts'

/** The shapes of the public API, by method and path. */

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** The paths that have a method. */
export type Path<M extends Method> = {
  [P in keyof paths]: paths[P] extends { readonly [K in M]: { readonly responses: unknown } } ? P : never
}[keyof paths]

type Operation<M extends Method, P extends keyof paths> = NonNullable<paths[P][M]>
type Json<T> = T extends { readonly content: { readonly 'application/json': infer Found } } ? Found : undefined
type OrNothing<T> = [T] extends [never] ? undefined : T

/** What the hub answers when it does what it was asked. */
export type Answer<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { readonly responses: infer All }
    ? OrNothing<{ [S in Extract<keyof All, 200 | 201 | 202>]: Json<All[S]> }[Extract<keyof All, 200 | 201 | 202>]>
    : undefined

/** What is sent. */
export type Body<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { readonly requestBody?: infer Given } ? Json<NonNullable<Given>> : undefined

/** What is asked for in the address. */
export type Query<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { readonly parameters: { readonly query?: infer Given } }
    ? { readonly [N in keyof NonNullable<Given>]?: NonNullable<Given>[N] | undefined }
    : undefined

/** What stands in the path in braces. */
export type Params<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { readonly parameters: { readonly path: infer Given } } ? Given : undefined

/** One of a list. */
export type Item<P extends Path<'get'>> =
  Answer<'get', P> extends { readonly data: readonly (infer One)[] } ? One : never

/** What a call takes beside its path; what the path does not have is not there. */
export type Call<M extends Method, P extends keyof paths> = {
  readonly query?: Query<M, P>
  readonly body?: Body<M, P>
  /** The same for the same wish: a call that moves money is then made once. */
  readonly idempotencyKey?: string
  /** Seconds to wait for a final state. */
  readonly wait?: number
  readonly signal?: AbortSignal
} & (Params<M, P> extends undefined ? { readonly params?: undefined } : { readonly params: Params<M, P> })
