import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// Home: the figures of the day, as they come.

const console = openConsole('home')
after(() => assert.deepEqual(console.faults, []))

const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' }

test('home shows what is not known as it comes, and leads to it', options, async () => {
  const { accounts } = await console.sandbox()
  const pay = (amount: string) => console.api('POST', '/v1/payments', { amount, from: accounts.remitter, to })
  const page = await console.as('viewer')
  await page.getByText('The outcome of every payment is known.').waitFor()
  await page.getByText('No bank is in trouble', { exact: false }).waitFor()
  for (const amount of ['150000', '12345678', '10900', '10191']) await pay(amount)
  await pay('10500')
  await page.getByText('1 payment · ₹105.00').waitFor()
  await page.getByRole('region', { name: 'Links to the switch' }).getByRole('row').nth(2).waitFor()
  await checkAccess(page, 'home')
  await shoot(page, 'home')
  await page.getByRole('link', { name: 'Open the queue' }).click()
  await page.waitForURL('**/unconfirmed')
  await page.close()
})

test('a bad day: a bank in trouble, a cap that is nearly used up, a link that is down', options, async () => {
  const page = await console.as('viewer')
  const piece = (payments: number) => ({ payments, amount: String(payments * 150_000) })
  await page.route('**/v1/overview', async (route) => {
    const day = await (await route.fetch()).json()
    const outward = {
      ...piece(1_300),
      succeeded: piece(1_200),
      deemed: piece(20),
      businessDeclines: piece(50),
      technicalDeclines: piece(30),
      returned: piece(0),
      open: piece(1_234_567),
      neverSent: piece(0),
    }
    await route.fulfill({
      json: {
        ...day,
        out: '12505869',
        outward,
        rates: { success: 92.31, businessDecline: 3.85, technicalDecline: 2.31, deemed: 1.54, returned: 0 },
        timeToFinal: { payments: 1_300, p50: 420, p95: 1_830, p99: 12_400 },
        hours: [{ from: '2026-11-28T04:30:00.000Z', outward, inward: day.inward }],
        banksInTrouble: [
          {
            bank: 'HDFC',
            name: 'HDFC Bank',
            since: '2026-11-28T04:50:00.000Z',
            payments: 40,
            technicalDeclines: 9,
            unconfirmed: 4,
            deemed: 1,
            percent: 35,
          },
        ],
        links: day.links.map((link: object, i: number) =>
          i === 0 ? { ...link, usable: false, state: 'disconnected' } : link,
        ),
        positions: day.positions.map((one: object, i: number) =>
          i === 0
            ? { ...one, institution: 'TRN', cap: '10000000000', used: '9200000000', usedPercent: 92, level: 90 }
            : i === 1
              ? { ...one, institution: 'SMP', cap: '100', used: '100', usedPercent: 100, level: 100, stopped: 'hold' }
              : one,
        ),
      },
    })
  })
  await page.reload()
  await page.getByText('₹1,25,058.69').waitFor()
  await page.getByText('35 % of 40 payments of the last ten minutes went wrong', { exact: false }).waitFor()
  await page.getByText('1,220 payments', { exact: true }).waitFor()
  await page.getByText('12,34,567', { exact: true }).waitFor()
  await page.getByText('92.31 %').waitFor()
  await page.getByText('420 ms').waitFor()
  await page.getByText('1.83 s').waitFor()
  await page.getByText('₹9,20,00,000.00 of ₹10,00,00,000.00 (92 %)').waitFor()
  await page.getByText('Disconnected').waitFor()
  await page
    .getByRole('alert', { name: 'SMP · Net debit cap' })
    .getByText('new payments are held', { exact: false })
    .waitFor()
  await page.getByRole('table', { name: 'Payments out, by the hour' }).waitFor({ state: 'attached' })
  await checkAccess(page, 'a bad day')
  await shoot(page, 'home-bad-day')
  await page.close()
})

test('home fits a phone in the dark and in Hindi', options, async () => {
  const page = await console.as('viewer', { size: 'phone', scheme: 'dark', language: 'hi' })
  await page.getByText('बाहर गया पैसा').waitFor()
  await page.getByRole('region', { name: 'स्विच के लिंक' }).waitFor()
  await checkFits(page, 'home on a phone')
  await checkAccess(page, 'home on a phone')
  await shoot(page, 'home-phone-dark-hi')
  await page.close()
})

test('the hub is away: home says so, keeps what it had, and goes on by itself', options, async () => {
  const page = await console.as('viewer')
  await page.getByText('Money out').waitFor()
  await page.route('**/v1/overview', (route) => route.abort('connectionrefused'))
  await page.getByText('The hub cannot be reached').waitFor()
  await page.getByText('Money out').waitFor()
  await page.unroute('**/v1/overview')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('The hub cannot be reached').waitFor({ state: 'detached' })
  await page.close()
})

test('before the day was counted once, home says so and shows no nought', options, async () => {
  const page = await console.as('viewer', { path: '/payments' })
  await page.getByRole('heading', { level: 1, name: 'Payments' }).waitFor()
  await page.route('**/v1/overview', async (route) => {
    const day = await (await route.fetch()).json()
    await route.fulfill({ json: { ...day, countedAt: null } })
  })
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await page.getByText('Not counted yet').waitFor()
  await page.getByText('Money out').waitFor({ state: 'detached' })
  await checkAccess(page, 'home before the first count')
  await page.close()
})
