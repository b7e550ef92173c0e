import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/** What a page loads, minified, for a module with this text; its imports are as from this folder. */
export async function bundle(text: string): Promise<string> {
  const place = fileURLToPath(new URL('entry.ts', import.meta.url))
  const entry = {
    name: 'entry',
    resolveId: (name: string) => (name === 'entry' ? place : null),
    load: (name: string) => (name === place ? text : null),
  }
  const build = await rolldown({ input: 'entry', plugins: [entry] })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  return output[0].code
}
