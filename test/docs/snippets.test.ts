import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Turant } from '@turant/sdk'
import { hubFolder, inherited, startHub } from '../support/hub-process.ts'
import { type Block, blocksOf, consoleOf, findLine, requestOf } from './blocks.ts'

// What the documents tell people to type is typed, in the order of the page, at one hub. A block that is not run says why: `run=no:reason`.
// `console`: lines after `$` are run, and each line below them must be somewhere in what is said. `sh`: the block is run, and nothing in
// what it answers may be a problem. `rail=xml` means a hub on that wire. `http`: the request is made, and must be taken. `json`: is JSON.

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Pages whose blocks another test runs. */
const elsewhere: Readonly<Record<string, string>> = {
  'docs/guides/tokens.md': 'test/docs/tokens.test.ts',
  'docs/guides/settlement-files.md': 'test/docs/settlement-files.test.ts',
  'docs/guides/sdk.md': 'packages/sdk/test/readme.test.ts',
  'docs/operating/secrecy.md': 'test/docs/secrecy.test.ts',
  'docs/operating/wire-profile.md': 'test/docs/wire-profile.test.ts',
}
/** Pages that change what is allowed come last: the others pay as nobody hinders. */
const last = ['docs/guides/risk.md', 'docs/guides/approvals-and-limits.md', 'docs/operating/running.md']
const documents = globSync(['docs/**/*.md', '*.md', 'examples/**/*.md'], { cwd: root })
  .filter((file) => !file.startsWith('docs/adr/') && !(file in elsewhere))
  .sort((a, b) => last.indexOf(a) - last.indexOf(b) || (a < b ? -1 : 1))

const running: ReturnType<typeof startHub>[] = []
/** The hub that pages mean, and one with the other wire, for blocks that say `rail=xml`. */
async function open(rail: 'iso8583' | 'xml') {
  const dataDir = hubFolder(`snippets-${rail}`)
  const hub = startHub({
    TURANT_DATA_DIR: dataDir,
    TURANT_PORT: '0',
    TURANT_SIMULATOR_PORT: '0',
    TURANT_TIMER_SCALE: '0.1',
    TURANT_RAIL: rail,
  })
  running.push(hub)
  const ready = await hub.ready()
  const env: Record<string, string | undefined> = {
    ...inherited,
    TURANT_DATA_DIR: dataDir,
    BASE_URL: ready.baseUrl,
    KEY: ready.apiKey,
    // What a page writes for its reader goes here.
    HOME: dataDir,
    // The Node of the tests also for what `npm run` starts.
    PATH: `${dirname(process.execPath)}:${inherited.PATH ?? ''}`,
  }
  return { ...ready, env }
}
const [{ env: usual, baseUrl, apiKey, accounts }, { env: other }] = await Promise.all([open('iso8583'), open('xml')])
const envOf = (rest: string) => (rest.split(' ').includes('rail=xml') ? other : usual)
// Stopped and not killed: a killed one leaves its PostgreSQL to the next.
after(async () => {
  for (const hub of running) hub.child.kill('SIGTERM')
  for (const hub of running) await hub.ended
})

async function run(
  script: string,
  env: typeof usual,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const [code] = await once(child, 'close')
  return { code, said }
}

/** Ids and references as documents show them, and what they are here. */
const seen = new Map<string, string>()

/** What a page means by an id in braces: `http of=unconfirmed`. */
const made: Readonly<Record<string, () => Promise<string>>> = {
  /** A payment that neither an answer nor any verification decided. */
  async unconfirmed() {
    const turant = new Turant({ baseUrl, apiKey })
    const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' } as const
    const { id } = await turant.payments.create({ amount: '10500', from: accounts.remitter, to })
    for await (const { state } of turant.payments.follow(id)) if (state === 'unconfirmed') break
    return id
  },
}

const ways: Readonly<Record<string, (block: Block, rest: string) => Promise<void>>> = {
  json: async ({ text }) => void JSON.parse(text),
  async console({ text }, rest) {
    for (const { command, expected } of consoleOf(text)) {
      let typed = command
      for (const [shown, said] of seen) typed = typed.replaceAll(shown, said)
      const { code, said } = await run(typed, envOf(rest))
      // What ends with a no says so in the document, too.
      assert.ok(code === 0 || expected.length > 0, said)
      for (const line of expected) {
        const found = findLine(line, said) ?? assert.fail(`${typed}\n${said}\nhas no: ${line}`)
        for (const [shown, is] of found) if (/^(?:\d{12}|\w+_[0-9a-f]{32})$/.test(shown)) seen.set(shown, is)
      }
    }
  },
  async sh({ text }, rest) {
    const { code, said } = await run(text, envOf(rest))
    assert.equal(code, 0, said)
    assert.doesNotMatch(said, /"type":"\/problems\//)
  },
  async http({ text }, rest) {
    const { method, path, body } = requestOf(text)
    const of = /^of=(\w+)$/.exec(rest)?.[1]
    const id = of === undefined ? '' : await (made[of] ?? assert.fail(`nobody makes ${of}`))()
    const answer = await fetch(baseUrl + path.replace('{id}', id), {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': 'snippet' },
      body,
    })
    assert.ok(answer.ok, `${answer.status} ${await answer.text()}`)
  },
}

for (const block of documents.flatMap((file) => blocksOf(root, file))) {
  const name = `${block.file}:${block.line}`
  const [language = '', ...words] = block.info.split(' ')
  const rest = words.join(' ')
  const reason = /^run=no:(.+)$/.exec(rest)?.[1]
  if (reason === undefined)
    test(name, () =>
      (ways[language] ?? assert.fail(`${block.info}: no way to run this, and no reason given`))(block, rest),
    )
  else test(name, { skip: reason }, () => undefined)
}

test('a test that is said to run a snippet is there', () => {
  const reasons = documents
    .flatMap((file) => blocksOf(root, file))
    .flatMap(({ info }) => info.match(/[\w/.-]+\.test\.ts/g) ?? [])
  const named = [...reasons, ...Object.values(elsewhere)]
  assert.deepEqual(
    named.filter((file) => !existsSync(join(root, file))),
    [],
  )
  for (const [page, file] of Object.entries(elsewhere))
    assert.ok(readFileSync(join(root, file), 'utf8').includes(page), `${file} does not read ${page}`)
})
