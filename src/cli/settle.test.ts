import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openTestDatabase } from '../../test/support/database.ts'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { createServer, type Server } from '../http/server.ts'
import { addDays, dayOf } from '../imps/cycles.ts'
import { layoutFor } from '../imps/files/detect.ts'
import { writeTable } from '../imps/files/write-table.ts'

const hub = createFakeHub((await openTestDatabase()).db)
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
  assert.deepEqual([(await settle('file', join(folder, 'none'))).code, (await settle()).code], [2, 2])
})
