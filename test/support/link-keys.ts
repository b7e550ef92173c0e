import type { Db } from '../../src/db/pool.ts'
import { softKey, unwrapKey } from '../../src/imps/iso8583/mac.ts'
import type { MacProfile, WireProfile } from '../../src/imps/profile.ts'
import type { LinkKeyCustody } from '../../src/rail/link-mac.ts'

/** The key that both sides of every test link have. It is in this file and opens nothing anywhere. */
export const testZmk: Uint8Array = Buffer.from('112233445566778899AABBCCDDEEFF00', 'hex')

/** Keys in memory. */
export const softCustody = ({ iso }: WireProfile, zmk = testZmk): LinkKeyCustody => ({
  async open(_link, wrapped) {
    const key = unwrapKey(iso.mac.algorithm, zmk, wrapped)
    return key && softKey(iso.mac.algorithm, key)
  },
})

/** The same profile with MACs on its links. */
export const withMacs =
  (mac: Partial<MacProfile> = {}) =>
  (profile: WireProfile): WireProfile => ({
    ...profile,
    iso: { ...profile.iso, mac: { ...profile.iso.mac, enabled: true, ...mac } },
  })

/** As in a new database. */
export async function forgetLinkKeys(db: Db): Promise<void> {
  await db`alter table link_key disable trigger user`
  await db`delete from link_key`
  await db`alter table link_key enable trigger user`
}
