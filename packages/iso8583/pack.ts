import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes the folder that is published: JavaScript and declarations, since Node does not strip types under node_modules.
 * `npm run build` here prints where it is, for `npm publish`.
 */
const here = import.meta.dirname
const folder = process.argv[2] ?? join(here, '../../node_modules/.cache/iso8583')

rmSync(folder, { recursive: true, force: true })
execFileSync('tsc', ['-p', here, '--outDir', folder], { stdio: 'inherit' })
const { exports: _, scripts: __, private: ___, ...rest } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
const published = { ...rest, exports: { '.': { types: './index.d.ts', default: './index.js' } } }
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
copyFileSync(join(here, 'README.md'), join(folder, 'README.md'))
copyFileSync(join(here, '../../LICENSE'), join(folder, 'LICENSE'))
console.log(folder)
