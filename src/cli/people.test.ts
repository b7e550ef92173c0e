import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openTestDatabase } from '../../test/support/database.ts'
import { systemClock } from '../base/clock.ts'
import { asTenant } from '../db/tenant.ts'
import { readInvitation } from '../identity/invitations.ts'
import { createHashing } from '../identity/passwords.ts'
import { createPeople } from '../identity/people.ts'
import { openFileStore } from '../secrecy/file-store.ts'
import { keyTable } from '../secrecy/key-table.ts'
import { openVault } from '../secrecy/vault.ts'

const { db, url } = await openTestDatabase()
const folder = mkdtempSync(join(tmpdir(), 'turant-people-'))
after(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'kek.json')
const vault = await openVault({ keys: openFileStore(path, undefined), table: keyTable(db), block: 256 })
const people = createPeople({
  clock: systemClock,
  db,
  vault,
  asTenant: (tenantId, work) => asTenant(db, tenantId, work),
  note: async () => undefined,
  origins: () => ['https://hub.example'],
  hashing: createHashing({ cost: { memory: 8, passes: 1, parallelism: 1 } }),
})

const program = fileURLToPath(new URL('./people.ts', import.meta.url))
const { NODE_TEST_CONTEXT: _, ...env } = process.env
const run = (...args: string[]): Promise<string> =>
  promisify(execFile)(process.execPath, [program, '--data-dir', folder, ...args], {
    env: { ...env, DATABASE_URL: url, TURANT_KEY_FILE: path, TURANT_BASE_URL: 'https://hub.example' },
  }).then(
    ({ stdout }) => stdout,
    (error: { stderr: string; code: number }) => `${error.code} ${error.stderr}`,
  )
const asha = ['--tenant', '1', '--login', 'Asha@Bank.example']
const invite = (...more: string[]) => run('invite', '--name', 'Asha Devi', ...asha, ...more)
const tokenIn = (text: string): string => /token +(inv_[\w-]{43})/.exec(text)?.[1] ?? assert.fail(text)

test('the first administrator is invited from the shell, once more if the link got lost, and disabled', async () => {
  const first = await invite('--role', 'administrator')
  assert.match(first, /^usr_[0-9a-f]{32} {2}asha@bank\.example: administrator\n/)
  assert.match(first, /link +https:\/\/hub\.example\/console\/invitation#inv_/)
  const second = await invite('--role', 'administrator', '--role', 'checker')
  assert.equal(await readInvitation(people, tokenIn(first)), undefined, 'the link before is void')
  const found = await readInvitation(people, tokenIn(second))
  assert.deepEqual([found?.person.name, found?.person.roles], ['Asha Devi', ['administrator', 'checker']])
  assert.match(await run('list', '--tenant', '1'), /Asha Devi: administrator, checker; not accepted yet\n$/)
  assert.match(await run('disable', ...asha), /is disabled; 0 sessions ended/)
  assert.equal(await readInvitation(people, tokenIn(second)), undefined)
  const acts = await db<{ action: string; actor_kind: string }[]>`select action, actor_kind from act order by sequence`
  assert.deepEqual(
    acts.map((one) => `${one.actor_kind} ${one.action}`),
    ['operator person.invited', 'operator person.invited', 'operator person.disabled'],
  )
})

test('whoever can sign in gets no link from here', async () => {
  await invite('--role', 'administrator')
  await db`
    insert into credential (credential_id, person_id, tenant_id, kind, sealed, passkey_id, created_at)
    select gen_random_uuid(), person_id, tenant_id, 'passkey', '\\x00', 'x', now() from person limit 1`
  assert.match(await invite('--role', 'administrator'), /^1 .*has that login, and can sign in/)
})

const wrong: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
  ['no role', ['--tenant', '1', '--login', 'ravi'], /--role/],
  ['a role that is none', ['--tenant', '1', '--login', 'ravi', '--role', 'king'], /--role must be one of/],
  [
    'roles that exclude each other',
    ['--tenant', '1', '--login', 'ravi', '--role', 'maker', '--role', 'checker'],
    /pay and/,
  ],
  ['no such tenant', ['--tenant', '99', '--login', 'ravi', '--role', 'maker'], /no tenant 99/],
  ['the hub itself', ['--tenant', '0', '--login', 'ravi', '--role', 'maker'], /--tenant/],
  ['a login that is none', ['--tenant', '1', '--login', 'a b', '--role', 'maker'], /--login/],
]
for (const [what, args, says] of wrong) {
  test(`an invitation with ${what} is refused in one line`, async () => {
    const said = await run('invite', '--name', 'Ravi', ...args)
    assert.match(said, /^[12] /)
    assert.match(said, says)
    assert.doesNotMatch(said, /at .*\.ts:\d/)
  })
}
