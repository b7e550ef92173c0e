import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { checkAccess, checkFits, openConsole, options, shoot } from './support/console.ts'

// People, who must agree to what, limits, what stops payments, and what was done by whom.

const console = openConsole('administration')
after(() => assert.deepEqual(console.faults, []))

test(
  'an administrator invites somebody, is told which roles do not go together, and changes what they may',
  options,
  async () => {
    const page = await console.as('administrator', { path: '/administration' })
    await page.getByText('Omar Siddiqui').waitFor()
    await page.getByRole('row').filter({ hasText: 'Aditi Menon' }).getByText('you').waitFor()
    await checkAccess(page, 'people')
    await shoot(page, 'administration-people')
    await page.getByRole('button', { name: 'Invite' }).click()
    const dialog = page.getByRole('dialog', { name: 'Invite' })
    await dialog.getByLabel('Name').fill('Nisha Pillai')
    await dialog.getByLabel('Login').fill('nisha@sandbox.example')
    await dialog.getByRole('checkbox', { name: 'Maker' }).check()
    await dialog.getByRole('checkbox', { name: 'Checker' }).check()
    await dialog.getByRole('button', { name: 'Invite' }).click()
    await dialog.getByText('maker stands alone').waitFor()
    await checkAccess(page, 'invite')
    await shoot(page, 'administration-invite')
    await dialog.getByRole('checkbox', { name: 'Maker' }).uncheck()
    await dialog.getByRole('button', { name: 'Invite' }).click()
    const once = page.getByRole('dialog', { name: 'The invitation' })
    assert.match(await once.locator('pre').innerText(), /#inv_/)
    await once.getByRole('button', { name: 'I have kept it' }).click()
    const row = page.getByRole('row').filter({ hasText: 'Nisha Pillai' })
    await row.getByText('Invited').waitFor()
    await row.getByRole('button', { name: 'What to do about Nisha Pillai' }).click()
    await page.getByRole('menuitem', { name: 'Disable' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    await row.getByText('Disabled').waitFor()
    await page.close()
  },
)

test('a rule of two steps and a limit are set, and said in words', options, async () => {
  const page = await console.as('administrator', { path: '/administration/rules' })
  await page.getByRole('button', { name: 'New rule' }).click()
  const dialog = page.getByRole('dialog', { name: 'New rule' })
  await dialog.getByLabel('Over').fill('a lot')
  await dialog.getByRole('button', { name: 'Make the rule' }).click()
  await dialog.getByText('Give an amount').waitFor()
  await dialog.getByLabel('Over').fill('1,00,000.00')
  await dialog.getByRole('button', { name: 'And another step' }).click()
  await dialog.getByRole('group', { name: 'Step 2' }).getByRole('button', { name: 'Or somebody else' }).click()
  await checkAccess(page, 'a rule')
  await shoot(page, 'administration-rule')
  await dialog.getByRole('button', { name: 'Make the rule' }).click()
  await page.getByText('1 × Checker and then 1 × Checker or 1 × Administrator').waitFor()
  await page.getByText('₹1,00,000.00').waitFor()
  await shoot(page, 'administration-rules')

  await page.getByRole('link', { name: 'Limits' }).click()
  await page.getByRole('button', { name: 'New limit' }).click()
  const limit = page.getByRole('dialog', { name: 'New limit' })
  await limit.getByRole('button', { name: 'Set the limit' }).click()
  await limit.getByRole('alert').waitFor()
  await limit.getByLabel('At most a day').fill('5,00,000')
  await limit.getByLabel('Payments a day').fill('50')
  await limit.getByLabel('Payments at most').fill('5')
  await limit.getByLabel('For so many hours').fill('24')
  await limit.getByLabel('Waits over').fill('10,000')
  await limit.getByLabel('Waits so many minutes').fill('2000')
  await limit.getByRole('button', { name: 'Set the limit' }).click()
  await limit.getByText('Give both, or neither.').nth(1).waitFor()
  await limit.getByText('A whole number from 1 to 1,440.').waitFor()
  await limit.getByLabel('In so many minutes').fill('10')
  await limit.getByLabel('At most together').fill('5,000')
  await limit.getByLabel('Waits so many minutes').fill('60')
  await checkAccess(page, 'a limit')
  await shoot(page, 'administration-limit')
  await limit.getByRole('button', { name: 'Set the limit' }).click()
  await page.getByText('₹5,00,000.00 a day · 50 payments a day').waitFor()
  await page
    .getByText(
      '5 payments in 10 min · ₹5,000.00 to a new beneficiary in 24 h · over ₹10,000.00 leaves after 60 minutes',
      { exact: false },
    )
    .waitFor()
  const { data } = await console.api('GET', '/v1/limits')
  assert.deepEqual(data[0].rules, {
    day: '50000000',
    dayCount: 50,
    velocity: { count: 5, minutes: 10 },
    cooling: { hours: 24, amount: '500000' },
    lag: { over: '1000000', seconds: 3_600 },
  })
  await checkAccess(page, 'limits')
  await page.close()
})

test(
  'rules of risk begin with what is suggested, refuse what cannot be, and each set keeps its name',
  options,
  async () => {
    const page = await console.as('administrator', { path: '/administration/risk' })
    await page.getByText('Nothing looks at payments yet').waitFor()
    await page.getByRole('button', { name: 'Change the rules' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change the rules' })
    await dialog.getByRole('button', { name: 'Begin with the suggested set' }).click()
    const velocity = dialog.getByRole('group', { name: 'Many payments in minutes' })
    await velocity.getByLabel('Within minutes').fill('0')
    await dialog.getByRole('button', { name: 'Set the rules' }).click()
    await velocity.getByText('A whole number from 1 to 1,440.').waitFor()
    await velocity.getByLabel('Within minutes').fill('15')
    const probing = dialog.getByRole('group', { name: 'A small try first' })
    await probing.getByLabel('Try of at most').fill('50,000')
    await probing.locator('label').filter({ hasText: 'refuse' }).click()
    await dialog.getByRole('button', { name: 'Set the rules' }).click()
    await probing.getByText('must be less than amount').waitFor()
    await checkAccess(page, 'rules of risk being changed')
    await shoot(page, 'administration-risk-change')
    await probing.getByLabel('Try of at most').fill('10')
    await dialog.getByRole('group', { name: 'Odd hours' }).getByRole('switch').uncheck()
    await dialog.getByRole('button', { name: 'Set the rules' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'What holds: rules/1' }).waitFor()
    await page.getByRole('row').filter({ hasText: '20 payments in 15 minutes' }).first().waitFor()
    await checkAccess(page, 'rules of risk')
    await shoot(page, 'administration-risk')
    await page.close()
    const { current } = await console.api('GET', '/v1/risk/rules')
    assert.deepEqual(current.rules.velocity, { count: 20, minutes: 15, action: 'review' })
    assert.deepEqual(current.rules.probing, { probe: '1000', amount: '2500000', minutes: 60, action: 'refuse' })
    assert.equal(current.rules.oddHours, undefined)
    const operations = await console.as('operations', { path: '/administration/risk' })
    await operations.getByRole('heading', { name: 'What holds: rules/1' }).waitFor()
    assert.equal(await operations.getByRole('button', { name: 'Change the rules' }).count(), 0)
    await operations.close()
  },
)

test(
  'operations stop all payments and block a number; to let payments go again is another right',
  options,
  async () => {
    const page = await console.as('operations', { path: '/administration/safety' })
    await page.getByRole('link', { name: 'Customers' }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'People' }).count(), 0)
    await page.getByLabel('Account number').last().fill('50100099999999')
    await page.getByLabel('Reason').fill('acknowledgement 42')
    await checkAccess(page, 'stop and block')
    await shoot(page, 'administration-safety')
    await page.locator('form').getByRole('button', { name: 'Block' }).click()
    await page.getByText('It is blocked.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Let payments go again' }).count(), 0)
    await page.getByRole('button', { name: 'Stop all payments' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop all payments' }).click()
    await page.getByText('All payments are stopped.').waitFor()
    const banner = page.getByRole('alert', { name: 'All payments are stopped' })
    await banner.getByText('By the kill switch, since', { exact: false }).waitFor()
    assert.equal(await banner.getByRole('link', { name: 'Let payments go again' }).count(), 0)
    await page.getByText('Somebody with the right to change limits', { exact: false }).nth(1).waitFor()
    await page.getByRole('button', { name: 'Stop all payments' }).waitFor({ state: 'detached' })
    await checkAccess(page, 'stopped')
    await shoot(page, 'administration-stopped')
    await page.getByRole('link', { name: 'Limits' }).click()
    await banner.waitFor()
    await shoot(page, 'administration-limits-stopped')
    await page.getByRole('link', { name: 'Risk flags' }).click()
    await page.getByText('No flag is open').waitFor()
    await page.close()

    // Everybody who sees the day, or would pay, sees it too.
    const viewer = await console.as('viewer', { path: '/home', size: 'phone', scheme: 'dark', language: 'hi' })
    await viewer.getByRole('alert', { name: 'सब भुगतान रुके हैं' }).waitFor()
    await checkAccess(viewer, 'home while payments are stopped')
    await checkFits(viewer, 'home while payments are stopped')
    await shoot(viewer, 'home-stopped-phone-hi')
    const maker = await console.as('maker', { path: '/pay' })
    await maker.getByRole('alert', { name: 'All payments are stopped' }).waitFor()
    await shoot(maker, 'pay-stopped')
    await maker.close()

    const other = await console.as('administrator', { path: '/administration/limits' })
    await other.getByRole('link', { name: 'Let payments go again' }).click()
    await other.waitForURL('**/administration/safety')
    await other.getByRole('button', { name: 'Let payments go again' }).click()
    await other.getByRole('dialog').getByRole('button', { name: 'Let payments go again' }).click()
    await other.getByText('Payments go again.').waitFor()
    await other.getByRole('alert', { name: 'All payments are stopped' }).waitFor({ state: 'detached' })
    await viewer.getByRole('alert', { name: 'सब भुगतान रुके हैं' }).waitFor({ state: 'detached' })
    await viewer.close()
    await other.close()
  },
)

test('an auditor finds an act, and sees nobody’s controls', options, async () => {
  const page = await console.as('auditor', { path: '/administration/audit' })
  await page.getByRole('combobox', { name: 'Action' }).fill('all pay')
  await page.getByRole('option', { name: 'All payments were stopped' }).click()
  await page.getByRole('cell', { name: 'All payments were stopped' }).waitFor()
  await checkAccess(page, 'audit')
  await shoot(page, 'administration-audit')
  await page.getByLabel('About').fill('nothing_at_all')
  await page.getByText('No act is like that').waitFor()
  await page.getByRole('link', { name: 'People' }).click()
  await page.getByText('Omar Siddiqui').waitFor()
  for (const name of ['Invite', 'What to do about Omar Siddiqui'])
    assert.equal(await page.getByRole('button', { name }).count(), 0, name)
  assert.equal(await page.getByRole('link', { name: 'Stop and block' }).count(), 0)
  await page.close()
})

test('the whole audit log is taken as a file, or what fits, and that it was taken is in it', options, async () => {
  const page = await console.as('auditor', { path: '/administration/audit' })
  const take = async (button: string, format: string): Promise<string> => {
    await page.getByRole('button', { name: button }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: format }).click(),
    ])
    assert.equal(await download.failure(), null)
    return readFileSync(await download.path(), 'utf8')
  }
  const acts = (await take('Export the whole log', 'JSON lines'))
    .trimEnd()
    .split('\n')
    .map((line): { readonly sequence: string; readonly action: string; readonly hash: string } => JSON.parse(line))
  assert.equal(acts[0]?.action, 'audit.exported')
  assert.deepEqual(
    acts.map(({ sequence }) => Number(sequence)),
    acts.map((_, at) => acts.length - at),
    'from the last act to the first, none left out',
  )
  assert.ok(acts.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash)))

  await page.getByRole('combobox', { name: 'Action' }).fill('log was exp')
  await page.getByRole('option', { name: 'The audit log was exported' }).click()
  await page.getByRole('cell', { name: 'The audit log was exported' }).first().waitFor()
  const [head, ...rows] = (await take('Export what fits', 'CSV')).trimEnd().split('\r\n')
  assert.match(head ?? '', /^sequence,at,actor,action/)
  assert.equal(rows.length, 2)
  assert.ok(rows.every((row) => row.includes('audit.exported')))
  await checkAccess(page, 'an audit log that was taken')
  await shoot(page, 'administration-audit-export')
  await page.close()
})

test('the audit log is verified, and a broken one says what to do', options, async () => {
  const page = await console.as('auditor', { path: '/administration/audit' })
  const card = page.getByRole('region', { name: 'Is the audit log whole?' })
  await card.getByText('It was not verified since').waitFor()
  await card.getByRole('button', { name: 'Verify now' }).click()
  await card.getByText('All is as it was written').waitFor({ timeout: 30_000 })
  await checkAccess(page, 'a verified audit log')
  await shoot(page, 'administration-verified')

  // No test can break a chain that the database lets nobody change: what the hub says then is given to the page.
  await page.route('**/v1/audit/verification', (route) =>
    route.fulfill({
      json: {
        state: 'done',
        startedAt: '2026-11-28T04:00:00.000Z',
        endedAt: '2026-11-28T04:00:09.000Z',
        actsRead: 1_204,
        sealed: 88_013,
        faults: ['Act 977 of tenant 1 is not what was written: its hash does not fit.'],
      },
    }),
  )
  await page.reload()
  await card.getByText('Something is not as it was written').waitFor()
  await card.getByText('Act 977 of tenant 1').waitFor()
  await card.getByText('npm run audit -- incident').waitFor()
  await checkAccess(page, 'a broken audit log')
  await shoot(page, 'administration-broken')
  await page.close()
})

test('the system says how the hub stands, and that it cannot be reached when it cannot', options, async () => {
  const page = await console.as('administrator', { path: '/administration/system' })
  await page.getByRole('region', { name: 'Links to the switch' }).getByText('Usable').first().waitFor()
  await page.getByText('PostgreSQL').waitFor()
  await checkAccess(page, 'the system')
  await shoot(page, 'administration-system')
  await page.route('**/v1/system', (route) => route.abort())
  await page.getByText('The hub cannot be reached').waitFor()
  await page.close()

  const phone = await console.as('auditor', {
    path: '/administration/system',
    size: 'phone',
    scheme: 'dark',
    language: 'hi',
  })
  await phone.getByText('स्विच के लिंक').waitFor()
  await checkAccess(phone, 'the system on a phone')
  await checkFits(phone, 'the system on a phone')
  await shoot(phone, 'administration-system-phone-dark-hi')
  await phone.close()
})

test('administration fits a phone, in the dark, in Hindi', options, async () => {
  const page = await console.as('administrator', {
    path: '/administration/limits',
    size: 'phone',
    scheme: 'dark',
    language: 'hi',
  })
  await page.getByRole('button', { name: 'नई सीमा' }).waitFor()
  await checkFits(page, 'limits on a phone')
  await checkAccess(page, 'limits on a phone')
  await shoot(page, 'administration-limits-phone-dark-hi')
  await page.close()
})
