import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { lockFolder } from './folder-lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'turant-lock-'))
after(() => rmSync(folder, { recursive: true }))

test('a folder that is taken says by whom, and is free after the release', () => {
  const first = lockFolder(folder, 'a.pid')
  assert.ok(first.kind === 'locked')
  assert.deepEqual(lockFolder(folder, 'a.pid'), { kind: 'taken', pid: process.pid })
  first.release()
  const second = lockFolder(folder, 'a.pid')
  assert.equal(second.kind, 'locked')
})

test('the lock of a process that is gone is taken over, also when its number was given to another', () => {
  for (const left of ['', 'not a lock\n', '999999999 1\n', `${process.pid} 1\n`]) {
    writeFileSync(join(folder, 'b.pid'), left)
    const lock = lockFolder(folder, 'b.pid')
    assert.ok(lock.kind === 'locked', JSON.stringify(left))
    lock.release()
    assert.ok(!existsSync(join(folder, 'b.pid')))
  }
})

test('a release does not remove what another took meanwhile', () => {
  const lock = lockFolder(folder, 'c.pid')
  assert.ok(lock.kind === 'locked')
  writeFileSync(join(folder, 'c.pid'), '1 1\n')
  lock.release()
  assert.equal(readFileSync(join(folder, 'c.pid'), 'utf8'), '1 1\n')
})
