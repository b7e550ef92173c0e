import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readMigrations } from '../src/db/migrate.ts'
import { errorCode } from '../src/db/pool.ts'
import { openTestDatabase } from './support/database.ts'
import { statementsOf, whyNotOnline } from './support/online-migrations.ts'

// Upgrades without a stop: docs/guides/upgrade.md says the rule, this holds every migration to it.

/** The last migration of the first release: nobody served on less, so what came before did not have to be online. */
const BEFORE_ANY_RELEASE = '0031'

const { db } = await openTestDatabase({ connections: 1 })

test('a migration adds; what takes away says which releases it still serves', () => {
  const wrong = readMigrations()
    .filter(({ name }) => name.slice(0, 4) > BEFORE_ANY_RELEASE)
    .flatMap(({ name, up, serves }) => (serves === undefined ? whyNotOnline(up).map((why) => `${name}: ${why}`) : []))
  assert.deepEqual(wrong, [])
})

const judged: readonly [sql: string, why: RegExp | undefined][] = [
  ['create table a (b int not null); create index a_b on a (b); alter table a rename b to c', undefined],
  ['alter table payment add column a text', undefined],
  ["alter table payment add column a text not null default 'x', add column b int", undefined],
  ['alter table payment add constraint a check (b > 0) not valid', undefined],
  ['alter table hold drop constraint a; alter table hold add constraint a check (b in (1, 2)) not valid', undefined],
  ['-- drop table payment\nselect 1', undefined],
  ['create function f() returns int language sql as $$ update payment set a = 1 $$', undefined],
  ['alter table payment drop column a', /old code may name/],
  ['alter table payment drop a', /old code may name/],
  ['drop table payment', /takes away/],
  ['truncate table payment', /takes away/],
  ['alter table payment rename column a to b', /renames/],
  ['alter table payment rename to b', /renames/],
  ['alter table payment alter column a type text', /rewritten/],
  ['alter table payment alter a set not null', /does not give/],
  ['alter table payment add column a text not null', /without default/],
  ['alter table payment add column b int default 1, add column a text not null', /without default/],
  ['alter table payment add column a uuid default gen_random_uuid()', /rewritten/],
  ['alter table payment add column a bigint generated always as identity', /rewritten/],
  ['alter table payment add constraint a check (b > 0)', /not valid/],
  ['alter table payment add constraint a foreign key (b) references c', /not valid/],
  ['alter table payment add constraint a unique (b)', /index under a lock/],
  ['alter table payment drop constraint a', /puts none/],
  ['create index a on payment (b)', /nobody can write/],
  ['create unique index a on payment (b)', /nobody can write/],
  ['update payment set a = 1', /every row/],
  ['delete from payment', /deletes/],
  ['lock table payment in exclusive mode', /lock/],
  ['create index if not exists a on payment (b)', undefined],
  ['drop function f()', /takes away/],
  ['drop index payment_by_rrn', /takes away/],
  ['revoke select on payment from turant_hub', /right/],
]
for (const [sql, why] of judged) {
  test(`${why === undefined ? 'online' : 'refused'}: ${sql.replaceAll('\n', ' ')}`, () => {
    const found = whyNotOnline(sql)
    if (why === undefined) assert.deepEqual(found, [])
    else assert.match(found.join('\n'), why)
  })
}

test('a body between dollar signs is one piece, and a comment none', () => {
  assert.deepEqual(statementsOf('a; -- b;\n/* c; */ do $$ x; y; $$; d'), ['a', 'do $body0$', 'd'])
})

const folder = fileURLToPath(new URL('./vectors/statements', import.meta.url))
for (const file of globSync('*.json', { cwd: folder })) {
  const { release, statements } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    readonly release: string
    readonly statements: readonly string[]
  }
  test(`what the release of ${release} sends is understood by the tables of today`, async () => {
    // A migration that contracts says from which release on it serves; those before it may go.
    const served = readMigrations().every(({ serves }) => serves === undefined || serves <= release)
    if (!served) return
    assert.ok(statements.length > 100)
    const wrong: string[] = []
    for (const sql of statements) {
      try {
        await db.unsafe(`prepare old as ${sql}`)
        await db`deallocate old`
      } catch (error) {
        wrong.push(`${errorCode(error)} ${error instanceof Error ? error.message : ''}: ${sql.slice(0, 120)}`)
      }
    }
    assert.deepEqual(wrong, [])
  })
}
