import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, test } from 'node:test'
import { Turant } from '@turant/sdk'
import { signWebhook } from '@turant/sdk/testing'
import { hubFolder, inherited, startHub } from '../support/hub-process.ts'
import { root } from './run.ts'

// The shop of examples/ against the hub as `npm start` starts it: an order turns paid by what the hub has signed, and by nothing else.

const dataDir = hubFolder('shop')
const hub = startHub({
  TURANT_DATA_DIR: dataDir,
  TURANT_PORT: '0',
  TURANT_SIMULATOR_PORT: '0',
  TURANT_TIMER_SCALE: '0.05',
})
const { baseUrl, apiKey } = await hub.ready()
const turant = new Turant({ baseUrl, apiKey })
after(async () => {
  hub.child.kill('SIGTERM')
  await hub.ended
})

const child = spawn(process.execPath, ['examples/shop/main.ts'], {
  cwd: root,
  env: { ...inherited, TURANT_DATA_DIR: dataDir },
  stdio: ['ignore', 'pipe', 'inherit'],
})
after(() => child.kill('SIGKILL'))
let said = ''
child.stdout.on('data', (bytes: Buffer) => {
  said += bytes.toString()
})
async function says(what: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = what.exec(said)
    if (found !== null) return found
    await once(child.stdout, 'data')
  }
}
const [, shop = ''] = await says(/the shop is open at (\S+)/)

/** Presses "Buy". @returns the link that the order became */
async function buy(good: string) {
  const answer = await fetch(`${shop}/buy/${good}`, { method: 'POST', redirect: 'manual' })
  assert.equal(answer.status, 303)
  const payAt = answer.headers.get('location') ?? ''
  for await (const link of turant.paymentLinks.list({ limit: 10 })) if (link.url === payAt) return link
  assert.fail(`no link has ${payAt}`)
}
type Link = Awaited<ReturnType<typeof buy>>
const payInto = ({ virtualAccount: { ifsc, accountNumber } }: Link, amount: string) =>
  turant.sandbox.inward({ amount, to: { ifsc, account: accountNumber } })
const pageOf = async ({ reference }: Link): Promise<string> => (await fetch(`${shop}/orders/${reference}`)).text()

test('an order becomes a link, its buyer pays, and the order turns paid', async () => {
  assert.match(await (await fetch(shop)).text(), /A book about trains: ₹450\.00/)
  const link = await buy('book')
  assert.deepEqual([link.amount, link.status, link.returnUrl], ['45000', 'open', `${shop}/orders/${link.reference}`])
  assert.match(await pageOf(link), /We wait for your payment/)
  await payInto(link, '45000')
  await says(new RegExp(`${link.reference} {2}payment_link\\.paid {2}paid`))
  assert.match(await pageOf(link), /Paid\. Thank you/)
})

test('less than was asked for is looked at by a person, and paid when the rest has come', async () => {
  const link = await buy('lamp')
  await payInto(link, '100000')
  await says(new RegExp(`${link.reference} {2}payment_link\\.underpaid {2}check`))
  assert.match(await pageOf(link), /not as we asked for it/)
  await payInto(link, '85000')
  await says(new RegExp(`${link.reference} {2}payment_link\\.paid {2}paid`))
})

test('what the hub has not signed, and what a browser says, makes no order paid', async () => {
  const link = await buy('book')
  const event = { type: 'payment_link.paid', data: { reference: link.reference } }
  const { body, headers } = await signWebhook(`whsec_${Buffer.alloc(32, 1).toString('base64')}`, { event })
  assert.equal((await fetch(`${shop}/hook`, { method: 'POST', body, headers })).status, 400)
  assert.equal((await fetch(`${shop}/orders/${link.reference}?status=paid`)).status, 404)
  assert.match(await pageOf(link), /We wait for your payment/)
})

test('Ctrl-C ends the shop and its endpoint', async () => {
  child.kill('SIGINT')
  await once(child, 'close')
  assert.deepEqual(await turant.webhookEndpoints.list().toArray(10), [])
})
