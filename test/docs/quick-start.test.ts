import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hubFolder, inherited } from '../support/hub-process.ts'
import { keepOutput } from '../support/logs.ts'

// The quick start, typed as it stands: from a clone to a verified webhook in five commands. The clone and `npm ci` are what CI begins with.

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(new URL('../../docs/quick-start.md', import.meta.url), 'utf8')
const [begin = ''] = page.split('\n## ')
const commands = [...begin.matchAll(/^```sh[^\n]*\n([\s\S]*?)^```$/gm)].flatMap(([, text = '']) =>
  text.split('\n').filter((line) => line !== ''),
)

const env = {
  ...inherited,
  TURANT_DATA_DIR: hubFolder('quick-start'),
  TURANT_PORT: '0',
  TURANT_SIMULATOR_PORT: '0',
  PATH: `${dirname(process.execPath)}:${inherited.PATH ?? ''}`,
}

/** Types a command; what it starts is a group of its own, as in a terminal, that Ctrl-C ends. */
function type(command: string): { readonly child: ChildProcess; readonly says: (what: RegExp) => Promise<void> } {
  const child = spawn('bash', ['-c', command], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
  after(async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
    await ended
  })
  return {
    child,
    async says(what) {
      while (!what.test(said)) {
        const next = await Promise.race([once(child.stdout, 'data').then(() => 'said'), ended.then(() => 'ended')])
        assert.ok(next === 'said' || what.test(said), `${command}\n${said}\nhas no: ${what}`)
      }
    },
  }
}

test('five commands lead from a clone to a verified webhook', async () => {
  assert.equal(commands.length, 5, commands.join('\n'))
  const [clone = '', install, start = '', receiver = '', pay = ''] = commands
  assert.match(clone, /^git clone /)
  assert.equal(install, 'npm ci')
  const hub = type(start)
  keepOutput(hub.child)
  await hub.says(/ready after/)
  const listening = type(receiver)
  await listening.says(/listening at/)
  await type(pay).says(/paid: the beneficiary has the money/)
  await listening.says(/verified {2}payment\.succeeded {2}pay_/)
})
