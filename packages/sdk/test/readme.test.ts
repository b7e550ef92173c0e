import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { liveClient } from './live-client.ts'
import { refusedAddress } from './refused.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

// All snippets of the README, in order, as one program that has the package as it is published, against the hub as `npm start` starts it. A line
// `expression // → literal` is an assertion, so the README cannot claim what is not so.

let sandbox: Sandbox
const folder = mkdtempSync(join(tmpdir(), 'turant-sdk-readme-'))
before(async () => {
  sandbox = await startSandbox()
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await sandbox.stop()
})

test('every snippet of the README runs with the package as it is published, and what it says comes out', async () => {
  const modules = join(folder, 'node_modules/@turant')
  mkdirSync(modules, { recursive: true })
  const pack = fileURLToPath(new URL('../../pack.ts', import.meta.url))
  execFileSync(process.execPath, [pack, 'sdk', join(folder, 'packed')])
  renameSync(join(folder, 'packed'), join(modules, 'sdk'))
  const live = await liveClient(sandbox)
  const [signing = assert.fail()] = live.signing
  const given = {
    baseUrl: sandbox.baseUrl,
    apiKey: sandbox.apiKey,
    remitter: sandbox.accounts.remitter,
    nowhere: await refusedAddress(),
    payee: { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' },
    liveKey: live.apiKey,
    ...signing,
  }
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const code = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)]
    .map(([, snippet]) => snippet)
    .join('\n')
    .replaceAll(/^(\S.*) \/\/ → (.*)$/gm, 'assert.deepEqual($1, $2)')
  assert.ok((code.match(/^assert\.deepEqual/gm) ?? []).length >= 13, 'the README still makes its claims')
  const names = Object.entries(given).map(([name, value]) => `const ${name} = ${JSON.stringify(value)}`)
  writeFileSync(join(folder, 'readme.mjs'), `import assert from 'node:assert/strict'\n${names.join('\n')}\n${code}`)
  execFileSync(process.execPath, ['readme.mjs'], { cwd: folder, stdio: 'pipe', encoding: 'utf8' })
})
