import {
  createMessage,
  decrypt,
  decryptKey,
  encrypt,
  type Key,
  type MaybeStream,
  type Message,
  type PartialConfig,
  type PrivateKey,
  readKey,
  readMessage,
  readPrivateKey,
} from 'openpgp'
import type { Cancel, Clock } from '../../base/clock.ts'

/**
 * Files of NPCI come encrypted and signed with OpenPGP, and uploads go so. Keys are given as armored text; where they are kept is their
 * owner's business. A file is all in memory once: what is not proved to its last byte is not opened. @source NPCI OC 91, OC 67
 */

export type PgpFault =
  | 'not_pgp' //        no OpenPGP message
  | 'key_unreadable' // a key of ours, or of the other side, is no key
  | 'key_locked' //     the passphrase does not open our key
  | 'key_expired' //    on the day asked for; or revoked
  | 'wrong_key' //      encrypted for somebody else
  | 'tampered' //       changed on the way, or cut short
  | 'not_signed'
  | 'wrong_signature' // signed by a key that is not the other side's, or not signed by it over these bytes
  | 'too_large'

export type OwnKey = { readonly armored: string; readonly passphrase?: string }

export type Opened =
  | { readonly kind: 'opened'; readonly bytes: Uint8Array; readonly signed: boolean }
  | { readonly kind: 'refused'; readonly fault: PgpFault }

/** 512 MiB, packed and unpacked. */
export const pgpMaxBytes = 536_870_912

/** Thrown by the chunks of `openPgpStream` where the message breaks off or was changed. */
export class PgpError extends Error {
  override name = 'PgpError'
  readonly fault: PgpFault
  constructor(fault: PgpFault) {
    super(fault)
    this.fault = fault
  }
}

async function orFault<T>(fault: PgpFault, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw error instanceof PgpError ? error : new PgpError(fault)
  }
}

async function ownKey({ armored, passphrase }: OwnKey): Promise<PrivateKey> {
  const key = await orFault('key_unreadable', () => readPrivateKey({ armoredKey: armored }))
  if (key.isDecrypted()) return key
  return orFault('key_locked', () => decryptKey({ privateKey: key, passphrase: passphrase ?? '' }))
}

const theirKey = (armored: string): Promise<Key> =>
  orFault('key_unreadable', async () => (await readKey({ armoredKey: armored })).toPublic())

/** Refuses a key that is expired or revoked at `at`. */
async function mustBeValid(key: Key, at: number): Promise<void> {
  const expires = await orFault('key_expired', () => key.getExpirationTime())
  const isLater = expires === Number.POSITIVE_INFINITY || (expires instanceof Date && expires.getTime() > at)
  if (!isLater) throw new PgpError('key_expired')
  await orFault('key_expired', () => key.verifyPrimaryKey(new Date(at)))
}

const isArmored = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64))
    .toString('latin1')
    .trimStart()
    .startsWith('-----BEGIN')

/** Every packet begins with a set high bit; text does not. */
const looksLikePgp = (bytes: Uint8Array): boolean => isArmored(bytes) || ((bytes[0] ?? 0) & 0x80) !== 0

const messageOf = (bytes: Uint8Array): Promise<Message<string | Uint8Array>> =>
  orFault(looksLikePgp(bytes) ? 'tampered' : 'not_pgp', async () =>
    isArmored(bytes)
      ? readMessage({ armoredMessage: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1') })
      : readMessage({ binaryMessage: Uint8Array.from(bytes) }),
  )

/**
 * Decrypts a file and checks who signed it.
 *
 * @param keys  ours; an older one stays until nothing encrypted for it is on its way
 * @param from  the other side's public keys. Given: a file that none of them signed is refused. Left out: signatures are not looked at
 * @param at    the instant at which their keys must be valid, epoch milliseconds
 */
export async function openPgp(
  bytes: Uint8Array,
  {
    keys,
    from,
    at,
    maxBytes = pgpMaxBytes,
  }: {
    readonly keys: readonly OwnKey[]
    readonly from?: readonly string[]
    readonly at: number
    readonly maxBytes?: number
  },
): Promise<Opened> {
  try {
    if (bytes.length > maxBytes) throw new PgpError('too_large')
    const how = await howToOpen(keys, from, at, { maxDecompressedMessageSize: maxBytes })
    const message = await messageOf(bytes)
    mustBeForUs(message, how.decryptionKeys)
    const { data, signatures } = await orFault('tampered', () => decrypt({ ...how, message }))
    if (!(data instanceof Uint8Array)) throw new PgpError('tampered')
    if (from !== undefined) await mustBeSigned(signatures, how.verificationKeys, at)
    return { kind: 'opened', bytes: data, signed: from !== undefined }
  } catch (error) {
    if (error instanceof PgpError) return { kind: 'refused', fault: error.fault }
    throw error
  }
}

/** What a message is opened with: the keys of both sides, read, for an instant and within limits. */
const howToOpen = async (
  keys: readonly OwnKey[],
  from: readonly string[] | undefined,
  at: number,
  config: PartialConfig,
) => ({
  decryptionKeys: await Promise.all(keys.map(ownKey)),
  verificationKeys: await Promise.all((from ?? []).map(theirKey)),
  format: 'binary' as const,
  date: new Date(at),
  config,
})

export type OpenedStream =
  | {
      readonly kind: 'opened'
      /** What is inside, before its end and its signature have been seen: nothing may be done with it before `proved` says so. */
      readonly chunks: AsyncIterable<Uint8Array>
      /** Why it is not to be believed after all; undefined when it is. To be asked when the chunks have ended. */
      readonly proved: () => Promise<PgpFault | undefined>
    }
  | { readonly kind: 'refused'; readonly fault: PgpFault }

/**
 * How long the library may work on a message of which it has every byte, milliseconds. It answers in some, unless the session key was changed on
 * the way: then, once in some hundred times, it takes what it decrypted for the beginning of something longer, and waits for the rest for ever.
 */
const STALL_MS = 30_000

/**
 * As `openPgp`, in constant memory: for files of millions of rows. Binary messages; an armored one is gathered, and is small.
 * @param clock  a message that ended and still is not open after 30 s is refused as `tampered`
 */
export async function openPgpStream(
  chunks: AsyncIterable<Uint8Array>,
  options: Parameters<typeof openPgp>[1] & { readonly maxBytes: number; readonly clock: Pick<Clock, 'after'> },
): Promise<OpenedStream> {
  const { keys, from, at, maxBytes, clock } = options
  const { source, orStalled } = watched(chunks[Symbol.asyncIterator](), clock)
  const first = await source.next()
  const head: Uint8Array = first.done === true ? new Uint8Array() : first.value
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => source }
  if (isArmored(head) || !looksLikePgp(head)) {
    const opened = await openPgp(await gathered(head, rest), { ...options, maxBytes: Math.min(maxBytes, pgpMaxBytes) })
    return opened.kind === 'refused'
      ? opened
      : { kind: 'opened', chunks: oneChunk(opened.bytes), proved: async () => undefined }
  }
  try {
    const limits = { maxDecompressedMessageSize: maxBytes, allowUnauthenticatedStream: true }
    const how = await howToOpen(keys, from, at, limits)
    const message = await orFault('tampered', () =>
      orStalled(() => readMessage({ binaryMessage: asStream(head, rest) })),
    )
    mustBeForUs(message, how.decryptionKeys)
    const { data, signatures } = await orFault('tampered', () => orStalled(() => decrypt({ ...how, message })))
    // Each is looked at, used or not: one that nobody looks at would end the process when it fails.
    for (const { verified } of signatures) verified.catch(() => undefined)
    return {
      kind: 'opened',
      chunks: orTampered(data),
      async proved() {
        try {
          if (from !== undefined) await mustBeSigned(signatures, how.verificationKeys, at)
          return undefined
        } catch (error) {
          if (error instanceof PgpError) return error.fault
          throw error
        }
      },
    }
  } catch (error) {
    if (error instanceof PgpError) return { kind: 'refused', fault: error.fault }
    throw error
  }
}

/** A source that knows when it has ended; and what fails when it is not done some time after that. */
function watched(source: AsyncIterator<Uint8Array>, clock: Pick<Clock, 'after'>) {
  let ended = (): void => undefined
  const end = new Promise<void>((resolve) => {
    ended = resolve
  })
  return {
    source: {
      async next(): Promise<IteratorResult<Uint8Array>> {
        const next = await source.next()
        if (next.done === true) ended()
        return next
      },
      ...(source.return === undefined ? {} : { return: () => source.return?.() ?? nothingMore }),
    },
    async orStalled<T>(run: () => Promise<T>): Promise<T> {
      let cancel: Cancel = () => undefined
      let isOver = false
      const stalled = end.then(
        () =>
          new Promise<never>((_, reject) => {
            if (!isOver) cancel = clock.after(STALL_MS, () => reject(new PgpError('tampered')))
          }),
      )
      try {
        return await Promise.race([run(), stalled])
      } finally {
        isOver = true
        cancel()
      }
    },
  }
}
const nothingMore = Promise.resolve({ done: true, value: undefined } as const)

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function gathered(head: Uint8Array, rest: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const held = [head]
  let size = head.length
  for await (const chunk of rest) {
    held.push(chunk)
    size += chunk.length
    if (size > pgpMaxBytes) break // too large for `openPgp`, which says so
  }
  return Buffer.concat(held)
}

function asStream(head: Uint8Array, rest: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const source = rest[Symbol.asyncIterator]()
  return new ReadableStream({
    start(controller) {
      controller.enqueue(Uint8Array.from(head))
    },
    async pull(controller) {
      const next = await source.next()
      if (next.done === true) controller.close()
      else controller.enqueue(Uint8Array.from(next.value))
    },
    async cancel() {
      await source.return?.()
    },
  })
}

/** What the library throws in the middle of a message says that it is not what was encrypted. */
async function* orTampered(data: AsyncIterable<Uint8Array> | Uint8Array): AsyncGenerator<Uint8Array> {
  try {
    if (data instanceof Uint8Array) yield data
    else yield* data
  } catch {
    throw new PgpError('tampered')
  }
}

function mustBeForUs(message: Message<MaybeStream<string | Uint8Array>>, own: readonly PrivateKey[]): void {
  const wanted = message.getEncryptionKeyIDs()
  if (wanted.length === 0) throw new PgpError('not_pgp')
  const ours = new Set(own.flatMap((key) => key.getKeyIDs().map((id) => id.toHex())))
  if (wanted.every((id) => !/^0+$/.test(id.toHex()) && !ours.has(id.toHex()))) throw new PgpError('wrong_key')
}

type Signature = { readonly keyID: { toHex(): string }; readonly verified: Promise<true> }

async function mustBeSigned(signatures: readonly Signature[], signers: readonly Key[], at: number): Promise<void> {
  // Each is awaited, used or not: one that nobody looks at would end the process when it fails.
  const results = await Promise.allSettled(signatures.map(({ verified }) => verified))
  if (signatures.length === 0) throw new PgpError('not_signed')
  let expired = false
  for (const [index, { keyID }] of signatures.entries()) {
    const signer = signers.find((key) => key.getKeyIDs().some((id) => id.toHex() === keyID.toHex()))
    if (signer === undefined) continue
    try {
      await mustBeValid(signer, at)
    } catch {
      expired = true
      continue
    }
    if (results[index]?.status === 'fulfilled') return
  }
  throw new PgpError(expired ? 'key_expired' : 'wrong_signature')
}

export type Sealed =
  | { readonly kind: 'sealed'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly fault: PgpFault }

/** Encrypts a file for the other side and signs it with our key: binary, not armored. */
export async function sealPgp(
  bytes: Uint8Array,
  { to, signWith, at }: { readonly to: readonly string[]; readonly signWith?: OwnKey; readonly at: number },
): Promise<Sealed> {
  try {
    const encryptionKeys = await Promise.all(to.map(theirKey))
    const signingKeys = signWith === undefined ? [] : [await ownKey(signWith)]
    for (const key of [...encryptionKeys, ...signingKeys]) await mustBeValid(key, at)
    const message = await createMessage({ binary: Uint8Array.from(bytes), date: new Date(at) })
    const sealed = await orFault('key_unreadable', () =>
      encrypt({ message, encryptionKeys, signingKeys, format: 'binary', date: new Date(at) }),
    )
    return { kind: 'sealed', bytes: sealed }
  } catch (error) {
    if (error instanceof PgpError) return { kind: 'refused', fault: error.fault }
    throw error
  }
}
