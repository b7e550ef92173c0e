import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from './base/clock.ts'
import { faultOf, type Log } from './base/log.ts'
import { type Dial, systemDial } from './base/network.ts'
import { type TlsPeer, tlsDial } from './base/network-tls.ts'
import { softKey, unwrapKey } from './imps/iso8583/mac.ts'
import type { LinkProfile, LinkTls, WireProfile } from './imps/profile.ts'
import { createKeyRing, type Ending, type KeyRing } from './imps/xml/key-ring.ts'
import type { LinkKeyCustody } from './rail/link-mac.ts'
import type { KeyStore } from './secrecy/key-store.ts'
import { readZmk } from './zmk-file.ts'

/** What the ISO links need of a process: TLS where the profile has it, and the keys for MACs. Files are read again when the operator says so. */
export type IsoWire = {
  readonly dial: Dial
  /** Present when the profile has MACs. */
  readonly custody?: LinkKeyCustody
  /** When each certificate ends. */
  certificates(): readonly Ending[]
  /** Reads the certificates again; files that cannot be used are logged, and those of before stay. */
  reload(): void
  close(): void
}

type Link = { readonly peer: TlsPeer; readonly ring: KeyRing }

/** How often expiring certificates are looked for. */
const LOOK_EVERY_MS = 12 * 3_600_000

export type IsoWireDeps = {
  readonly profile: WireProfile
  /** Where the files are that the links name. */
  readonly folder: string
  readonly keys: KeyStore
  /** A sandbox may have a ZMK as it is. */
  readonly plainAllowed: boolean
  readonly clock: Clock
  readonly log: Log
}

/** @throws {Error} one line that names the file that cannot be used */
export async function openIsoWire(deps: IsoWireDeps): Promise<IsoWire> {
  const { profile, folder, clock, log } = deps
  let links = readLinks(profile, folder)
  const dials = new Map<string, Dial>()
  for (const { id, tls } of profile.iso.links) {
    if (tls === undefined) {
      if (!deps.plainAllowed) log.warn({ link: id }, 'the link is plain TCP: the line itself must be a private one')
      continue
    }
    dials.set(
      id,
      tlsDial(() => links.get(id)?.peer ?? { ca: '' }),
    )
  }
  const custody = profile.iso.mac.enabled ? await openCustody(deps) : undefined

  const warn = (): void => {
    for (const { ring } of links.values()) {
      for (const { whose, daysLeft, level } of ring.expiring(clock.now())) {
        log.warn({ whose, daysLeft, level }, 'a certificate of an ISO link ends soon')
      }
    }
  }
  warn()
  let stopLooking = clock.after(LOOK_EVERY_MS, look)
  function look(): void {
    warn()
    stopLooking = clock.after(LOOK_EVERY_MS, look)
  }

  return {
    dial: (address, timeoutMs) => (dials.get(address.link ?? '') ?? systemDial)(address, timeoutMs),
    ...(custody === undefined ? {} : { custody }),
    certificates: () => [...links.values()].flatMap(({ ring }) => ring.ends(clock.now())),
    reload() {
      try {
        links = readLinks(profile, folder)
        log.info({ folder }, 'the certificates of the ISO links were read again')
        warn()
      } catch (error) {
        log.error({ fault: faultOf(error) }, 'the certificates of before stay in use')
      }
    },
    close: () => stopLooking(),
  }
}

const readLinks = ({ iso }: WireProfile, folder: string): ReadonlyMap<string, Link> =>
  new Map(
    iso.links.flatMap((link): [string, Link][] => (link.tls ? [[link.id, readLink(link, link.tls, folder)]] : [])),
  )

function readLink({ id }: LinkProfile, tls: LinkTls, folder: string): Link {
  const text = (name: string): string => {
    try {
      return readFileSync(join(folder, name), 'utf8')
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'not readable'
      throw new Error(`link ${id}: ${join(folder, name)} cannot be read: ${code}`)
    }
  }
  const certificate = (name: string): X509Certificate => {
    try {
      return new X509Certificate(text(name))
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('link ')) throw error
      throw new Error(`link ${id}: ${join(folder, name)} is not a certificate in PEM`)
    }
  }
  const { ca, cert, key, serverName, pin } = tls
  const authority = certificate(ca)
  const ours = cert === undefined ? undefined : certificate(cert)
  const peer: TlsPeer = {
    ca: text(ca),
    ...(cert !== undefined && { cert: text(cert) }),
    ...(key !== undefined && { key: text(key) }),
    ...(serverName !== undefined && { serverName }),
    ...(pin !== undefined && { pin }),
  }
  if (ours !== undefined && !isPair(ours, peer.key ?? '')) {
    throw new Error(`link ${id}: ${join(folder, key ?? ca)} is not the key of ${join(folder, cert ?? ca)}`)
  }
  return { peer, ring: createKeyRing({ signing: [], pinned: [], authority, ...(ours && { tls: ours }) }) }
}

function isPair(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

/** Keys in this process: each working key is opened under the ZMK of its link, and stays in memory. */
async function openCustody({ profile, folder, keys, plainAllowed }: IsoWireDeps): Promise<LinkKeyCustody> {
  const { algorithm } = profile.iso.mac
  const zmks = new Map<string, Uint8Array>()
  for (const { id, zmk = '' } of profile.iso.links) {
    zmks.set(id, await readZmk(join(folder, zmk), id, algorithm, { keys, plainAllowed }))
  }
  return {
    async open(link, wrapped) {
      const zmk = zmks.get(link)
      const key = zmk && unwrapKey(algorithm, zmk, wrapped)
      return key && softKey(algorithm, key)
    },
  }
}
