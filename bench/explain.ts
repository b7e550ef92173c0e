import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '../src/base/identifiers.ts'
import { openSealedPieces, writeSealedFile } from '../src/base/sealed-file.ts'
import { defaultLayouts } from '../src/imps/files/layouts.ts'
import { readRawLine } from '../src/imps/files/read-line.ts'
import { locate, readLine, writeArchive } from '../src/settlement/match/archive.ts'
import { withEngine } from '../src/settlement/match/engine.ts'
import { createTables, loadRows } from '../src/settlement/match/groups.ts'
import { rawSource } from '../src/settlement/match/sources.ts'
import { writeThreeBooks } from '../test/support/three-books.ts'
import type { Figure } from './support/figures.ts'
import { api, type BenchHub } from './support/hub.ts'
import type { BenchPostgres } from './support/postgres.ts'

/** What the whole story of one payment may take, 99 of 100 times, milliseconds. @source issue 5 */
const GATE_MS = 200
const RUNS = 400

/**
 * How long it takes to find the row of a payment in the sealed raw file of a cycle of so many rows, by the archive: sorted milliseconds. The
 * stored payments of the bench have no files, so that the files are another cycle's, and the two times are added.
 */
async function rawLineTimes(rows: number): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'turant-bench-explain-'))
  try {
    const layout = must(
      defaultLayouts.find(({ id }) => id === 'raw_remitter/csv/2'),
      'layout',
    )
    const books = await writeThreeBooks(folder, { rows, each: 1, seed: 5 })
    const path = join(folder, 'rows')
    const { secret } = await withEngine({ threads: 2, memoryMb: 2_048, folder }, async (engine) => {
      await createTables(engine)
      const loaded = await loadRows(engine, rawSource(layout, books.rawRemitter))
      const file = {
        content: { path: books.rawRemitter },
        fileId: 'fil_1',
        direction: 'outward',
        rows: loaded,
        skipped: 1,
      } as const
      return writeArchive(engine, [file], path, 1e10)
    })
    const kept = await writeSealedFile(join(folder, 'sealed'), createReadStream(books.rawRemitter), 1e11)
    if (kept === 'too_large') throw new Error('too large')
    const file = must(secret.files[0], 'file')
    const times: number[] = []
    for (let n = 0; n < RUNS; n += 1) {
      const pieces = await openSealedPieces(join(folder, 'sealed'), kept.key)
      const some = 2 + Math.floor((n / RUNS) * (rows / 4))
      const { rrn } = readRawLine(layout, 'x', await readLine(pieces, file, some), some)
      await pieces.close()
      const begun = performance.now()
      const archive = await openSealedPieces(path, Buffer.from(secret.key, 'base64'))
      const raw = await openSealedPieces(join(folder, 'sealed'), kept.key)
      const [found] = await locate(secret, archive, 'outward', rrn)
      const line = must(found, 'row').line
      readRawLine(layout, 'x', await readLine(raw, file, line), line)
      times.push(performance.now() - begun)
      await Promise.all([archive.close(), raw.close()])
    }
    return times.sort((a, b) => a - b)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `GET /v1/explanations/{rrn}` over HTTP, one client, each time about another of the payments that are stored. */
export async function benchExplain(hub: BenchHub, { db }: BenchPostgres, stored: number): Promise<Figure[]> {
  const rows = await db<{ rrn: string }[]>`
    select rrn from payment tablesample system (0.5) where rrn is not null order by random() limit ${RUNS}`
  const times: number[] = []
  let lines = 0
  for (const { rrn } of rows) {
    const startedAt = performance.now()
    const { data } = (await api(hub, 'GET', `/v1/explanations/${rrn}`)) as { data: { story: unknown[] }[] }
    times.push(performance.now() - startedAt)
    lines += data.reduce((sum, { story }) => sum + story.length, 0)
  }
  times.sort((a, b) => a - b)
  const at = (share: number, of = times): number => of[Math.ceil(of.length * share) - 1] ?? Number.POSITIVE_INFINITY
  const raw = await rawLineTimes(stored)
  return [
    {
      what: `the story of one payment of ${stored.toLocaleString('en-IN')}: p99`,
      value: at(0.99),
      unit: 'ms',
      gate: { kind: 'atMost', value: GATE_MS },
      note: `p50 ${at(0.5).toFixed(1)} ms, max ${at(1).toFixed(0)} ms, ${(lines / times.length).toFixed(1)} lines each, cold reads included`,
    },
    {
      what: `with its row in the raw file of a cycle of ${stored.toLocaleString('en-IN')} rows: p99 of both, added`,
      value: at(0.99) + at(0.99, raw),
      unit: 'ms',
      gate: { kind: 'atMost', value: GATE_MS },
      note: `the row alone: p50 ${at(0.5, raw).toFixed(1)} ms, p99 ${at(0.99, raw).toFixed(1)} ms; sealed archive and sealed file opened each time`,
    },
  ]
}
