import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { env } from 'node:process'
import { Command } from 'commander'
import { BackupError } from '../backup/archive.ts'
import { takeBackup } from '../backup/backup.ts'
import { systemClock, toRfc3339 } from '../base/clock.ts'
import { exitCodes, Failure } from './hub.ts'
import { runCommand } from './show.ts'
import { withKeys } from './with-keys.ts'

const program = new Command('npm run backup --')
  .description(
    'Writes the whole database, as it is at one instant, and the settlement files into a new folder, sealed under a key that only the key store of this hub opens. The hub works on meanwhile.',
  )
  .requiredOption(
    '--to <folder>',
    'a new folder; in one that is there already a folder with the time in its name is made',
  )
  .option(
    '--data-dir <folder>',
    'the data folder of the hub (default: TURANT_DATA_DIR or .turant); DATABASE_URL goes before its database',
    env.TURANT_DATA_DIR ?? '.turant',
  )
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()
  .action(async ({ to, dataDir }: { readonly to: string; readonly dataDir: string }) => {
    const stamp = toRfc3339(systemClock.now()).slice(0, 19).replaceAll(/[-:]/g, '')
    const folder = existsSync(to) && statSync(to).isDirectory() ? join(to, `turant-${stamp}Z`) : to
    await withKeys(dataDir, 'turant backup', async ({ db, keys, config }) => {
      const manifest = await takeBackup(
        { db, keys, clock: systemClock, filesDir: config.filesDir ?? join(dataDir, 'files') },
        resolve(folder),
        progress,
      ).catch(saidInALine)
      const rows = Object.values(manifest.rows).reduce((sum, one) => sum + one, 0)
      process.stdout.write(
        [
          `${folder}: the hub as it was at ${manifest.takenAt}`,
          `  ${rows} rows of ${Object.keys(manifest.rows).length} tables, ${Object.keys(manifest.files).length} settlement files, ${manifest.bytes} bytes, SHA-256 ${manifest.sha256}`,
          `  sealed; only the key ${manifest.kek} of the key store (${manifest.keyStore}) opens it.`,
          `  Not in it, keep them elsewhere: ${
            config.keyStore === 'file'
              ? `that key (${config.keyFile ?? join(dataDir, 'kek.json')})`
              : 'the token with that key'
          }, keys and certificates of links (TURANT_KEYS), the settings, audit-roots.jsonl.`,
          '',
        ].join('\n'),
      )
    })
  })

function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`)
}

function saidInALine(error: unknown): never {
  if (error instanceof BackupError) throw new Failure(exitCodes.failed, error.message)
  throw error
}

await runCommand(async () => {
  await program.parseAsync()
  return exitCodes.done
})
