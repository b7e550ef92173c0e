import type { ReservedSql, Sql } from 'postgres'
import { postgres } from './driver.ts'

/**
 * db: the only room that knows how to reach PostgreSQL. It promises that every value in a statement is a bound parameter,
 * that paise come back as bigint and instants as epoch milliseconds, and that a batch is one transaction.
 */

const types = {
  bigint: postgres.BigInt,
  instant: {
    to: 1184,
    from: [1184],
    serialize: (epochMs: number) => new Date(epochMs).toISOString(),
    parse: (text: string) => Date.parse(text),
  },
}

type Types = { bigint: bigint; instant: number }

/** A pool of connections. Single statements commit by themselves; several go through `runTransaction`. */
export type Db = Sql<Types>

/** A connection inside a transaction. A function that takes one cannot be called outside it. */
export type Tx = ReservedSql<Types>

export type PoolOptions = {
  /** Connections at most. */
  readonly connections: number
  /** True for the doors: their statements are all index look-ups, and a plan made while a table was small must not scan it later. */
  readonly indexOnly?: boolean
  readonly name?: string
  /** Whom the sessions act as, from their first statement on. Not given: as whoever logged in, who may own the tables. */
  readonly role?: 'turant_hub'
}

/** Opens a pool on `url`. Connects on first use; a lost connection is replaced on the next. */
export function createPool(url: string, options: PoolOptions): Db {
  const planner = options.indexOnly
    ? {
        enable_seqscan: 'off',
        enable_hashjoin: 'off',
        enable_mergejoin: 'off',
        // One plan per statement, made without looking at a value: no partial index can seem small because it was empty then.
        plan_cache_mode: 'force_generic_plan',
        jit: 'off',
      }
    : {}
  const { socket, plain } = readSocket(url)
  return postgres(plain, {
    ...(socket === undefined ? {} : { path: socket }),
    max: options.connections,
    types,
    onnotice: () => undefined,
    connect_timeout: 10,
    backoff: (attempt) => Math.min(0.1 * 2 ** attempt, 2),
    connection: {
      application_name: options.name ?? 'turant',
      ...planner,
      ...(options.role === undefined ? {} : { role: options.role }),
    },
  })
}

/** `?host=/folder`, as libpq has it: the socket file of a server on this machine, where bytes cost half of what TCP takes. */
function readSocket(url: string): { readonly socket: string | undefined; readonly plain: string } {
  const parsed = new URL(url)
  const folder = parsed.searchParams.get('host')
  if (folder === null || !folder.startsWith('/')) return { socket: undefined, plain: url }
  parsed.searchParams.delete('host')
  return { socket: `${folder}/.s.PGSQL.${parsed.port === '' ? '5432' : parsed.port}`, plain: parsed.href }
}

/** The SQLSTATE of an error, or the driver's own code (`CONNECTION_CLOSED`); undefined when it is something else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** True when the same work may succeed on another connection or a moment later. Says nothing about whether it was committed. */
export function isTransient(error: unknown): boolean {
  const code = errorCode(error)
  return code !== undefined && /^(40001|40P01|08...|57P0.|53300|CONNECT|ECONN|EPIPE|ETIMEDOUT|ENOENT)/.test(code)
}
