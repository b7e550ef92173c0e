import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes the folder of a package that is published: JavaScript and declarations, since Node does not strip types under node_modules.
 * `npm run build` in a package prints where it is, for `npm publish`.
 */
const [name = '', given] = process.argv.slice(2)
const source = join(import.meta.dirname, name)
const folder = given ?? join(import.meta.dirname, '../node_modules/.cache', name)

rmSync(folder, { recursive: true, force: true })
execFileSync(join(import.meta.dirname, '../node_modules/.bin/tsc'), ['-p', source, '--outDir', folder], {
  stdio: 'inherit',
})
const described = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
const { scripts: _, private: __, devDependencies: ___, ...rest } = described
/** `./src/adapters/hono.ts` is `./adapters/hono.js` there. */
const placesOf = (file: string) => {
  const base = file.replace('./src/', './').replace(/\.ts$/, '')
  return { types: `${base}.d.ts`, default: `${base}.js` }
}
const exports = Object.fromEntries(
  Object.entries<string>(described.exports).map(([path, file]) => [path, placesOf(file)]),
)
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...rest, exports }, null, 2)}\n`)
copyFileSync(join(source, 'README.md'), join(folder, 'README.md'))
copyFileSync(join(import.meta.dirname, '../LICENSE'), join(folder, 'LICENSE'))
console.log(folder)
