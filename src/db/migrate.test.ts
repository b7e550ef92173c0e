import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { openTestDatabase } from '../../test/support/database.ts'
import { databaseUrl } from './embedded.ts'
import { type Migration, migrate, readMigrations } from './migrate.ts'

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

test('a database of a newer hub is refused', () =>
  emptyDatabase('migrate_newer', async (other) => {
    await migrate(other, [step('0001-a', 'create table a ()'), step('0002-b', 'create table b ()')])
    await assert.rejects(migrate(other, [step('0001-a', 'create table a ()')]), /0002-b, which this code does not/)
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
