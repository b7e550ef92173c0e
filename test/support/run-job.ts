import { must } from '../../src/base/identifiers.ts'
import { defaultCycles } from '../../src/imps/cycles.ts'
import { defaultLayouts } from '../../src/imps/files/layouts.ts'
import type { RunJob } from '../../src/settlement/match/execute.ts'
import type { ReconRun } from '../../src/settlement/match/rows.ts'
import type { ThreeBooks } from './three-books.ts'

const layoutOf = (id: string) =>
  must(
    defaultLayouts.find((one) => one.id === id),
    id,
  )

/** The job of a run over three books of files, and where it may work. */
export function runJobOf(run: ReconRun, books: ThreeBooks, where: Pick<RunJob, 'archives' | 'limits'>): RunJob {
  const inputOf = (what: string, rows = 0) => ({ what, fileId: `fil_${what}`, name: what, sha256: null, rows })
  const rawOf = (what: 'raw_remitter' | 'raw_beneficiary', path: string) => ({
    content: { path },
    layout: layoutOf(`${what}/csv/2`),
    input: inputOf(what, Math.ceil(books.rows.raw / 2)),
  })
  return {
    run,
    grids: defaultCycles,
    numbers: { nbin: '1234', ownBanks: {}, byCode: {} },
    raw: [rawOf('raw_remitter', books.rawRemitter), rawOf('raw_beneficiary', books.rawBeneficiary)],
    ntsl: books.ntsl,
    ntslInput: inputOf('ntsl'),
    slabs: [0n, 100_000n, 2_500_000n],
    core: { path: books.core, input: inputOf('core') },
    hub: { path: books.hub, input: inputOf('hub') },
    ...where,
  }
}
