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

// All snippets of a page, in order, as one program that has the package as it is published, against the hub as `npm start` starts it. A line
// `expression // → literal` is an assertion, so no page can claim what is not so.

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Pages, and how many claims they make at least. */
const pages = [
  ['packages/sdk/README.md', 13],
  ['docs/guides/sdk.md', 6],
] as const

let sandbox: Sandbox
const folder = mkdtempSync(join(tmpdir(), 'turant-sdk-readme-'))
let live: Awaited<ReturnType<typeof liveClient>>
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await sandbox.stop()
})

before(async () => {
  sandbox = await startSandbox()
  const modules = join(folder, 'node_modules/@turant')
  mkdirSync(modules, { recursive: true })
  execFileSync(process.execPath, [join(root, 'packages/pack.ts'), 'sdk', join(folder, 'packed')])
  renameSync(join(folder, 'packed'), join(modules, 'sdk'))
  live = await liveClient(sandbox)
})

for (const [page, claims] of pages) {
  test(`every snippet of ${page} runs with the package as it is published, and what it says comes out`, async () => {
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
    const code = [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)]
      .map(([, snippet]) => snippet)
      .join('\n')
      .replaceAll(/^(\S.*) \/\/ → (.*)$/gm, 'assert.deepEqual($1, $2)')
    assert.ok((code.match(/^assert\.deepEqual/gm) ?? []).length >= claims, 'the page still makes its claims')
    const names = Object.entries(given).map(([name, value]) => `const ${name} = ${JSON.stringify(value)}`)
    writeFileSync(join(folder, 'page.mjs'), `import assert from 'node:assert/strict'\n${names.join('\n')}\n${code}`)
    execFileSync(process.execPath, ['page.mjs'], { cwd: folder, stdio: 'pipe', encoding: 'utf8' })
  })
}
