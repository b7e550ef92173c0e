import type { Act } from '../../audit/acts.ts'
import type { Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { type Cycle, formatCycle } from '../../imps/cycles.ts'
import type { Recognised } from '../../imps/files/detect.ts'
import { shownOf } from '../../imps/files/refusal.ts'
import type { ReadStatements } from '../statements/read.ts'
import { insertStatements } from '../statements/store.ts'
import type { Arrival, IntakeDeps, Taken } from './arrival.ts'
import { type ArrivingKind, IntakeError, type IntakeFault, type IntakeRefusal, type SettlementFile } from './file.ts'
import { insertAdjustments, insertNtsl, insertTimeouts } from './line-store.ts'
import type { Content } from './prove.ts'
import type { Came } from './receive.ts'
import {
  ensureCycle,
  type FileIdentity,
  findInUse,
  findRefusal,
  findSame,
  insertFile,
  isSettled,
  keepContent,
  lockFor,
  lockOfCycle,
  supersedeFile,
  tenantOfInstitution,
} from './store.ts'

/** Whose a file is, by its name. */
export type Place = {
  readonly known: Recognised
  readonly kind: ArrivingKind
  readonly institution: string
  readonly cycle: Cycle
}

export type Proved = {
  readonly id: string
  readonly place: Place
  readonly came: Came
  readonly key: Uint8Array
  readonly content: Content
}

/**
 * Writes down a file that is proved, with its rows and its cycle, in one commit; its content has its place before.
 * @throws {IntakeError} when another file is in use that it does not replace
 */
export async function commit(deps: IntakeDeps, arrival: Arrival, proved: Proved): Promise<Taken> {
  const { db, clock, vault, store } = deps
  const { id, place, came, key, content } = proved
  const { known, kind, institution, cycle } = place
  const { settlementDate, number } = cycle
  const tenantId = await tenantOfInstitution(db, institution)
  const at = clock.now()
  await vault.prepare([tenantId], at)
  const identity: FileIdentity = {
    institution,
    kind,
    settlementDate,
    cycle: number,
    serial: known.identity.serial ?? '',
  }
  return inTransaction(db, async (tx): Promise<Taken> => {
    await lockFor(tx, lockOfCycle(institution, settlementDate, number))
    const same = await findSame(tx, identity, came.sha256)
    if (same !== undefined) return { kind: 'known', file: same }
    const supersedes = await makeRoom(tx, arrival, identity, cycle)
    const file: SettlementFile = {
      ...baseOf(arrival, id, came, at),
      tenantId,
      institution,
      kind,
      layout: known.layout.id,
      name: known.file,
      settlementDate,
      cycle: number,
      serial: identity.serial,
      state: 'accepted',
      supersedes,
      rows: content.rows,
      amountPaise: content.amountPaise,
      refusal: null,
      kept: true,
    }
    await ensureCycle(tx, { tenantId, institution, at }, cycle)
    await insertFile(tx, vault, file, { name: arrival.name, key: Buffer.from(key).toString('base64') })
    await insertContent(tx, deps, file, content)
    await deps.note(
      tx,
      actOf(arrival, file, {
        kind,
        institution,
        cycle: formatCycle(cycle),
        rows: content.rows,
        sha256: came.sha256,
        ...(supersedes !== null && { supersedes }),
      }),
    )
    await store.keep(id)
    deps.crashPoint?.('intake:kept')
    return { kind: 'accepted', file }
  })
}

/** @returns the file that this one replaces */
async function makeRoom(tx: Tx, { replaces }: Arrival, identity: FileIdentity, cycle: Cycle): Promise<string | null> {
  const refuse = (fault: IntakeFault, expected: string, found: string): never => {
    throw new IntakeError({ fault, expected, found })
  }
  const inUse = await findInUse(tx, identity)
  if (replaces !== undefined && inUse?.id !== replaces) {
    return refuse('not_replaceable', inUse?.id ?? 'no file in use', replaces)
  }
  if (inUse === undefined) return null
  if (replaces === undefined)
    return refuse('other_content', `the content of ${inUse.id}, or that it replaces it`, 'another content')
  if (await isSettled(tx, identity.institution, cycle)) {
    return refuse('cycle_settled', 'a cycle that is not settled yet', formatCycle(cycle))
  }
  await supersedeFile(tx, inUse.id)
  return inUse.id
}

async function insertContent(tx: Tx, { vault }: IntakeDeps, file: SettlementFile, content: Content): Promise<void> {
  switch (content.of) {
    case 'raw':
      return
    case 'ntsl':
      return insertNtsl(tx, file, content.ntsl)
    case 'timeout':
      return insertTimeouts(tx, vault, file, content.lines)
    case 'adjustment':
    case 'udir':
      return insertAdjustments(tx, vault, file, content.of, content.lines)
    default:
      return content satisfies never
  }
}

/** Writes down the statements of a bank, proved; what is here already stays as it is. @throws {IntakeError} */
export async function commitStatements(
  deps: IntakeDeps,
  arrival: Arrival,
  proved: Pick<Proved, 'id' | 'came' | 'key'> & { readonly read: ReadStatements },
): Promise<Taken> {
  const { db, clock, vault, store } = deps
  const { id, came, key, read } = proved
  const { institution, layout, statements } = read
  const tenantId = await tenantOfInstitution(db, institution)
  const at = clock.now()
  await vault.prepare([tenantId], at)
  const settlementDate = statements.map(({ until }) => until).reduce((last, day) => (day > last ? day : last), '')
  const identity: FileIdentity = { institution, kind: 'bank_statement', settlementDate, cycle: null, serial: '' }
  return inTransaction(db, async (tx): Promise<Taken> => {
    await lockFor(tx, `statements ${institution}`)
    const same = await findSame(tx, identity, came.sha256)
    if (same !== undefined) return { kind: 'known', file: same }
    const { replaces } = arrival
    if (replaces !== undefined) {
      throw new IntakeError({ fault: 'not_replaceable', expected: 'no statement to be replaced', found: replaces })
    }
    const file: SettlementFile = {
      ...baseOf(arrival, id, came, at),
      tenantId,
      institution,
      kind: 'bank_statement',
      layout,
      name: shownName(arrival.name),
      settlementDate,
      cycle: null,
      serial: '',
      state: 'accepted',
      supersedes: null,
      rows: statements.reduce((sum, { lines }) => sum + lines.length, 0),
      amountPaise: statements.reduce((sum, { openingPaise, closingPaise }) => sum + closingPaise - openingPaise, 0n),
      refusal: null,
      kept: true,
    }
    await insertFile(tx, vault, file, { name: arrival.name, key: Buffer.from(key).toString('base64') })
    await insertStatements(tx, vault, file, read, statements)
    await deps.note(
      tx,
      actOf(arrival, file, {
        kind: file.kind,
        institution,
        layout,
        statements: statements.length,
        sha256: came.sha256,
      }),
    )
    await store.keep(id)
    deps.crashPoint?.('intake:kept')
    return { kind: 'accepted', file }
  })
}

/** The name of a file, without the number of an account that somebody has put into it. */
const shownName = (name: string): string =>
  name.replace(/[0-9]{9,}/g, (digits) => `${'*'.repeat(digits.length - 4)}${digits.slice(-4)}`)

/** Writes down that a file was refused, and why; the same refusal of the same content is one row. */
export async function writeRefusal(
  deps: IntakeDeps,
  arrival: Arrival,
  refused: {
    readonly id: string
    readonly place: Place | undefined
    readonly came: Came
    readonly refusal: IntakeRefusal
    /** Of its content, where that is kept. */
    readonly key?: Uint8Array
  },
): Promise<Taken> {
  const { db, clock, vault, store } = deps
  const { id, place, came, refusal, key } = refused
  const secret = { name: arrival.name, ...(key === undefined ? {} : { key: Buffer.from(key).toString('base64') }) }
  const tenantId = place === undefined ? (arrival.tenantId ?? 0) : await tenantOfInstitution(db, place.institution)
  const at = clock.now()
  await vault.prepare([tenantId], at)
  const name = place?.known.file ?? (refusal.fault === 'bad_name' ? shownOf(arrival.name) : shownName(arrival.name))
  return inTransaction(db, async (tx): Promise<Taken> => {
    const about = { tenantId, sha256: came.sha256, name, fault: refusal.fault }
    await lockFor(tx, `refusal ${came.sha256} ${name}`)
    const known = await findRefusal(tx, about)
    if (known !== undefined) {
      if (key === undefined || known.kept) return { kind: 'refused', file: known }
      await keepContent(tx, vault, known, secret)
      await store.keep(id, known.id)
      return { kind: 'refused', file: { ...known, kept: true } }
    }
    const file: SettlementFile = {
      ...baseOf(arrival, id, came, at),
      tenantId,
      institution: place?.institution ?? null,
      kind: place?.kind ?? null,
      layout: place?.known.layout.id ?? null,
      name,
      settlementDate: place?.cycle.settlementDate ?? null,
      cycle: place?.cycle.number ?? null,
      serial: place?.known.identity.serial ?? '',
      state: 'refused',
      supersedes: null,
      rows: null,
      amountPaise: null,
      refusal,
      kept: key !== undefined,
    }
    await insertFile(tx, vault, file, secret)
    await deps.note(
      tx,
      actOf(
        arrival,
        file,
        { fault: refusal.fault, ...(file.institution !== null && { institution: file.institution }) },
        'refused',
      ),
    )
    if (file.kept) await store.keep(id)
    return { kind: 'refused', file }
  })
}

const baseOf = (
  { cameBy, receivedBy }: Arrival,
  id: string,
  { sha256, bytes, encrypted, signed }: Came,
  receivedAt: number,
) => ({ id, sha256, bytes, encrypted, signed, cameBy, receivedBy, receivedAt })

const actOf = (
  { actor, requestId, address }: Arrival,
  { tenantId, id, receivedAt }: SettlementFile,
  detail: Act['detail'],
  outcome: Act['outcome'] = 'done',
): Act => ({
  tenantId,
  at: receivedAt,
  actor,
  action: outcome === 'done' ? 'settlement_file.accepted' : 'settlement_file.refused',
  subject: id,
  outcome,
  detail,
  requestId: requestId ?? null,
  address: address ?? null,
})
