import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { env } from 'node:process'
import { Command } from 'commander'
import { systemClock, toRfc3339 } from '../base/clock.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/pool.ts'
import type { KeyStore } from '../secrecy/key-store.ts'
import { keyTable } from '../secrecy/key-table.ts'
import { countByKey, type ResealDeps, reseal } from '../secrecy/reseal.ts'
import { destroyKek, type Operator, renewKey, rotateIndex, rotateKek } from '../secrecy/rotate.ts'
import { shred } from '../secrecy/shred.ts'
import { openVault } from '../secrecy/vault.ts'
import { resealZmks, zmksUnder } from '../zmk-file.ts'
import { exitCodes, Failure } from './hub.ts'
import { runCommand } from './show.ts'
import { type Opened, withKeys as openWithKeys } from './with-keys.ts'

const program = new Command('npm run keys --')
  .description(
    'Keys that seal what is personal: which there are, new ones, and the end of old ones. Reads the settings of the hub (TURANT_KEY_FILE and so on) and its database.',
  )
  .option(
    '--data-dir <folder>',
    'the data folder of the hub (default: TURANT_DATA_DIR or .turant); DATABASE_URL goes before its database',
    env.TURANT_DATA_DIR ?? '.turant',
  )
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const progress = (place: string, rows: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${place}: ${rows} rows   `)
}
const operator: Operator = { id: userInfo().username.slice(0, 64), clock: systemClock }

program
  .command('list')
  .description('the data keys of each tenant and month: uses, what wraps them, and what became of them')
  .option('--tenant <number>', 'only of this tenant; 0 is the hub itself')
  .option('--rows', 'also how many values each has sealed: reads every row')
  .action(async (own: { readonly tenant?: string; readonly rows?: true }) => {
    const tenant = own.tenant === undefined ? null : readTenant(own.tenant)
    await withKeys(async ({ db, keys }) => {
      const current = await keys.current()
      for (const kek of await keys.list()) say(`${kek}${kek === current ? '   current' : ''}`)
      const rows = await db<Listed[]>`
        select kid, tenant_id, month, kek, uses, created_at, retired_at, shredded_at from data_key
        where ${tenant}::integer is null or tenant_id = ${tenant}::integer order by tenant_id, month, kid`
      const counts = own.rows === undefined ? undefined : await countByKey(db)
      say(
        [
          '   kid',
          'tenant',
          'month  ',
          '      uses',
          'age  ',
          'state   ',
          ...(counts ? ['      rows'] : []),
          'wrapped by',
        ].join('  '),
      )
      for (const row of rows) say(lineOf(row, current, counts))
    })
  })

program
  .command('rotate')
  .description(
    'makes a new key-encryption key and wraps every data key under it; hubs go on meanwhile. Safe to run again',
  )
  .action(() =>
    withKeys(async ({ db, keys, config }) => {
      const { kek, wrapped } = await rotateKek(db, keys, operator)
      say(`${wrapped} data keys are wrapped by ${kek} now`)
      for (const path of await resealZmks(folderOfLinks(config), keys)) say(`${path} is sealed by it now`)
      const old = (await keys.list()).filter((one) => one !== kek)
      if (old.length > 0)
        say(
          `Needed no more, but for backups from before: ${old.join(', ')}. npm run keys -- destroy <key> --yes ends one.`,
        )
      if (keys.name === 'file')
        say('Make a copy of the key file now: the one from before cannot open what is sealed from now on.')
    }),
  )

program
  .command('destroy <kek>')
  .description(
    'destroys a key-encryption key that wraps nothing any more: no backup from when it did can be opened after that',
  )
  .option('--yes', 'it is meant')
  .action(async (kek: string, own: { readonly yes?: true }) => {
    meant(own.yes, `${kek} would be destroyed for good, and with it what backups from its time say about people`)
    await withKeys(async ({ db, keys, config }) => {
      const links = zmksUnder(folderOfLinks(config), kek)
      if (links.length > 0) throw new Error(`${kek} still seals ${links.join(', ')}: npm run keys -- rotate`)
      await destroyKek(db, keys, kek, operator)
      say(`${kek} is destroyed. Copies of ${keys.name === 'file' ? 'the key file' : 'the token'} may still have it.`)
    })
  })

program
  .command('renew')
  .description(
    "retires a tenant's data key of this month; hubs use a new one within a second. reseal then brings old rows under it",
  )
  .requiredOption('--tenant <number>', 'whose')
  .action(async (own: { readonly tenant: string }) => {
    const tenant = readTenant(own.tenant)
    await withKeys(async ({ db }) => {
      const kids = await renewKey(db, tenant, operator)
      say(
        kids.length === 0
          ? 'There is no data key of this month to retire.'
          : `Retired: ${kids.join(', ')}. npm run keys -- reseal seals its rows again.`,
      )
    })
  })

program
  .command('reseal')
  .description(
    'seals again what is under retired keys, a few rows at a time, while hubs run. Broken off, it goes on with what is left',
  )
  .option('--pause-ms <number>', 'between two batches of 250 rows', '20')
  .action(async (own: { readonly pauseMs: string }) => {
    const pauseMs = readNumber('--pause-ms', own.pauseMs, 60_000)
    await withKeys(async ({ db, keys }) => {
      const due = await db<{ kid: number; tenantId: number; month: string }[]>`
        select kid, tenant_id as "tenantId", month from data_key
        where retired_at is not null and shredded_at is null and month <> 'index'`
      const { rows, broken } = await reseal(await resealing(db, keys, pauseMs), due)
      for (const one of broken.slice(0, 20)) say(`✗ ${one} does not open: it was altered, or its key is gone`)
      say(`${rows} values sealed again${broken.length === 0 ? '' : `; ${broken.length} do not open`}`)
      if (broken.length > 0) throw new Failure(exitCodes.failed, 'not everything could be sealed again')
    })
  })

program
  .command('shred')
  .description(
    "destroys for good what is known about a tenant's customers of a month: payments, look-ups, messages of it. Sums and references stay",
  )
  .requiredOption('--tenant <number>', 'whose')
  .requiredOption('--month <month>', 'such as 2021-11, in UTC')
  .option(
    '--despite-retention <reason>',
    'although the five years of the law are not over: why, for the audit chain, without names',
  )
  .option('--pause-ms <number>', 'between two batches of 250 rows', '20')
  .option('--yes', 'it is meant')
  .action(async (own: { tenant: string; month: string; despiteRetention?: string; pauseMs: string; yes?: true }) => {
    const tenantId = readTenant(own.tenant)
    if (!/^[0-9]{4}-(0[1-9]|1[0-2])$/.test(own.month))
      throw new Failure(exitCodes.usage, '--month must be a month such as 2021-11')
    const { despiteRetention } = own
    if (despiteRetention !== undefined && !/^[\w .,;:()/-]{10,200}$/.test(despiteRetention))
      throw new Failure(exitCodes.usage, '--despite-retention must say why in 10 to 200 plain characters')
    meant(
      own.yes,
      `what is known about the customers of tenant ${tenantId} in ${own.month} would be destroyed for good`,
    )
    const pauseMs = readNumber('--pause-ms', own.pauseMs, 60_000)
    await withKeys(async ({ db, keys }) => {
      const done = await shred(await resealing(db, keys, pauseMs), operator, {
        tenantId,
        month: own.month,
        despiteRetention,
      })
      if (done.keys === 0)
        return say(`There is no data key of tenant ${tenantId} and ${own.month} that is not destroyed already.`)
      say(`${done.keys} data keys are destroyed; hubs let go of them within a second.`)
      say(
        `${done.kept} values that last were moved under this month's key; ${done.cleared} payments have no blind index any more.`,
      )
      say(
        `Backups from before still have the keys, wrapped by ${done.keks.join(', ')}. When none of them may be read either:`,
      )
      say(
        'npm run keys -- rotate, then npm run keys -- destroy <key> --yes for each of these, and for every copy of them.',
      )
    })
  })

program
  .command('rotate-index')
  .description(
    'gives the blind indexes a new key. All hubs of the database must be stopped. Broken off, it goes on where it was',
  )
  .action(() =>
    withKeys(async ({ db, keys }) => {
      const rows = await rotateIndex(db, keys, operator, progress)
      say(`${rows} blind indexes are under a new key; start the hubs`)
    }),
  )

await runCommand(async () => {
  await program.parseAsync()
  return exitCodes.done
})

type Listed = {
  kid: number
  tenant_id: number
  month: string
  kek: string
  uses: bigint
  created_at: number
  retired_at: number | null
  shredded_at: number | null
}

function lineOf(row: Listed, current: string, counts: ReadonlyMap<number, number> | undefined): string {
  const days = Math.floor((systemClock.now() - row.created_at) / 86_400_000)
  const state = row.shredded_at === null ? (row.retired_at === null ? 'in use' : 'retired') : 'destroyed'
  return [
    String(row.kid).padStart(6),
    String(row.tenant_id).padStart(6),
    row.month.padEnd(7),
    String(row.uses).padStart(10),
    `${days} d`.padEnd(5),
    state.padEnd(9),
    ...(counts === undefined ? [] : [String(counts.get(row.kid) ?? 0).padStart(9)]),
    row.shredded_at === null
      ? `${row.kek}${row.kek === current ? '' : ' (not the current one)'}`
      : `destroyed on ${toRfc3339(row.shredded_at).slice(0, 10)}`,
  ].join('  ')
}

function readTenant(text: string): number {
  return readNumber('--tenant', text, 999_999_999)
}

function readNumber(option: string, text: string, most: number): number {
  if (/^[0-9]{1,9}$/.test(text) && Number(text) <= most) return Number(text)
  throw new Failure(exitCodes.usage, `${option} must be a number of 0 to ${most}`)
}

function meant(yes: true | undefined, what: string): void {
  if (yes !== true) throw new Failure(exitCodes.usage, `${what}: add --yes when that is meant`)
}

async function resealing(db: Db, keys: KeyStore, pauseMs: number): Promise<ResealDeps> {
  return {
    db,
    vault: await openVault({ keys, table: keyTable(db), block: 16_384 }),
    clock: systemClock,
    pauseMs,
    told: progress,
  }
}

function withKeys(run: (open: Opened) => Promise<void>): Promise<void> {
  return openWithKeys(program.opts<{ readonly dataDir: string }>().dataDir, 'turant keys', run)
}

/** The folder with the keys of links, which key-encryption keys seal as well: as the hub finds it. */
function folderOfLinks({ keys, profile, dataDir }: Config): string {
  return keys ?? (profile === undefined ? join(dataDir, 'keys', 'hub') : dirname(profile))
}
