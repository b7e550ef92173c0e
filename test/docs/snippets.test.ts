import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hubFolder, inherited, startHub } from '../support/hub-process.ts'

// What the documents tell people to type is typed, in the order of the page, at one hub. A block that is not run says why: `run=no:reason`.
// `console`: lines after `$` are run, and each line below them must be somewhere in what is said. `sh`: the block is run, and nothing in
// what it answers may be a problem.

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Pages whose every block is run. */
const pages = [
  'index',
  'quick-start',
  'concepts/unknown-outcome',
  'concepts/deemed',
  'concepts/settlement',
  'guides/send',
  'guides/receive',
  'guides/refund',
  'guides/reconcile',
  'guides/go-live',
  'guides/production',
  'guides/backup',
  'guides/upgrade',
  'operating/watching',
]

type Block = { readonly page: string; readonly line: number; readonly info: string; readonly text: string }

const blocksOf = (page: string): Block[] => {
  const text = readFileSync(join(root, `docs/${page}.md`), 'utf8')
  return [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(({ 1: info = '', 2: body = '', index }) => ({
    page,
    line: text.slice(0, index).split('\n').length,
    info,
    text: body,
  }))
}

const dataDir = hubFolder('snippets')
const hub = startHub({
  TURANT_DATA_DIR: dataDir,
  TURANT_PORT: '0',
  TURANT_SIMULATOR_PORT: '0',
  TURANT_TIMER_SCALE: '0.1',
})
const { baseUrl, apiKey } = await hub.ready()
const env: Record<string, string | undefined> = {
  ...inherited,
  TURANT_DATA_DIR: dataDir,
  BASE_URL: baseUrl,
  KEY: apiKey,
  // The Node of the tests also for what `npm run` starts.
  PATH: `${dirname(process.execPath)}:${inherited.PATH ?? ''}`,
}
// Stopped and not killed: a killed one leaves its PostgreSQL to the next.
after(async () => {
  hub.child.kill('SIGTERM')
  await hub.ended
})

async function run(script: string): Promise<string> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const [code] = await once(child, 'close')
  assert.equal(code, 0, said)
  return said
}

/** Commands with what must be in their answers. */
function consoleOf(text: string): { command: string; expected: string[] }[] {
  const steps: { command: string; expected: string[] }[] = []
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [] })
    else steps.at(-1)?.expected.push(line.trim())
  }
  return steps
}

for (const block of pages.flatMap(blocksOf)) {
  const name = `docs/${block.page}.md:${block.line}`
  const [language = '', ...rest] = block.info.split(' ')
  const reason = /^run=no:(.+)$/.exec(rest.join(' '))?.[1]
  if (reason !== undefined) test(name, { skip: reason }, () => undefined)
  else if (language === 'json') test(name, () => void JSON.parse(block.text))
  else if (language === 'console')
    test(name, async () => {
      for (const { command, expected } of consoleOf(block.text)) {
        const said = await run(command)
        for (const line of expected) assert.ok(said.includes(line), `${command}\n${said}\nhas no: ${line}`)
      }
    })
  else if (language === 'sh')
    test(name, async () => {
      const said = await run(block.text)
      assert.doesNotMatch(said, /"type":"\/problems\//)
    })
  else test(name, () => assert.fail(`${block.info}: no way to run this, and no reason given`))
}
