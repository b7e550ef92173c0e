import { createHash, createPublicKey, hash, verify } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import type { Db, Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { FIRST } from './acts.ts'

/**
 * Roots: where all chains ended at an instant, each root with the hash of the one before it, signed with a key that is not in the database,
 * and copied to a place that the database's owner does not write to. Who rewrites history must then have all three.
 */

/** Signs with the audit key; the key store has it. */
export type Signer = {
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>
  /** The public half, SPKI in DER. */
  readonly auditKey: () => Promise<Uint8Array>
}

/** The end of a chain: tenant, sequence of its last act, hash of that act. */
export type Head = readonly [tenantId: number, sequence: string, hash: string]

export type Root = {
  readonly no: number
  /** RFC 3339. */
  readonly at: string
  readonly heads: string
  readonly previous: string
  readonly digest: string
  /** Base64. */
  readonly signature: string
  readonly key: string
}

export const digestOfRoot = ({ no, at, heads, previous, key }: Omit<Root, 'digest' | 'signature'>): string =>
  hash('sha256', JSON.stringify([previous, no, at, heads, key]))

export const keyIdOf = (spki: Uint8Array): string => createHash('sha256').update(spki).digest('hex').slice(0, 16)

/** Whether the audit key signed this root. ECDSA on P-256 over SHA-256, as r and s. */
export const isSigned = (root: Root, spki: Uint8Array): boolean =>
  verify(
    'sha256',
    Buffer.from(root.digest),
    { key: createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(root.signature, 'base64'),
  )

type RootRow = {
  root_no: bigint
  at: number
  heads: string
  previous: string
  digest: string
  signature: Uint8Array
  key_id: string
}

/** A page of roots, oldest first. @param after  the number of the last root of the page before */
export async function readRoots(db: Db | Tx, after: number, limit: number): Promise<Root[]> {
  const rows = await db<RootRow[]>`
    select root_no, at, heads, previous, digest, signature, key_id from audit_root where root_no > ${after} order by root_no limit ${limit}`
  return rows.map((row) => ({
    no: Number(row.root_no),
    at: toRfc3339(row.at),
    heads: row.heads,
    previous: row.previous,
    digest: row.digest,
    signature: Buffer.from(row.signature).toString('base64'),
    key: row.key_id,
  }))
}

async function lastRoot(db: Db): Promise<Pick<Root, 'no' | 'digest'>> {
  const [row] = await db<{ root_no: bigint; digest: string }[]>`
    select root_no, digest from audit_root order by root_no desc limit 1`
  return row === undefined ? { no: 0, digest: FIRST } : { no: Number(row.root_no), digest: row.digest }
}

/**
 * Signs where the chains end, if one has grown since the last root. Signing happens outside any transaction; of two processes that sign
 * the same root one is told that the other was faster, and leaves it at that.
 * @returns the root, or undefined when there was nothing to sign
 */
export async function signRoot(db: Db, clock: Clock, signer: Signer): Promise<Root | undefined> {
  const last = await lastRoot(db)
  const grown = await db<{ tenant_id: number; sequence: bigint; hash: string }[]>`
    select tenant_id, sequence, hash from act_chain where sequence > rooted order by tenant_id`
  if (grown.length === 0) return undefined
  const heads = grown.map((row): Head => [row.tenant_id, String(row.sequence), row.hash])
  const key = keyIdOf(await signer.auditKey())
  const unsigned = {
    no: last.no + 1,
    at: toRfc3339(clock.now()),
    heads: JSON.stringify(heads),
    previous: last.digest,
    key,
  }
  const digest = digestOfRoot(unsigned)
  const signature = await signer.sign(Buffer.from(digest))
  return inTransaction(db, async (tx) => {
    const made = await tx`
      insert into audit_root (root_no, at, heads, previous, digest, signature, key_id)
      values (${unsigned.no}, ${unsigned.at}::timestamptz, ${unsigned.heads}, ${unsigned.previous}, ${digest}, ${Buffer.from(signature)}, ${key})
      on conflict do nothing returning root_no`
    if (made.length === 0) return undefined
    for (const [tenantId, sequence] of heads)
      await tx`update act_chain set rooted = ${sequence}::bigint where tenant_id = ${tenantId}`
    return { ...unsigned, digest, signature: Buffer.from(signature).toString('base64') }
  })
}

/** The roots in a file, one of JSON a line. @throws when a line is none */
export function readSink(path: string): Root[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      if (line === '') return []
      const value: unknown = JSON.parse(line)
      const root = Object(value) as Root
      if (typeof root.no !== 'number' || typeof root.digest !== 'string')
        throw new Error(`${path}: line ${i + 1} is not a root`)
      return [root]
    })
}

/**
 * Appends to the file the roots behind number `last`.
 * @returns the number of the last root that is in the file now
 * @throws when the file cannot be written
 */
export async function copyRoots(db: Db, path: string, last: number): Promise<number> {
  for (let done = last; ; ) {
    const roots = await readRoots(db, done, 1_000)
    if (roots.length === 0) return done
    appendFileSync(path, roots.map((root) => `${JSON.stringify(root)}\n`).join(''), { mode: 0o600, flush: true })
    done = roots.at(-1)?.no ?? done
  }
}
