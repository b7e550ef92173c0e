import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// `npm ci` ends here, so that the hub has a console to serve; where the packages that build it are left out there is none, and
// `/console` says what would make one.

let vite: string | undefined
try {
  vite = join(fileURLToPath(import.meta.resolve('vite/package.json')), '../bin/vite.js')
} catch {
  console.log('turant: the console is not built: its packages are not installed (npm ci without --omit=dev builds it)')
}
if (vite !== undefined)
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
  })
