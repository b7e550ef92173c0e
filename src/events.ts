import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { eventsDocument } from './webhook/catalogue.ts'

/** `npm run events`: prints every type of event; `--write` renews docs/reference/events.md. */

const document = fileURLToPath(new URL('../docs/reference/events.md', import.meta.url))
const [flag, ...rest] = process.argv.slice(2)

if (flag === '--write' && rest.length === 0) {
  writeFileSync(document, eventsDocument())
} else if (flag === undefined) {
  console.log(eventsDocument())
} else {
  console.log('npm run events              prints every type of event and when it is told')
  console.log('npm run events -- --write   writes docs/reference/events.md')
  if (flag !== '--help') process.exitCode = 2
}
