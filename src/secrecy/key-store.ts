/**
 * secrecy: what a stolen database does not tell. It promises that everything personal is sealed with AES-256-GCM under a key of its
 * tenant and month, tied to its table, column, tenant and row; that those keys are in the database only wrapped by a key
 * that is not; and that a key which was destroyed takes with it all it ever sealed.
 */

/**
 * Where key-encryption keys live: a sealed file, a hardware security module, or a cloud's key service. The keys themselves never
 * leave it, except from the file, whose process is the store. `context` is bound to what is wrapped: another context does not unwrap it.
 *
 * A store for a cloud's key service implements these and nothing else (docs/operating/secrecy.md has one); wrapping happens a few times a
 * month per tenant, so a call over a network is no matter. Several processes use one store: what one made, the others find.
 */
export interface KeyStore {
  readonly name: string
  /** The key that wraps from now on: the newest, also when another process made it. */
  current(): Promise<string>
  /** Every key that unwraps, oldest first. */
  list(): Promise<readonly string[]>
  /** @throws when the store is away or has no such key */
  wrap(kek: string, key: Uint8Array, context: string): Promise<Uint8Array>
  /** @throws when it was altered, wrapped in another context or by another key, or the store is away */
  unwrap(kek: string, wrapped: Uint8Array, context: string): Promise<Uint8Array>
  /** Makes a new key, which is then the current one; the ones before it still unwrap. @returns its name */
  rotate(): Promise<string>
  /** Destroys a key for good; what it wrapped is lost. @throws when it is the current one, or there is none of that name */
  destroy(kek: string): Promise<void>
  /** Signs with the audit key of this store: ECDSA on P-256 over SHA-256, as r and s. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
  /** The public half of the audit key, SPKI in DER. */
  auditKey(): Promise<Uint8Array>
  /** Lets go of whatever holds the store open. */
  close(): Promise<void>
}
