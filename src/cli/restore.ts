import { existsSync, mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { env } from 'node:process'
import { Command } from 'commander'
import { BackupError } from '../backup/archive.ts'
import type { Doubts } from '../backup/doubt.ts'
import { findBarred, tellFound } from '../backup/found.ts'
import { restoreBackup } from '../backup/restore.ts'
import { istParts, systemClock } from '../base/clock.ts'
import { type PaymentId, parsePaymentId, parseRrn, type Rrn } from '../base/identifiers.ts'
import { formatRupees } from '../base/money.ts'
import { type Config, ConfigError } from '../config.ts'
import { ensureDatabase, startEmbeddedPostgres } from '../db/embedded.ts'
import { createPool, type Db } from '../db/pool.ts'
import { lockFolder } from '../folder-lock.ts'
import { openKeyStore } from '../key-stores.ts'
import { findDatabase } from './database.ts'
import { exitCodes, Failure } from './hub.ts'
import { dayAndTime, runCommand } from './show.ts'
import { settingsOf } from './with-keys.ts'

const MOST_SHOWN = 1_000
const operator = userInfo().username.slice(0, 64)

const program = new Command('npm run restore --')
  .description(
    'Puts a backup into an empty database: the one of DATABASE_URL, or a new one in the data folder. Start no hub before it is done. Afterwards payments are stopped, what was in flight is asked about, and what was held waits for what people find out: docs/guides/backup.md.',
  )
  .option('--from <folder>', 'the backup')
  .option(
    '--data-dir <folder>',
    'the data folder of the hub that will be (default: TURANT_DATA_DIR or .turant); its key file must be there',
    env.TURANT_DATA_DIR ?? '.turant',
  )
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()
  .action(async ({ from, dataDir }: { readonly from?: string; readonly dataDir: string }) => {
    if (from === undefined) throw new Failure(exitCodes.usage, '--from <folder> says which backup')
    await restore(resolve(from), dataDir)
  })

program
  .command('held')
  .description(
    'payments that were held when the backup was taken: whether they have left since is for people to find out',
  )
  .action(() =>
    withDatabase(async (db) => {
      const found = await findBarred(db, MOST_SHOWN)
      for (const one of found)
        say(
          `${one.id}  ${dayAndTime(new Date(one.createdAt).toISOString())}  ₹${formatRupees(one.amountPaise)}  tenant ${one.tenantId}, ${one.institution}`,
        )
      say(found.length === 0 ? 'none' : `${found.length}${found.length === MOST_SHOWN ? ' or more' : ''}`)
    }),
  )

program
  .command('had-left')
  .description('says that NPCI has the payment, by its files: it is asked about, and settled as any other')
  .argument('<payment>', 'pay_…')
  .requiredOption('--rrn <rrn>', 'its reference in the file, 12 digits')
  .action((payment: string, { rrn }: { readonly rrn: string }) => {
    const read = parseRrn(rrn)
    if (read === undefined) throw new Failure(exitCodes.usage, '--rrn must be 12 digits')
    return tell(payment, read)
  })

program
  .command('never-left')
  .description('says that NPCI never had the payment: it goes on waiting for what it waited for, and then leaves')
  .argument('<payment>', 'pay_…')
  .action((payment: string) => tell(payment, null))

async function tell(text: string, rrn: Rrn | null): Promise<void> {
  const id: PaymentId | undefined = parsePaymentId(text)
  if (id === undefined) throw new Failure(exitCodes.usage, 'the payment must be an id such as pay_…')
  await withDatabase(async (db) => {
    const told = await tellFound(db, id, rrn, { at: systemClock.now(), operator })
    if (!told) throw new Failure(exitCodes.failed, `${id} does not wait for this: npm run restore -- held`)
    say(`${id}: the hub goes on with it in a moment`)
  })
}

async function restore(from: string, dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true })
  const lock = lockFolder(dataDir, 'hub.pid')
  if (lock.kind === 'taken')
    throw new Failure(exitCodes.failed, `a hub runs in ${dataDir} (process ${lock.pid}): stop it`)
  const closing: (() => Promise<void> | void)[] = [lock.release]
  try {
    const config = settingsOf(dataDir)
    const keyFile = config.keyFile ?? join(dataDir, 'kek.json')
    if (config.keyStore === 'file' && !existsSync(keyFile))
      throw new Failure(exitCodes.failed, `there is no key file ${keyFile}: put the one there that the backup names`)
    const keys = await openKeyStore(config, dataDir, systemClock)
    closing.push(() => keys.close())
    const url = await openTarget(config, dataDir, (close) => closing.push(close))
    const filesDir = config.filesDir ?? join(dataDir, 'files')
    const { manifest, doubts } = await restoreBackup(
      { url, keys, filesDir, clock: systemClock },
      from,
      operator,
      progress,
    )
    progress('')
    for (const line of linesOf(manifest.takenAt, doubts)) say(line)
  } catch (error) {
    if (error instanceof BackupError || error instanceof ConfigError) throw new Failure(exitCodes.failed, error.message)
    throw error
  } finally {
    for (const close of closing.reverse()) await close()
  }
}

async function openTarget(
  config: Config,
  dataDir: string,
  later: (close: () => Promise<void>) => void,
): Promise<string> {
  const given = config.ownerUrl ?? config.databaseUrl
  if (given !== undefined) return given
  progress('starting PostgreSQL')
  const postgres = await startEmbeddedPostgres({ dataDir, clock: systemClock })
  later(() => postgres.stop())
  return ensureDatabase(postgres.url, 'turant')
}

function* linesOf(takenAt: string, { asked, barred, stopped, closedUntil }: Doubts): Generator<string> {
  const { hour, minute } = istParts(closedUntil)
  yield `restored: the hub as it was at ${takenAt}. What came after that it does not know.`
  yield `  ${asked} payments in flight are asked about again when the hub starts.`
  yield `  ${barred} that were held wait until people have found out whether they left: npm run restore -- held`
  yield `  No original leaves before ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')} IST: references until then may have been used.`
  yield stopped.length === 0
    ? '  Payments were stopped already for every tenant.'
    : `  Payments are stopped for tenant ${stopped.join(', ')}: npm run tenants -- resume <tenant>, when callers know what was lost.`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`)
}

async function withDatabase(run: (db: Db) => Promise<void>): Promise<void> {
  const { dataDir } = program.opts<{ readonly dataDir: string }>()
  const db = createPool(findDatabase(dataDir), { connections: 1, name: 'turant restore' })
  try {
    await run(db)
  } finally {
    await db.end({ timeout: 5 })
  }
}

await runCommand(async () => {
  await program.parseAsync()
  return exitCodes.done
})
