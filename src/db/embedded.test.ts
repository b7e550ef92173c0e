import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isAlive } from '../base/alive.ts'
import { systemClock } from '../base/clock.ts'
import { type Embedded, type EmbeddedOptions, startEmbeddedPostgres } from './embedded.ts'
import { createPool, type Db } from './pool.ts'

const VICTIM = fileURLToPath(new URL('../../test/support/embedded-victim.ts', import.meta.url))
const small = { shared_buffers: '16MB' }

/** A folder that goes away with the tests; with mode 755 the user that runs PostgreSQL for root can enter it. */
function folder(mode = 0o755): string {
  const made = mkdtempSync(join(tmpdir(), 'turant-embedded-'))
  chmodSync(made, mode)
  after(() => {
    const place = join(made, 'postgres.place')
    if (existsSync(place)) rmSync(readFileSync(place, 'utf8').trim(), { recursive: true, force: true })
    rmSync(made, { recursive: true, force: true })
  })
  return made
}

async function running(
  options: Partial<EmbeddedOptions> & { dataDir: string },
  use: (server: Embedded, db: Db) => Promise<void>,
) {
  const server = await startEmbeddedPostgres({ clock: systemClock, settings: small, disposable: true, ...options })
  const db = createPool(server.url, { connections: 1 })
  try {
    await use(server, db)
  } finally {
    await db.end({ timeout: 1 })
    await server.stop()
  }
}

// ASVS 13.2.3
test('it is durable by default, reachable from this machine only, and its password is private', async () => {
  const dataDir = folder()
  let pid = 0
  await running({ dataDir }, async (server, db) => {
    pid = server.pid()
    const rows = await db<{ name: string; setting: string }[]>`
      select name, setting from pg_settings
      where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'listen_addresses', 'unix_socket_directories')`
    assert.deepEqual(Object.fromEntries(rows.map((row) => [row.name, row.setting])), {
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      data_checksums: 'on',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: server.folder,
    })
    const socket = new URL(server.url).searchParams.get('host')
    assert.equal(socket, server.folder)
    assert.equal(statSync(join(server.folder, `.s.PGSQL.${server.port}`)).mode & 0o777, 0o700)
    const [over] = await db<{ address: string | null }[]>`select inet_client_addr()::text as address`
    assert.equal(over?.address, null, 'the hub comes by the socket')
    assert.equal(statSync(join(dataDir, 'postgres.password')).mode & 0o777, 0o600)
    const stranger = new URL(server.url)
    stranger.password = 'guess'
    const guess = createPool(stranger.href, { connections: 1 })
    await assert.rejects(guess`select 1`, /password authentication failed/)
    await guess.end({ timeout: 1 })
  })
  assert.ok(!isAlive(pid), 'nothing is left after a stop')
})

test('its log names an error, and neither the statement nor a value of the row', async () => {
  const dataDir = folder()
  await running({ dataDir }, async (_server, db) => {
    await db`create table holder (number text primary key, name text not null)`
    await db`insert into holder values ('50100123456789', 'Asha Devi')`
    await assert.rejects(db`insert into holder values ('50100123456789', 'Zubeida Quraishi')`, /duplicate key/)
    await assert.rejects(db.unsafe("insert into holder values ('50100123456788', null)"), /null value/)
  })
  const place = join(dataDir, 'postgres.place')
  const log = readFileSync(
    join(existsSync(place) ? readFileSync(place, 'utf8').trim() : join(dataDir, 'postgres'), 'postgres.log'),
    'utf8',
  )
  assert.match(log, /ERROR: {2}duplicate key value violates unique constraint/)
  assert.doesNotMatch(log, /50100123456789|50100123456788|Asha|Zubeida|insert into/)
})

test('what a killed hub committed is there, what it left open is not, and its PostgreSQL is taken over', async () => {
  const dataDir = folder()
  const hub = spawn(process.execPath, [VICTIM, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(hub.stdout, 'data')
  const left = Number(String(said).trim())
  hub.kill('SIGKILL')
  await once(hub, 'exit')
  assert.ok(isAlive(left), 'PostgreSQL outlives its hub')

  await running({ dataDir, disposable: false }, async (server, db) => {
    assert.equal(server.reattached, true)
    assert.equal(server.pid(), left)
    assert.deepEqual([...(await db`select n from kept`)], [{ n: 1 }])
    const [others] = await db<{ count: number }[]>`
      select count(*)::int from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`
    assert.equal(others?.count, 0, 'the sessions of the dead hub are over')
  })
  assert.ok(!isAlive(left), 'a PostgreSQL that was taken over is stopped like any other')
})

test('a PostgreSQL that dies is said to be lost, and comes back on the same port with what was committed', async () => {
  const lost: string[] = []
  const back = Promise.withResolvers<void>()
  await running(
    { dataDir: folder(), onLost: (reason) => lost.push(reason), onBack: back.resolve },
    async (server, db) => {
      await db`create table kept as select 7 as n`
      const before = server.pid()
      process.kill(before, 'SIGKILL')
      await back.promise
      assert.ok(lost.length > 0)
      assert.notEqual(server.pid(), before)
      const again = createPool(server.url, { connections: 1 })
      assert.deepEqual([...(await again`select n from kept`)], [{ n: 7 }])
      await again.end({ timeout: 1 })
    },
  )
})

test('another start with other settings does not take over, but starts afresh', async () => {
  const dataDir = folder()
  const hub = spawn(process.execPath, [VICTIM, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(hub.stdout, 'data')
  hub.kill('SIGKILL')
  await once(hub, 'exit')
  await running({ dataDir, settings: { shared_buffers: '20MB' } }, async (server, db) => {
    assert.equal(server.reattached, false)
    assert.deepEqual([...(await db`select n from kept`)], [{ n: 1 }])
    const [row] = await db<{ shared_buffers: string }[]>`show shared_buffers`
    assert.equal(row?.shared_buffers, '20MB')
  })
})

test('a process id that somebody else has by now is not mistaken for PostgreSQL', async () => {
  const dataDir = folder()
  await running({ dataDir }, async (server) => {
    process.kill(server.pid(), 0)
  })
  const cluster = join(dataDir, 'postgres', 'data')
  writeFileSync(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n0\n1\n\n127.0.0.1\n\nready\n`)
  await running({ dataDir }, async (server, db) => {
    assert.equal(server.reattached, false)
    assert.equal((await db`select 1`).length, 1)
  })
})

const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root cannot run PostgreSQL itself' }

test(
  'root in a folder that nobody else can enter: the cluster is outside, found again, and missed when gone',
  asRoot,
  async () => {
    const dataDir = folder(0o700)
    await running({ dataDir }, async (server, db) => {
      assert.ok(!server.folder.startsWith(dataDir))
      await db`create table kept as select 7 as n`
    })
    await running({ dataDir }, async (_server, db) => {
      assert.deepEqual([...(await db`select n from kept`)], [{ n: 7 }])
    })
    const place = readFileSync(join(dataDir, 'postgres.place'), 'utf8').trim()
    rmSync(place, { recursive: true })
    await assert.rejects(
      running({ dataDir }, async () => undefined),
      /was in .* and is gone: put it back, or delete/,
    )
  },
)

test('a cluster that was replaced under a running hub is left alone', async () => {
  const dataDir = folder()
  const gone = Promise.withResolvers<void>()
  const lost: string[] = []
  const onLost = (reason: string): void => {
    lost.push(reason)
    if (/not started again/.test(reason)) gone.resolve()
  }
  await running({ dataDir, onLost }, async (server) => {
    const cluster = join(dataDir, 'postgres', 'data')
    renameSync(cluster, `${cluster}.old`)
    mkdirSync(cluster)
    process.kill(server.pid(), 'SIGKILL')
    await gone.promise
    assert.ok(!existsSync(join(cluster, 'postmaster.pid')), lost.join('; '))
  })
})
