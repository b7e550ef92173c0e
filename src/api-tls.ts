import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Clock } from './base/clock.ts'
import { faultOf, type Log } from './base/log.ts'
import type { ApiTls, ApiTlsSource } from './http/tls.ts'
import type { Ending } from './imps/xml/key-ring.ts'

/** The certificate of the API's own port: files, read at the start and again when the operator says so. */
export type ApiCertificate = {
  readonly source: ApiTlsSource
  /** When it ends, for the metrics. */
  readonly endings: () => readonly Ending[]
  /** Files that cannot be used are logged, and the certificate of before stays. */
  readonly reload: () => void
  readonly close: () => void
}

export type ApiTlsFiles = {
  readonly cert: string
  readonly key: string
  /** Who vouches for certificates of clients. */
  readonly clientCa: string | undefined
}

const DAY_MS = 86_400_000
const WARN_DAYS = 30
const LOOK_EVERY_MS = DAY_MS / 2

/** @throws {Error} in one line that names the setting; it never quotes what is in a file */
export function openApiTls({
  clock,
  log,
  ...files
}: ApiTlsFiles & { readonly clock: Clock; readonly log: Log }): ApiCertificate {
  let now = load(files)
  const ending = (): Ending => ({
    subject: /(?:^|\n)CN=([^\n]+)/.exec(now.certificate.subject)?.[1] ?? 'the certificate of the API',
    whose: 'tls',
    daysLeft: Math.floor((now.certificate.validToDate.getTime() - clock.now()) / DAY_MS),
  })
  const warn = (): void => {
    const { daysLeft } = ending()
    if (daysLeft < WARN_DAYS) log.warn({ daysLeft }, 'the certificate of the API ends soon, or has ended')
  }
  const look = (): void => {
    warn()
    stop = clock.after(LOOK_EVERY_MS, look)
  }
  warn()
  let stop = clock.after(LOOK_EVERY_MS, look)
  return {
    source: () => now.tls,
    endings: () => [ending()],
    reload() {
      try {
        now = load(files)
        log.info({}, 'the certificate of the API was read again')
        warn()
      } catch (error) {
        log.error({ fault: faultOf(error) }, 'the certificate of the API cannot be read again; the one of before stays')
      }
    },
    close: () => stop(),
  }
}

function load({ cert, key, clientCa }: ApiTlsFiles): { readonly tls: ApiTls; readonly certificate: X509Certificate } {
  const tls = {
    cert: read('TURANT_TLS_CERT', cert),
    key: read('TURANT_TLS_KEY', key),
    ...(clientCa === undefined ? {} : { ca: read('TURANT_TLS_CLIENT_CA', clientCa) }),
  }
  const certificate = certificateIn('TURANT_TLS_CERT', tls.cert)
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey(tls.key)
  } catch {
    throw new Error('TURANT_TLS_KEY: not a private key in PEM without a password')
  }
  if (!certificate.checkPrivateKey(privateKey))
    throw new Error('TURANT_TLS_CERT: not the certificate of TURANT_TLS_KEY')
  if ((privateKey.asymmetricKeyDetails?.modulusLength ?? 2_048) < 2_048)
    throw new Error('TURANT_TLS_KEY: an RSA key must have 2048 bits or more')
  if (tls.ca !== undefined) certificateIn('TURANT_TLS_CLIENT_CA', tls.ca)
  try {
    createSecureContext(tls)
  } catch {
    throw new Error('TURANT_TLS_CERT: not one that TLS can use')
  }
  return { tls, certificate }
}

function read(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new Error(`${setting}: the file cannot be read (${why})`)
  }
}

function certificateIn(setting: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new Error(`${setting}: not a certificate in PEM`)
  }
}
