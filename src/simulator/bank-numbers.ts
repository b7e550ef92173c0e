import type { Beneficiary } from '../base/party.ts'
import { createBankCodes } from '../imps/bank-codes.ts'
import { type BankDirectory, sandboxNbin } from '../imps/banks.ts'
import { bankCodeOf } from '../imps/ifsc.ts'
import { nbinOfMmid } from '../imps/mmid.ts'
import type { WireProfile } from '../imps/profile.ts'

/** Banks as NPCI's files number and name them. */
export interface BankNumbers {
  /** NBIN of a remitter bank, by its DE 32: `600001` of the banks behind the switch is 6001. */
  remitter(remitterBank: string): string
  beneficiary(beneficiary: Beneficiary): string
  /** The settlement code of an NBIN: three characters. */
  code(nbin: string): string
}

export function createBankNumbers(profile: WireProfile, directory: BankDirectory): BankNumbers {
  const own = new Map<string, string>(profile.institutions.map((one) => [one.remitterBank, one.nbin]))
  const codes = createBankCodes(profile, directory)
  const byCode = new Map<string, string>()
  const nbinOfCode = (code: string): string => {
    const known = byCode.get(code)
    if (known !== undefined) return known
    const nbin = directory.byCode.get(code)?.nbin ?? sandboxNbin(code)
    byCode.set(code, nbin)
    return nbin
  }
  return {
    remitter: (remitterBank) => own.get(remitterBank) ?? `${remitterBank.slice(0, 1)}${remitterBank.slice(-3)}`,
    beneficiary: (beneficiary) =>
      beneficiary.kind === 'account' ? nbinOfCode(bankCodeOf(beneficiary.ifsc)) : nbinOfMmid(beneficiary.mmid),
    code: (nbin) => codes.ofNbin(nbin) ?? nbin.slice(-3),
  }
}
