import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../src/base/clock.ts'
import { openTestDatabase } from '../support/database.ts'
import { KEY } from '../support/http.ts'
import { startTokenHub } from '../support/token-hub.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { db } = await openTestDatabase()
let baseUrl = 'http://127.0.0.1'
const t = await startTokenHub(db, { origins: () => [baseUrl] }, 'required')
const folder = mkdtempSync(join(tmpdir(), 'turant-tokens-'))
after(() => {
  rmSync(folder, { recursive: true, force: true })
  return t.server.close()
})

test('the program in the guide to tokens does what the guide says', async () => {
  t.clock.advance(systemClock.now() - t.clock.now())
  baseUrl = `http://127.0.0.1:${await t.server.listen({ host: '127.0.0.1', port: 0 })}`
  writeFileSync(join(folder, 'sandbox.json'), JSON.stringify({ baseUrl, apiKey: KEY }))
  const guide = readFileSync(join(root, 'docs/guides/tokens.md'), 'utf8')
  const program = /```js\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''
  const printed = /It prints `([^`]+)`/.exec(guide)?.[1]
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    env: { ...process.env, TURANT_DATA_DIR: folder },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      said += part.toString()
    })
  await new Promise((done) => child.once('close', done))
  assert.equal(said.trim(), printed)
})
