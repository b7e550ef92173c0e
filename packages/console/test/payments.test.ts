import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Role } from '../../../src/identity/rights.ts'
import { answerWith, startReceiver } from '../../../test/support/webhooks.ts'
import { checkAccess, checkFits, type Looking, openConsole, options, shoot } from './support/console.ts'

// Payments: found by what one has of them, and each with its story and what may be done.

const console = openConsole('payments')
after(() => assert.deepEqual(console.faults, []))

const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }
const pay = async (amount: string, reference: string) => {
  const { accounts } = await console.sandbox()
  return console.api('POST', '/v1/payments', { amount, from: accounts.remitter, to, reference })
}
const until = async (id: string, state: string) => {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await console.api('GET', `/v1/payments/${id}`)
    if (found.state === state) return found
    await setTimeout(50)
  }
  throw new Error(`${id} is not ${state}`)
}

test(
  'the list is empty and says how payments come; one box finds them; the address keeps what was looked for',
  options,
  async () => {
    const page = await console.as('viewer', { path: '/payments' })
    await page.getByText('No payments yet').waitFor()
    await checkAccess(page, 'no payments')
    await shoot(page, 'payments-none')
    for (const i of [1, 2, 3]) await pay(`${i}50000`, `INV-${i}`)
    await page.reload()
    await page.getByRole('cell', { name: '₹3,500.00' }).waitFor()
    await page.getByRole('textbox', { name: 'Find' }).fill('INV-2')
    await page
      .getByRole('status')
      .filter({ hasText: /^1 row/ })
      .waitFor()
    await page.waitForURL('**/payments?q=INV-2')
    await page.getByRole('cell', { name: '₹2,500.00' }).waitFor()
    await page.getByRole('textbox', { name: 'Find' }).fill('INV-NONE')
    await page.getByText('No payment fits').waitFor()
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /^3 rows/ })
      .waitFor()

    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Channel' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('columnheader', { name: 'Channel' }).waitFor()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download these rows as CSV' }).click(),
    ])
    assert.equal(file.suggestedFilename(), 'payments.csv')
    await page.getByRole('button', { name: 'Export' }).click()
    const [whole] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'All that fit, as CSV' }).click(),
    ])
    assert.match(readFileSync(await whole.path(), 'utf8'), /INV-1[\s\S]*INV-2|INV-2[\s\S]*INV-1/)
    await checkAccess(page, 'payments')
    await shoot(page, 'payments')
    await page.close()
  },
)

test(
  'pages with nothing are not asked for without end: it stops, says so, and goes back further when asked',
  options,
  async () => {
    const page = await console.as('viewer', { path: '/payments' })
    const asked = new Set<number>()
    await page.route('**/v1/payments?*', async (route) => {
      const at = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
      asked.add(at)
      await route.fulfill({ json: { data: [], hasMore: true, nextCursor: String(at + 1) } })
    })
    await page.getByRole('textbox', { name: 'Find' }).fill('Nobody')
    const paused = page.getByRole('status').filter({ hasText: 'Nothing was found among the last ones' })
    await paused.waitFor()
    assert.deepEqual([...asked], [0, 1, 2, 3])
    await checkAccess(page, 'payments, nothing yet')
    await shoot(page, 'payments-further')
    await paused.getByRole('button', { name: 'Look further back' }).click()
    await paused.waitFor({ state: 'detached' })
    await paused.waitFor()
    assert.deepEqual([...asked], [0, 1, 2, 3, 4, 5, 6, 7])
    await page.close()
  },
)

test('a view is saved with its filters and columns, used from elsewhere, renamed and deleted', options, async () => {
  await pay('910000', 'INV-VIEW')
  const page = await console.as('checker', { path: '/payments?q=INV-VIEW&min=1000' })
  await page.getByRole('cell', { name: '₹9,100.00' }).waitFor()
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Channel' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('columnheader', { name: 'Channel' }).waitFor()
  const save = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('menuitem', { name: 'Save as a new view' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  }
  await save('Big ones')
  await page.waitForURL('**view=viw_*')
  await page.getByRole('button', { name: 'Big ones' }).waitFor()
  await page.close()

  // Another browser of the same person, that remembers no columns.
  const other = await console.as('checker', { path: '/payments' })
  await other.getByRole('button', { name: 'Views' }).click()
  await other.getByRole('menuitem', { name: 'Big ones' }).waitFor()
  await checkAccess(other, 'the views of a person')
  await shoot(other, 'payments-views')
  await other.getByRole('menuitem', { name: 'Big ones' }).click()
  await other.getByRole('columnheader', { name: 'Channel' }).waitFor()
  await other.waitForURL('**q=INV-VIEW**')
  await other
    .getByRole('status')
    .filter({ hasText: /^1 row/ })
    .waitFor()

  // The name is taken: it is said at the field, and another one is as good.
  await other.getByRole('button', { name: 'Big ones' }).click()
  await other.getByRole('menuitem', { name: 'Save as a new view' }).click()
  await other.getByRole('textbox', { name: 'Name' }).fill('Big ones')
  await other.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await other.getByText('is the name of another view of yours').first().waitFor()
  await checkAccess(other, 'a view whose name is taken')
  await shoot(other, 'payments-view-taken')
  await other.getByRole('button', { name: 'Cancel' }).click()

  await other.getByRole('button', { name: 'Big ones' }).click()
  await other.getByRole('menuitem', { name: 'Rename' }).click()
  await other.getByRole('textbox', { name: 'Name' }).fill('Over a thousand')
  await other.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await other.getByRole('button', { name: 'Over a thousand' }).click()
  await other.getByRole('menuitem', { name: 'Delete' }).click()
  await other.getByRole('button', { name: 'Delete', exact: true }).click()
  await other.getByRole('button', { name: 'Views' }).click()
  await other.getByText('None yet.').waitFor()
  await other.close()

  const phone = await console.as('checker', { path: '/payments', size: 'phone', scheme: 'dark', language: 'hi' })
  await phone.getByRole('button', { name: 'दृश्य' }).click()
  await phone.getByText('अभी कोई नहीं।').waitFor()
  await checkFits(phone, 'views on a phone')
  await shoot(phone, 'payments-views-phone-dark-hi')
  await phone.close()
})

test('a payment tells its story; personal details are masked, and shown to whoever may look', options, async () => {
  const { id } = await pay('4200000', 'INV-STORY')
  await until(id, 'succeeded')
  const page = await console.as('operations', { path: '/payments?q=INV-STORY' })
  await page.getByRole('cell', { name: '₹42,000.00' }).click()
  await page.getByRole('heading', { level: 1, name: '₹42,000.00 Out' }).waitFor()
  const details = page.getByRole('region', { name: 'Details' })
  await details.getByText('XXXXXXXXXX6789').waitFor()
  const parts = page.getByRole('region', { name: 'What is written down' })
  await parts.getByRole('button', { name: /0200/ }).click()
  await parts
    .getByRole('cell', { name: 'DE 37' })
    .or(parts.getByRole('cell', { name: '37', exact: true }))
    .first()
    .waitFor()
  await shoot(page, 'payment-messages')
  await parts.getByRole('tab', { name: 'Postings' }).click()
  await parts.getByRole('cell', { name: '₹42,000.00' }).first().waitFor()
  await parts.getByRole('tab', { name: 'Settlement' }).click()
  await parts.getByText(/cycle/).first().waitFor()
  await parts.getByRole('tab', { name: 'Webhooks' }).click()
  await parts.getByText('payment.succeeded').waitFor()
  await parts.getByRole('tab', { name: 'Whole story' }).click()
  await parts.getByRole('row').nth(2).waitFor()
  await page.getByText('There are no disputes about this payment.').waitFor()
  await checkAccess(page, 'a payment')
  await shoot(page, 'payment')
  await details.getByRole('button', { name: /Show Beneficiary’s account in full/ }).click()
  await details.getByText('50100123456789').waitFor()
  await page.close()
})

test('a payment says who was told of it, and tells again by right', options, async () => {
  const receiver = await startReceiver()
  receiver.behave = answerWith(503, {}, 'come back later')
  const endpoint = await console.api('POST', '/v1/webhook-endpoints', {
    url: receiver.url,
    events: ['payment.succeeded'],
  })
  const { id } = await pay('730000', 'INV-TOLD')
  await until(id, 'succeeded')
  const path = `/payments/${id}`
  const open = async (role: Role, looking: Looking = {}) => {
    const page = await console.as(role, { path, ...looking })
    await page.getByRole('tab', { name: /Webhooks|वेबहुक/ }).click()
    return page
  }
  const page = await open('developer')
  const told = page.getByRole('region', { name: 'payment.succeeded' })
  await told.getByText('HTTP 503').first().waitFor()
  await told.getByText('come back later').first().waitFor()
  await told.getByText(/has not taken it yet/).waitFor()
  await page.getByRole('region', { name: 'payment.processing' }).getByText('Nobody was told of this').waitFor()
  await checkAccess(page, 'the webhooks of a payment')
  await shoot(page, 'payment-webhooks')
  const phone = await open('developer', { size: 'phone', scheme: 'dark', language: 'hi' })
  await phone.getByText('HTTP 503').first().waitFor()
  await checkFits(phone, 'the webhooks of a payment on a phone')
  await checkAccess(phone, 'the webhooks of a payment on a phone')
  await phone.getByText('HTTP 503').first().scrollIntoViewIfNeeded()
  await shoot(phone, 'payment-webhooks-phone-dark-hi')
  await phone.close()

  receiver.behave = answerWith(204)
  await told.getByRole('button', { name: 'Tell again' }).click()
  await told.getByText('HTTP 204').first().waitFor()
  await told.getByText(/has not taken it yet/).waitFor({ state: 'detached' })
  await page.close()
  const looking = await open('viewer')
  await looking.getByText('HTTP 204').first().waitFor()
  assert.equal(await looking.getByText('come back later').count(), 0, 'answers are for who may read webhooks')
  assert.equal(await looking.getByRole('button', { name: 'Tell again' }).count(), 0)
  await looking.close()
  await console.api('DELETE', `/v1/webhook-endpoints/${endpoint.id}`)
})

test('under Hindi a payment’s messages, its standing and its story are said in Hindi', options, async () => {
  const { id } = await pay('120000', 'INV-HINDI')
  await until(id, 'succeeded')
  const page = await console.as('operations', { path: `/payments/${id}`, language: 'hi' })
  await page.getByRole('button', { name: /0200 वित्तीय अनुरोध/ }).click()
  await page.getByRole('cell', { name: 'पुनर्प्राप्ति संदर्भ संख्या (RRN)' }).first().waitFor()
  await page.getByRole('button', { name: 'उत्तर' }).first().click()
  await page.getByRole('row', { name: /DE 39 उत्तर कोड 00 स्वीकृत/ }).waitFor()
  await shoot(page, 'payment-messages-hi')
  await page.getByRole('tab', { name: 'निपटान' }).click()
  await page.getByText('भुगतान हो गया।').first().waitFor()
  await page
    .getByRole('listitem')
    .filter({ hasText: /इसका निपटान चक्र .* के साथ होता है/ })
    .waitFor()
  await shoot(page, 'payment-settlement-hi')
  await page.getByRole('tab', { name: 'पूरी कहानी' }).click()
  await page.getByRole('cell', { name: 'मूल भुगतान स्विच को भेजा गया' }).waitFor()
  await page.getByRole('cell', { name: 'ग्राहक के खाते में नाम, OUT-CLR में जमा ₹1,200.00 (रोक)' }).waitFor()
  assert.equal(await page.locator('main [lang="en"]').count(), 0, 'nothing of the story is English')
  await shoot(page, 'payment-story-hi')
  await page.close()
})

test('a payment whose end is not known says so; operations may ask NPCI, a viewer may not', options, async () => {
  const { id } = await pay('10600', 'INV-OPEN')
  await until(id, 'unconfirmed')
  const page = await console.as('operations', { path: `/payments/${id}`, size: 'phone', scheme: 'dark' })
  await page.getByText('The outcome is not known').waitFor()
  await page.getByText('This is settled by').waitFor()
  await page.getByRole('link', { name: 'Resolve' }).waitFor()
  await page.getByRole('button', { name: 'Ask NPCI now' }).click()
  await page
    .getByText(/NPCI was asked|No verification|budget|cannot/i)
    .first()
    .waitFor()
  await checkFits(page, 'a payment on a phone')
  await shoot(page, 'payment-open-phone-dark')
  await page.close()

  const looking = await console.as('viewer', { path: `/payments/${id}` })
  await looking.getByText('The outcome is not known').waitFor()
  assert.equal(await looking.getByRole('button', { name: 'Ask NPCI now' }).count(), 0)
  assert.equal(await looking.getByRole('link', { name: 'Resolve' }).count(), 0)
  assert.equal(await looking.getByRole('button', { name: /in full/ }).count(), 0)
  await looking.close()
})

test('an id that nobody has is said in plain words', options, async () => {
  const page = await console.as('viewer', { path: `/payments/pay_${'0'.repeat(32)}` })
  await page.getByText('It is not there').waitFor()
  await page.close()
})
