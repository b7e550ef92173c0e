import { userInfo } from 'node:os'
import { env } from 'node:process'
import { Argument, Command, Option } from 'commander'
import { type Act, writeActs } from '../audit/acts.ts'
import type { ActName } from '../base/act-names.ts'
import { systemClock, toRfc3339 } from '../base/clock.ts'
import { createPool, type Db, type Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import {
  type AuthenticationMode,
  authenticationModes,
  findTenant,
  insertTenant,
  listTenants,
  setAuthentication,
  stopTenant,
  type TenantKind,
  tenantKinds,
  whyNotTenant,
} from '../identity/tenants.ts'
import { findDatabase } from './database.ts'
import { exitCodes, Failure } from './hub.ts'
import { runCommand } from './show.ts'

const program = new Command('npm run tenants --')
  .description('Who uses the hub. Works on the database itself; a hub that runs obeys with its next payment.')
  .option(
    '--data-dir <folder>',
    'the data folder of the sandbox (default: TURANT_DATA_DIR or .turant); DATABASE_URL goes before it',
    env.TURANT_DATA_DIR ?? '.turant',
  )
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

program
  .command('list')
  .description('all tenants')
  .action(async () => {
    for (const one of await withDatabase(listTenants)) {
      const at = one.institution === null ? 'any bank' : one.institution
      const behind = one.parentId === null ? '' : ` behind ${one.parentId}`
      const stopped = one.stoppedAt === null ? '' : `, stopped since ${toRfc3339(one.stoppedAt)}`
      say(`${one.id}  ${one.name}: ${one.kind}${behind}, ${at}, authentication ${one.authentication}${stopped}`)
    }
  })

type Adding = {
  readonly name: string
  readonly kind: TenantKind
  readonly institution?: string
  readonly parent?: string
  readonly authentication: AuthenticationMode
}

program
  .command('add')
  .description('makes a tenant; then invite its first administrator: npm run people -- invite')
  .requiredOption('--name <name>', 'what it is called, 1 to 100 characters')
  .addOption(new Option('--kind <kind>', 'what it is').choices(tenantKinds).default('business'))
  .option(
    '--institution <code>',
    "the code of the bank where its accounts are, as the wire profile has it; any bank when it isn't given",
  )
  .option('--parent <number>', 'the tenant of the member bank behind a sub-member or a business')
  .addOption(
    new Option(
      '--authentication <mode>',
      "what its customers' payments need: nothing, two factors asked for by the hub, or evidence of its own",
    )
      .choices(authenticationModes)
      .default('none'),
  )
  .action(async ({ name, kind, institution, parent, authentication }: Adding) => {
    if (!/^[^\p{Cc}\p{Cs}]{1,100}$/u.test(name))
      throw new Failure(exitCodes.usage, '--name must be 1 to 100 characters')
    if (institution !== undefined && !/^[A-Z0-9]{2,11}$/.test(institution))
      throw new Failure(exitCodes.usage, '--institution must be a code such as TRN')
    const wanted = {
      name,
      kind,
      institution: institution ?? null,
      parentId: parent === undefined ? null : readNumber('--parent', parent),
      authentication,
    }
    const made = await changing(async (tx) => {
      const why = await whyNotTenant(tx, wanted)
      if (why !== undefined) throw new Failure(exitCodes.usage, why)
      const tenant = await insertTenant(tx, wanted, systemClock.now())
      return { result: tenant, act: actOf(tenant.id, 'tenant.created', { kind, authentication }) }
    })
    say(`tenant ${made.id}: ${made.name}`)
  })

program
  .command('authentication')
  .description("changes what a tenant's customers' payments need; what waits already is not changed")
  .argument('<tenant>', 'its number')
  .addArgument(new Argument('<mode>', 'what they need').choices(authenticationModes))
  .action((tenant: string, mode: AuthenticationMode) =>
    setting(readNumber('tenant', tenant), 'tenant.authentication_set', { mode }, (tx, id) =>
      setAuthentication(tx, id, mode),
    ),
  )

for (const [verb, stops] of [
  ['stop', true],
  ['resume', false],
] as const) {
  program
    .command(verb)
    .description(stops ? 'the kill switch: nothing of this tenant leaves' : 'lets its payments go again')
    .argument('<tenant>', 'its number')
    .action((tenant: string) =>
      setting(readNumber('tenant', tenant), stops ? 'payments.stopped' : 'payments.resumed', {}, (tx, id) =>
        stopTenant(tx, id, stops ? systemClock.now() : null),
      ),
    )
}

/** Changes one thing about a tenant, and writes down that it was. */
async function setting(
  id: number,
  action: ActName,
  detail: Act['detail'],
  change: (tx: Tx, id: number) => Promise<boolean>,
): Promise<void> {
  const changed = await changing(async (tx) => {
    const tenant = await findTenant(tx, id)
    if (tenant === undefined || tenant.kind === 'hub') throw new Failure(exitCodes.usage, `there is no tenant ${id}`)
    const done = await change(tx, id)
    return { result: done, act: done ? actOf(id, action, detail) : undefined }
  })
  say(changed ? `tenant ${id}: done` : `tenant ${id}: it was so already`)
}

/** Whoever is at the keyboard, as the audit log has it. */
const actOf = (tenantId: number, action: ActName, detail: Act['detail']): Act => ({
  tenantId,
  at: systemClock.now(),
  actor: { kind: 'operator', id: userInfo().username.slice(0, 64) },
  action,
  subject: null,
  outcome: 'done',
  detail,
  requestId: null,
  address: null,
})

function changing<T>(run: (tx: Tx) => Promise<{ readonly result: T; readonly act: Act | undefined }>): Promise<T> {
  return withDatabase((db) =>
    inTransaction(db, async (tx) => {
      const { result, act } = await run(tx)
      if (act !== undefined) await writeActs(tx, [act])
      return result
    }),
  )
}

function readNumber(what: string, text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text)
  throw new Failure(exitCodes.usage, `${what} must be the number of a tenant`)
}

async function withDatabase<T>(run: (db: Db) => Promise<T>): Promise<T> {
  const { dataDir } = program.opts<{ readonly dataDir: string }>()
  const db = createPool(findDatabase(dataDir), { connections: 1, name: 'turant tenants' })
  try {
    return await run(db)
  } finally {
    await db.end({ timeout: 5 })
  }
}

await runCommand(async () => {
  await program.parseAsync()
  return exitCodes.done
})
