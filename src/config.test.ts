import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError, readConfig, readProfileText, settings, settingsDocument } from './config.ts'

const refuses = (env: Record<string, string>, message: RegExp): void => {
  assert.throws(
    () => readConfig(env),
    (error) => error instanceof ConfigError && message.test(error.message) && !error.message.includes('\n'),
  )
}

test('no settings at all is the sandbox on port 8080', () => {
  const config = readConfig({ PATH: '/bin', HOME: '/root' })
  assert.equal(config.mode, 'sandbox')
  assert.equal(config.port, 8080)
  assert.equal(config.timerScale, 1)
  assert.equal(config.databaseUrl, undefined)
  assert.equal(config.given.size, 0)
})

test('a value that is set is read, and known to be set', () => {
  const config = readConfig({
    TURANT_PORT: '0',
    TURANT_TIMER_SCALE: '0.05',
    TURANT_CRASH_AT: 'initiate:after-commit:3',
  })
  assert.equal(config.port, 0)
  assert.equal(config.timerScale, 0.05)
  assert.deepEqual(config.crashAt, { point: 'initiate:after-commit', nth: 3 })
  assert.ok(config.given.has('port') && !config.given.has('host'))
})

const bad: readonly [env: Record<string, string>, message: RegExp][] = [
  [{ TURANT_PORTS: '1' }, /^TURANT_PORTS is not a setting \(did you mean TURANT_PORT\?\)/],
  [{ TURANT_DATADIR: 'x' }, /^TURANT_DATADIR is not a setting \(did you mean TURANT_DATA_DIR\?\)/],
  [{ TURANT_ZEBRA: '' }, /^TURANT_ZEBRA is not a setting; npm run settings/],
  [{ TURANT_PORT: '' }, /^TURANT_PORT must be 0 to 65535, not ""$/],
  [{ TURANT_PORT: '65536' }, /^TURANT_PORT must be/],
  [{ TURANT_PORT: '-1' }, /^TURANT_PORT must be/],
  [{ TURANT_PORT: '80 80' }, /^TURANT_PORT must be/],
  [{ TURANT_PORT: '0x50' }, /^TURANT_PORT must be/],
  [{ TURANT_PORT: '8e3' }, /^TURANT_PORT must be/],
  [{ TURANT_TIMER_SCALE: '0' }, /^TURANT_TIMER_SCALE must be/],
  [{ TURANT_TIMER_SCALE: 'NaN' }, /^TURANT_TIMER_SCALE must be/],
  [{ TURANT_TIMER_SCALE: '1e-3' }, /^TURANT_TIMER_SCALE must be/],
  [{ TURANT_RAIL: 'udp' }, /^TURANT_RAIL must be iso8583, xml, not "udp"/],
  [{ TURANT_RAIL: 'iso20022' }, /^TURANT_RAIL must be iso8583/],
  [{ TURANT_LOG_LEVEL: 'INFO' }, /^TURANT_LOG_LEVEL must be/],
  [{ TURANT_CRASH_AT: 'somewhere' }, /^TURANT_CRASH_AT must be/],
  [{ TURANT_MODE: 'production' }, /^TURANT_PROFILE must be set/],
  [{ TURANT_MODE: 'production', TURANT_TIMER_SCALE: '1' }, /^TURANT_TIMER_SCALE is for the sandbox only/],
  [{ TURANT_DATA_DIR: 'a\0b' }, /^TURANT_DATA_DIR must be/],
  [{ TURANT_HOST: 'no host' }, /^TURANT_HOST must be/],
]
// ASVS 13.4.2
for (const [env, message] of bad) {
  test(`${JSON.stringify(env)} stops the start with one line that names it`, () => refuses(env, message))
}

test('a secret is never in the message that refuses it', () => {
  for (const env of [{ TURANT_API_KEY: 'hunter2' }, { DATABASE_URL: 'mysql://root:hunter2@db/x' }]) {
    assert.throws(
      () => readConfig(env),
      (error) => error instanceof ConfigError && !error.message.includes('hunter2'),
    )
  }
})

// ASVS 13.3.1, 13.3.2
test('a secret may be in a file that not everybody can read; from there it is what it would be in the environment', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'turant-config-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'api-key')
  writeFileSync(path, `${'k'.repeat(40)}\n`, { mode: 0o600 })
  assert.equal(readConfig({ TURANT_API_KEY_FILE: path }).apiKey, 'k'.repeat(40))
  refuses({ TURANT_API_KEY_FILE: path, TURANT_API_KEY: 'k'.repeat(40) }, /both set/)
  refuses({ TURANT_API_KEY_FILE: join(folder, 'nothing') }, /^TURANT_API_KEY_FILE: .*cannot be read \(ENOENT\)/)
  chmodSync(path, 0o644)
  refuses({ TURANT_API_KEY_FILE: path }, /everybody may read/)
  writeFileSync(join(folder, 'short'), 'hunter2', { mode: 0o600 })
  assert.throws(
    () => readConfig({ TURANT_API_KEY_FILE: join(folder, 'short') }),
    (error) => error instanceof ConfigError && !error.message.includes('hunter2'),
  )
  for (const { name, secret } of Object.values(settings))
    if (!secret) refuses({ [`${name.startsWith('TURANT_') ? name : 'TURANT_X'}_FILE`]: path }, /is not a setting/)
})

const production = {
  TURANT_MODE: 'production',
  TURANT_PROFILE: '/etc/turant/profile.json',
  TURANT_API_KEY: 'k'.repeat(40),
  TURANT_KEY_PASSPHRASE: 'correct horse battery',
  DATABASE_URL: 'postgres://hub:x@127.0.0.1/hub',
  TURANT_BASE_URL: 'https://hub.example',
}
// ASVS 12.2.1, 12.3.1
test('in production nothing is sent in the clear: not the API, and not what goes to the database', () => {
  assert.equal(readConfig(production).mode, 'production')
  const { TURANT_BASE_URL: _, ...bare } = production
  refuses(bare, /^TURANT_TLS_CERT must be set/)
  refuses({ ...bare, TURANT_BASE_URL: 'http://hub.example' }, /^TURANT_TLS_CERT must be set/)
  assert.ok(readConfig({ ...bare, TURANT_TLS_CERT: '/x.crt', TURANT_TLS_KEY: '/x.key' }))
  for (const mode of ['', '?sslmode=disable', '?sslmode=require', '?sslmode=prefer'])
    refuses(
      { ...production, DATABASE_URL: `postgres://hub:x@db.bank.example/hub${mode}` },
      /^DATABASE_URL must have sslmode=verify-full/,
    )
  assert.ok(readConfig({ ...production, DATABASE_URL: 'postgres://hub:x@db.bank.example/hub?sslmode=verify-full' }))
  refuses(
    { ...production, TURANT_OWNER_URL: 'postgres://o:x@db.bank.example/hub' },
    /^TURANT_OWNER_URL must have sslmode/,
  )
})

test('a profile that cannot be read is named', () => {
  const config = readConfig({ TURANT_PROFILE: '/nowhere/profile.json' })
  assert.throws(
    () => readProfileText(config),
    /^ConfigError: TURANT_PROFILE: \/nowhere\/profile.json cannot be read \(ENOENT\)/,
  )
})

test('every default is a value that its own setting accepts', () => {
  for (const one of Object.values(settings)) {
    if (one.default !== undefined) assert.notEqual(one.read(one.default), undefined, one.name)
  }
})

test('docs/reference/settings.md is what the table prints', () => {
  const kept = readFileSync(new URL('../docs/reference/settings.md', import.meta.url), 'utf8')
  assert.equal(kept, settingsDocument(), 'run npm run settings -- --write')
})
