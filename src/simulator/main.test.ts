import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { createStubLink, original, rupees } from '../../test/support/stub-hub.ts'
import { systemClock } from '../base/clock.ts'
import { systemDial } from '../base/network.ts'

const start = (...args: string[]) =>
  spawn(process.execPath, [`${import.meta.dirname}/main.ts`, ...args], { stdio: 'pipe' })
const free = ['--remitter-port', '0', '--beneficiary-port', '0', '--control-port', '0']

async function ready(
  child: ReturnType<typeof start>,
): Promise<{ event: string; remitterPort: number; controlPort: number }> {
  const [line] = await once(child.stdout, 'data')
  return JSON.parse(String(line))
}

test('says in one line of JSON where it listens, answers there, and ends when its parent’s pipe closes', async () => {
  const child = start(...free, '--with-parent', '--quiet', '--seed', '1')
  const { event, remitterPort, controlPort } = await ready(child)
  assert.equal(event, 'ready')
  assert.equal((await fetch(`http://127.0.0.1:${controlPort}/health`)).status, 200)
  const link = createStubLink(await systemDial({ host: '127.0.0.1', port: remitterPort }, 1000), systemClock)
  const codes: unknown[] = []
  const done = Promise.withResolvers<void>()
  link.onMessage = (message) => {
    codes.push(message !== undefined && 'responseCode' in message ? message.responseCode : message)
    if (codes.length === 3) done.resolve()
  }
  link.ask('logOn')
  link.send(original(systemClock, 1, rupees('1500.00')))
  link.send(original(systemClock, 2, rupees('109.00')))
  await done.promise
  assert.deepEqual(codes, ['00', '00', 'M1'])
  child.stdin.end()
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
})

test('stops on SIGTERM, and without --with-parent not for a closed pipe', async () => {
  const child = start(...free)
  await ready(child)
  child.stdin.end()
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
})

for (const [args, says] of [
  [['--nothing'], /^--nothing is not a flag; --help lists them\n$/],
  [['--timer-scale', 'x'], /^--timer-scale must be a number more than 0 and at most 3\n$/],
  [['--profile', '/nowhere'], /^--profile .*\n$/],
  [[...free, '--host', '203.0.113.1'], /^--remitter-port cannot be used: .*\n$/],
] as const) {
  test(`${args.join(' ')} ends it with status 2 and one line`, async () => {
    const child = start(...args)
    const lines: string[] = []
    child.stderr.on('data', (bytes) => lines.push(String(bytes)))
    const [code] = await once(child, 'close')
    assert.equal(code, 2)
    assert.match(lines.join(''), says)
  })
}
