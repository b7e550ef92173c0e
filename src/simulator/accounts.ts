import type { Beneficiary } from '../base/party.ts'
import type { BankDirectory } from '../imps/banks.ts'
import { bankCodeOf } from '../imps/ifsc.ts'
import { nbinOfMmid, suffixOfMmid } from '../imps/mmid.ts'
import { digest, registeredName } from './registered-name.ts'

/** The accounts of the banks behind the switch: all that anybody asks for, with an owner each, but for a few. */

export type SimulatedAccount = { readonly ifsc: string; readonly account: string; readonly name: string }

/** The name a bank knows the owner of an account by: 20 characters at most, always the same for the same account. */
export const ownerOf = (beneficiary: Beneficiary): string =>
  beneficiary.kind === 'account'
    ? registeredName(beneficiary.ifsc, beneficiary.account)
    : registeredName(beneficiary.mmid, beneficiary.mobile)

/** A mobile number that has several accounts at its bank, none of them chosen: with a default MMID, one that ends in 99. @source NPCI OC 119 */
export const hasSeveralAccounts = (beneficiary: Beneficiary): boolean =>
  beneficiary.kind === 'mmid' && suffixOfMmid(beneficiary.mmid) === '000' && beneficiary.mobile.endsWith('99')

/** Why a bank cannot say whose account it is. */
export type NoAccount = 'no such account' | 'no such bank' | 'several accounts'

/** What a name enquiry finds: an account number that ends in 0000 belongs to nobody. */
export function findAccount(beneficiary: Beneficiary, directory: BankDirectory): SimulatedAccount | NoAccount {
  const name = ownerOf(beneficiary)
  if (beneficiary.kind === 'account') {
    const { ifsc, account } = beneficiary
    if (!directory.byCode.has(bankCodeOf(ifsc))) return 'no such bank'
    return account.endsWith('0000') ? 'no such account' : { ifsc, account, name }
  }
  const bank = directory.byNbin.get(nbinOfMmid(beneficiary.mmid))
  if (bank === undefined) return 'no such bank'
  if (hasSeveralAccounts(beneficiary)) return 'several accounts'
  const account = String(digest(beneficiary.mobile + beneficiary.mmid)).padStart(12, '0')
  return { ifsc: `${bank.code}0000001`, account, name }
}

/** A name of which only the beginning of each word is shown. */
export const masked = (name: string): string =>
  name.replace(/(\S)(\S*)/g, (_word, first: string, rest: string) => first + '*'.repeat(rest.length))
