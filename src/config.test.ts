import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
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
