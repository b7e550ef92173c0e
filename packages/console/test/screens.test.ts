import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Role } from '../../../src/identity/rights.ts'
import { addressOf, type Day, liveADay } from './support/a-day.ts'
import { checkAccess, checkFits, openConsole, options, settled, shoot } from './support/console.ts'
import { screens } from './support/screen-list.ts'
import { checkMasked, checkWords } from './support/words.ts'

// Every screen, with what a day leaves on it: on a desk and on a phone, light and dark, in English and in Hindi; nothing that axe knows,
// nothing wider than the window, no policy hurt.
// `npm run screens` writes the pictures of it into docs/screens.

const console = openConsole('screens')
after(() => assert.deepEqual(console.faults, []))

let made: Day | undefined
before(async () => {
  if (!('skip' in options)) made = await liveADay(console)
})

const opened = new Map<string, Promise<Page>>()
/** One window for each role and size, on which one screen after the other is opened. */
function windowOf(role: Role, size: 'desk' | 'phone'): Promise<Page> {
  const how = size === 'desk' ? {} : ({ scheme: 'dark', language: 'hi' } as const)
  const page = opened.get(`${role} ${size}`) ?? console.as(role, { size, ...how })
  opened.set(`${role} ${size}`, page)
  return page
}

for (const [path, role] of screens) {
  const name = path.replaceAll(/[{}]/g, '').replaceAll('/', '-')
  const look = async (size: 'desk' | 'phone'): Promise<void> => {
    const page = await windowOf(role, size)
    await page.goto(`${(await console.sandbox()).origin}/console/${addressOf(made, path)}`)
    await settled(page)
    await shoot(page, size === 'desk' ? `${name}-desk-light` : `${name}-phone-dark-hi`)
    await checkAccess(page, `${path} on a ${size}`)
    await checkFits(page, `${path} on a ${size}`)
    // The examples of the sandbox's controls are its own numbers, the same for everybody.
    if (path !== 'developers/sandbox') await checkMasked(page, made?.personal ?? [], path)
    if (size === 'phone') await checkWords(page, made?.staff ?? [], path)
  }
  test(`${path}, on a desk and on a phone`, options, async () => {
    await Promise.all([look('desk'), look('phone')])
  })
}
