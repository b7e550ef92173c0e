import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { checkAccess, checkFits, codeOf, openConsole, options, shoot } from './support/console.ts'

// One's own account: passkeys, password, sessions, behind a fresh proof; and the question whether somebody is still there.

const console = openConsole('own')
after(() => assert.deepEqual(console.faults, []))

const WAIT = { timeout: 30_000 }
/** How long a code of an authenticator app is as it is, milliseconds. */
const STEP_MS = 30_000

/** A device that makes and keeps passkeys. */
async function withDevice(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

test('passkeys are added and removed; the last way in stays; other sessions are ended', options, async () => {
  const { people, origin } = await console.sandbox()
  const page = await console.as('maker', { path: '/own' })
  await withDevice(page)
  const passkeys = page.getByRole('region', { name: 'Passkeys' })
  await passkeys.getByText('You have none').waitFor(WAIT)
  await checkAccess(page, 'one’s own account')
  await shoot(page, 'own')

  const add = async (label: string): Promise<void> => {
    await passkeys.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(label)
    await page.getByRole('button', { name: 'Make the passkey' }).click()
    await passkeys.getByText(label).waitFor(WAIT)
  }
  await add('Desk')
  await checkAccess(page, 'a passkey')
  await shoot(page, 'own-passkey')

  // The same person from elsewhere: with the password, and the code that comes next, since each is taken once.
  const other = await (await page.context().browser())?.newContext()
  const there = await other?.newPage()
  assert.ok(there !== undefined)
  await there.goto(`${origin}/console/`)
  const { tenant, login, password, totpSecret } = people.maker
  await there.getByLabel('Tenant').fill(String(tenant))
  await there.getByLabel('Login').fill(login)
  await there.getByLabel(/^Password/).fill(password)
  await there.getByLabel('Code').fill(codeOf(totpSecret, Date.now() + STEP_MS))
  await there.getByRole('button', { name: 'Sign in', exact: true }).click()
  await there.getByRole('navigation', { name: 'Areas' }).waitFor({ state: 'attached', ...WAIT })

  await page.reload()
  const sessions = page.getByRole('region', { name: 'Where you are signed in' })
  await sessions.getByText('this one').waitFor(WAIT)
  await sessions.getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click()
  await sessions.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached', ...WAIT })
  await there.reload()
  await there.getByRole('heading', { name: 'Sign in' }).waitFor(WAIT)
  await other?.close()

  await passkeys.getByRole('button', { name: 'Remove the passkey Desk' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await passkeys.getByText('You have none').waitFor(WAIT)
  await page.close()
})

test(
  'a passkey is renamed; the last one of somebody without a password is guarded, and the way out is said',
  options,
  async () => {
    const page = await console.as('developer', { path: '/own' })
    await withDevice(page)
    await page.getByRole('button', { name: 'Give it up' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Give it up' }).click()
    await page.getByText('It is your last way in').waitFor(WAIT)
    await page.reload()
    const passkeys = page.getByRole('region', { name: 'Passkeys' })
    await passkeys.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Only one')
    await page.getByRole('button', { name: 'Make the passkey' }).click()
    await passkeys.getByText('Only one').waitFor(WAIT)
    await passkeys.getByRole('button', { name: 'Rename the passkey Only one' }).click()
    const naming = page.getByRole('dialog', { name: 'What is this passkey called?' })
    await naming.getByRole('textbox', { name: 'Name' }).fill(' ')
    await naming.getByRole('button', { name: 'Rename' }).click()
    await naming.getByRole('alert').waitFor(WAIT)
    await checkAccess(page, 'a passkey without a name')
    await naming.getByRole('textbox', { name: 'Name' }).fill('The only one')
    await shoot(page, 'own-passkey-rename')
    await naming.getByRole('button', { name: 'Rename' }).click()
    await passkeys.getByText('The only one').waitFor(WAIT)
    await page.getByText('A passkey was renamed').waitFor(WAIT)
    const password = page.getByRole('region', { name: 'Password and app' })
    await password.getByRole('button', { name: 'Give it up' }).click()
    const asking = page.getByRole('dialog', { name: 'Give up the password?' })
    await checkAccess(page, 'giving up a password')
    await shoot(page, 'own-password-give-up')
    await asking.getByRole('button', { name: 'Give it up' }).click()
    await password.getByText('You have none, and need none while you have a passkey.').waitFor(WAIT)
    assert.equal(await password.getByRole('button', { name: 'Give it up' }).count(), 0)

    await passkeys.getByRole('button', { name: 'Remove the passkey The only one' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('It is your last way in').waitFor(WAIT)
    await page.getByText('Add a passkey or set a password first', { exact: false }).waitFor(WAIT)
    await checkAccess(page, 'the last passkey')
    await shoot(page, 'own-passkey-last')
    await page.reload()
    await passkeys.getByText('The only one').waitFor(WAIT)

    // A second one on the same device is no second way in.
    await passkeys.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Another')
    await page.getByRole('button', { name: 'Make the passkey' }).click()
    await page.getByText('The passkey was not made').waitFor(WAIT)
    await page.close()
  },
)

test('a change is behind a fresh proof, and a wrong proof is said', options, async () => {
  const page = await console.as('checker', { path: '/own' })
  const card = page.getByRole('region', { name: 'Password and app' })
  // Five minutes are not waited for: the hub asks for the proof, and what it says then is given once.
  let asked = 0
  await page.route('**/v1/people/me/factors', async (route) => {
    asked += 1
    if (asked > 1) return route.continue()
    await route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      json: {
        type: '/problems/reauthentication_required',
        code: 'reauthentication_required',
        title: 'Prove again who you are.',
        status: 403,
      },
    })
  })
  await card.getByRole('button', { name: 'Change' }).click()
  const form = page.getByRole('dialog', { name: 'Set a password' })
  await form.getByRole('textbox', { name: 'New password' }).fill('four plain words on a page')
  await form.getByRole('button', { name: 'Set the password' }).click()
  const proof = page.getByRole('dialog', { name: 'Prove that it is you' })
  await proof.waitFor(WAIT)
  await checkAccess(page, 'a proof')
  await shoot(page, 'own-proof')
  await proof.getByLabel(/^Password/).fill('not the password')
  await proof.getByLabel('Code').fill('000000')
  await proof.getByRole('button', { name: 'Prove it' }).click()
  await proof.getByText('That does not sign you in').waitFor(WAIT)
  await page.keyboard.press('Escape')
  await form.getByText('This needs a fresh proof').waitFor(WAIT)
  await page.close()
})

test('on a phone, in the dark, in Hindi', options, async () => {
  const page = await console.as('viewer', { path: '/own', size: 'phone', scheme: 'dark', language: 'hi' })
  await page.getByText('आप कहाँ साइन इन हैं').waitFor(WAIT)
  await page.getByText('साइन इन किया').first().waitFor(WAIT)
  await checkAccess(page, 'one’s own account on a phone')
  await checkFits(page, 'one’s own account on a phone')
  await shoot(page, 'own-phone-dark-hi')
  await page.close()
})

test('who does nothing is asked whether they are there, and signed out when they are not', options, async () => {
  const page = await console.as('viewer', { path: '/payments' })
  await page.clock.install()
  await page.reload()
  await page.getByRole('navigation', { name: 'Areas' }).waitFor({ state: 'attached', ...WAIT })
  await page.clock.fastForward(13 * 60_000 + 1_000)
  const dialog = page.getByRole('dialog', { name: 'Are you still there?' })
  await dialog.waitFor(WAIT)
  await shoot(page, 'own-idle')
  await dialog.getByRole('button', { name: 'Stay signed in' }).click()
  await dialog.waitFor({ state: 'detached', ...WAIT })
  await page.mouse.move(40, 40)
  await page.clock.fastForward(13 * 60_000 + 1_000)
  await dialog.waitFor(WAIT)
  await page.clock.runFor(92_000)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor(WAIT)
  await page.close()
})
