import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { Command } from 'commander'
import type { ChainedAct } from '../audit/acts.ts'
import { listActs } from '../audit/store.ts'
import { verifyAudit } from '../audit/verify.ts'
import { toRfc3339 } from '../base/clock.ts'
import { createPool, type Db } from '../db/pool.ts'
import { exitCodes, Failure } from './hub.ts'
import { runCommand } from './show.ts'

type Options = {
  readonly dataDir: string
  readonly tenant?: string
  readonly from?: string
  readonly to?: string
  readonly format: string
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
    'reads every act of every chain and every entry of the ledger; exit code 1 when anything is not as it was written',
  )
  .option('--tenant <number>', 'only the chain of this tenant, and not the ledger')
  .action(async (own: Pick<Options, 'tenant'>) => {
    const tenant = own.tenant === undefined ? undefined : readTenant(own.tenant)
    const verdict = await withDatabase((db) =>
      verifyAudit(db, tenant, (acts) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${acts} acts read`)
      }),
    )
    if (process.stderr.isTTY) process.stderr.write('\r')
    for (const fault of verdict.faults) process.stdout.write(`✗ ${fault}\n`)
    const ledger = tenant === undefined ? ', and the ledger' : ''
    const what = `${verdict.acts} acts in ${verdict.chains} chains${ledger}`
    process.stdout.write(
      verdict.faults.length === 0 ? `✓ ${what}: all as it was written\n` : `${what}: ${verdict.faults.length} faults\n`,
    )
    intact = verdict.faults.length === 0
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
    if (own.format !== 'csv' && own.format !== 'jsonl')
      throw new Failure(exitCodes.usage, '--format must be csv or jsonl')
    const filters = { from: readInstant('--from', own.from), to: readInstant('--to', own.to) }
    await withDatabase(async (db) => {
      if (own.format === 'csv') process.stdout.write(`${columns.join(',')}\r\n`)
      for (let before: bigint | undefined; ; ) {
        const page = await listActs(db, tenant, filters, before, 1_000)
        for (const act of page) process.stdout.write(own.format === 'csv' ? csvLine(act) : `${jsonLine(act)}\n`)
        before = page.at(-1)?.sequence
        if (page.length < 1_000) return
      }
    })
  })

await runCommand(async () => {
  await program.parseAsync()
  return intact ? exitCodes.done : exitCodes.failed
})

const columns = [
  'sequence',
  'at',
  'actor',
  'action',
  'subject',
  'outcome',
  'detail',
  'request',
  'address',
  'hash',
] as const

const fieldsOf = (act: ChainedAct): readonly string[] => [
  String(act.sequence),
  toRfc3339(act.at),
  act.actor.id,
  act.action,
  act.subject ?? '',
  act.outcome,
  JSON.stringify(act.detail),
  act.requestId ?? '',
  act.address ?? '',
  act.hash,
]

/** Quoted as RFC 4180 has it; what a spreadsheet would take for a formula begins with an apostrophe. */
const csvLine = (act: ChainedAct): string =>
  `${fieldsOf(act)
    .map((field) => (/^[=+\-@\t\r]/.test(field) ? `'${field}` : field))
    .map((field) => `"${field.replaceAll('"', '""')}"`)
    .join(',')}\r\n`

const jsonLine = (act: ChainedAct): string =>
  JSON.stringify({ ...act, sequence: String(act.sequence), at: toRfc3339(act.at) })

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

/** The database that is set, or the one of the sandbox that runs in the data folder. */
function findDatabase(dataDir: string): string {
  const given = env.TURANT_OWNER_URL ?? env.DATABASE_URL
  if (given !== undefined && given !== '') return given
  const place = join(dataDir, 'postgres.place')
  const folder = existsSync(place) ? readFileSync(place, 'utf8').trim() : join(dataDir, 'postgres')
  try {
    const port = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[3]
    const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim()
    return `postgres://turant:${password}@127.0.0.1:${Number(port)}/turant`
  } catch {
    throw new Failure(exitCodes.unreachable, `no database runs in ${dataDir}: start the hub there, or set DATABASE_URL`)
  }
}
