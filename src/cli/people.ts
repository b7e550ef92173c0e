import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { Command } from 'commander'
import { type Act, writeActs } from '../audit/acts.ts'
import type { ActName } from '../base/act-names.ts'
import { systemClock, toRfc3339 } from '../base/clock.ts'
import type { Vault } from '../base/vault.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { canSignIn, invitationLink, invite } from '../identity/invitations.ts'
import {
  findByLogin,
  insertPerson,
  listKinds,
  listPeople,
  type Person,
  setDisabled,
  setRoles,
} from '../identity/person-store.ts'
import { areCompatible, parseRole, type Role, roleNames } from '../identity/rights.ts'
import { endSessions, voidInvitations } from '../identity/session-store.ts'
import { findTenant } from '../identity/tenants.ts'
import { totpCode } from '../identity/totp.ts'
import { keyTable } from '../secrecy/key-table.ts'
import { openVault } from '../secrecy/vault.ts'
import { exitCodes, Failure } from './hub.ts'
import { runCommand } from './show.ts'
import { withKeys } from './with-keys.ts'

const program = new Command('npm run people --')
  .description(
    'The first administrator of a tenant, from the shell; everybody else is invited over the API. Works on the database itself, with the settings of the hub.',
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

type Inviting = {
  readonly tenant: string
  readonly name: string
  readonly login: string
  readonly role: readonly string[]
}

program
  .command('invite')
  .description('invites a person, or makes another link for one who cannot sign in; the link works once, for 72 hours')
  .requiredOption('--tenant <number>', 'for whom they act')
  .requiredOption('--name <name>', 'what they are called')
  .requiredOption('--login <login>', 'what they sign in as, such as an e-mail address')
  .requiredOption('--role <role>', `${roleNames.join(', ')}; may be given several times`, collect, [])
  .action(async ({ tenant, name, login: given, role }: Inviting) => {
    const tenantId = readTenant(tenant)
    const login = readLogin(given)
    const roles = readRoles(role)
    if (!/^[^\p{Cc}\p{Cs}]{1,100}$/u.test(name))
      throw new Failure(exitCodes.usage, '--name must be 1 to 100 characters')
    await withPeople(async ({ db, vault, config, dataDir }) => {
      const now = systemClock.now()
      await vault.prepare([tenantId], now)
      const before = (await findByLogin(db, vault, tenantId, login)).candidate?.person
      const { person, token } = await inTransaction(db, async (tx) => {
        const known = await findTenant(tx, tenantId)
        if (known === undefined || known.kind === 'hub')
          throw new Failure(exitCodes.usage, `there is no tenant ${tenantId}`)
        if (before !== undefined && (await canSignIn(tx, before)))
          throw new Failure(exitCodes.failed, `somebody of tenant ${tenantId} has that login, and can sign in`)
        const made = before ?? (await insertPerson(tx, vault, { tenantId, name, login, roles }, operator(), now))
        if (made === undefined) throw new Failure(exitCodes.failed, `somebody of tenant ${tenantId} has that login`)
        await setDisabled(tx, tenantId, made.id, null)
        await setRoles(tx, tenantId, made.id, roles)
        const { token } = await invite(tx, made, operator(), now)
        await writeActs(tx, [actOf(made, 'person.invited', { roles: roles.join(' ') })])
        return { person: made, token }
      })
      say(`${person.id}  ${login}: ${roles.join(', ')}`)
      say(`  link   ${invitationLink(originOf(config, dataDir), token)}`)
      say(`  token  ${token}`)
      say(
        'It works once, until 72 hours from now, and is written nowhere else. Hand it over so that nobody else reads it.',
      )
    })
  })

program
  .command('list')
  .description('the people of a tenant')
  .requiredOption('--tenant <number>', 'whose')
  .action(async ({ tenant }: { readonly tenant: string }) => {
    const tenantId = readTenant(tenant)
    await withPeople(async ({ db, vault }) => {
      const people = await listPeople(db, vault, tenantId)
      const kinds = await inTransaction(db, (tx) => listKinds(tx, tenantId))
      for (const { id, name, login, roles, disabledAt } of people) {
        const factors = kinds.get(id)?.join(' and ') ?? 'not accepted yet'
        const state = disabledAt === null ? factors : `disabled since ${toRfc3339(disabledAt)}`
        say(`${id}  ${login}  ${name}: ${roles.join(', ')}; ${state}`)
      }
    })
  })

program
  .command('disable')
  .description('lets a person in no more: their sessions end within a second')
  .requiredOption('--tenant <number>', 'whose')
  .requiredOption('--login <login>', 'what they sign in as')
  .action(async ({ tenant, login }: { readonly tenant: string; readonly login: string }) => {
    const tenantId = readTenant(tenant)
    await withPeople(async ({ db, vault }) => {
      const person = (await findByLogin(db, vault, tenantId, readLogin(login))).candidate?.person
      if (person === undefined) throw new Failure(exitCodes.usage, `nobody of tenant ${tenantId} has that login`)
      if (person.disabledAt !== null) return say(`${person.id} is disabled already`)
      const now = systemClock.now()
      const sessions = await inTransaction(db, async (tx) => {
        await setDisabled(tx, tenantId, person.id, now)
        await voidInvitations(tx, person, now)
        const ended = await endSessions(tx, person, null, now)
        await writeActs(tx, [actOf(person, 'person.disabled', { sessions: ended })])
        return ended
      })
      say(`${person.id} is disabled; ${sessions} sessions ended`)
    })
  })

program
  .command('demo')
  .description('the people of a sandbox that runs: what each types to sign in to the console, with the code of now')
  .action(() => {
    const { console: at, people } = readSandbox(program.opts<{ readonly dataDir: string }>().dataDir)
    say(`${at.replace('//127.0.0.1', '//localhost')}  tenant, login, password and code:`)
    for (const [role, { tenant, login, password, totpSecret }] of Object.entries(people))
      say(`  ${role.padEnd(14)} ${tenant}  ${login.padEnd(30)} ${password}  ${totpCode(totpSecret, systemClock.now())}`)
    say('A code signs in once, and for half a minute.')
  })

/** Whoever is at the keyboard. */
const operator = (): string => userInfo().username.slice(0, 64)

const actOf = (person: Pick<Person, 'id' | 'tenantId'>, action: ActName, detail: Act['detail']): Act => ({
  tenantId: person.tenantId,
  at: systemClock.now(),
  actor: { kind: 'operator', id: operator() },
  action,
  subject: person.id,
  outcome: 'done',
  detail,
  requestId: null,
  address: null,
})

function collect(one: string, before: readonly string[]): readonly string[] {
  return [...before, one]
}

function readTenant(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text)
  throw new Failure(exitCodes.usage, '--tenant must be the number of a tenant: npm run tenants -- list')
}

function readLogin(text: string): string {
  if (/^[A-Za-z0-9._%+@-]{3,100}$/.test(text)) return text.toLowerCase()
  throw new Failure(exitCodes.usage, '--login must be 3 to 100 letters, digits and . _ % + @ -')
}

function readRoles(names: readonly string[]): Role[] {
  const roles = names.map((name) => {
    const role = parseRole(name)
    if (role === undefined) throw new Failure(exitCodes.usage, `--role must be one of ${roleNames.join(', ')}`)
    return role
  })
  if (roles.length === 0) throw new Failure(exitCodes.usage, `--role is missing: one of ${roleNames.join(', ')}`)
  if (areCompatible(roles)) return [...new Set(roles)]
  throw new Failure(exitCodes.usage, 'these roles would let one person both pay and decide, set limits, or give rights')
}

/** Where people open their link: what the hub is called from outside, or the sandbox that runs. Passkeys are for localhost, not for its address. */
function originOf(config: Config, dataDir: string): string {
  if (config.baseUrl !== undefined) return new URL(config.baseUrl).origin
  try {
    const { baseUrl }: { baseUrl: string } = JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8'))
    return new URL(baseUrl).origin.replace('//127.0.0.1', '//localhost')
  } catch {
    return 'http://localhost:8080'
  }
}

type Demo = { readonly tenant: number; readonly login: string; readonly password: string; readonly totpSecret: string }

/** What a sandbox that runs says of itself. */
function readSandbox(dataDir: string): { readonly console: string; readonly people: Readonly<Record<string, Demo>> } {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8'))
  } catch {
    throw new Failure(exitCodes.failed, `no sandbox runs on ${dataDir}: npm start`)
  }
}

type Work = { readonly db: Db; readonly vault: Vault; readonly config: Config; readonly dataDir: string }

function withPeople(run: (work: Work) => Promise<void>): Promise<void> {
  const { dataDir } = program.opts<{ readonly dataDir: string }>()
  return withKeys(dataDir, 'turant people', async ({ db, keys, config }) => {
    const vault = await openVault({ keys, table: keyTable(db), block: 256 })
    await run({ db, vault, config, dataDir })
  })
}

await runCommand(async () => {
  await program.parseAsync()
  return exitCodes.done
})
