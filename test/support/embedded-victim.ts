import { systemClock } from '../../src/base/clock.ts'
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'
import { createPool } from '../../src/db/pool.ts'

/** Starts a PostgreSQL in the folder named, commits a row, leaves a transaction open, says so, and waits to be killed. */

const [folder = ''] = process.argv.slice(2)
const running = await startEmbeddedPostgres({
  dataDir: folder,
  clock: systemClock,
  settings: { shared_buffers: '16MB' },
})
const db = createPool(running.url, { connections: 2 })
await db`create table kept (n integer)`
await db`insert into kept values (1)`
const open = await db.reserve()
await open`begin`
await open`insert into kept values (2)`
process.stdout.write(`${running.pid()}\n`)
systemClock.after(60_000, () => process.exit(1))
