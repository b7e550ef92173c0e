import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { writeActs } from '../../src/audit/acts.ts'
import { asTenant } from '../../src/db/tenant.ts'
import { openTestDatabase } from '../support/database.ts'

const run = promisify(execFile)
const AUDIT = fileURLToPath(new URL('../../src/cli/audit.ts', import.meta.url))
const { db, url } = await openTestDatabase()

// The command ran before the constants below it were made, and ended with a ReferenceError, in either format.
test('the acts of a tenant are exported, as CSV with its columns and as JSON, one a line', async () => {
  await asTenant(db, 1, (tx) =>
    writeActs(tx, [
      {
        tenantId: 1,
        at: Date.UTC(2026, 10, 28),
        actor: { kind: 'person', id: 'usr_1' },
        action: 'client.created',
        subject: 'cli_1',
        outcome: 'done',
        detail: { live: true },
        requestId: 'req_1',
        address: '203.0.113.7',
      },
    ]),
  )
  const exported = async (format: string): Promise<string[]> => {
    const args = [AUDIT, 'export', '--tenant', '1', '--format', format]
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, DATABASE_URL: url } })
    return stdout.trimEnd().split(/\r?\n/)
  }
  const [columns, line, ...more] = await exported('csv')
  assert.equal(columns, 'sequence,at,actor,action,subject,outcome,detail,request,address,hash')
  assert.match(line ?? '', /^"1","2026-11-28T00:00:00\.000Z","usr_1","client\.created","cli_1","done",/)
  assert.deepEqual(more, [])
  const acts = await exported('jsonl')
  assert.deepEqual(
    acts.map((one) => [JSON.parse(one).sequence, JSON.parse(one).action]),
    [['1', 'client.created']],
  )
})
