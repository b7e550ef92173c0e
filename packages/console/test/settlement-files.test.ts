import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from './support/a-day.ts'
import { checkAccess, openConsole, options, shoot } from './support/console.ts'

// A cycle whose files a person hands in, one of them wrong first; then its run is taken back, and nothing of it is left.

/** The hub looks into its inbox once, before anything is there: what the switch writes waits for hands. */
const console = openConsole('settlement-files', { TURANT_INBOX_MS: '600000' })
after(() => assert.deepEqual(console.faults, []))

type Handed = { readonly name: string; readonly buffer: Buffer }

/** Pays, has the switch cut a cycle, and finds its files. */
async function cut(): Promise<{ readonly cycle: string; readonly files: readonly Handed[] }> {
  const { accounts, dataDir } = await console.sandbox()
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789' }
  for (const amount of ['150000', '250000', '10191'])
    await console.api('POST', '/v1/payments', { amount, from: accounts.remitter, to })
  await until(async () => {
    const { data } = await console.api('GET', '/v1/payments?status=succeeded')
    return data.length >= 2 ? data : undefined
  }, 'payments that succeeded')
  const { cycle } = await console.api('POST', '/sandbox/cycle', { errors: { wrongAmount: 1 } })
  const inbox = join(dataDir, 'inbox')
  const files = readdirSync(inbox, { withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ name }) => ({ name, buffer: readFileSync(join(inbox, name)) }))
  return { cycle, files }
}

async function handIn(page: Page, { name, buffer }: Handed): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Hand in a file' }).click(),
  ])
  await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer })
}

/** The breaks that there are, and those of each payment: the same before a run and after it was taken back. */
async function standing(): Promise<{ readonly breaks: readonly unknown[]; readonly own: readonly unknown[] }> {
  const [breaks, payments] = await Promise.all([
    console.api('GET', '/v1/breaks?limit=100'),
    console.api('GET', '/v1/payments?limit=100'),
  ])
  const settlements = await Promise.all(
    payments.data.map(({ id }: { readonly id: string }) => console.api('GET', `/v1/payments/${id}/settlement`)),
  )
  return { breaks: breaks.data, own: settlements.map((one: { readonly breaks: unknown }) => one.breaks) }
}

test(
  'a cycle by hand: a wrong row is named, the right files are taken, and its run leaves nothing when it is taken back',
  options,
  async () => {
    const { cycle, files } = await cut()
    const raw = files.find(({ name }) => name.startsWith('IMPSISSR'))
    assert.ok(raw, files.map(({ name }) => name).join())
    const page = await console.as('operations', { path: '/settlement/files' })
    await page.getByText('No file has come').waitFor()

    const wrong = raw.buffer.toString('latin1').replace(/\.(\d)\d,/, (_whole, tenth: string) => `.${tenth}7,`)
    assert.ok(wrong !== raw.buffer.toString('latin1'))
    await handIn(page, { name: raw.name, buffer: Buffer.from(wrong, 'latin1') })
    const refused = page.getByRole('alert', { name: 'The file is refused' })
    await refused
      .getByText(/row 5, column Sum: expected ₹[\d,.]+, which the rows come to, found ₹[\d,.]+/)
      .first()
      .waitFor()
    await page.getByRole('row').filter({ hasText: raw.name }).getByText('Refused').waitFor()
    await checkAccess(page, 'a refused file')
    await shoot(page, 'settlement-file-wrong-row')

    const before = await standing()
    const slow = await page.context().newCDPSession(page)
    await slow.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 50,
      downloadThroughput: -1,
      uploadThroughput: 2_000,
    })
    const [first, ...others] = files
    assert.ok(first)
    await handIn(page, first)
    await page.getByText(/^Sending \d+ %$/).waitFor()
    await shoot(page, 'settlement-file-progress')
    await slow.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    })
    await page.getByRole('row').filter({ hasText: first.name }).getByText('Accepted').waitFor()
    for (const file of others) {
      await handIn(page, file)
      await page.getByRole('row').filter({ hasText: file.name }).getByText('Accepted').waitFor()
    }
    const run = await until(
      async () =>
        (await console.api('GET', '/v1/reconciliation-runs')).data.find(
          ({ state }: { readonly state: string }) => state === 'matched',
        ),
      'a run',
    )
    const after = await standing()
    assert.deepEqual(before.breaks, [])
    assert.equal(after.breaks.length, 1)
    assert.notDeepEqual(after.own, before.own)
    await page.goto(page.url().replace(/\/settlement.*/, `/settlement/runs/${run.id}`))
    await page.getByRole('heading', { name: `Run of cycle ${cycle}` }).waitFor()
    await page.getByRole('button', { name: 'Roll back' }).click()
    const dialog = page.getByRole('dialog', { name: `Roll back the run of ${cycle}?` })
    await dialog.getByRole('button', { name: 'Roll back' }).click()
    await dialog.getByText('This run cannot be taken back').waitFor()
    await dialog.getByText(/^It was acted on: journal/).waitFor()
    await checkAccess(page, 'a run that was acted on')
    await shoot(page, 'settlement-roll-back-refused')
    await dialog.getByLabel('Turn round the journals of the cycle first').check()
    await dialog.getByRole('button', { name: 'Roll back' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Rolled back').first().waitFor()
    await shoot(page, 'settlement-rolled-back')
    assert.deepEqual(await standing(), before)
    await page.close()
  },
)
