import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// Programs and keys, webhooks and what was tried, events, and the controls of a sandbox.

const console = openConsole('developers')
after(() => assert.deepEqual(console.faults, []))

test(
  'an administrator makes a program and a key that works, and two keys are live while it changes over',
  options,
  async () => {
    const { origin } = await console.sandbox()
    const page = await console.as('administrator', { path: '/developers' })
    await page.getByRole('button', { name: 'New program' }).click()
    const dialog = page.getByRole('dialog', { name: 'New program' })
    await dialog.getByRole('button', { name: 'Make it' }).click()
    await dialog.getByText('Give it a name.').waitFor()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Payroll')
    await dialog.getByLabel('Networks').fill('nowhere')
    await dialog.getByRole('button', { name: 'Make it' }).click()
    await dialog.getByRole('alert').getByText('networks.0', { exact: true }).waitFor()
    await checkAccess(page, 'new program')
    await shoot(page, 'developers-new-client')
    await dialog.getByLabel('Networks').fill('127.0.0.0/8 ::1/128')
    await dialog.getByRole('button', { name: 'Make it' }).click()
    await page.getByRole('heading', { name: 'Payroll' }).waitFor()

    await page.getByRole('button', { name: 'Make a key' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make a key' }).click()
    const once = page.getByRole('dialog', { name: 'The key is made' })
    const key = await once.locator('pre').innerText()
    await checkAccess(page, 'the key, once')
    await once.getByRole('button', { name: 'I have kept it' }).click()
    const answer = await fetch(`${origin}/v1/payments`, { headers: { authorization: `Bearer ${key}` } })
    assert.equal(answer.status, 200)
    await page.getByText(key).waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Rotate: make a second key' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make a key' }).click()
    await once.getByRole('button', { name: 'I have kept it' }).click()
    await page.getByText('Two keys work now').waitFor()
    await page.getByRole('button', { name: /make a second key/ }).waitFor({ state: 'detached' })
    await checkAccess(page, 'a program')
    await shoot(page, 'developers-client')
    const first = page.getByRole('row').filter({ hasText: key.slice(-4) })
    await first.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await first.getByText('Revoked').waitFor()
    const refused = await fetch(`${origin}/v1/payments`, { headers: { authorization: `Bearer ${key}` } })
    assert.equal(refused.status, 401)
    await page.close()
  },
)

test('a public key is taken when it is one', options, async () => {
  const page = await console.as('administrator', { path: '/developers/keys' })
  await page.getByRole('link', { name: 'Payroll' }).click()
  const section = page.getByRole('heading', { name: 'Keys that sign requests' }).locator('xpath=../..')
  await section.getByRole('button', { name: 'Add a public key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Public key').fill('secret')
  await dialog.getByRole('button', { name: 'Add a public key' }).click()
  await dialog.getByText('This is no public key').waitFor()
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  const spki = Buffer.from(await crypto.subtle.exportKey('spki', pair.publicKey)).toString('base64')
  await dialog.getByLabel('Public key').fill(`-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----`)
  await dialog.getByRole('button', { name: 'Add a public key' }).click()
  await section.getByText('ed25519').waitFor()
  await page.close()
})

test('an endpoint is made, tried, refused by its receiver, looked into, and told again', options, async () => {
  let status = 500
  const told: string[] = []
  const receiver = createServer((request, response) => {
    request.resume()
    told.push(String(request.headers['webhook-id']))
    response
      .writeHead(status, { 'content-type': 'text/plain' })
      .end(status === 200 ? 'thank you' : 'the shop is closed')
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  after(() => receiver.close())
  const { port } = receiver.address() as AddressInfo
  const page = await console.as('developer', { path: '/developers/webhooks' })
  await page.getByText('Nobody is told yet').waitFor()
  await shoot(page, 'developers-webhooks-empty')
  await page.getByRole('button', { name: 'New endpoint' }).click()
  const dialog = page.getByRole('dialog', { name: 'New endpoint' })
  await dialog.getByLabel('Address').fill('http://10.0.0.1/hooks')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await dialog.getByRole('alert').getByText('url', { exact: true }).waitFor()
  await checkAccess(page, 'new endpoint')
  await dialog.getByLabel('Address').fill(`http://127.0.0.1:${port}/hooks`)
  await dialog.getByLabel('Description').fill('the web shop')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  const once = page.getByRole('dialog', { name: 'The secret of this endpoint' })
  assert.match(await once.locator('pre').innerText(), /^whsec_/)
  await once.getByRole('button', { name: 'I have kept it' }).click()

  const { accounts } = await console.sandbox()
  const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100012345678' }
  await console.api('POST', '/v1/payments', { amount: '150000', from: accounts.remitter, to })
  await page.getByRole('link', { name: /\/hooks$/ }).click()
  await page.getByText('HTTP 500').first().waitFor()
  await page.getByText('the shop is closed').first().waitFor()
  await checkAccess(page, 'an endpoint')
  await shoot(page, 'developers-endpoint')

  status = 200
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText('What came of the test').waitFor()
  await page.getByText('thank you').first().waitFor()
  const before = told.length
  await page.getByRole('button', { name: 'Tell again' }).first().click()
  await page.getByText('1 endpoint is told again.').waitFor()
  await page.getByRole('row').filter({ hasText: 'HTTP 200' }).nth(1).waitFor()
  assert.ok(told.length > before)

  await page.getByRole('link', { name: /^evt_/ }).first().click()
  await page.getByRole('heading', { name: /^payment\./ }).waitFor()
  assert.equal(await page.getByText('50100012345678').count(), 0)
  await checkAccess(page, 'an event')
  await shoot(page, 'developers-event')
  await page.close()
})

test('the secret changes and an endpoint is switched off and on', options, async () => {
  const page = await console.as('developer', { path: '/developers/webhooks' })
  await page.getByRole('link', { name: /\/hooks$/ }).click()
  await page.getByRole('button', { name: 'Change the secret' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Change the secret' }).click()
  const once = page.getByRole('dialog', { name: 'The secret of this endpoint' })
  await once.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('button', { name: 'Enable' }).click()
  await page.getByRole('button', { name: 'Disable' }).waitFor()
  await page.close()
})

test('the sandbox sends a credit, turns faults, cuts a cycle, and says what it refuses', options, async () => {
  const page = await console.as('developer', { path: '/developers/sandbox' })
  await page.getByRole('button', { name: 'Send it' }).click()
  await page.getByText('₹2,500.00 is on its way.').waitFor()
  await page.getByRole('textbox', { name: 'RRN' }).fill('000000000000')
  await page.getByRole('button', { name: 'Raise it' }).click()
  await page.getByRole('alert').getByText('No payment with this RRN was settled.', { exact: true }).first().waitFor()
  await checkAccess(page, 'sandbox')
  await shoot(page, 'developers-sandbox')
  await page.getByLabel('Late', { exact: true }).first().click()
  await page.getByRole('option', { name: '10 %' }).click()
  await page.getByText('Faults are on').waitFor()
  await page.getByRole('button', { name: 'All off' }).click()
  await page.getByText('Faults are on').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Cut the cycle' }).click()
  await page.getByText(/is cut: /).waitFor()
  await page.close()
  const phone = await console.as('developer', {
    path: '/developers/sandbox',
    size: 'phone',
    scheme: 'dark',
    language: 'hi',
  })
  await phone.getByRole('button', { name: 'चक्र काटें' }).waitFor()
  await checkFits(phone, 'sandbox on a phone')
  await checkAccess(phone, 'sandbox on a phone')
  await shoot(phone, 'developers-sandbox-phone-dark-hi')
  await phone.close()
})

test('requests are listed, and a refused one is opened with its problem', options, async () => {
  const { origin, apiKey } = await console.sandbox()
  const refused = await fetch(`${origin}/v1/payments?limit=nonsense`, {
    headers: { authorization: `Bearer ${apiKey}` },
  })
  assert.equal(refused.status, 400)
  const page = await console.as('developer', { path: '/developers/requests' })
  await page.getByText('GET /v1/payments').first().waitFor()
  await page.getByText('Refused', { exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: 'invalid_request' }).filter({ hasText: 'GET /v1/payments' })
  await row.first().waitFor()
  await checkAccess(page, 'requests')
  await shoot(page, 'developers-requests')
  await row.first().getByText('invalid_request').click()
  const dialog = page.getByRole('dialog', { name: 'A request' })
  await dialog.getByText('Something in it is not right').waitFor()
  await dialog.getByText(refused.headers.get('x-request-id') ?? 'no id').waitFor()
  await checkAccess(page, 'a request')
  await shoot(page, 'developers-request')
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: 'Method' }).click()
  await page.getByRole('option', { name: 'DELETE' }).click()
  await page.getByText('No request is like that').waitFor()
  await page.close()

  const phone = await console.as('developer', {
    path: '/developers/requests',
    size: 'phone',
    scheme: 'dark',
    language: 'hi',
  })
  await phone.getByText('GET /v1/payments').first().waitFor()
  await checkAccess(phone, 'requests on a phone')
  await checkFits(phone, 'requests on a phone')
  await shoot(phone, 'developers-requests-phone-dark-hi')
  await phone.close()
})

test('events are found by type, and an auditor sees but changes nothing', options, async () => {
  const page = await console.as('auditor', { path: '/developers/events' })
  await page.getByRole('link', { name: /^evt_/ }).first().waitFor()
  await checkAccess(page, 'events')
  await shoot(page, 'developers-events')
  await page.getByPlaceholder('Of one payment: pay_…').fill('pay_1')
  await page.getByText('A payment id is pay_ and 32 hex digits.').waitFor()
  await page.getByRole('navigation', { name: 'Parts of Developers' }).getByRole('link', { name: 'Webhooks' }).click()
  await page.getByRole('link', { name: /\/hooks$/ }).click()
  await page.getByRole('heading', { name: 'Attempts' }).waitFor()
  for (const name of ['Send a test', 'Change the secret', 'Tell again', 'End'])
    assert.equal(await page.getByRole('button', { name }).count(), 0, name)
  assert.equal(await page.getByRole('link', { name: 'Sandbox' }).count(), 0)
  await page.close()
})

test('where others must agree, a key is handed over once, to whoever asked for it', options, async () => {
  const client = await console.api('POST', '/v1/clients', { name: 'Reports', rights: ['payments:read'] })
  const steps = [{ anyOf: [{ role: 'checker', count: 1 }] }]
  await console.api('POST', '/v1/approval-rules', { subject: 'client', steps })
  const page = await console.as('administrator', { path: `/developers/keys/${client.id}` })
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make a key' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const { data } = await console.api('GET', '/v1/approvals')
  const checker = await console.as('checker', { path: `/approvals/${data[0].id}` })
  await checker.getByRole('button', { name: 'Approve' }).click()
  await checker.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await checker.getByText('People agreed, and it was done.').waitFor()
  await checker.close()
  await page.reload()
  await page.getByText('Others have agreed to a key').waitFor()
  await checkAccess(page, 'a key that others agreed to')
  await shoot(page, 'developers-key-agreed')
  await page.getByRole('button', { name: 'Show the key once' }).click()
  const once = page.getByRole('dialog', { name: 'The key is made' })
  assert.match(await once.locator('pre').innerText(), /^trnt_test_/)
  await once.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByText('Others have agreed to a key').waitFor({ state: 'detached' })
  await page.close()
})
