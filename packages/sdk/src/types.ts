import type { paths } from './generated/openapi.ts'

/** The shapes of the OpenAPI document, by path and method. */

type Operation<P extends keyof paths, M extends keyof paths[P]> = NonNullable<paths[P][M]>

type Json<T> = T extends { readonly content: { readonly 'application/json': infer Found } } ? Found : undefined

/** What is sent. */
export type Body<P extends keyof paths, M extends keyof paths[P]> =
  Operation<P, M> extends { readonly requestBody?: infer Given } ? Json<NonNullable<Given>> : never

/** What the hub answers when it does what it was asked; `undefined` where that may be nothing. */
export type Answer<P extends keyof paths, M extends keyof paths[P]> =
  Operation<P, M> extends { readonly responses: infer All } ? { [S in keyof All]: Json<All[S]> }[keyof All] : never

/** The filters of a list, and what else is asked for in the address; the cursor is the list's own. */
export type Query<P extends keyof paths, M extends keyof paths[P]> =
  Operation<P, M> extends { readonly parameters: { readonly query?: infer Given } }
    ? { readonly [N in keyof Omit<NonNullable<Given>, 'cursor'>]: Omit<NonNullable<Given>, 'cursor'>[N] | undefined }
    : never

/** One of a list. */
export type Item<P extends keyof paths, M extends keyof paths[P]> =
  Answer<P, M> extends { readonly data: readonly (infer One)[] } ? One : never
