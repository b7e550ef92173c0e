import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const read = (name: string): Buffer => readFileSync(fileURLToPath(new URL(`./${name}`, import.meta.url)))

/** What the page loads, by name. */
export const pageFiles = {
  'page.css': read('page.css'),
  'page.js': read('page.js'),
  'icon.svg': read('icon.svg'),
}
