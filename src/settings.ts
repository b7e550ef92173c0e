import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { settings, settingsDocument } from './config.ts'

/** `npm run settings`: prints every setting; `--write` renews docs/reference/settings.md. */

const document = fileURLToPath(new URL('../docs/reference/settings.md', import.meta.url))
const [flag, ...rest] = process.argv.slice(2)

if (flag === '--write' && rest.length === 0) {
  writeFileSync(document, settingsDocument())
} else if (flag === undefined) {
  for (const one of Object.values(settings)) {
    const marks = [one.secret ? 'secret' : '', one.only === undefined ? '' : `${one.only} only`].filter(
      (mark) => mark !== '',
    )
    console.log(`${one.name}${one.default === undefined ? '' : ` = ${one.default}`}`)
    console.log(`    ${one.range}${marks.length === 0 ? '' : `; ${marks.join(', ')}`}`)
    console.log(`    ${one.what}\n`)
  }
} else {
  console.log('npm run settings              prints every setting with its range, default and meaning')
  console.log('npm run settings -- --write   writes docs/reference/settings.md')
  if (flag !== '--help') process.exitCode = 2
}
