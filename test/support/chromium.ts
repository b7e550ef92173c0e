import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const found = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((file) => existsSync(file))

/** Of a test in a real browser: skipped where there is no chromium, except in CI. */
export const options =
  found === undefined && process.env.BROWSER_TESTS !== 'required' ? { skip: 'there is no chromium here' } : {}

/** The browser of this machine. */
export function chromiumHere(): string {
  assert.ok(found, 'CI has no chromium')
  return found
}
