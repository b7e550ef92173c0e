import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { systemClock } from './base/clock.ts'
import { type Config, readEnvironment, readProfileText } from './config.ts'
import { checkValueOf } from './imps/iso8583/mac.ts'
import { type LinkProfile, parseProfile, type WireProfile } from './imps/profile.ts'
import { openKeyStore } from './key-stores.ts'
import { combine, writeZmk } from './zmk-file.ts'

/**
 * `npm run zmk -- LINK`: the ceremony by which a link gets its key (ZMK). Each custodian types one component, unseen by the others
 * and by the screen; what they make together is sealed into the file that the profile names, and never shown.
 */

const help = `npm run zmk -- LINK   makes the file of the key (ZMK) of a link, as TURANT_PROFILE names it (iso.links[].zmk), sealed by the
                      key store of the hub. Each custodian types a component in hex; an empty line ends. Two at least.
`

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

async function* linesOfInput(): AsyncGenerator<string> {
  // Echoed to nobody: what is typed is a secret.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() })
  for await (const line of createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY })) yield line
}

/** Where the files of the links are: the folder of keys, or that of the profile. */
const folderOf = (config: Config): string => config.keys ?? dirname(config.profile ?? '.')

async function hold(config: Config, profile: WireProfile, link: LinkProfile, file: string): Promise<void> {
  const { algorithm } = profile.iso.mac
  const components: Uint8Array[] = []
  const ask = (): void =>
    say(`Component ${components.length + 1} for ${link.id}, in hex${components.length < 2 ? '' : '; nothing ends'}:`)
  ask()
  for await (const line of linesOfInput()) {
    const text = line.replaceAll(' ', '')
    if (text === '') break
    if (!/^(?:[0-9A-Fa-f]{16}){2,4}$/.test(text)) throw new Error('that is not a component: 32, 48 or 64 hex digits')
    const component = Buffer.from(text, 'hex')
    components.push(component)
    say(`  its check value is ${checkValueOf(algorithm, component).slice(0, 6)}`)
    ask()
  }
  const keys = await openKeyStore(config, config.dataDir, systemClock)
  const path = join(folderOf(config), file)
  const checkValue = await writeZmk(path, link.id, algorithm, combine(algorithm, components), keys)
  await keys.close()
  say(
    `The key of ${link.id} is in ${path}, sealed. Its check value is ${checkValue}: compare it with the other side's.`,
  )
}

async function run(id: string | undefined): Promise<void> {
  if (id === undefined || id === '--help') return say(help.trimEnd())
  const config = readEnvironment()
  const text = readProfileText(config)
  if (text === undefined) throw new Error('TURANT_PROFILE must be set: it names the links and their files')
  const profile = parseProfile(text)
  const link = profile.iso.links.find((one) => one.id === id)
  if (link?.zmk === undefined) throw new Error(`the profile has no link ${id.slice(0, 40)} with a zmk`)
  await hold(config, profile, link, link.zmk)
}

try {
  await run(process.argv[2])
  process.stdin.destroy()
} catch (error) {
  process.stderr.write(`zmk: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
