import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../base/clock.ts'
import { must } from '../base/identifiers.ts'
import { systemListen } from '../base/network.ts'
import { tlsListen } from '../base/network-tls.ts'
import { createSeededRandom, createSystemRandom } from '../base/random.ts'
import { createHttps, type Https } from '../base/web-https.ts'
import { isZmk } from '../imps/iso8583/mac.ts'
import { defaultProfile, type LinkRole, type MacAlgorithm, parseProfile, type WireProfile } from '../imps/profile.ts'
import { type Keys, loadKeys } from '../keys.ts'
import { loadPgpKeys } from '../pgp-keys.ts'
import { makeSandboxKeys } from '../sandbox-keys.ts'
import { serveControl } from './control.ts'
import type { PgpKeys } from './cycles/deliver.ts'
import { type Office, openOffice } from './cycles/office.ts'
import { FlagError, type Flags, help, readFlags } from './flags.ts'
import { createSimulator, type Simulator } from './simulator.ts'
import type { XmlSettings } from './xml-poster.ts'

/** The simulator as a program: real sockets, the system's clock, one line of JSON when it is ready. */

function profileOf({ profile, rail, zmk }: Flags): WireProfile {
  const given = profile === undefined ? defaultProfile : readProfile(profile)
  const mac = { ...given.iso.mac, enabled: given.iso.mac.enabled || zmk !== undefined }
  if (mac.enabled && zmk === undefined) throw new FlagError('--zmk is missing: the profile has MACs')
  const read = { ...given, iso: { ...given.iso, mac } }
  if (rail === 'both') return read
  const institutions = read.institutions.map(({ wire: _wire, ...one }) => one)
  return { ...read, wire: rail, institutions }
}

function readProfile(file: string): WireProfile {
  try {
    return parseProfile(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new FlagError(`--profile ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
}

/** The XML wire of this process: its keys, HTTPS both ways, and where the hub is. */
type XmlSide = {
  readonly settings: XmlSettings
  readonly https: Https
}

/** The keys of the switch, and the folder that was made for them when none was given. */
async function openKeys(flags: Flags): Promise<{ readonly keys: Keys; readonly made: string | undefined }> {
  const made = flags.keys === undefined ? mkdtempSync(join(tmpdir(), 'turant-switch-')) : undefined
  if (made !== undefined) process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  return { keys: readKeys(flags.keys ?? join(await makeKeys(must(made, 'folder')), 'switch')), made }
}

function openXml(flags: Flags, profile: WireProfile, keys: Keys): XmlSide {
  const { xml } = profile
  const https = createHttps({ tls: () => keys.tls, maxBytes: xml.maxBytes })
  return {
    https,
    settings: {
      post: https.post,
      hubUrl: flags.hubUrl ?? `https://${xml.callback.host}:${xml.callback.port}`,
      signingKey: () => must(keys.ring.signingKey(systemClock.now()), 'signing certificate that is valid now'),
      pinned: () => keys.ring.pinned,
      secure: true,
    },
  }
}

function readZmk(file: string, algorithm: MacAlgorithm): Uint8Array {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch {
    throw new FlagError('--zmk cannot be read')
  }
  const zmk = Buffer.from(text, 'hex')
  if (zmk.length * 2 !== text.length || zmk.length !== 16 || !isZmk(algorithm, zmk)) {
    throw new FlagError(`--zmk must hold 32 hex digits that are a key for ${algorithm}`)
  }
  return zmk
}

async function makeKeys(folder: string): Promise<string> {
  const keys = join(folder, 'keys')
  await makeSandboxKeys(keys)
  return keys
}

function readKeys(folder: string): Keys {
  try {
    return loadKeys(folder)
  } catch (error) {
    throw new FlagError(`--keys ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
}

/** NPCI's own OpenPGP key and the hub's, where the folder of keys has them. */
function pgpOf(folder: string): PgpKeys | undefined {
  if (!existsSync(folder)) return undefined
  const { keys, from } = loadPgpKeys(folder)
  const [signWith] = keys
  return { to: from, ...(signWith === undefined ? {} : { signWith }) }
}

function openFor(flags: Flags, inbox: string, simulator: Simulator, profile: WireProfile): Office {
  const { journal, numbers } = simulator
  try {
    const pgp = flags.keys === undefined ? undefined : pgpOf(join(flags.keys, 'pgp'))
    return openOffice({
      clock: systemClock,
      profile,
      timerScale: flags.timerScale,
      journal,
      numbers,
      inbox,
      folder: flags.office ?? `${inbox}-office`,
      udir: flags.udir,
      habits: flags.seed === undefined ? {} : { seed: flags.seed },
      ...(pgp === undefined ? {} : { pgp }),
    })
  } catch (error) {
    throw new FlagError(`--inbox cannot be used: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}

async function run(flags: Flags): Promise<void> {
  const random = flags.seed === undefined ? createSystemRandom() : createSeededRandom(flags.seed)
  const profile = profileOf(flags)
  const opened = flags.rail === 'iso8583' && !flags.tls ? undefined : await openKeys(flags)
  const xml = flags.rail === 'iso8583' || opened === undefined ? undefined : openXml(flags, profile, opened.keys)
  const simulator = createSimulator({
    clock: systemClock,
    random,
    profile,
    timerScale: flags.timerScale,
    faults: flags.faults,
    journalLimit: flags.journalLimit,
    ...(flags.echoMs === undefined ? {} : { echoMs: flags.echoMs }),
    ...(xml === undefined ? {} : { xml: xml.settings }),
    ...(flags.zmk === undefined ? {} : { zmk: readZmk(flags.zmk, profile.iso.mac.algorithm) }),
  })

  const office = flags.inbox === undefined ? undefined : openFor(flags, flags.inbox, simulator, profile)
  if (office !== undefined) simulator.setDesk(office.complain)
  // What cannot be written now is told, and tried again.
  const stopCutting = office?.run((error) => process.stderr.write(`a cycle was not cut: ${String(error)}\n`))

  const bind = async <T>(flag: string, start: () => Promise<T>): Promise<T> => {
    try {
      return await start()
    } catch (error) {
      throw new FlagError(`${flag} cannot be used: ${error instanceof Error ? error.message : 'unknown reason'}`)
    }
  }
  const { host } = flags
  const accept = flags.tls && opened !== undefined ? tlsListen(() => opened.keys.tls) : systemListen
  const listen = (role: LinkRole, port: number) =>
    bind(`--${role}-port`, () => accept({ host, port }, (connection) => simulator.attach(role, connection)))
  const remitter = await listen('remitter', flags.remitterPort)
  const beneficiary = await listen('beneficiary', flags.beneficiaryPort)
  const documents =
    xml && (await bind('--xml-port', () => xml.https.serve({ host, port: flags.xmlPort }, simulator.answerXml)))
  const control = await bind('--control-port', () =>
    serveControl({
      simulator,
      clock: systemClock,
      address: { host: '127.0.0.1', port: flags.controlPort },
      ...(office === undefined ? {} : { office }),
    }),
  )

  const stop = async () => {
    stopCutting?.()
    simulator.close()
    office?.close()
    await Promise.all([remitter, beneficiary, documents, control].map((one) => one?.close()))
    xml?.https.close()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  if (flags.withParent) {
    // The pipe closes when the parent ends, however it ends: also when it is killed.
    process.stdin.once('end', stop).once('close', stop).once('error', stop).resume()
  }

  const ports = {
    remitterPort: remitter.port,
    beneficiaryPort: beneficiary.port,
    ...(documents && { xmlPort: documents.port }),
    controlPort: control.port,
  }
  const keys = opened?.made === undefined ? undefined : join(opened.made, 'keys', 'hub')
  process.stdout.write(`${JSON.stringify({ event: 'ready', ...ports, keys })}\n`)
  if (flags.quiet) return
  process.stderr.write(
    `The simulated switch listens on ${host}:${ports.remitterPort} (payments from the hub) and ${host}:${ports.beneficiaryPort} ` +
      `(payments to it)${documents === undefined ? '' : `, for XML on https://${host}:${documents.port}`}; ` +
      `control at http://127.0.0.1:${ports.controlPort}\n`,
  )
  if (keys !== undefined) process.stderr.write(`A hub that speaks XML or TLS with it takes its keys from ${keys}\n`)
}

try {
  const flags = readFlags(process.argv.slice(2))
  if (flags.help) process.stdout.write(help)
  else await run(flags)
} catch (error) {
  if (!(error instanceof FlagError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
}
