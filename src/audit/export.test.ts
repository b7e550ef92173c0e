import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChainedAct } from './acts.ts'
import { exportActs } from './export.ts'

const chain = (length: number): readonly ChainedAct[] =>
  Array.from(
    { length },
    (_, at): ChainedAct => ({
      tenantId: 1,
      sequence: BigInt(length - at),
      at: 1_795_000_000_000,
      actor: { kind: 'user', id: 'usr_1' },
      action: 'client.created',
      subject: '=cmd()',
      outcome: 'done',
      detail: { rows: 1 },
      requestId: null,
      address: null,
      previous: 'b'.repeat(64),
      hash: 'a'.repeat(64),
    }),
  )

/** Reads a chain as the store does, and counts how often. */
function reader(length: number) {
  const acts = chain(length)
  let reads = 0
  const read = async (before: bigint | undefined, limit: number) => {
    reads += 1
    return acts.filter(({ sequence }) => before === undefined || sequence < before).slice(0, limit)
  }
  return { read, reads: () => reads }
}

for (const length of [0, 1, 999, 1_000, 1_001, 2_500])
  test(`a chain of ${length} acts is ${length} lines, from the last act to the first`, async () => {
    const lines = (await Array.fromAsync(exportActs(reader(length).read, 'jsonl'))).join('').split('\n').slice(0, -1)
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).sequence),
      chain(length).map(({ sequence }) => String(sequence)),
    )
  })

test('no page is read before the one before it was taken', async () => {
  const { read, reads } = reader(5_000)
  const pieces = exportActs(read, 'jsonl')
  await pieces.next()
  assert.equal(reads(), 1)
  await pieces.return(undefined)
  assert.equal(reads(), 1)
})

test('a CSV has a head, and no cell that a spreadsheet would run', async () => {
  const text = (await Array.fromAsync(exportActs(reader(1).read, 'csv'))).join('')
  const [head, row = ''] = text.split('\r\n')
  assert.equal(head, 'sequence,at,actor,action,subject,outcome,detail,request,address,hash')
  assert.ok(row.includes(`"'=cmd()"`), row)
})
