import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openTestDatabase } from '../../test/support/database.ts'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { must } from '../base/identifiers.ts'
import { createServer, type Server } from '../http/server.ts'
import { addDays, dayOf } from '../imps/cycles.ts'
import { layoutFor } from '../imps/files/detect.ts'
import { writeTable } from '../imps/files/write-table.ts'

const { db } = await openTestDatabase()
const hub = createFakeHub(db)
const folder = mkdtempSync(join(tmpdir(), 'turant-settle-'))
let server: Server
let baseUrl = ''
before(async () => {
  server = await createServer(hub.deps)
  baseUrl = `http://127.0.0.1:${await server.listen({ host: '127.0.0.1', port: 0 })}`
})
after(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const settle = (...args: string[]): Promise<{ readonly code: number; readonly out: string }> =>
  new Promise((resolve) => {
    const file = fileURLToPath(new URL('./settle.ts', import.meta.url))
    const child = execFile(
      process.execPath,
      [file, '--base-url', baseUrl, '--api-key', KEY, ...args],
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out: `${out}${err}` }),
    )
  })

test('a file is handed in once, again, and broken; what became of it is listed, and what its cycle lacks', async () => {
  const day = addDays(dayOf(Date.now()), -1) // a cycle of yesterday has ended, whenever this is
  const { file: name, bytes } = await writeTable(
    'timeout',
    layoutFor('timeout', day, 'csv'),
    { bank: 'TRN', day, cycle: '5' },
    [],
  )
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const taken = await settle('file', path)
  assert.deepEqual(
    [taken.code, new RegExp(`^taken .*timeout +${day}/5 +${name} +0 rows`).test(taken.out)],
    [0, true],
    taken.out,
  )
  assert.match((await settle('file', path)).out, /^here already /)
  writeFileSync(path, Buffer.from(bytes).subarray(0, 40))
  const broken = await settle('file', path)
  assert.deepEqual([broken.code, new RegExp(`^refused +${name}, row 1`).test(broken.out)], [1, true], broken.out)
  const files = await settle('files', '--cycle', `${day}/5`)
  assert.match(files.out, /refused +timeout[\s\S]* row 1[\s\S]*accepted +timeout/)
  const cycles = await settle('cycles', '--date', day, '--institution', 'TRN')
  assert.match(
    cycles.out,
    new RegExp(`${day}/5 +\\w+ +not settled.* ntsl \\w+, raw_remitter \\w+, raw_beneficiary \\w+, adjustment \\w+\n`),
  )
  // What was refused out of the inbox is given back as it came; what somebody handed in they have.
  const again = async function* () {
    yield Buffer.from('a,b\n1,50100123456789\n')
  }
  const came = { name: 'other.csv', cameBy: 'inbox', receivedBy: 'inbox', actor: { kind: 'hub', id: 'inbox' } } as const
  const refused = await must(hub.deps.intake, 'intake').take({ ...came, tenantId: 1, chunks: again(), again })
  const to = join(folder, 'back.csv')
  const back = await settle('give-back', refused.file.id, '--to', to)
  assert.deepEqual([back.code, readFileSync(to, 'utf8')], [0, 'a,b\n1,50100123456789\n'], back.out)
  assert.deepEqual(
    (await db`select actor, subject from act where action = 'settlement_file.given_back'`).map((row) => row.subject),
    [refused.file.id],
  )
  assert.match((await settle('give-back', refused.file.id, '--to', to)).out, /EEXIST/)
  const [handedIn = ''] = / (fil_[0-9a-f]{32})/.exec(files.out)?.slice(1) ?? []
  assert.match((await settle('give-back', handedIn)).out, /is not kept/)
  assert.deepEqual([(await settle('file', join(folder, 'none'))).code, (await settle()).code], [2, 2])
})
