import type { Right, Role } from './rights.ts'

/** Who acts. The id says which kind it is: `cli_…` a program, `usr_…` a person, `cus_…` a customer, `hub` the hub itself. */
export type Actor = {
  readonly kind: 'client' | 'person' | 'customer' | 'hub'
  readonly id: string
  readonly name: string
}

/** Who is asking, and what it may do. Made by `http/identify.ts` and by nobody else. */
export type Caller = {
  readonly tenantId: number
  readonly actor: Actor
  /** The ids that count as this actor where two are needed: its own, and of a program those of who made it and of who made its key. */
  readonly same: readonly string[]
  readonly rights: ReadonlySet<Right>
  /** A person's roles; a client with `approvals:decide` counts as a checker. */
  readonly roles: readonly Role[]
  /** `session`: a person's; `wallet`: the session of a tenant's customer, who has no right. */
  readonly via: 'key' | 'token' | 'session' | 'wallet'
  /** True for a live key or token: what moves money must be signed then. */
  readonly live: boolean
  /** When the person last proved who they are, epoch milliseconds; null for a program. */
  readonly reauthenticatedAt: number | null
  /** The address that the request came from. */
  readonly address: string
}
