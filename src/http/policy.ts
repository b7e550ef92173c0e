import type { FastifyInstance } from 'fastify'
import type { Caller } from '../identity/caller.ts'
import type { Right } from '../identity/rights.ts'
import { Problem } from './problems.ts'

/**
 * Who may use a route. Denied unless stated: a route that states nothing stops the start.
 *
 * - `money`: with a live key or token the request must be signed (RFC 9421)
 * - `sensitive`: a person or a customer must have proved who they are within five minutes
 */
export type Policy =
  | { readonly kind: 'open' } //     nobody is asked for
  | { readonly kind: 'right'; readonly right: Right; readonly money: boolean; readonly sensitive: boolean }
  | { readonly kind: 'person'; readonly sensitive: boolean } // somebody who is signed in, about themselves
  | { readonly kind: 'customer'; readonly sensitive: boolean } // a tenant's customer who is signed in, about what is theirs

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy
    /** What a route gives besides JSON: a report, a paper. */
    gives?: RegExp
  }
}

/** `config` of a route that anybody may use. */
export const open: { readonly policy: Policy } = { policy: { kind: 'open' } }
/** `config` of a route behind a right. */
export const needs = (right: Right, ...also: readonly ('money' | 'sensitive')[]): { readonly policy: Policy } => ({
  policy: { kind: 'right', right, money: also.includes('money'), sensitive: also.includes('sensitive') },
})

/** `config` of a route about whoever is signed in. */
export const signedIn = (...also: readonly 'sensitive'[]): { readonly policy: Policy } => ({
  policy: { kind: 'person', sensitive: also.includes('sensitive') },
})

/** `config` of a route about what is a customer's own, for that customer alone. */
export const customerOnly = (...also: readonly 'sensitive'[]): { readonly policy: Policy } => ({
  policy: { kind: 'customer', sensitive: also.includes('sensitive') },
})

/** How long after proving who they are a person may do what is sensitive. */
export const REAUTHENTICATION_MS = 300_000

/** @throws from the registration of a route without a policy */
export function requirePolicies(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.policy === undefined)
      throw new Error(`the route ${String(method)} ${url} has no policy: say who may use it`)
  })
}

/**
 * @param now  epoch milliseconds
 * @throws {Problem} `forbidden` naming the right that is missing, or `reauthentication_required`
 */
export function allow(policy: Policy, caller: Caller, now: number): void {
  if (policy.kind === 'open') return
  if (policy.kind === 'person' && caller.via !== 'session') {
    throw new Problem('forbidden', { detail: 'This is for people who are signed in.' })
  }
  if (policy.kind === 'customer' && caller.via !== 'wallet') {
    throw new Problem('forbidden', { detail: 'This is for customers who are signed in to their wallet.' })
  }
  if (policy.kind === 'right' && !caller.rights.has(policy.right)) {
    throw new Problem('forbidden', { detail: `This needs the right ${policy.right}.` })
  }
  if (!policy.sensitive || (caller.via !== 'session' && caller.via !== 'wallet')) return
  if (caller.reauthenticatedAt === null || caller.reauthenticatedAt + REAUTHENTICATION_MS <= now) {
    throw new Problem(
      'reauthentication_required',
      caller.via === 'wallet'
        ? { detail: 'Sign in again, then ask again: this needs a proof of the last five minutes.' }
        : {},
    )
  }
}
