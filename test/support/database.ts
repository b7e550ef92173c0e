import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { databaseUrl } from '../../src/db/embedded.ts'
import { migrate, readMigrations } from '../../src/db/migrate.ts'
import { createPool, type Db } from '../../src/db/pool.ts'
import { clusterFile, clusterFolder } from './cluster-place.ts'
import { findInDump, namesNobody, needlesOfAllTests } from './dump.ts'
import { keepFind } from './logs.ts'

/**
 * A database of its own for each test file, with every migration applied: a clone of a template, made in tens of
 * milliseconds. Test files run in parallel processes and share one PostgreSQL, which the first one starts
 * (`database-keeper.ts`) and which goes away some seconds after the last one. With DATABASE_URL that server is used.
 */
export type TestDatabase = {
  readonly url: string
  readonly db: Db
}

const KEEPER = fileURLToPath(new URL('./database-keeper.ts', import.meta.url))

/** Opens a fresh database; it is dropped after the test file (or after the test that asked for it). */
export async function openTestDatabase(options: { connections?: number } = {}): Promise<TestDatabase> {
  const server = await findServer()
  // Held open until the end: the keeper leaves when nobody is connected.
  const admin = createPool(server, { connections: 1, name: 'turant test' })
  const name = `turant_test_${randomUUID().replaceAll('-', '')}`
  const template = await ensureTemplate(admin, server)
  await admin`select pg_advisory_lock(hashtext('turant template'))`
  await admin.unsafe(`create database ${name} template ${template}`)
  await admin`select pg_advisory_unlock(hashtext('turant template'))`
  const url = databaseUrl(server, name)
  const db = createPool(url, { connections: options.connections ?? 8, name: 'turant test' })
  after(async () => {
    // Over a connection of its own: some tests have ended theirs by now.
    const whole = createPool(url, { connections: 1, name: 'turant test' })
    const { found } = await findInDump(whole, needlesOfAllTests(), 500)
    await whole.end({ timeout: 2 })
    for (const one of found) if (!namesNobody(one)) keepFind(one)
    await db.end({ timeout: 2 })
    await admin.unsafe(`drop database if exists ${name} with (force)`)
    await admin.end({ timeout: 2 })
  })
  return { url, db }
}

/** The template for exactly these migrations, made by whoever comes first. */
async function ensureTemplate(admin: Db, server: string): Promise<string> {
  const migrations = readMigrations()
  const all = migrations.map((one) => `${one.checksum} ${one.check}`).join('\n')
  const template = `turant_template_${createHash('sha256').update(all).digest('hex').slice(0, 16)}`
  await admin`select pg_advisory_lock(hashtext('turant template'))`
  try {
    const [ready] = await admin`select from pg_database where datname = ${template}`
    if (ready === undefined) {
      const draft = `${template}_draft`
      await admin.unsafe(`drop database if exists ${draft} with (force)`)
      await admin.unsafe(`create database ${draft}`)
      await migrate(databaseUrl(server, draft), migrations)
      await admin.unsafe(`alter database ${draft} rename to ${template}`)
    }
  } finally {
    await admin`select pg_advisory_unlock(hashtext('turant template'))`
  }
  return template
}

async function findServer(): Promise<string> {
  const given = process.env.DATABASE_URL
  if (given !== undefined && given !== '') return given
  for (let attempt = 0; attempt < 1_200; attempt += 1) {
    const url = await answering()
    if (url !== undefined) return url
    // Several may be started at once, and the one that gets the lock stays.
    if (attempt % 100 === 0) startKeeper()
    await wait(50)
  }
  throw new Error(`no PostgreSQL for the tests after 60 s; see ${clusterFolder}/keeper.log`)
}

async function answering(): Promise<string | undefined> {
  let url: string
  try {
    url = readFileSync(clusterFile, 'utf8').trim()
  } catch {
    return undefined
  }
  const probe = createPool(url, { connections: 1, name: 'turant test probe' })
  try {
    await probe`select 1`
    return url
  } catch {
    return undefined
  } finally {
    await probe.end({ timeout: 1 })
  }
}

function startKeeper(): void {
  mkdirSync(clusterFolder, { recursive: true })
  const log = openSync(join(clusterFolder, 'keeper.log'), 'a', 0o600)
  // No options and no test context of this process: the keeper is a program of its own.
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env
  spawn(process.execPath, [KEEPER], { detached: true, stdio: ['ignore', log, log], env }).unref()
  closeSync(log)
}
