import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { languages, walletFiles, wordsOf } from '../src/wallet-page/assets.ts'
import { options } from './support/chromium.ts'
import { openWallet } from './support/wallet.ts'

// The wallet in a real browser on a whole sandbox: what customers do, and what they are told when nobody knows. Skipped where there is
// no chromium, except in CI.

const { at, context, fillPayment, giveCode, isSound, page, pay, person, press, prove, signIn, stands } =
  openWallet('wallet')
const asha = () => person('asha')
const ravi = () => person('ravi')

test('a wrong MPIN lets nobody in and says no more; the right one shows the balance', options, async () => {
  await page().goto(`${at()}/wallet`)
  await isSound('sign-in')
  await page().getByLabel('Mobile number').fill(asha().mobile)
  await giveCode(asha())
  await page().getByLabel('MPIN').fill('111222')
  await press('Sign in')
  await page().getByRole('alert').filter({ hasText: 'is not right' }).waitFor()
  await isSound('sign-in-refused')
  await page().getByLabel('MPIN').fill(asha().mpin)
  await press('Sign in')
  await page().getByText('₹10,00,000.00').waitFor()
  await page().getByText('Nothing yet.').waitFor()
  await isSound('home-empty')
})

test('a payment to an account is checked, proved with two factors and settled, live', options, async () => {
  await fillPayment('1,500.50')
  await page().getByText('does not tell the payee').waitFor()
  await isSound('review')
  await press(/^Pay ₹1,500\.50/)
  await page().getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
  await isSound('prove')
  await prove(asha(), '111222')
  await page().getByRole('alert').filter({ hasText: 'is not right' }).waitFor()
  await page().getByLabel('MPIN').fill(asha().mpin)
  await press(/^Pay ₹/)
  await stands('succeeded')
  await page().getByText('The payee has the money.').waitFor()
  await isSound('paid')
})

test(
  'of an outcome that nobody knows it says so, not to pay again, and when it will be known; then it settles by itself',
  options,
  async () => {
    await pay('103.00', asha())
    await page().locator('[data-state=unconfirmed]').waitFor()
    const said = await page().locator('[data-state=unconfirmed]').textContent()
    assert.match(said ?? '', /does not know yet .* Do not pay again\. It is found out by .* IST/)
    await isSound('unconfirmed')
    await stands('succeeded')
  },
)

test('what is deemed counts as paid, and says when it ends; what is declined says why', options, async () => {
  await pay('101.91', asha())
  await stands('deemed')
  assert.match((await page().locator('[data-status=deemed]').textContent()) ?? '', /Do not pay again/)
  await isSound('deemed')
  await pay('109.00', asha())
  await stands('failed')
  assert.match(
    (await page().locator('[data-status=failed]').textContent()) ?? '',
    /not paid, and the money is in your account\. \w/,
  )
  await isSound('failed')
})

test('somebody else who signs in at the same browser sees nothing of the one before', options, async () => {
  await page().goto(`${at()}/wallet#settings`)
  await press('Sign out')
  await page().getByLabel('Mobile number').waitFor()
  await page().goto(`${at()}/wallet#home`)
  await signIn(ravi())
  await page().getByText('₹10,00,000.00').waitFor()
  await page().getByText('Nothing yet.').waitFor()
})

test(
  'a connection that breaks as the payment is sent makes no second one: it is the same, sent again',
  options,
  async () => {
    await fillPayment('77.00')
    // The hub takes it, and its answer never arrives.
    let taken = 0
    await page().route('**/v1/wallet/payments', async (route) => {
      if (route.request().method() === 'POST' && taken === 0) {
        taken += 1
        await route.fetch()
        await route.abort('connectionreset')
      } else await route.continue()
    })
    await press(/^Pay ₹/)
    await page().getByText('The connection broke before the bank answered').waitFor()
    await isSound('lost')
    await page().reload()
    await page().getByText('The connection broke before the bank answered').waitFor()
    await page().getByRole('button', { name: 'Send the same payment again' }).click()
    await page().getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
    await page().unroute('**/v1/wallet/payments')
    await prove(ravi(), ravi().mpin)
    await stands('succeeded')
    await page().goto(`${at()}/wallet#home`)
    await page().getByRole('heading', { name: 'Home' }).waitFor()
    await page().locator('.lines li', { hasText: '₹77.00' }).first().waitFor()
    assert.equal(await page().locator('.lines li', { hasText: '₹77.00' }).count(), 1)
    await isSound('home')

    // A list that was read while the payment was under way: its line hears of the end by itself.
    await page().route('**/v1/wallet/payments?*', async (route) => {
      const answer = await route.fetch()
      const body = Object(await answer.json())
      await route.fulfill({
        response: answer,
        json: { ...body, data: body.data.map((one: object) => ({ ...one, status: 'processing', state: 'sent' })) },
      })
    })
    await page().route('**/v1/wallet/payments/*/events', async (route) => {
      await page().locator('.lines li', { hasText: 'On its way' }).waitFor()
      await route.continue()
    })
    await page().reload()
    await page().locator('.lines li', { hasText: 'Paid' }).waitFor()
    await page().getByRole('status').filter({ hasText: '₹77.00 · Asha Devi · Paid' }).waitFor({ state: 'attached' })
    await page().unrouteAll({ behavior: 'wait' })
  },
)

/** The address of the page of a link that Ravi makes. */
let link = ''

test('the statement, the numbers to be paid at, and a frozen wallet', options, async () => {
  await page().goto(`${at()}/wallet#statement`)
  await page().getByText('Opening balance').waitFor()
  await isSound('statement')
  await page().goto(`${at()}/wallet#receive`)
  await page().getByLabel('Amount in rupees').fill('250')
  await page().getByLabel('What for').fill('Lunch')
  await press('Make a link')
  link = (await page().locator('code', { hasText: '/pay/' }).textContent()) ?? ''
  await press('Show the numbers')
  await page().getByRole('button', { name: 'Copy' }).first().waitFor()
  await isSound('receive')
  await page().goto(`${at()}/wallet?link=${link.split('/').at(-1)}`)
  await page().getByRole('heading', { name: 'Check the payment' }).waitFor()
  await page().getByText('₹250.00').first().waitFor()
  await isSound('link')
  await page().goto(`${at()}/wallet#settings`)
  await page().getByRole('heading', { name: 'Settings' }).waitFor()
  await isSound('settings')
  await press('Freeze my wallet')
  await page().getByText('nothing leaves it').first().waitFor()
  await fillPayment('10.00')
  await press(/^Pay ₹/)
  await page().getByRole('alert').filter({ hasText: 'frozen' }).waitFor()
  await page().goto(`${at()}/wallet#settings`)
  await press('Let payments go again')
  await page().getByText('Payments go again.').waitFor()
})

test(
  'a passkey is added, is the second factor of a payment, and opens the wallet by itself; a window that is closed costs nothing',
  options,
  async () => {
    const device = await context().newCDPSession(page())
    await device.send('WebAuthn.enable')
    const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    const setVerified = (isUserVerified: boolean) =>
      device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    await page().goto(`${at()}/wallet#settings`)
    await press('Add a passkey')
    await page().getByText('The passkey is added.').waitFor()
    await isSound('settings-passkey')

    await fillPayment('88.00')
    await press(/^Pay ₹/)
    await press('Confirm with a passkey')
    await page().getByLabel('MPIN').fill(ravi().mpin)
    await setVerified(false)
    await press('Confirm with a passkey')
    await page().getByRole('alert').filter({ hasText: 'The passkey was not used' }).waitFor()
    await isSound('passkey-closed')
    await setVerified(true)
    await press('Confirm with a passkey')
    await stands('succeeded')

    await page().goto(`${at()}/wallet#settings`)
    await press('Sign out')
    await page().getByLabel('Mobile number').waitFor()
    await page().goto(`${at()}/wallet#home`)
    await setVerified(false)
    await press('Use a passkey')
    await page().getByRole('alert').filter({ hasText: 'The passkey was not used' }).waitFor()
    await setVerified(true)
    await press('Use a passkey')
    await page().locator('.lines li', { hasText: '₹88.00' }).first().waitFor()
    assert.equal(await page().locator('.lines li', { hasText: '₹88.00' }).count(), 1)
    await device.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    await device.detach()
  },
)

test('in Hindi every word is there and fits; signing out ends it', options, async () => {
  await page().goto(`${at()}/wallet#settings`)
  await press('हिन्दी')
  await page().getByRole('heading', { name: 'सेटिंग' }).waitFor()
  for (const screen of ['home', 'pay', 'receive', 'statement', 'settings']) {
    await page().goto(`${at()}/wallet#${screen}`)
    await page()
      .getByRole('heading', { level: 1, name: wordsOf('hi')[screen] ?? '' })
      .waitFor()
    await isSound(`hi-${screen}`)
  }
  await press('साइन आउट')
  await page().getByLabel('मोबाइल नंबर').waitFor()
  await context().clearCookies()
  await page().goto(`${at()}/wallet`)
  await page().getByLabel('Mobile number').waitFor()
})

test('the page can be installed, opens without a connection, and keeps nothing but its shell', options, async () => {
  await page().goto(`${at()}/wallet`)
  await signIn(ravi())
  const manifest = Object(await (await fetch(`${at()}/wallet/manifest.webmanifest`)).json())
  assert.deepEqual([manifest.start_url, manifest.scope, manifest.display], ['/wallet', '/wallet', 'standalone'])
  const shown: string[] = await page().evaluate(
    `Promise.all([...${JSON.stringify(manifest.icons)}, { src: document.querySelector('link[rel=apple-touch-icon]').href, sizes: '180x180' }].map(
      async ({ src, sizes, purpose = 'any' }) => {
        const picture = new Image()
        picture.src = src
        await picture.decode()
        return sizes + ' ' + (sizes === 'any' ? '' : picture.naturalWidth + 'x' + picture.naturalHeight + ' ') + purpose
      }))`,
  )
  assert.deepEqual(shown, [
    'any any',
    '192x192 192x192 any',
    '512x512 512x512 any',
    '512x512 512x512 maskable',
    '180x180 180x180 any',
  ])
  const session = await context().newCDPSession(page())
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  // A test's browser keeps nothing, which is the one thing in the way.
  assert.deepEqual(
    installabilityErrors.map(({ errorId }) => errorId),
    ['in-incognito'],
  )
  await session.detach()
  await page().evaluate('navigator.serviceWorker.ready.then(() => undefined)')
  await page().reload()
  await page().getByRole('heading', { name: 'Home' }).waitFor()
  const kept: string[] = await page().evaluate(
    `caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys()))))
      .then((all) => all.flat().map(({ url }) => new URL(url).pathname))`,
  )
  assert.ok(kept.length > 0)
  for (const path of kept) assert.match(path, /^\/wallet(\/assets\/.*)?$/)
  await context().setOffline(true)
  await page().reload()
  await page().getByText('There is no connection').waitFor()
  await context().setOffline(false)
})

test(
  'a link of the same bank is paid with two factors: the payer sees it settled at once, and its page turns green by itself',
  options,
  async () => {
    await page().goto(`${at()}/wallet#settings`)
    await press('Sign out')
    await page().getByLabel('Mobile number').waitFor()
    await page().goto(`${at()}/wallet#home`)
    await signIn(asha())
    const waiting = await context().newPage()
    await waiting.goto(`${at()}${new URL(link, at()).pathname}`)
    await waiting.getByText('₹250.00').first().waitFor()
    await page().goto(`${at()}/wallet?link=${link.split('/').at(-1)}`)
    await page().getByRole('heading', { name: 'Check the payment' }).waitFor()
    await press(/^Pay ₹250\.00/)
    await page().getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
    await prove(asha(), asha().mpin)
    await stands('succeeded')
    await page().getByText('it was paid within the bank').waitFor()
    await isSound('paid-within-the-bank')
    const rrn = /[0-9]{12}/.exec((await page().locator('dl').first().textContent()) ?? '')?.[0] ?? 'none'
    await waiting.getByRole('heading', { name: 'Paid', exact: true }).waitFor({ timeout: 30_000 })
    assert.ok((await waiting.locator('main').textContent())?.includes(rrn), rrn)
    await waiting.close()
    await page().goto(`${at()}/wallet#home`)
    await page().locator('.lines li', { hasText: '₹250.00' }).first().waitFor()
    assert.equal(await page().locator('.lines li', { hasText: '₹250.00' }).count(), 1)
  },
)

test('every language has every word, and a first view is under 40 KB compressed', () => {
  const names = Object.keys(wordsOf('en')).sort()
  assert.ok(languages.includes('en') && languages.includes('hi'))
  const files = walletFiles()
  for (const language of languages) {
    assert.deepEqual(Object.keys(wordsOf(language)).sort(), names, language)
    for (const [name, word] of Object.entries(wordsOf('en')))
      assert.deepEqual(
        [...(wordsOf(language)[name] ?? '').matchAll(/\{\w+\}/g)].map(String).sort(),
        [...word.matchAll(/\{\w+\}/g)].map(String).sort(),
        `${language}: ${name}`,
      )
    const bytes = [`wallet-${language}.js`, 'wallet.css'].map((name) => gzipSync(files[name] ?? '').length)
    assert.ok(bytes.reduce((a, b) => a + b) + 1_500 < 25_000, `${language}: ${bytes}`)
  }
})
