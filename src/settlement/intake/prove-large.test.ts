import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { own, rawOf, setCycles } from '../../../test/support/cycles.ts'
import { writeSealedFile } from '../../base/sealed-file.ts'
import { layoutFor, recognise, shippedLayouts } from '../../imps/files/detect.ts'
import { streamRows } from '../../imps/files/read.ts'
import { FileError } from '../../imps/files/refusal.ts'
import { writeRows } from '../../imps/files/write-table.ts'
import { createProofProcesses } from './proof-process.ts'
import { proveLarge } from './prove-large.ts'

const folder = mkdtempSync(join(tmpdir(), 'turant-large-'))
after(() => rmSync(folder, { recursive: true }))

const set = setCycles()
for (let index = 0; index < 50; index += 1) set.see({ p2p: index % 3 === 0, paise: BigInt(100 + index) })
const rows = rawOf(own(await set.cut()), 'remitter')
const identity = { bank: 'TRN', day: '2026-11-27', cycle: '5' }
const textOf = (form: 'csv' | 'fixed'): string =>
  [...writeRows('raw_remitter', layoutFor('raw_remitter', identity.day, form), identity, rows, {})].join('')

/** What the reader of lines says of a file: its totals, or undefined when it refuses. */
async function readLines(name: string, text: string) {
  const stream = streamRows('raw_remitter', name, [Buffer.from(text)])
  try {
    for (;;) {
      const next = await stream.next()
      if (next.done === true) return next.value
    }
  } catch (error) {
    if (error instanceof FileError) return undefined
    throw error
  }
}

let made = 0
async function proveText(name: string, text: string) {
  made += 1
  const path = join(folder, String(made))
  const written = await writeSealedFile(path, [Buffer.from(text)], 1e9)
  if (written === 'too_large') throw new Error(written)
  return proveLarge({ content: { path, key: written.key }, known: recognise(name), work: folder })
}

const names = { csv: 'IMPSISSRTRN271126_5C.csv', fixed: 'IMPSISSRTRN271126_5C.txt' } as const
for (const form of ['csv', 'fixed'] as const) {
  const name = names[form]
  const whole = textOf(form)
  test(`a good file in ${form} comes to what the reader of lines says`, async () => {
    const expected = { count: 50, sumPaise: rows.reduce((sum, { amountPaise }) => sum + amountPaise, 0n) }
    assert.deepEqual(await readLines(name, whole), expected)
    assert.deepEqual(await proveText(name, whole), expected)
    assert.deepEqual(await proveText(name, whole.replaceAll('\n', '\r\n')), expected)
  })

  const lines = whole.split('\n')
  const at = (row: number, change: (line: string) => string): string =>
    lines.map((line, index) => (index === row ? change(line) : line)).join('\n')
  const wrong: readonly (readonly [what: string, text: string])[] = [
    ['no trailer', lines.slice(0, -2).join('\n')],
    ['half of it', whole.slice(0, whole.length / 2)],
    ['a row less', [...lines.slice(0, 5), ...lines.slice(6)].join('\n')],
    ['a row twice', [...lines.slice(0, 5), lines[4], ...lines.slice(5)].join('\n')],
    ['the trailer before a row', [...lines.slice(0, -3), lines.at(-2), lines.at(-3), ''].join('\n')],
    ['two trailers', [...lines.slice(0, -1), lines.at(-2), ''].join('\n')],
    ['another amount', at(7, (line) => line.replace('356,1.06', '356,1.07').replace(/0{12}107/, '000000000000108'))],
    ['another bank', at(7, (line) => line.replace('TRN', 'SIB'))],
    ['another day', at(7, (line) => line.replaceAll('20261127', '20261128').replaceAll('261127', '261128'))],
    ['a letter in an RRN', at(7, (line) => line.replace('6331100000', '63311x0000'))],
    ['a byte that is no text', at(7, (line) => line.replace('6331100000', '63311\u00e90000'))],
    ['another bank in the trailer', at(lines.length - 2, (line) => line.replace('TRN', 'SIB'))],
    ['nothing', ''],
    ['another file', 'a,b\n1,2\n'],
  ]
  test(`${form} proved in a process of its own: the same totals, or the row and column that are wrong`, async (t) => {
    const proofs = createProofProcesses()
    t.after(() => proofs.stop())
    const jobOf = async (text: string) => {
      made += 1
      const path = join(folder, String(made))
      const written = await writeSealedFile(path, [Buffer.from(text)], 1e9)
      if (written === 'too_large') throw new Error(written)
      return { content: { path, key: written.key }, known: recognise(name), layouts: shippedLayouts, work: folder }
    }
    assert.deepEqual(await proofs.prove(await jobOf(whole)), await readLines(name, whole))
    const spoilt = at(7, (line) => line.replace('6331100000', '63311x0000'))
    const refusal = await proofs.prove(await jobOf(spoilt)).catch((error: unknown) => error)
    assert.ok(refusal instanceof FileError)
    assert.deepEqual(
      [refusal.refusal.fault, refusal.refusal.row, refusal.refusal.column],
      ['bad_value', 8, form === 'csv' ? 'RRN' : 'Transaction serial number (RRN)'],
    )
    await assert.rejects(
      proofs.prove({ ...(await jobOf(whole)), content: { path: join(folder, 'gone'), key: Buffer.alloc(32) } }),
      /ENOENT/,
    )
  })

  for (const [what, text] of wrong) {
    test(`${form} with ${what} is no yes, and the reader of lines refuses it`, async () => {
      assert.ok(text !== whole)
      assert.equal(await readLines(name, text), undefined)
      assert.equal(await proveText(name, text), undefined)
    })
  }
}
