import type { Written } from '../../base/sealed-file.ts'
import { findCycle } from '../../imps/cycles.ts'
import { nameInside, type Recognised, recognise, shippedLayouts } from '../../imps/files/detect.ts'
import { rawLimits, tableLimits } from '../../imps/files/read-table.ts'
import { FileError, shownOf } from '../../imps/files/refusal.ts'
import { type ReadStatements, readStatements, statementLimits } from '../statements/read.ts'
import { type Arrival, type IntakeDeps, newFileId, type Taken } from './arrival.ts'
import { commit, commitStatements, type Place, writeRefusal } from './commit.ts'
import { type ArrivingKind, arrivingKinds, IntakeError, type IntakeFault, type IntakeRefusal } from './file.ts'
import { prove } from './prove.ts'
import { receive, UNREAD } from './receive.ts'

/**
 * Takes one file: encrypted to the disk as it comes, recognised by name and content, proved to its last line, and then written down in one
 * commit. Whatever is wrong with it is a refusal with a row of its own; no file ends the process.
 */
export async function takeFile(deps: IntakeDeps, arrival: Arrival): Promise<Taken> {
  const id = newFileId(deps)
  // What its name says is told after it was read: a refusal carries the digest of what it is about.
  const place = await orRefusal(() => placeOf(deps, arrival))
  const most = 'value' in place && isRaw(place.value.known) ? rawLimits.bytes : tableLimits.bytes
  try {
    const received = await receive(deps, id, arrival, most)
    const refused = async (refusal: IntakeRefusal): Promise<Taken> => {
      const where = 'value' in place ? place.value : undefined
      const aside = await sealAside(deps, id, arrival)
      const came =
        aside === undefined || received.came.sha256 !== UNREAD ? received.came : { ...received.came, ...aside }
      return writeRefusal(deps, arrival, { id, place: where, came, refusal, ...(aside && { key: aside.key }) })
    }
    if (received.kind === 'refused') return await refused(received.refusal)
    const { written, came } = received
    const done = await orRefusal(async () => {
      if (written.bytes === 0) refuse('empty', 'a file with content', 'no byte')
      if ('value' in place) {
        const content = await prove(deps, id, written, place.value.known)
        deps.crashPoint?.('intake:proved')
        return commit(deps, arrival, { id, place: place.value, came, key: written.key, content })
      }
      // A bank calls its statements as it likes.
      const read =
        place.refusal.fault === 'name_unknown' ? await readStatementFile(deps, id, written, arrival) : undefined
      if (read === undefined) throw new IntakeError(place.refusal)
      return commitStatements(deps, arrival, { id, came, key: written.key, read })
    })
    if ('refusal' in done) return await refused(done.refusal)
    deps.crashPoint?.('intake:committed')
    return done.value
  } finally {
    await deps.store.dropReceived(id)
  }
}

/** Seals what is refused as it came: encrypted by the other side, and however large. */
async function sealAside({ store }: IntakeDeps, id: string, { again }: Arrival): Promise<Written | undefined> {
  if (again === undefined) return undefined
  await store.dropReceived(id)
  const written = await store.receive(id, again(), Number.MAX_SAFE_INTEGER)
  if (written === 'too_large') throw new Error('no file is so large')
  return written
}

const MAX_NAME = 120
const NAME = /^[A-Za-z0-9][A-Za-z0-9._ ()-]*$/

const isRaw = ({ kind }: Recognised): boolean => kind === 'raw_remitter' || kind === 'raw_beneficiary'

const refuse = (fault: IntakeFault, expected: string, found: string): never => {
  throw new IntakeError({ fault, expected, found })
}

/** The statements of a bank; undefined when the file is none. */
async function readStatementFile(
  { store, institutions, layouts }: IntakeDeps,
  id: string,
  { key, bytes }: Written,
  { name, banks }: Arrival,
): Promise<ReadStatements | undefined> {
  if (bytes > statementLimits.bytes) return undefined
  const held: Uint8Array[] = []
  for await (const chunk of store.readReceived(id, key)) held.push(chunk)
  const read = readStatements(nameInside(name), Buffer.concat(held), institutions, layouts)
  if (read !== undefined && banks?.includes(read.institution) === false) {
    return refuse('not_ours', 'a statement of a bank of yours', 'another one')
  }
  return read
}

/** Runs `run`; what it refuses becomes a value. */
async function orRefusal<T>(
  run: () => T | Promise<T>,
): Promise<{ readonly value: T } | { readonly refusal: IntakeRefusal }> {
  try {
    return { value: await run() }
  } catch (error) {
    if (error instanceof IntakeError) return { refusal: error.refusal }
    if (!(error instanceof FileError)) throw error
    // Its name stands in the row.
    const { file: _, ...refusal } = error.refusal
    return { refusal }
  }
}

/** What the name says: which kind of file, of which bank and cycle. */
function placeOf({ institutions, cycles, layouts = shippedLayouts }: IntakeDeps, { name, banks }: Arrival): Place {
  if (name.length > MAX_NAME || !NAME.test(name)) {
    return refuse('bad_name', `letters, digits, dots and dashes, at most ${MAX_NAME}`, shownOf(name))
  }
  const known = recognise(nameInside(name), layouts)
  const { bank, day, cycle: number = '' } = known.identity
  const kind: ArrivingKind | undefined = arrivingKinds.find((one) => one === known.kind)
  if (kind === undefined) return refuse('not_expected', 'a file that NPCI sends to a bank', known.kind)
  const institution = institutions.find(({ bank3 }) => bank3 === bank)
  if (institution === undefined || banks?.includes(institution.code) === false) {
    return refuse('not_ours', 'a file of a bank of yours', bank)
  }
  const cycle = findCycle(cycles, { settlementDate: day, number })
  if (cycle === undefined) return refuse('no_such_cycle', `a cycle of ${day}`, number === '' ? 'none' : number)
  return { known, kind, institution: institution.code, cycle }
}
