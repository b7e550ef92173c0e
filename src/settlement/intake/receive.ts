import type { Written } from '../../base/sealed-file.ts'
import { isEncryptedName } from '../../imps/files/detect.ts'
import { openPgpStream, PgpError, type PgpFault } from '../../imps/files/pgp.ts'
import { type Arrival, type IntakeDeps, newFileId } from './arrival.ts'
import type { IntakeFault, IntakeRefusal } from './file.ts'

/** A file as it came: what its row says of it, whatever becomes of it. */
export type Came = {
  /** Of the content, decrypted; of what does not open, as it came; zeros of what was not read to its end. */
  readonly sha256: string
  readonly bytes: number
  readonly encrypted: boolean
  readonly signed: boolean
}

export type Received = { readonly came: Came } & (
  | { readonly kind: 'received'; readonly written: Written }
  | { readonly kind: 'refused'; readonly refusal: IntakeRefusal }
)

/** The digest of what was not read to its end. */
export const UNREAD = '0'.repeat(64)

/** Writes what arrives to the disk, decrypted of NPCI's keys and encrypted under one of its own from the first byte on. */
export async function receive(
  deps: IntakeDeps,
  id: string,
  { name, chunks }: Arrival,
  maxBytes: number,
): Promise<Received> {
  const { store } = deps
  if (isEncryptedName(name)) return receiveEncrypted(deps, id, chunks, maxBytes)
  const written = await store.receive(id, chunks, maxBytes)
  if (written === 'too_large') return tooLarge(maxBytes, false)
  const { sha256, bytes } = written
  return { kind: 'received', written, came: { sha256, bytes, encrypted: false, signed: false } }
}

/** As it came first, so that a refusal has its digest; then what is inside. Neither is in memory. */
async function receiveEncrypted(
  deps: IntakeDeps,
  id: string,
  chunks: Arrival['chunks'],
  maxBytes: number,
): Promise<Received> {
  const { store, pgp, clock } = deps
  const outer = newFileId(deps)
  try {
    const outside = await store.receive(outer, chunks, maxBytes)
    if (outside === 'too_large') return tooLarge(maxBytes, true)
    const { sha256, bytes, key } = outside
    const refusal = (fault: IntakeFault, expected: string, found: string): Received => ({
      kind: 'refused',
      came: { sha256, bytes, encrypted: true, signed: false },
      refusal: { fault, expected, found },
    })
    if (pgp === undefined || pgp.keys.length === 0) {
      return refusal('no_key', 'a file in the clear, or an OpenPGP key of this hub', 'an encrypted file')
    }
    const notOpened = (fault: PgpFault): Received => {
      const isUnsigned = fault === 'not_signed' || fault === 'wrong_signature'
      return refusal(
        isUnsigned ? 'not_signed' : 'not_decrypted',
        'an OpenPGP message to this hub, signed',
        pgpWords[fault],
      )
    }
    const { keys, from } = pgp
    const signers = from.length === 0 ? {} : { from }
    const opened = await openPgpStream(store.readReceived(outer, key), {
      keys,
      ...signers,
      at: clock.now(),
      maxBytes,
      clock,
    })
    if (opened.kind === 'refused') return notOpened(opened.fault)
    const written = await store.receive(id, opened.chunks, maxBytes).catch((error: unknown) => {
      if (error instanceof PgpError) return error.fault
      throw error
    })
    if (written === 'too_large') return tooLarge(maxBytes, true)
    if (typeof written === 'string') return notOpened(written)
    const fault = await opened.proved()
    if (fault !== undefined) return notOpened(fault)
    const signed = from.length > 0
    return {
      kind: 'received',
      written,
      came: { sha256: written.sha256, bytes: written.bytes, encrypted: true, signed },
    }
  } finally {
    await store.dropReceived(outer)
  }
}

/** What was found instead, in words. */
const pgpWords = {
  not_pgp: 'no OpenPGP message',
  key_unreadable: 'a key in the folder of keys that is none',
  key_locked: 'a key of this hub that its passphrase does not open',
  key_expired: 'a key that has ended, or was revoked',
  wrong_key: 'a message to a key that is not this hub’s',
  tampered: 'a message that was changed on the way, or is cut short',
  not_signed: 'a message that nobody signed',
  wrong_signature: 'a signature that is not the other side’s, or of other bytes',
  too_large: 'a message that is too large',
} as const satisfies Record<PgpFault, string>

const tooLarge = (maxBytes: number, encrypted: boolean): Received => ({
  kind: 'refused',
  came: { sha256: UNREAD, bytes: maxBytes, encrypted, signed: false },
  refusal: { fault: 'too_large', expected: `at most ${maxBytes} bytes`, found: 'more' },
})
