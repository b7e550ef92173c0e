import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { writeActs } from '../../src/audit/acts.ts'
import { createSeededRandom } from '../../src/base/random.ts'
import { defaultProfile } from '../../src/imps/profile.ts'
import type { Arrival, IntakeDeps } from '../../src/settlement/intake/arrival.ts'
import { openFileStore } from '../../src/settlement/intake/file-store.ts'
import { openInbox } from '../../src/settlement/intake/inbox.ts'
import { type CutOrder, openOffice } from '../../src/simulator/cycles/office.ts'
import { setCycles } from './cycles.ts'

/** The switch's back office and the hub's intake, with the inbox between them, on one clock. */
export function openIntake(
  t: TestContext,
  { db, vault, ...more }: Pick<IntakeDeps, 'db' | 'vault'> & Partial<IntakeDeps>,
) {
  const base = mkdtempSync(join(tmpdir(), 'turant-intake-'))
  t.after(() => rmSync(base, { recursive: true, force: true }))
  const set = setCycles()
  const folder = join(base, 'inbox')
  const office = openOffice({
    clock: set.clock,
    profile: defaultProfile,
    timerScale: 1,
    journal: set.journal,
    numbers: set.numbers,
    inbox: folder,
    folder: join(base, 'npci'),
    habits: { chargebacks: 0 },
  })
  const store = openFileStore(join(base, 'files'), 'test')
  const deps: IntakeDeps = {
    db,
    vault,
    clock: set.clock,
    random: createSeededRandom(1),
    store,
    institutions: defaultProfile.institutions,
    cycles: defaultProfile.cycles,
    note: (tx, act) => writeActs(tx, [act]),
    ...more,
  }
  const inbox = openInbox(deps, folder)
  return {
    ...set,
    base,
    office,
    store,
    deps,
    folder,
    async cutFiles(order?: CutOrder) {
      const answer = await office.cut(order)
      if (typeof answer === 'string') throw new Error(answer)
      return answer
    },
    /** Two looks: a file is taken when it has not changed between them. */
    async sweep() {
      const first = await inbox.sweep()
      return [...first, ...(await inbox.sweep())]
    },
    inbox,
    names: () => readdirSync(folder).sort(),
    kept: () => readdirSync(join(base, 'files')).sort(),
    readKept: (id: string): Buffer => readFileSync(join(base, 'files', `${id}.sealed`)),
  }
}

export const arrivalOf = (
  name: string,
  bytes: Uint8Array | readonly Uint8Array[],
  more: Partial<Arrival> = {},
): Arrival => ({
  name,
  chunks: (async function* () {
    yield* bytes instanceof Uint8Array ? [bytes] : bytes
  })(),
  cameBy: 'api',
  receivedBy: 'cli_test',
  actor: { kind: 'client', id: 'cli_test' },
  ...more,
})

export type IntakeSetting = ReturnType<typeof openIntake>
