/**
 * Where everything personal goes on its way to the database and back: account numbers, mobile numbers, names, the bodies of
 * messages. Sealed values are tied to their place, tenant and row, so a value that was changed or moved does not open.
 *
 * Sealing and opening are synchronous, because doors judge and write in one go; what they need is fetched before, by `prepare` and `load`.
 */
export interface Vault {
  /** Makes sure that `seal` works for these tenants in the month of `at` (epoch milliseconds). Cheap when it does already. */
  prepare(tenantIds: Iterable<number>, at: number): Promise<void>
  /**
   * @param place  `table.column`
   * @param row  the row's own key, in one fixed form
   * @throws when the tenant was not prepared
   */
  seal(place: string, tenantId: number, row: string, text: string): Uint8Array
  sealBytes(place: string, tenantId: number, row: string, bytes: Uint8Array): Uint8Array
  /** Fetches the keys that these values need. Cheap when they are known. */
  load(sealed: Iterable<Uint8Array | null | undefined>): Promise<void>
  /** @returns undefined when its key was destroyed for good. @throws when it was altered, moved, or not loaded */
  open(place: string, tenantId: number, row: string, sealed: Uint8Array): string | undefined
  /** As `open`, for what is opened again and again: a value that has not changed since is remembered, a bounded number of them. */
  openOften(place: string, tenantId: number, row: string, sealed: Uint8Array): string | undefined
  openBytes(place: string, tenantId: number, row: string, sealed: Uint8Array): Uint8Array | undefined
  /** The keyed blind index of a value, 128 bits as the text of a UUID: equal values have equal ones, and nobody without the key can tell which. */
  index(kind: 'account' | 'mobile' | 'email' | 'name' | 'code', value: string): string
}
