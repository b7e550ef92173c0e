import { writeFileSync } from 'node:fs'
import { createServer } from '../../../src/http/server.ts'
import { createFakeHub } from '../../../test/support/http.ts'
import { generate } from './generator.ts'

/** `npm run sdk`: writes what the SDK has from the OpenAPI document. */
const server = await createServer(createFakeHub().deps)
const files = await generate((await server.app.inject('/openapi.json')).json())
for (const [name, text] of Object.entries(files)) {
  writeFileSync(new URL(`../src/generated/${name}`, import.meta.url), text)
}
process.exit(0)
