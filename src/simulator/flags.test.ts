import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FlagError, help, readFlags } from './flags.ts'

test('every flag of the help is read, with a space or an equals sign', () => {
  const flags = readFlags([
    ...['--remitter-port', '0', '--beneficiary-port=7', '--control-port', '65535', '--host', '0.0.0.0', '--seed', '42'],
    ...['--timer-scale', '0.05', '--faults', 'drop=0.1,delayMs=1-2', '--faults=dropOut=0', '--journal-limit', '10'],
    ...['--echo-ms', '1000', '--profile', 'p.json', '--with-parent', '--quiet', '--help', '--rail', 'xml'],
    ...['--xml-port', '7604', '--hub-url', 'https://127.0.0.1:8443', '--keys', 'k', '--tls', '--zmk', 'z.hex'],
    ...['--inbox', 'in', '--office', 'npci', '--udir'],
  ])
  assert.deepEqual(flags, {
    host: '0.0.0.0',
    remitterPort: 0,
    beneficiaryPort: 7,
    xmlPort: 7604,
    controlPort: 65_535,
    rail: 'xml',
    hubUrl: 'https://127.0.0.1:8443',
    keys: 'k',
    seed: 42,
    timerScale: 0.05,
    faults: { dropIn: 0.1, dropOut: 0, delayMs: [1, 2] },
    inbox: 'in',
    office: 'npci',
    udir: true,
    journalLimit: 10,
    echoMs: 1000,
    profile: 'p.json',
    quiet: true,
    tls: true,
    zmk: 'z.hex',
    withParent: true,
    help: true,
  })
  for (const [flag] of help.matchAll(/--[a-z-]+/g)) {
    assert.doesNotThrow(() => {
      try {
        readFlags([flag])
      } catch (error) {
        if (!(error instanceof FlagError && error.message === `${flag} needs a value`)) throw error
      }
    }, flag)
  }
})

const bad: readonly (readonly [args: readonly string[], flag: string])[] = [
  [['--nothing'], '--nothing'],
  [['stray'], 'stray'],
  [[''], ''],
  [['--seed'], '--seed'],
  [['--seed', ''], '--seed'],
  [['--seed', '-1'], '--seed'],
  [['--seed', '1e3'], '--seed'],
  [['--seed', '4294967296'], '--seed'],
  [['--remitter-port', '65536'], '--remitter-port'],
  [['--beneficiary-port', 'x'], '--beneficiary-port'],
  [['--control-port', '1.5'], '--control-port'],
  [['--timer-scale', '0'], '--timer-scale'],
  [['--timer-scale', '4'], '--timer-scale'],
  [['--timer-scale', '-1'], '--timer-scale'],
  [['--host', 'a b'], '--host'],
  [['--rail', 'ISO'], '--rail'],
  [['--hub-url', 'http://127.0.0.1:8443'], '--hub-url'],
  [['--hub-url', 'https://127.0.0.1:8443/imps'], '--hub-url'],
  [['--faults', 'clockSkewMs=1.5'], '--faults clockSkewMs'],
  [['--faults', 'drop'], '--faults'],
  [['--faults', 'drop=2'], '--faults drop'],
  [['--faults', '__proto__=1'], '--faults __proto__'],
  [['--faults', 'drop=0.1,nothing=1'], '--faults nothing'],
  [['--journal-limit', '0'], '--journal-limit'],
  [['--echo-ms', '1'], '--echo-ms'],
  [['--quiet=yes'], '--quiet'],
  [['toString'], 'toString'],
]

for (const [args, flag] of bad) {
  test(`${args.join(' ') || 'an empty flag'} is refused in one line that names it`, () => {
    assert.throws(
      () => readFlags(args),
      (error) => error instanceof FlagError && error.message.startsWith(flag) && !error.message.includes('\n'),
    )
  })
}
