import { type Ifsc, must, type Nbin, parseNbin } from '../base/identifiers.ts'
import { bankCodeOf } from './ifsc.ts'

/** One bank of the directory. `code` is the first four letters of its IFSCs. */
export type Bank = {
  readonly code: string
  readonly name: string
  /** Undefined where neither the profile nor the sandbox gives one: NPCI's numbers are not public. */
  readonly nbin: Nbin | undefined
  readonly takesImps: boolean
}

/** Code to name, from the public-domain IFSC dataset that Razorpay keeps. A profile adds to it and corrects it. */
const names = {
  ABHY: 'Abhyudaya Co-operative Bank',
  AIRP: 'Airtel Payments Bank',
  AUBL: 'AU Small Finance Bank',
  BARB: 'Bank of Baroda',
  BCBM: 'Bharat Co-operative Bank',
  BDBL: 'Bandhan Bank',
  BKID: 'Bank of India',
  BNPA: 'BNP Paribas Bank',
  BOFA: 'Bank of America',
  CBIN: 'Central Bank of India',
  CITI: 'Citi Bank',
  CIUB: 'City Union Bank',
  CLBL: 'Capital Small Finance Bank',
  CNRB: 'Canara Bank',
  COSB: 'Cosmos Co-operative Bank',
  CRGB: 'Chhattisgarh Rajya Gramin Bank',
  CSBK: 'Catholic Syrian Bank',
  DBSS: 'Development Bank of Singapore',
  DCBL: 'DCB Bank',
  DEUT: 'Deutsche Bank',
  DLXB: 'Dhanlaxmi Bank',
  DNSB: 'Dombivli Nagari Sahakari Bank',
  ESFB: 'Equitas Small Finance Bank',
  ESMF: 'ESAF Small Finance Bank',
  FDRL: 'Federal Bank',
  FINO: 'Fino Payments Bank',
  HDFC: 'HDFC Bank',
  HSBC: 'Hongkong & Shanghai Banking Corporation',
  IBKL: 'IDBI',
  ICIC: 'ICICI Bank',
  IDFB: 'IDFC FIRST Bank',
  IDIB: 'Indian Bank',
  INDB: 'IndusInd Bank',
  IOBA: 'Indian Overseas Bank',
  IPOS: 'India Post Payments Bank',
  JAKA: 'Jammu and Kashmir Bank',
  JIOP: 'Jio Payments Bank',
  JSFB: 'Jana Small Finance Bank',
  KARB: 'Karnataka Bank',
  KCCB: 'Kalupur Commercial Co-operative Bank',
  KKBK: 'Kotak Mahindra Bank',
  KVBL: 'Karur Vysya Bank',
  KVGB: 'Karnataka Vikas Grameena Bank',
  MAHB: 'Bank of Maharashtra',
  MSNU: 'Mehsana Urban Co-operative Bank',
  NKGS: 'NKGSB Co-operative Bank',
  NSPB: 'NSDL Payments Bank',
  NTBL: 'Nainital Bank',
  PKGB: 'Karnataka Gramin Bank',
  PSIB: 'Punjab & Sind Bank',
  PUNB: 'Punjab National Bank',
  PYTM: 'Paytm Payments Bank',
  RATN: 'RBL Bank',
  SBIN: 'State Bank of India',
  SCBL: 'Standard Chartered Bank',
  SIBL: 'South Indian Bank',
  SMCB: 'Shivalik Small Finance Bank',
  SRCB: 'Saraswat Co-operative Bank',
  SURY: 'Suryoday Small Finance Bank',
  SVCB: 'SVC Co-operative Bank',
  TJSB: 'TJSB Sahakari Bank',
  TMBL: 'Tamilnad Mercantile Bank',
  UBIN: 'Union Bank of India',
  UCBA: 'UCO Bank',
  UJVN: 'Ujjivan Small Finance Bank',
  UTIB: 'Axis Bank',
  UTKS: 'Utkarsh Small Finance Bank',
  VARA: 'Varachha Co-operative Bank',
  YESB: 'Yes Bank',
} satisfies Record<string, string>

/** A number that the sandbox makes up for a bank, 1000 to 6999: always the same for the same code, and nobody's real NBIN. */
export function sandboxNbin(bankCode: string): Nbin {
  let hash = 0
  for (const letter of bankCode) hash = (hash * 31 + letter.charCodeAt(0)) % 6000
  return must(parseNbin(String(1000 + hash)), 'NBIN')
}

/** What a profile says about one bank. */
export type BankSetting = {
  readonly code: string
  readonly name?: string
  readonly nbin?: Nbin
  readonly takesImps?: boolean
}

export type BankDirectory = {
  /** In the order of their codes. */
  readonly all: readonly Bank[]
  readonly byCode: ReadonlyMap<string, Bank>
  readonly byNbin: ReadonlyMap<Nbin, Bank>
}

/**
 * The directory of one wire profile: the well-known banks, then what the profile says, then the hub's own institutions.
 * A bank that the profile does not number has the sandbox's number if `sandboxNbins` is set, else none.
 */
export function createBankDirectory(profile: {
  readonly sandboxNbins: boolean
  readonly banks: readonly BankSetting[]
  readonly institutions: readonly { readonly ifscPrefix: string; readonly name: string; readonly nbin: Nbin }[]
}): BankDirectory {
  const byCode = new Map<string, Bank>()
  const byNbin = new Map<Nbin, Bank>()
  const add = (bank: Bank): void => {
    const before = byCode.get(bank.code)
    if (before?.nbin !== undefined && byNbin.get(before.nbin) === before) byNbin.delete(before.nbin)
    byCode.set(bank.code, bank)
    if (bank.nbin !== undefined) byNbin.set(bank.nbin, bank)
  }
  const made = (code: string): Nbin | undefined => (profile.sandboxNbins ? sandboxNbin(code) : undefined)
  for (const [code, name] of Object.entries(names)) add({ code, name, nbin: made(code), takesImps: true })
  for (const { code, name, nbin, takesImps } of profile.banks) {
    add({ code, name: name ?? byCode.get(code)?.name ?? code, nbin: nbin ?? made(code), takesImps: takesImps ?? true })
  }
  for (const { ifscPrefix: code, name, nbin } of profile.institutions) add({ code, name, nbin, takesImps: true })
  return { all: [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1)), byCode, byNbin }
}

/** The bank of an IFSC; undefined when the directory does not have it. */
export const bankOfIfsc = (directory: BankDirectory, ifsc: Ifsc): Bank | undefined =>
  directory.byCode.get(bankCodeOf(ifsc))

/** The bank of an NBIN, or of the first four digits of an MMID; undefined when the directory does not have it. */
export const bankOfNbin = (directory: BankDirectory, nbin: Nbin): Bank | undefined => directory.byNbin.get(nbin)
