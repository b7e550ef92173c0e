import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openTestDatabase } from '../../test/support/database.ts'
import { createTestRoom } from '../../test/support/payment-room.ts'
import { keyOf, startRealServer } from '../../test/support/real-server.ts'
import { verifyAudit } from '../audit/verify.ts'
import { defaultProfile } from '../imps/profile.ts'

const { db, url } = await openTestDatabase()
const t = await createTestRoom(url)
const bank = defaultProfile.institutions[0]?.code ?? ''
const { server, call } = await startRealServer(
  db,
  t.room,
  [2, 3].map((tenantId) => ({ tenantId, name: 'program' })),
)
after(() => Promise.all([server.close(), t.close()]))

const program = fileURLToPath(new URL('../cli/tenants.ts', import.meta.url))
async function tenants(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const env = { ...process.env, DATABASE_URL: url }
  return promisify(execFile)(process.execPath, [program, ...args], { env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      said: error.stdout + error.stderr,
    }),
  )
}

test('tenants are made from the shell: a bank, a sub-member behind it, a business; each step is in their chains', async () => {
  assert.deepEqual(await tenants('add', '--name', 'Example Bank', '--kind', 'member_bank', '--institution', bank), {
    code: 0,
    said: 'tenant 2: Example Bank\n',
  })
  const sub = await tenants(
    'add',
    '--name',
    'Sub',
    '--kind',
    'sub_member',
    '--parent',
    '2',
    '--authentication',
    'evidence',
  )
  assert.deepEqual(sub, { code: 0, said: 'tenant 3: Sub\n' })
  assert.equal((await tenants('stop', '3')).said, 'tenant 3: done\n')
  assert.equal((await tenants('stop', '3')).said, 'tenant 3: it was so already\n')
  const { said } = await tenants('list')
  assert.match(said, new RegExp(`2 {2}Example Bank: member_bank, ${bank}, authentication none\n`))
  assert.match(said, /3 {2}Sub: sub_member behind 2, any bank, authentication evidence, stopped since /)
  assert.equal((await tenants('resume', '3')).code, 0)
  assert.equal((await tenants('authentication', '3', 'hub')).code, 0)
  const acts = await db<{ action: string }[]>`select action from act where tenant_id = 3 order by sequence`
  assert.deepEqual(
    acts.map(({ action }) => action),
    ['tenant.created', 'payments.stopped', 'payments.resumed', 'tenant.authentication_set'],
  )
  assert.deepEqual((await verifyAudit(db, { told: () => undefined })).faults, [])
})

const refused: readonly (readonly [args: readonly string[], why: RegExp])[] = [
  [['add', '--name', 'x', '--kind', 'member_bank'], /name its institution/],
  [['add', '--name', 'x', '--kind', 'sub_member'], /name its parent/],
  [['add', '--name', 'x', '--parent', '3'], /tenant 3 is no member bank/],
  [['add', '--name', 'x', '--parent', '99'], /there is no tenant 99/],
  [['add', '--name', 'x', '--kind', 'hub'], /Allowed choices/],
  [['add', '--name', ''], /1 to 100 characters/],
  [['add', '--name', 'x', '--institution', 'bank one'], /must be a code/],
  [['stop', '0'], /must be the number of a tenant/],
  [['stop', '99'], /there is no tenant 99/],
  [['authentication', '2', 'sometimes'], /Allowed choices/],
]
test('what cannot be is refused in one line, and nothing is made', async () => {
  const before = await db`select from tenant`
  for (const [args, why] of refused) {
    const { code, said } = await tenants(...args)
    assert.notEqual(code, 0, args.join(' '))
    assert.match(said, why)
  }
  assert.equal((await db`select from tenant`).length, before.length)
})

test('a tenant with a bank of its own has its accounts there and nowhere else', async () => {
  const other = defaultProfile.institutions[1]?.code ?? 'ZZZ'
  const opened = await call('post', '/v1/accounts', keyOf(2, 'program'), { name: 'A' })
  assert.deepEqual([opened.status, opened.body.institution], [201, bank])
  const elsewhere = await call('post', '/v1/accounts', keyOf(2, 'program'), { name: 'A', institution: other })
  assert.deepEqual([elsewhere.status, elsewhere.body.errors[0].field], [400, 'institution'])
})
