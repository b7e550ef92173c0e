import type { X509Certificate } from 'node:crypto'
import type { SigningKey } from './signature.ts'

/** The keys of one side, and how they change: the next pair is put beside the old one before the old one ends. */

/** Days before the end at which an operator is told; 0 is over. */
export type ExpiryLevel = 60 | 30 | 7 | 0

/** What a certificate is for: our signatures, the other side's, our TLS, or those who vouch for the other side's TLS. */
export type CertificateUse = 'signing' | 'pinned' | 'tls' | 'authority'

export type Ending = {
  /** Common name, or the whole subject where it has none. */
  readonly subject: string
  readonly whose: CertificateUse
  /** Whole days left; negative when over. */
  readonly daysLeft: number
}

export type Expiring = Ending & { readonly level: ExpiryLevel }

export interface KeyRing {
  /** The newest pair whose certificate holds now; undefined when there is none, and then nothing can be sent. */
  signingKey(now: number): SigningKey | undefined
  /** The certificates with which the other side may sign. */
  readonly pinned: readonly X509Certificate[]
  /** When each use of a certificate ends: the one of it that holds longest, the soonest end first. */
  ends(now: number): readonly Ending[]
  /** What ends within 60 days and has no successor that holds longer, the soonest first. */
  expiring(now: number): readonly Expiring[]
}

const DAY_MS = 86_400_000
const levels = [7, 30, 60] as const

const from = (certificate: X509Certificate): number => certificate.validFromDate.getTime()
const until = (certificate: X509Certificate): number => certificate.validToDate.getTime()
const nameOf = ({ subject }: X509Certificate): string =>
  /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ')

export function createKeyRing(keys: {
  readonly signing: readonly SigningKey[]
  readonly pinned: readonly X509Certificate[]
  /** Of the TLS both ways; only their ends matter here. */
  readonly tls?: X509Certificate
  readonly authority?: X509Certificate
}): KeyRing {
  const newestFirst = [...keys.signing].sort((a, b) => from(b.certificate) - from(a.certificate))
  const groups = [
    { whose: 'signing', certificates: keys.signing.map(({ certificate }) => certificate) },
    { whose: 'pinned', certificates: keys.pinned },
    { whose: 'tls', certificates: keys.tls === undefined ? [] : [keys.tls] },
    { whose: 'authority', certificates: keys.authority === undefined ? [] : [keys.authority] },
  ] as const
  const ends = (now: number): readonly Ending[] =>
    groups
      .flatMap(({ whose, certificates }): Ending[] => {
        // An old one that ends while a newer one holds is how a rotation looks when it is done.
        const last = certificates.toSorted((a, b) => until(b) - until(a))[0]
        if (last === undefined) return []
        return [{ subject: nameOf(last), whose, daysLeft: Math.floor((until(last) - now) / DAY_MS) }]
      })
      .sort((a, b) => a.daysLeft - b.daysLeft)
  return {
    pinned: keys.pinned,
    signingKey: (now) => newestFirst.find(({ certificate }) => from(certificate) <= now && now <= until(certificate)),
    ends,
    expiring: (now) =>
      ends(now).flatMap((ending): Expiring[] => {
        const level = ending.daysLeft < 0 ? 0 : levels.find((days) => ending.daysLeft <= days)
        return level === undefined ? [] : [{ ...ending, level }]
      }),
  }
}
