/**
 * Whether a migration may run while the release before it serves: it adds and takes nothing away, locks no table that is there for longer
 * than a moment, and asks nothing new of statements that know nothing of it (docs/guides/upgrade.md).
 */

/** Statements of a migration, without comments; a body between dollar signs stays in one piece. */
export function statementsOf(sql: string): string[] {
  const bodies: string[] = []
  const plain = sql
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, (body) => `$body${bodies.push(body) - 1}$`)
    .replaceAll(/--[^\n]*/g, '')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
  return plain
    .split(';')
    .map((one) => one.replaceAll(/\s+/g, ' ').trim())
    .filter((one) => one !== '')
}

type Rule = readonly [found: RegExp, why: string]

/** On a table that was there before. `$1` of each is the table, where there is one. */
const onOldTables: readonly Rule[] = [
  [
    /^alter table (?:only )?(\w+)\b.*\bdrop (?:column )?(?!constraint|not null|default|expression|identity)\w+/,
    'drops a column that old code may name',
  ],
  [/^alter table (?:only )?(\w+)\b.*\brename\b/, 'renames what old code names'],
  [
    /^alter table (?:only )?(\w+)\b.*\balter (?:column )?\w+ (?:set data )?type\b/,
    'changes a type: the table is rewritten under a lock',
  ],
  [/^alter table (?:only )?(\w+)\b.*\bset not null\b/, 'asks for a value that old code does not give'],
  [
    /^alter table (?:only )?(\w+)\b.*\badd column (?:if not exists )?\w+(?:(?!\bdefault\b|, add ).)*\bnot null\b(?:(?!\bdefault\b|, add ).)*(?:$|, add )/,
    'asks for a value that old code does not give: not null without default',
  ],
  [
    /^alter table (?:only )?(\w+)\b.*\badd column \w+[^,]*\bdefault (?:random|clock_timestamp|gen_random_uuid|nextval|timeofday)\b/,
    'has a default of its own for each row: the table is rewritten under a lock',
  ],
  [
    /^alter table (?:only )?(\w+)\b.*\badd column \w+[^,]*\b(?:bigserial|serial|generated)\b/,
    'has a value of its own for each row: the table is rewritten under a lock',
  ],
  [
    /^alter table (?:only )?(\w+)\b.*\badd constraint \w+ (?:check|foreign key)\b(?!.*\bnot valid\b)/,
    'reads the whole table under a lock: add it not valid, and validate it in a later migration',
  ],
  [
    /^alter table (?:only )?(\w+)\b.*\badd (?:constraint \w+ )?(?:unique|primary key|exclude)\b/,
    'builds an index under a lock',
  ],
  [
    /^create (?:unique )?index (?!concurrently|if not exists)\w+ on (?:only )?(\w+)/,
    'builds an index while nobody can write: see the guide for a big table',
  ],
  [/^(?:drop table|truncate)(?: table| if exists)* (\w+)/, 'takes away what old code names'],
  [/^update (?:only )?(\w+)/, 'changes every row in one transaction: do it in steps, in code'],
  [/^delete from (?:only )?(\w+)/, 'deletes rows that old code may look for'],
  [/^(?:lock table|cluster|vacuum full|reindex)(?: \w+)* (\w+)/, 'holds a lock for long'],
]

const always: readonly Rule[] = [
  [
    /^drop (?:view|materialized view|function|procedure|sequence|type|schema|index)\b/,
    'takes away what old code may use',
  ],
  [/^alter (?:type|sequence|function|index|view) .*\brename\b/, 'renames what old code names'],
  [/^revoke\b/, 'takes away a right that old code uses'],
]

/** What is wrong with a migration, a line each; none when it may run under load. */
export function whyNotOnline(sql: string): string[] {
  const statements = statementsOf(sql.toLowerCase())
  const made = new Set(statements.flatMap((one) => /^create table (?:if not exists )?(\w+)/.exec(one)?.[1] ?? []))
  const constraints = new Set(
    statements.flatMap((one) => [...one.matchAll(/add constraint (\w+)/g)].map(([, name]) => name)),
  )
  return statements.flatMap((statement) => {
    const say = (why: string): string => `${statement.slice(0, 100)}: ${why}`
    const old = onOldTables.flatMap(([found, why]) => {
      const [, table] = found.exec(statement) ?? []
      return table === undefined || made.has(table) ? [] : [say(why)]
    })
    // A check may be made wider: the old one goes and the new one comes in one migration.
    const dropped = [...statement.matchAll(/drop constraint (?:if exists )?(\w+)/g)].flatMap(([, name]) =>
      constraints.has(name) ? [] : [say('drops a constraint and puts none in its place')],
    )
    return [...old, ...dropped, ...always.flatMap(([found, why]) => (found.test(statement) ? [say(why)] : []))]
  })
}
