import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { databaseUrl } from './embedded.ts'
import { type Migration, migrate, readMigrations } from './migrate.ts'
import { createPool } from './pool.ts'

const { db, url } = await openTestDatabase({ connections: 1 })

const step = (name: string, up: string, check = 'select 1 where false'): Migration => ({
  name,
  up,
  check,
  checksum: createHash('sha256').update(up).digest('hex'),
})

/** An empty database beside the test's own, dropped with the test. */
async function emptyDatabase(name: string, use: (url: string) => Promise<void>): Promise<void> {
  await db.unsafe(`create database ${name}`)
  try {
    await use(databaseUrl(url, name))
  } finally {
    await db.unsafe(`drop database ${name} with (force)`)
  }
}

test('the real migrations apply once, and a second run finds nothing to do', async () => {
  assert.deepEqual(await migrate(url), [])
  const rows = await db<{ name: string }[]>`select name from schema_migration order by name`
  assert.deepEqual(
    rows.map((row) => row.name),
    readMigrations().map((one) => one.name),
  )
})

test('an applied migration that was edited is refused by name', () =>
  emptyDatabase('migrate_edited', async (other) => {
    await migrate(other, [step('0001-a', 'create table a ()')])
    await assert.rejects(
      migrate(other, [step('0001-a', 'create table a (b int)')]),
      /0001-a was edited after it was applied/,
    )
  }))

test('a database of a newer hub is used when nothing was taken away, and refused by name when something was', () =>
  emptyDatabase('migrate_newer', async (other) => {
    const first = step('0001-a', 'create table a ()')
    const second = step('0002-b', 'create table b ()')
    await migrate(other, [first, second])
    assert.deepEqual(await migrate(other, [first]), [])
    const third = { ...step('0003-c', 'drop table a'), serves: '0002-b' }
    await migrate(other, [first, second, third])
    assert.deepEqual(await migrate(other, [first, second]), [])
    await assert.rejects(
      migrate(other, [first]),
      /0003-c, with which this code does not work: it was used by a newer hub, so start that release, or one with 0002-b/,
    )
  }))

test('a migration lets go of a lock that does not come, so that nobody queues behind it, and is tried again', () =>
  emptyDatabase('migrate_locked', async (other) => {
    const first = step('0001-a', 'create table a (b int)')
    await migrate(other, [first])
    const holder = createPool(other, { connections: 1, name: 'turant test' })
    const watcher = createPool(other, { connections: 1, name: 'turant test' })
    const held = await holder.reserve()
    await held`begin`
    await held`select from a`
    const migrated = migrate(other, [first, step('0002-b', 'alter table a add column c int')])
    const waits = async () =>
      (await watcher`select from pg_locks where not granted and relation = 'a'::regclass`).length > 0
    while (!(await waits())) await watcher`select pg_sleep(0.01)`
    // It waits; within two seconds it does not, and whoever came behind it has been served.
    while (await waits()) await watcher`select pg_sleep(0.01)`
    await held`commit`
    held.release()
    assert.deepEqual(await migrated, ['0002-b'])
    await Promise.all([holder.end(), watcher.end()])
  }))

test('a check that finds a row undoes its migration and keeps those before it', () =>
  emptyDatabase('migrate_check', async (other) => {
    const bad = step('0002-b', 'create table b ()', "select 'b is wrong' as why")
    await assert.rejects(
      migrate(other, [step('0001-a', 'create table a ()'), bad]),
      /0002-b: its check found .*b is wrong/,
    )
    assert.deepEqual(await migrate(other, [step('0001-a', 'create table a ()'), step('0002-b', 'create table b ()')]), [
      '0002-b',
    ])
  }))

test('two hubs that start together apply each migration once', () =>
  emptyDatabase('migrate_race', async (other) => {
    const steps = [step('0001-a', 'create table a ()'), step('0002-b', 'create table b ()')]
    const applied = await Promise.all([migrate(other, steps), migrate(other, steps), migrate(other, steps)])
    assert.deepEqual(applied.flat().sort(), ['0001-a', '0002-b'])
  }))
