/**
 * What there is to be allowed, and who is allowed it. Everything not named here is denied: a route asks for one right, a role is a
 * list of rights, a client has the rights (its scopes) that it was given.
 */

export const rights = [
  'payments:read',
  'payments:create', //    pay, and cancel what is still held
  'payments:verify', //    ask the switch now
  'payments:resolve', //   say, with evidence, what became of a payment; others must agree
  'names:ask', //          who owns an account or a mobile number
  'directory:read', //     banks, branches
  'accounts:read',
  'accounts:write', //     open accounts, record consent
  'accounts:freeze', //    freeze, liens
  'beneficiaries:read',
  'beneficiaries:write',
  'links:read', //         payment links
  'links:create', //       make and cancel them
  'customers:read',
  'customers:write', //    customers and their factors
  'payments:authenticate', // pass on what a customer entered
  'approvals:read',
  'approvals:decide',
  'limits:read',
  'limits:write',
  'risk:read',
  'risk:write', //         blocked accounts and mobiles
  'clients:read',
  'clients:write', //      API clients and their keys
  'webhooks:read',
  'webhooks:write', //     who is told of payments, and events told again
  'people:read',
  'people:write', //       people and their roles
  'settlement:read', //    cycles, files, runs, breaks, disputes, positions, reports
  'settlement:write', //   hand in files, run, raise and answer disputes, settle breaks; others must agree where money or NPCI hears of it
  'audit:read',
  'details:read', //       account numbers, mobiles and names in full where a program needs them
  'details:reveal', //     a person's look at one of them, written down each time
  'sandbox:use',
] as const
export type Right = (typeof rights)[number]

export const parseRight = (value: string): Right | undefined => rights.find((right) => right === value)

const reading = [
  'payments:read',
  'accounts:read',
  'directory:read',
  'beneficiaries:read',
  'links:read',
  'approvals:read',
  'settlement:read',
] as const

/** The roles of people. Nobody who can pay can decide about payments, and nobody who gives rights can pay. */
export const roles = {
  viewer: reading,
  maker: [
    ...reading,
    'names:ask',
    'payments:create',
    'beneficiaries:write',
    'links:create',
    'customers:read',
    'accounts:write',
  ],
  checker: [...reading, 'approvals:decide', 'customers:read', 'limits:read', 'details:reveal'],
  operations: [
    ...reading,
    'payments:verify',
    'payments:resolve',
    'settlement:write',
    'names:ask',
    'accounts:freeze',
    'customers:read',
    'customers:write',
    'limits:read',
    'risk:read',
    'risk:write',
    'details:reveal',
    'sandbox:use',
  ],
  developer: [...reading, 'clients:read', 'limits:read', 'webhooks:read', 'webhooks:write', 'sandbox:use'],
  auditor: [
    ...reading,
    'customers:read',
    'limits:read',
    'risk:read',
    'clients:read',
    'webhooks:read',
    'people:read',
    'audit:read',
  ],
  administrator: [
    'directory:read',
    'approvals:read',
    'approvals:decide',
    'limits:read',
    'limits:write',
    'risk:read',
    'clients:read',
    'clients:write',
    'people:read',
    'people:write',
    'audit:read',
  ],
} as const satisfies Readonly<Record<string, readonly Right[]>>
export type Role = keyof typeof roles
export const roleNames = Object.freeze(Object.keys(roles)) as readonly Role[]
export const parseRole = (value: string): Role | undefined => roleNames.find((role) => role === value)

/** All that somebody with these roles may do. */
export const rightsOf = (held: readonly Role[]): Set<Right> => new Set(held.flatMap((role) => roles[role]))

/** What nobody who can pay may also do. */
const notWithPaying: readonly Right[] = ['approvals:decide', 'limits:write', 'clients:write', 'people:write']

/** Whether one person may have all of these roles: whoever can pay decides about nothing, and gives nobody rights. */
export function areCompatible(held: readonly Role[]): boolean {
  const all = rightsOf(held)
  return !all.has('payments:create') || !notWithPaying.some((right) => all.has(right))
}

/**
 * What a client may be given: what a program has business with. Looks at personal details are a person's; and only people give people rights,
 * or a key alone could make somebody who pays.
 */
const notForClients = ['details:reveal', 'people:write'] as const satisfies readonly Right[]
type ClientRight = Exclude<Right, (typeof notForClients)[number]>
export const clientRights: readonly ClientRight[] = rights.filter(
  (right): right is ClientRight => !notForClients.some((one) => one === right),
)
