import { type Nbin, parseNbin } from '../base/identifiers.ts'
import { type Bank, type BankDirectory, type BankSetting, wellKnownBanks } from './banks.ts'

/**
 * NPCI's three-letter settlement codes: they name a bank in statements, adjustments and uploads, where messages use its NBIN and
 * customers its IFSC. A wrong code settles to the wrong bank, so none is guessed outside the sandbox. @source settlement.md §2.1, OC 129
 */
export interface BankCodes {
  /** The settlement code of an NBIN; undefined when nobody gives one. */
  ofNbin(nbin: string): string | undefined
  /** The NBIN of a settlement code. */
  nbinOf(code: string): Nbin | undefined
  /** The settlement code of a bank by the four letters its IFSCs begin with. */
  ofBank(bankCode: string): string | undefined
  /** The bank of a settlement code. */
  bankOf(code: string): Bank | undefined
}

type CodesProfile = {
  readonly sandboxNbins: boolean
  readonly banks: readonly BankSetting[]
  readonly institutions: readonly { readonly ifscPrefix: string; readonly bank3: string }[]
}

/** The sandbox's codes: the first three letters of a well-known bank, unless two begin alike, or another has the code. */
function sandboxCodes(taken: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>()
  const used = new Set(taken)
  for (const code of Object.keys(wellKnownBanks).sort()) {
    const short = code.slice(0, 3)
    const settlementCode = used.has(short) ? `${code.slice(0, 2)}${code.slice(3)}` : short
    if (used.has(settlementCode)) continue
    used.add(settlementCode)
    found.set(code, settlementCode)
  }
  return found
}

/**
 * The codes of one profile: what it says of its banks, `bank3` of its own institutions, and in the sandbox made-up ones.
 * Looks at the directory as it is when asked: NPCI's list of members may be another a moment later.
 */
export function createBankCodes(profile: CodesProfile, directory: BankDirectory): BankCodes {
  const byBank = new Map<string, string>()
  for (const { code, settlementCode } of profile.banks)
    if (settlementCode !== undefined) byBank.set(code, settlementCode)
  for (const { ifscPrefix, bank3 } of profile.institutions) byBank.set(ifscPrefix, bank3)
  if (profile.sandboxNbins) {
    for (const [code, made] of sandboxCodes(new Set(byBank.values()))) if (!byBank.has(code)) byBank.set(code, made)
  }
  const byCode = new Map([...byBank].map(([bankCode, code]) => [code, bankCode]))
  const bankOf = (code: string): Bank | undefined => directory.byCode.get(byCode.get(code) ?? '')
  return {
    ofNbin(text) {
      const nbin = parseNbin(text)
      const bank = nbin === undefined ? undefined : directory.byNbin.get(nbin)
      return bank === undefined ? undefined : byBank.get(bank.code)
    },
    nbinOf: (code) => bankOf(code)?.nbin,
    ofBank: (bankCode) => byBank.get(bankCode),
    bankOf,
  }
}
