import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openTestDatabase } from '../../test/support/database.ts'
import { setUpDisputes, T } from '../../test/support/disputes.ts'
import { testLog } from '../../test/support/logs.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { testVault } from '../../test/support/vault.ts'
import { must, parseNbin } from '../base/identifiers.ts'
import { defaultCycles } from '../imps/cycles.ts'
import { istInstant } from '../imps/disputes/days.ts'
import { createQueue } from '../settlement/disputes/queue.ts'

const { url, db } = await openTestDatabase()
const d = await setUpDisputes(url)
d.goTo(istInstant(T, '12:00'))
const real = await startRealServer(db, d.t.room, [{ tenantId: 1, name: 'program' }], {
  disputes: {
    ...d.deps,
    queue: createQueue({ vault: testVault, clock: d.clock, nbinOf: () => must(parseNbin('7001'), 'NBIN') }),
  },
  reporting: { db, cycles: defaultCycles, log: testLog },
})
const baseUrl = `http://127.0.0.1:${await real.server.listen({ host: '127.0.0.1', port: 0 })}`
const folder = mkdtempSync(join(tmpdir(), 'turant-cli-'))
after(async () => {
  rmSync(folder, { recursive: true })
  await Promise.all([real.server.close(), d.t.close()])
})

const run = (program: 'disputes' | 'reports', ...args: string[]) =>
  new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    const file = fileURLToPath(new URL(`./${program}.ts`, import.meta.url))
    const hub = args.includes('rules') ? [] : ['--base-url', baseUrl, '--api-key', keyOf(1, 'program')]
    const child = execFile(process.execPath, [file, ...args, ...hub], (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })

test('a dispute is raised, answered and looked at from a terminal; what is refused says why', async () => {
  const { payment } = await d.outward('deemed')
  const raised = await run('disputes', 'raise', payment.id, 'B', '108')
  assert.match(raised.out, new RegExp(`${payment.rrn}  ₹30,000\\.00  chargeback B 108: new, B 108 asked for`))
  const again = await run('disputes', 'complain', payment.id)
  assert.deepEqual(
    [again.code, again.err],
    [2, 'error: B was asked for, and no report has it yet. (dispute_refused)\n'],
  )

  const { payment: credited } = await d.inward(true)
  await d.say(credited, 'B', '108')
  const list = await run('disputes', 'list', '--direction', 'inward', '--json')
  const { id }: { id: string } = JSON.parse(list.out)
  const why = await run('disputes', 'represent', id)
  assert.deepEqual([why.code, why.err.split('\n')[0]], [1, 'error: say which reason: R 208, R 209'])
  const letter = join(folder, 'letter.pdf')
  writeFileSync(letter, '%PDF-1.7 credited')
  assert.match((await run('disputes', 'attach', id, letter)).out, /^evd_[0-9a-f]{32}\n$/)
  const represented = await run('disputes', 'represent', id, '208')
  assert.match(represented.out, /raised, R 208 asked for, due 2026-11-24 00:00:00 IST or deemed A/)
  assert.match(represented.out, /paper evd_[0-9a-f]{32}: letter\.pdf, 17 bytes/)
  assert.match((await run('disputes', 'rules', '--on', '2014-01-01')).out, /\| `B` \| Chargeback \|/)
})

test('reports are listed, shown and written; the ending of a file says how', async () => {
  assert.match((await run('reports')).out, /^settlement-statement +each cycle/)
  const shown = await run('reports', 'disputes', '--from', T, '--to', T)
  assert.match(shown.out, /^Disputes\n {2}Banks: /)
  assert.match(shown.out, /chargeback {2}B {5}108 /)
  for (const [ending, start] of [
    ['csv', 'Dispute,RRN'],
    ['xlsx', 'PK'],
    ['pdf', '%PDF-'],
  ] as const) {
    const file = join(folder, `disputes.${ending}`)
    assert.equal((await run('reports', 'disputes', '--from', T, '--to', T, '--out', file)).code, 0)
    assert.ok(readFileSync(file).subarray(0, start.length).toString() === start, ending)
  }
  assert.equal((await run('reports', 'disputes', '--format', 'pdf')).code, 2)
  assert.equal((await run('reports', 'nothing')).code, 2)
})
