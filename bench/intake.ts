import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { copyFile, open, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { paise } from '../src/base/money.ts'
import { addDays, dayOf, startOfDay } from '../src/imps/cycles.ts'
import { layoutFor } from '../src/imps/files/detect.ts'
import { writeTemplate } from '../src/imps/files/template.ts'
import { type NewRow, writeRows } from '../src/imps/files/write-table.ts'
import { payOutward } from './payments.ts'
import type { Figure } from './support/figures.ts'
import { api, type BenchAccount, type BenchHub } from './support/hub.ts'

const ROWS = 1_000_000
/** More than are taken in while payments go on. */
const FILES = 6
const POLL_MS = 200
/** A file that is not taken by then never will be. */
const MOST_MS = 120_000

/** Payments over HTTP while raw files of a million rows are put into the inbox, one after the other, received, proved and kept. */
export async function benchPaymentsDuringIntake(
  hub: BenchHub,
  accounts: readonly BenchAccount[],
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'turant-bench-intake-'))
  try {
    const day = addDays(dayOf(Date.now()), -1)
    const layout = layoutFor('raw_remitter', day, 'csv')
    const { trailer: _, ...withoutTrailer } = layout
    const identity = (number: number) => ({ bank: 'TRN', day, cycle: String(number) })
    const rows = join(folder, 'rows')
    const whole = writeRows('raw_remitter', withoutTrailer, identity(1), million(day))
    await pipeline(whole, createWriteStream(rows))
    let sum = 0n
    for (const { amountPaise } of million(day)) sum += amountPaise
    const trailerOf = (number: number): string => {
      const empty = [...writeRows('raw_remitter', layout, identity(number), [], { count: BigInt(ROWS), sumPaise: sum })]
      return empty.at(-1) ?? ''
    }
    // Written before anything is measured: what the disk does then is not the hub's.
    const inbox = join(hub.dataDir, 'inbox')
    const partOf = (number: number): string => join(inbox, `${writeTemplate(layout.fileName, identity(number))}.part`)
    for (let number = 1; number <= FILES; number += 1) {
      await copyFile(rows, partOf(number))
      const part = await open(partOf(number), 'a')
      await part.appendFile(trailerOf(number))
      await part.sync()
      await part.close()
    }
    const before = await payOutward(hub, accounts, connections, seconds * 500)
    let over = false
    const took: number[] = []
    const handingIn = (async () => {
      for (let number = 1; number <= FILES && !over; number += 1) {
        const begun = performance.now()
        await rename(partOf(number), partOf(number).replace(/\.part$/, ''))
        await untilTaken(hub, `${day}/${number}`)
        took.push((performance.now() - begun) / 1000)
      }
    })()
    const during = await payOutward(hub, accounts, connections, seconds * 1000)
    over = true
    await handingIn
    // Before and after, because what is stored grows meanwhile.
    const after = await payOutward(hub, accounts, connections, seconds * 500)
    const alone = (before.perSecond + after.perSecond) / 2
    return [
      {
        what: 'outward while files of 1,000,000 rows are taken in, over the same alone',
        value: during.perSecond / alone,
        unit: '×',
        gate: { kind: 'atLeast', value: 0.8 },
        note: `${Math.round(before.perSecond)} and ${Math.round(after.perSecond)} /s alone, ${Math.round(during.perSecond)} /s, p99 ${during.p99.toFixed(0)} ms; ${took.length} files, one took ${Math.max(...took).toFixed(0)} s at most`,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function* million(day: string): Generator<NewRow<'raw_remitter'>> {
  const from = startOfDay(day) + 9 * 3_600_000
  for (let index = 0; index < ROWS; index += 1) {
    yield {
      side: 'remitter',
      rrn: `6331${String(index).padStart(8, '0')}`,
      stan: String(index % 1_000_000).padStart(6, '0'),
      responseCode: '00',
      amountPaise: paise(BigInt(100 + (index % 100_000))),
      at: from + (index % 7_200) * 1_000,
      settlementDate: day,
      remitterBank: '9970',
      beneficiaryBank: '9971',
      remitterAccount: String(100_000_000_000 + index),
      beneficiaryAccount: String(500_000_000_000 + index),
      subType: 'F3',
    }
  }
}

async function untilTaken(hub: BenchHub, cycle: string): Promise<void> {
  const begun = performance.now()
  for (;;) {
    const { data } = await api<{ data: { state: string; refusal: object | null }[] }>(
      hub,
      'GET',
      `/v1/settlement-files?cycle=${encodeURIComponent(cycle)}`,
    )
    const [file] = data
    if (file?.state === 'accepted') return
    if (file !== undefined) throw new Error(`the file was refused: ${JSON.stringify(file.refusal)}`)
    if (performance.now() - begun > MOST_MS) throw new Error(`no file of ${cycle} after ${MOST_MS} ms`)
    await wait(POLL_MS)
  }
}
