import { generateKeyPairSync } from 'node:crypto'
import { systemClock } from '../../src/base/clock.ts'
import { issueCertificate } from '../../src/sandbox-keys.ts'

const DAY_MS = 86_400_000
const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

export type Pem = { readonly key: string; readonly cert: string }

/** An authority that issues certificates for TLS, good today; `days` moves their end. */
export async function makeAuthority(name: string) {
  const keys = pair()
  const span = { fromMs: systemClock.now() - 10 * DAY_MS, untilMs: systemClock.now() + 3_650 * DAY_MS }
  const issuer = { name, ...keys }
  const cert = await issueCertificate({ name, publicKey: keys.publicKey, use: 'authority', ...span }, issuer)
  return {
    cert,
    async issue(subject: string, days = 365, rsa = false): Promise<Pem> {
      const own = rsa ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : pair()
      const request = {
        name: subject,
        publicKey: own.publicKey,
        use: 'tls',
        hosts: ['hub.example', '127.0.0.1'],
        fromMs: span.fromMs,
        untilMs: systemClock.now() + days * DAY_MS,
      } as const
      return {
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        cert: await issueCertificate(request, issuer),
      }
    },
  }
}
