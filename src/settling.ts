import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from './base/clock.ts'
import type { CrashAt } from './base/crash-at.ts'
import { must, parseIfsc } from './base/identifiers.ts'
import type { Log } from './base/log.ts'
import type { Vault } from './base/vault.ts'
import type { Db, Tx } from './db/pool.ts'
import { createBankCodes } from './imps/bank-codes.ts'
import { type BankDirectory, createNbinOf } from './imps/banks.ts'
import { findCycle } from './imps/cycles.ts'
import type { Layouts } from './imps/files/detect.ts'
import type { Institution, WireProfile } from './imps/profile.ts'
import type { PaymentRoom } from './payment/room.ts'
import type { CompensationCrashPoint } from './settlement/books/compensation.ts'
import type { BooksCrashPoint, BooksDeps } from './settlement/books/consequences.ts'
import type { CycleOfBank } from './settlement/books/findings.ts'

import { type AnswerDeps, type AskAnswers, askUploadAnswers } from './settlement/books/upload-answer.ts'
import { type Deliver, deliverUploads } from './settlement/books/upload-leave.ts'
import { makeUploads, type UploadCrashPoint, type UploadDeps } from './settlement/books/uploads.ts'

import { applyAdjustment } from './settlement/disputes/apply.ts'
import { dropAsked, dropUnlessAllowed, dropUploaded } from './settlement/disputes/ask.ts'
import { lapseDisputes } from './settlement/disputes/clocks.ts'
import type { DisputeCrashPoint, DisputeDeps } from './settlement/disputes/deps.ts'
import { adjustmentOf } from './settlement/disputes/report.ts'
import { type AcceptedFiles, openAccepted } from './settlement/intake/accepted.ts'
import type { IntakeCrashPoint } from './settlement/intake/arrival.ts'
import type { ArrivingKind } from './settlement/intake/file.ts'
import type { FileStore } from './settlement/intake/file-store.ts'
import { readAdjustments, readNtsl } from './settlement/intake/line-store.ts'
import { tenantOfInstitution } from './settlement/intake/store.ts'
import { sealArchive } from './settlement/match/archive-store.ts'
import { coreExtractIn } from './settlement/match/core-extract.ts'
import type { MatchCrashPoint } from './settlement/match/execute.ts'
import { rawStory } from './settlement/match/find-lines.ts'
import { executeHere, type MatchDeps, matchCycle } from './settlement/match/match-cycle.ts'
import type { Numbers } from './settlement/match/own-rows.ts'
import { readFindings } from './settlement/match/read-findings.ts'
import { createRunProcesses } from './settlement/match/run-process.ts'
import type { PipelineCrashPoint, PipelineDeps } from './settlement/pipeline.ts'
import type { FindFileLines } from './settlement/reports/explain.ts'
import { reportStory } from './settlement/reports/explain-files.ts'

/** What settlement is put together from. */
export type SettlingOptions = {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly vault: Vault
  readonly profile: WireProfile
  readonly directory: BankDirectory
  readonly room: PaymentRoom
  readonly store: FileStore
  /** How files lie; absent: as what ships. */
  readonly layouts?: Layouts
  readonly disputes: DisputeDeps
  /** 32 hex digits that sort by time. */
  readonly newId: () => string
  /** Where archives of raw rows are kept, and where the match spills to. */
  readonly folder: string
  /** What a run of the match may use. */
  readonly threads: number
  readonly memoryMb: number
  readonly tolerancePaise: bigint
  /** Where files for NPCI are handed over. */
  readonly deliver: Deliver
  /** Where NPCI can be asked what became of their rows; absent: people or programs hand its word in. */
  readonly askAnswers?: AskAnswers
  /** Where the core's rows of each cycle are put; absent: they are what the hub's ledger posted. */
  readonly coreDir?: string
  /** Of the database, for runs in processes of their own; absent: they are carried out in this one. */
  readonly url?: string
  readonly crashPoint?: (name: SettlementCrashPoint) => void
  /** The same for runs in processes of their own. */
  readonly crashAt?: CrashAt
}

/** Where a crash test stops the hub in the middle of settling. */
export type SettlementCrashPoint =
  | IntakeCrashPoint
  | MatchCrashPoint
  | PipelineCrashPoint
  | BooksCrashPoint
  | CompensationCrashPoint
  | DisputeCrashPoint
  | UploadCrashPoint

export type Settling = {
  readonly accepted: AcceptedFiles
  readonly match: MatchDeps
  readonly books: BooksDeps
  readonly disputes: DisputeDeps
  readonly pipeline: PipelineDeps
  /** What raw files and reports say about a payment, for its story. */
  readonly findFileLines: FindFileLines
  /** Ends the runs that are carried out elsewhere; they have written nothing. */
  stop(): Promise<void>
}

/** Rows that may be left unmatched: more are a wrong file. */
const MAX_UNMATCHED = 200_000

export function createSettling(options: SettlingOptions): Settling {
  const { db, clock, log, vault, profile, directory, room, disputes, crashPoint } = options
  const [archives, work] = [join(options.folder, 'archives'), join(options.folder, 'work')]
  for (const folder of [archives, work]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const bankOf = (institution: string): Institution =>
    must(
      profile.institutions.find(({ code }) => code === institution),
      'institution',
    )
  const layouts = options.layouts === undefined ? {} : { layouts: options.layouts }
  const accepted = openAccepted({ db, vault, store: options.store, ...layouts })
  const seal = sealArchive(vault, clock.now)
  const crash = crashPoint === undefined ? {} : { crashPoint }
  const processes = options.url === undefined ? undefined : createRunProcesses(options.url, seal, options.crashAt)
  const match: MatchDeps = {
    db,
    clock,
    log,
    cycles: profile.cycles,
    accepted,
    numbersOf: (institution) => numbersOf(profile, directory, bankOf(institution)),
    limits: { threads: options.threads, memoryMb: options.memoryMb, folder: work, unmatched: MAX_UNMATCHED },
    archives,
    newId: options.newId,
    ...(options.coreDir === undefined ? {} : { coreExtract: coreExtractIn(options.coreDir) }),
    execute: processes?.execute ?? executeHere({ db, clock, seal, ...crash }),
    ...crash,
  }
  const books: BooksDeps = {
    db,
    room,
    clock,
    tenantOf: (institution) => tenantOfInstitution(db, institution),
    codeOf: (institution) => bankOf(institution).bank3,
    ifscOf: (institution) => must(parseIfsc(`${bankOf(institution).ifscPrefix}0000001`), 'IFSC'),
    nbinOf: createNbinOf(profile.institutions, directory),
    ...crash,
  }
  const codes = createBankCodes(profile, directory)
  const uploads: UploadDeps = {
    db,
    clock,
    vault,
    newId: options.newId,
    codeOf: books.codeOf,
    codeOfNbin: codes.ofNbin,
    judgeDispute: (tx, row) => dropUnlessAllowed(tx, disputes, row),
    ...layouts,
    ...crash,
  }
  const fileOf = async (cycle: CycleOfBank, kind: ArrivingKind) =>
    (await accepted.ofCycle(cycle.institution, cycle)).find((file) => file.kind === kind)
  const findings = readFindings({ db, vault, cycles: profile.cycles, accepted, archives })
  const pipeline: PipelineDeps = {
    db,
    clock,
    log,
    cycles: profile.cycles,
    books,
    match: (request) => matchCycle(match, request),
    readFindings: (cycle) => findings(cycle, []),
    async readStatement(cycle) {
      const file = await fileOf(cycle, 'ntsl')
      return file === undefined ? { rows: [], totals: {} } : readNtsl(db, file.id)
    },
    async readReport(cycle) {
      const file = await fileOf(cycle, 'adjustment')
      return file === undefined ? [] : readAdjustments(db, vault, [file.id])
    },
    async applyDisputes(cycle, lines) {
      const statement = lines.length === 0 ? undefined : await fileOf(cycle, 'ntsl')
      const stated = statement === undefined ? [] : (await readNtsl(db, statement.id)).disputes
      const { bank3 } = bankOf(cycle.institution)
      for (const line of lines)
        await applyAdjustment(disputes, cycle, adjustmentOf(cycle.institution, bank3, line, stated))
      // What this report still does not have, and whose time was over before the cycle began, NPCI takes as said.
      const began = findCycle(profile.cycles, cycle)?.fromAt
      if (began !== undefined) await lapseDisputes(disputes, cycle, began)
    },
    async upload(institution) {
      await makeUploads(uploads, institution)
      const onRefused = (tx: Tx, id: string, answer: string) => dropUploaded(tx, { clock }, id, 'npci', answer)
      await deliverUploads({ ...uploads, onRefused }, institution, options.deliver)
      const { askAnswers } = options
      const onRefusedRow: AnswerDeps['onRefusedRow'] = (tx, row, why) => dropAsked(tx, { clock }, row, 'npci', why)
      if (askAnswers !== undefined) await askUploadAnswers({ ...uploads, onRefusedRow }, institution, askAnswers)
    },
    tolerancePaise: options.tolerancePaise,
    ...crash,
  }
  const fromRaw = rawStory({ db, vault, cycles: profile.cycles, accepted, archives })
  const fromReports = reportStory(db)
  const findFileLines: FindFileLines = async (payment) =>
    (await Promise.all([fromRaw(payment), fromReports(payment)])).flat()
  return { accepted, match, books, disputes, pipeline, findFileLines, stop: async () => processes?.stop() }
}

/** How banks are numbered in raw files and in the hub's rows. @source settlement.md §2.1 */
function numbersOf({ institutions }: WireProfile, { byCode }: BankDirectory, own: Institution): Numbers {
  return {
    nbin: own.nbin,
    ownBanks: Object.fromEntries(institutions.map(({ remitterBank, nbin }) => [remitterBank, nbin])),
    byCode: Object.fromEntries([...byCode].flatMap(([code, { nbin }]) => (nbin === undefined ? [] : [[code, nbin]]))),
  }
}
