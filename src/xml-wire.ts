import type { Clock } from './base/clock.ts'
import { faultOf, type Log } from './base/log.ts'
import type { Post, Serve } from './base/web.ts'
import { createHttps } from './base/web-https.ts'
import type { WireProfile } from './imps/profile.ts'
import type { Ending } from './imps/xml/key-ring.ts'
import { openSigned, type SigningKey, sign } from './imps/xml/signature.ts'
import { type Keys, loadKeys } from './keys.ts'
import type { Seal } from './rail/xml-link.ts'

/** What the XML wire needs of a process: HTTPS with our keys both ways, and signatures. Keys are read again when the operator says so. */
export type XmlWire = {
  readonly post: Post
  readonly serve: Serve
  readonly seal: Seal
  /** When each use of a certificate ends. */
  certificates(): readonly Ending[]
  /** Reads the folder again; a folder that cannot be used is logged, and the keys of before stay. */
  reload(): void
  close(): Promise<void>
}

/** How often expiring certificates are looked for. */
const LOOK_EVERY_MS = 12 * 3_600_000

/** More than any message but the directory needs; what a stranger can make a signature cost grows with it. Measured: 8 ms. */
const USUAL_BYTES = 65_536

/** @throws when the folder has no usable keys, naming the file; when none may sign now, if there is no other wire */
export function openXmlWire(deps: {
  readonly folder: string
  readonly profile: WireProfile
  readonly clock: Clock
  readonly log: Log
}): XmlWire {
  const { folder, clock, log } = deps
  const { maxBytes, maxDepth } = deps.profile.xml
  const limits = { maxBytes, maxDepth }
  const usual = { maxBytes: Math.min(maxBytes, USUAL_BYTES), maxDepth }
  let keys: Keys = loadKeys(folder)
  try {
    mustSign(keys, clock.now())
  } catch (error) {
    // A certificate that ended last night must not keep the payments of the other wire from starting.
    if (deps.profile.iso.links.length === 0) throw error
    log.error({ folder }, 'no signing certificate is valid now: the XML wire is not used until there is one')
  }
  const https = createHttps({ tls: () => keys.tls, maxBytes, clock, log })

  const warn = (): void => {
    for (const { whose, daysLeft, level } of keys.ring.expiring(clock.now())) {
      log.warn({ whose, daysLeft, level }, 'a certificate of the XML wire ends soon')
    }
  }
  warn()
  let stopLooking = clock.after(LOOK_EVERY_MS, look)
  function look(): void {
    warn()
    stopLooking = clock.after(LOOK_EVERY_MS, look)
  }

  return {
    post: https.post,
    serve: https.serve,
    seal: {
      sign: (document) => sign(document, mustSign(keys, clock.now())),
      open: (document, long) => openSigned(document, keys.ring.pinned, clock.now(), long ? limits : usual).text,
    },
    certificates: () => keys.ring.ends(clock.now()),
    reload() {
      try {
        const fresh = loadKeys(folder)
        mustSign(fresh, clock.now())
        keys = fresh
        log.info({ folder }, 'the keys of the XML wire were read again')
        warn()
      } catch (error) {
        log.error({ fault: faultOf(error) }, 'the keys of before stay in use')
      }
    },
    async close() {
      stopLooking()
      await https.close()
    },
  }
}

function mustSign(keys: Keys, now: number): SigningKey {
  const key = keys.ring.signingKey(now)
  if (key === undefined) throw new Error('no signing certificate is valid now')
  return key
}
