import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { TOTP } from 'otpauth'
import { inherited } from '../../../test/support/hub-process.ts'
import { checkAccess, openConsole, options, root, shoot } from './support/console.ts'

// How somebody comes in the first time, and proves again who they are.

const console = openConsole('sign-in')
after(() => assert.deepEqual(console.faults, []))

const run = promisify(execFile)
const people = async (...args: string[]): Promise<string> => {
  const { dataDir } = await console.sandbox()
  const { stdout } = await run(process.execPath, [join(root, 'src/cli/people.ts'), '--data-dir', dataDir, ...args], {
    env: inherited,
  })
  return stdout
}

test('somebody who was invited chooses a password and an app, and is in', options, async () => {
  const said = await people(
    'invite',
    '--tenant',
    '1',
    '--name',
    'Kavya Iyer',
    '--login',
    'kavya@bank.example',
    '--role',
    'viewer',
  )
  const [link = ''] = /http\S+\/console\/invitation#inv_\S+/.exec(said) ?? []
  assert.notEqual(link, '', said)
  const page = await console.as(undefined)
  await page.goto(link)
  await page.reload()
  await page.getByRole('heading', { name: 'Welcome, Kavya Iyer' }).waitFor()
  await page.getByRole('tab', { name: 'Password and app' }).click()
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor()
  await checkAccess(page, 'the invitation')
  await shoot(page, 'invitation')
  const secret = (await page.getByText(/^[A-Z2-7]{32}/).innerText()).trim()
  await page.getByLabel(/^New password/).fill('seven quiet rivers at dawn')
  await page.getByLabel(/^Code/).fill(new TOTP({ secret }).generate())
  await page.getByRole('button', { name: 'Accept the invitation' }).click()
  await page.getByRole('navigation', { name: 'Areas' }).waitFor()

  // The link has been used.
  const late = await console.as(undefined)
  await late.goto(link)
  await late.reload()
  await late.getByText('This invitation cannot be used').waitFor()
  await late.close()

  await page.getByRole('button', { name: 'You and your settings' }).click()
  await shoot(page, 'own-menu')
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.close()
})

test('somebody who was invited makes a passkey, and signs in with it', options, async () => {
  const said = await people(
    'invite',
    '--tenant',
    '1',
    '--name',
    'Rohan Shah',
    '--login',
    'rohan@bank.example',
    '--role',
    'viewer',
  )
  const [link = ''] = /http\S+\/console\/invitation#inv_\S+/.exec(said) ?? []
  const page = await console.as(undefined)
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await page.goto(link)
  await page.reload()
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.getByRole('navigation', { name: 'Areas' }).waitFor()
  await page.getByRole('button', { name: 'You and your settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('navigation', { name: 'Areas' }).waitFor()
  await page.close()
})

test('the command that lets somebody into a sandbox says who there is, with codes that sign in', options, async () => {
  const said = await people('demo')
  assert.match(said, /http:\/\/localhost:\d+\/console/)
  for (const role of ['viewer', 'maker', 'checker', 'operations', 'developer', 'auditor', 'administrator'])
    assert.match(said, new RegExp(`${role} +1 +${role}@sandbox\\.example +monsoon over marine drive +\\d{6}`))
})
