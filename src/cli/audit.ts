import { createPublicKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { Command } from 'commander'
import { exportActs, exportFormats } from '../audit/export.ts'
import { dataClasses, findDue, removeDue } from '../audit/retention.ts'
import { readSink } from '../audit/roots.ts'
import { listActs } from '../audit/store.ts'
import { type Verdict, type VerifyOptions, verifyAudit } from '../audit/verify.ts'
import { systemClock, toRfc3339 } from '../base/clock.ts'
import { createPool, type Db } from '../db/pool.ts'
import { findDatabase } from './database.ts'
import { exitCodes, Failure } from './hub.ts'
import { writeIncident } from './incident.ts'
import { runCommand } from './show.ts'

type Options = {
  readonly dataDir: string
  readonly tenant?: string
  readonly from?: string
  readonly to?: string
  readonly format: string
  readonly key?: string
  readonly roots?: string
}
type IncidentOptions = {
  readonly noticed: string
  readonly from?: string
  readonly to?: string
  readonly tenant?: string
  readonly log?: string
  readonly out: string
}

const program = new Command('npm run audit --')
  .description(
    'Proves the audit chain and the ledger, or writes the chain out for auditors. Reads the database itself, not the hub.',
  )
  .option(
    '--data-dir <folder>',
    'the data folder of the sandbox (default: TURANT_DATA_DIR or .turant); DATABASE_URL goes before it',
    env.TURANT_DATA_DIR ?? '.turant',
  )
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()

/** Whether all that was read is as it was written. */
let intact = true

program
  .command('verify')
  .description(
    'reads every act of every chain, every window that they sealed, every signed root and every entry of the ledger; exit code 1 when anything is not as it was written',
  )
  .option('--tenant <number>', 'only the chain of this tenant and what it sealed; not the roots and not the ledger')
  .option('--key <file>', 'the public audit key, PEM (default: audit-key.pem in the data folder)')
  .option(
    '--roots <file>',
    'the copy of the roots that is kept elsewhere (default: audit-roots.jsonl in the data folder)',
  )
  .action(async (own: Pick<Options, 'tenant' | 'key' | 'roots'>) => {
    const verdict = await withDatabase((db) => verifyAudit(db, verifying(own)))
    if (process.stderr.isTTY) process.stderr.write('\r')
    for (const fault of verdict.faults) process.stdout.write(`✗ ${fault}\n`)
    process.stdout.write(`${summaryOf(verdict, own)}\n`)
    intact = verdict.faults.length === 0
  })

/** What is verified against: the tenant, the key and the copy that were named, or those that lie in the data folder. */
function verifying(own: Pick<Options, 'tenant' | 'key' | 'roots'>): VerifyOptions {
  const { dataDir } = program.opts<Options>()
  const keyFile = own.key ?? join(dataDir, 'audit-key.pem')
  const rootsFile = own.roots ?? join(dataDir, 'audit-roots.jsonl')
  const missing = [own.key, own.roots].find((file) => file !== undefined && !existsSync(file))
  if (missing !== undefined) throw new Failure(exitCodes.usage, `${missing} is not there`)
  try {
    return {
      tenantId: own.tenant === undefined ? undefined : readTenant(own.tenant),
      auditKey: existsSync(keyFile)
        ? createPublicKey(readFileSync(keyFile)).export({ format: 'der', type: 'spki' })
        : undefined,
      copied: existsSync(rootsFile) ? readSink(rootsFile) : undefined,
      told: (acts) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${acts} acts read`)
      },
    }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(exitCodes.usage, error instanceof Error ? error.message : String(error))
  }
}

function summaryOf(verdict: Verdict, own: Pick<Options, 'tenant'>): string {
  const { dataDir } = program.opts<Options>()
  const ledger = own.tenant === undefined ? ', and the ledger' : ''
  const what = `${verdict.acts} acts in ${verdict.chains} chains, ${verdict.sealed} sealed steps and legs, ${verdict.roots} roots${ledger}`
  const unsigned =
    own.tenant === undefined && verdict.roots > 0 && verifying(own).auditKey === undefined
      ? `\n  signatures were not looked at: there is no audit-key.pem in ${dataDir}, and no --key`
      : ''
  return verdict.faults.length === 0
    ? `✓ ${what}: all as it was written${unsigned}`
    : `${what}: ${verdict.faults.length} faults${unsigned}`
}

program
  .command('incident')
  .description(
    'writes a folder with all that a report of an incident asks for: CERT-In within six hours of noticing, RBI within six, DPDP within 72',
  )
  .requiredOption('--noticed <instant>', 'when it was noticed, such as 2026-11-27T09:00:00+05:30')
  .option('--from <instant>', 'the span to look at begins here (default: 24 hours before it was noticed)')
  .option('--to <instant>', 'and ends here (default: now)')
  .option('--tenant <number>', 'only what concerns this tenant')
  .option(
    '--log <file>',
    'a log of the hub, whose lines of the span are taken along (default: hub.log in the data folder)',
  )
  .requiredOption('--out <folder>', 'a folder that is not there yet')
  .action(async (own: IncidentOptions) => {
    const noticed = readInstant('--noticed', own.noticed) ?? 0
    const span = {
      from: readInstant('--from', own.from) ?? noticed - 86_400_000,
      to: readInstant('--to', own.to) ?? systemClock.now(),
      tenantId: own.tenant === undefined ? undefined : readTenant(own.tenant),
    }
    if (span.from >= span.to) throw new Failure(exitCodes.usage, '--from must be before --to')
    if (existsSync(own.out)) throw new Failure(exitCodes.usage, `${own.out} is there already: name a new folder`)
    const log = own.log ?? join(program.opts<Options>().dataDir, 'hub.log')
    const verdict = await withDatabase(async (db) => {
      const found = await verifyAudit(db, verifying({ ...(own.tenant === undefined ? {} : { tenant: own.tenant }) }))
      await writeIncident(db, {
        ...span,
        noticed,
        folder: own.out,
        log: existsSync(log) ? log : undefined,
        verdict: found,
      })
      return found
    })
    process.stdout.write(`${own.out}: report.md, acts.jsonl, actors.csv, payments.csv, verdict.json, MANIFEST.sha256\n`)
    process.stdout.write(`report by ${toRfc3339(noticed + 6 * 3_600_000)}\n`)
    intact = verdict.faults.length === 0
  })

program
  .command('retention')
  .description('what is kept how long, and what is over; with --apply it is deleted')
  .option('--apply', 'deletes what is over')
  .action(async (own: { readonly apply?: true }) => {
    for (const { name, what, days, law, ends } of Object.values(dataClasses))
      process.stdout.write(`${name}: ${what}\n  ${days} days (${law}); then ${ends}\n`)
    await withDatabase(async (db) => {
      for (const { table, rows, before } of await findDue(db, systemClock.now()))
        process.stdout.write(`${table}: ${rows} rows from before ${toRfc3339(before)} are over\n`)
      if (own.apply !== true) return
      for (const [table, rows] of Object.entries(await removeDue(db, systemClock.now())))
        process.stdout.write(`${table}: ${rows} rows deleted\n`)
    })
  })

program
  .command('export')
  .description("writes a tenant's acts, newest first, to standard output")
  .requiredOption('--tenant <number>', 'whose')
  .option('--from <instant>', 'from this instant on, such as 2026-11-01T00:00:00+05:30')
  .option('--to <instant>', 'before this instant')
  .option('--format <format>', 'csv or jsonl', 'jsonl')
  .action(async (own: Pick<Options, 'from' | 'to' | 'format'> & { readonly tenant: string }) => {
    const tenant = readTenant(own.tenant)
    const format = exportFormats.find((one) => one === own.format)
    if (format === undefined) throw new Failure(exitCodes.usage, '--format must be csv or jsonl')
    const filters = { from: readInstant('--from', own.from), to: readInstant('--to', own.to) }
    await withDatabase(async (db) => {
      const read = (before: bigint | undefined, limit: number) => listActs(db, tenant, filters, before, limit)
      for await (const lines of exportActs(read, format)) process.stdout.write(lines)
    })
  })

function readTenant(text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text)
  throw new Failure(exitCodes.usage, '--tenant must be a number')
}

function readInstant(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const at = Date.parse(text)
  if (Number.isNaN(at))
    throw new Failure(exitCodes.usage, `${option} must be an instant such as 2026-11-01T00:00:00+05:30`)
  return at
}

async function withDatabase<T>(run: (db: Db) => Promise<T>): Promise<T> {
  const db = createPool(findDatabase(program.opts<Options>().dataDir), { connections: 1, name: 'turant audit' })
  try {
    return await run(db)
  } finally {
    await db.end({ timeout: 5 })
  }
}

await runCommand(async () => {
  await program.parseAsync()
  return intact ? exitCodes.done : exitCodes.failed
})
