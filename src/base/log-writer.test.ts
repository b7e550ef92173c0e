import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLog } from './log-writer.ts'

// ASVS 16.2.2, 16.2.4, 16.4.2
test('the log is one JSON object per line with its instant in UTC and its level, in a file that others cannot read', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'turant-log-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'hub.log')
  const log = openLog('info', path)
  log.debug({}, 'too small to be told')
  log.info({ link: 'npci-remitter' }, 'link state')
  log.warn({ requestId: 'req_a_1', code: 'unauthorized' }, 'a request was refused')
  log.error({ err: new Error('two\nlines') }, 'a request failed')
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ level, msg }) => [level, msg]),
    [
      [30, 'link state'],
      [40, 'a request was refused'],
      [50, 'a request failed'],
    ],
  )
  for (const { time } of lines) {
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.ok(Math.abs(Date.parse(time) - statSync(path).mtimeMs) < 60_000)
  }
  assert.equal(statSync(path).mode & 0o777, 0o600)
})
