import { globSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { logsFolder } from './support/logs.ts'
import { findSecrets, namesIn, numbersIn, secretsIn } from './support/secrets-in-logs.ts'

/**
 * The first and the last thing of `npm test`. `begin` empties the folder into which all tests log, print and answer; `end` reads all of it
 * and ends with code 1 when an account number, a mobile number, a name, a code or a key of any test stands in it.
 */

const root = fileURLToPath(new URL('..', import.meta.url))

if (process.argv[2] === 'begin') {
  rmSync(logsFolder, { recursive: true, force: true })
  mkdirSync(logsFolder, { recursive: true })
} else {
  const sources = globSync(['src/**/*.test.ts', 'test/**/*.ts'], { cwd: root }).map((file) =>
    readFileSync(join(root, file), 'utf8'),
  )
  const known = { numbers: numbersIn(sources), names: namesIn(sources), secrets: secretsIn(sources) }
  const files = readdirSync(logsFolder)
  const texts = files.map((file) => [file, readFileSync(join(logsFolder, file), 'utf8')] as const)
  for (const [file, text] of texts)
    if (file.endsWith('.secrets')) for (const one of text.split('\n')) known.secrets.add(one)
  known.secrets.delete('')

  let lines = 0
  const found: string[] = []
  for (const [file, text] of texts) {
    if (file.endsWith('.secrets')) continue
    for (const line of text.split('\n')) {
      if (line === '') continue
      lines += 1
      if (file.endsWith('.dump')) found.push(`a personal value in a database, ${file}: ${line}`)
      else for (const what of findSecrets(line, known)) found.push(`${what} in ${file}: ${line.slice(0, 300)}`)
    }
  }
  for (const one of found.slice(0, 20)) process.stderr.write(`✗ ${one}\n`)
  process.stdout.write(
    `${found.length === 0 ? '✓' : '✗'} ${lines} lines that tests logged, printed and answered, and all their databases; ` +
      `${known.numbers.size} numbers, ${known.names.size} names and ${known.secrets.size} secrets looked for: ${found.length} found\n`,
  )
  // A scanner that is given nothing proves nothing.
  if (lines < 500 || known.numbers.size < 50 || known.names.size < 10) {
    process.stderr.write('too little was kept: are the tests still logging into the folder?\n')
    process.exitCode = 1
  }
  if (found.length > 0) process.exitCode = 1
}
