import { type Ifsc, must, type Nbin, parseNbin } from '../base/identifiers.ts'
import { bankCodeOf, type IfscList } from './ifsc.ts'
import type { Provider } from './xml/message.ts'

/** One bank of the directory. */
export type Bank = {
  /** The first four letters of its IFSCs; of a sub-member that uses another bank's, the four letters it is known by. */
  readonly code: string
  readonly name: string
  /** Undefined where neither the profile nor NPCI's list nor the sandbox gives one: these numbers are not public. */
  readonly nbin: Nbin | undefined
  readonly takesImps: boolean
  /** Who says whether it takes IMPS: the profile, NPCI's list of members, or the public dataset, which assumes it of all banks. */
  readonly source: 'profile' | 'npci' | 'dataset'
}

/** The banks that a sandbox numbers. Names as in the `ifsc` package, but for capital letters in the middle. */
export const wellKnownBanks = {
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
  /** The three characters it has in settlement files. @source settlement.md §2.1 */
  readonly settlementCode?: string
}

/** Who can be paid, as of now: what is read from it may be another bank a moment later, when NPCI has listed its members again. */
export interface BankDirectory {
  /** In the order of their codes. */
  readonly all: readonly Bank[]
  readonly byCode: ReadonlyMap<string, Bank>
  readonly byNbin: ReadonlyMap<Nbin, Bank>
  /** Takes over NPCI's list of members, in place of the list before. Whoever holds the directory sees it at once. */
  replace(members: readonly Provider[]): void
}

type DirectoryProfile = {
  readonly sandboxNbins: boolean
  readonly banks: readonly BankSetting[]
  readonly institutions: readonly { readonly ifscPrefix: string; readonly name: string; readonly nbin: Nbin }[]
}

/**
 * The directory of one wire profile. Who comes later corrects who came before: the banks of the `ifsc` package, NPCI's members,
 * what the profile says, the hub's own institutions. A well-known bank or one of the profile that nobody numbers has the
 * sandbox's number if `sandboxNbins` is set, else none.
 *
 * @param list  every bank with IFSCs of its own; without it only the well-known ones
 */
export function createBankDirectory(profile: DirectoryProfile, list?: IfscList): BankDirectory {
  let current = build(profile, list, [])
  return {
    get all() {
      return current.all
    },
    get byCode() {
      return current.byCode
    },
    get byNbin() {
      return current.byNbin
    },
    replace(members) {
      current = build(profile, list, members)
    },
  }
}

function build(
  profile: DirectoryProfile,
  list: IfscList | undefined,
  members: readonly Provider[],
): Omit<BankDirectory, 'replace'> {
  const byCode = new Map<string, Bank>()
  const byNbin = new Map<Nbin, Bank>()
  const add = (bank: Bank): void => {
    const before = byCode.get(bank.code)
    if (before?.nbin !== undefined && byNbin.get(before.nbin) === before) byNbin.delete(before.nbin)
    byCode.set(bank.code, bank)
    if (bank.nbin !== undefined) byNbin.set(bank.nbin, bank)
  }
  const made = (code: string): Nbin | undefined => (profile.sandboxNbins ? sandboxNbin(code) : undefined)

  for (const { code, name } of list?.banks ?? []) {
    add({ code, name, nbin: undefined, takesImps: list?.mayTakeImps(code) ?? true, source: 'dataset' })
  }
  for (const [code, name] of Object.entries(wellKnownBanks)) {
    add({ code, name, nbin: made(code), takesImps: true, source: 'dataset' })
  }
  for (const [code, listed] of byBank(members, list)) {
    const [only] = listed
    const own = listed.length === 1 ? only : listed.find(({ ifsc }) => ifsc.length === 4)
    for (const member of listed) {
      const bank = { code, nbin: member.nbin, takesImps: member.active, source: 'npci' } as const
      if (member === own) add({ ...bank, name: byCode.get(code)?.name ?? member.name })
      else byNbin.set(member.nbin, { ...bank, name: member.name })
    }
  }
  for (const { code, name, nbin, takesImps } of profile.banks) {
    const before = byCode.get(code)
    add({
      code,
      name: name ?? before?.name ?? code,
      nbin: nbin ?? before?.nbin ?? made(code),
      takesImps: takesImps ?? before?.takesImps ?? true,
      source: takesImps === undefined && before !== undefined ? before.source : 'profile',
    })
  }
  for (const { ifscPrefix: code, name, nbin } of profile.institutions) {
    add({ code, name, nbin, takesImps: true, source: 'profile' })
  }
  return { all: [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1)), byCode, byNbin }
}

type Member = Omit<Provider, 'nbin'> & { readonly nbin: Nbin }

/**
 * NPCI's members by the bank they are. A sub-member is listed with an IFSC that another bank lends it; where the dataset does not
 * know that, several members seem to be one bank, and only the one listed by the four letters themselves is: a guess could
 * send a payment by mobile number to the wrong bank.
 */
function byBank(members: readonly Provider[], list: IfscList | undefined): Map<string, Member[]> {
  const found = new Map<string, Member[]>()
  for (const member of members) {
    const nbin = parseNbin(member.nbin)
    if (nbin === undefined) continue
    const code = (member.ifsc.length === 4 ? undefined : list?.behind(member.ifsc)?.code) ?? bankCodeOf(member.ifsc)
    const listed = found.get(code)
    if (listed === undefined) found.set(code, [{ ...member, nbin }])
    else listed.push({ ...member, nbin })
  }
  return found
}

/** The bank of an IFSC; undefined when the directory does not have it. */
export const bankOfIfsc = (directory: BankDirectory, ifsc: Ifsc): Bank | undefined =>
  directory.byCode.get(bankCodeOf(ifsc))

/** The bank of an NBIN, or of the first four digits of an MMID; undefined when the directory does not have it. */
export const bankOfNbin = (directory: BankDirectory, nbin: Nbin): Bank | undefined => directory.byNbin.get(nbin)

/** What is known of a branch of `bank`. */
export function describeIfsc(
  directory: BankDirectory,
  list: IfscList | undefined,
  ifsc: Ifsc,
  bank: Bank,
): {
  /** The bank whose branch it is, where it uses an IFSC of `bank`. */
  readonly behind: { readonly code: string | null; readonly name: string } | null
  /** Whether the Reserve Bank lists it; null where the list does not have the bank. */
  readonly listed: boolean | null
  /** False when it is known not to take IMPS, null when nobody knows. */
  readonly takesImps: boolean | null
} {
  const behind = list?.behind(ifsc)
  const listed = list?.banks.some(({ code }) => code === bank.code) === true ? list.has(ifsc) : null
  const owner = behind?.code === undefined ? bank : (directory.byCode.get(behind.code) ?? bank)
  const refused = !bank.takesImps || !owner.takesImps || list?.mayTakeImps(ifsc) === false
  return {
    behind: behind === undefined ? null : { code: behind.code ?? null, name: behind.name },
    listed,
    takesImps: refused ? false : listed === false ? null : true,
  }
}

/**
 * The NBIN of a bank as the wire numbers it: four letters of its IFSCs (XML), its NBIN, or six digits of which the NBIN is the first and the
 * last three (600001 is 6001).
 */
function nbinOnWire(directory: BankDirectory, bank: string): Nbin | undefined {
  const found = directory.byCode.get(bank)?.nbin
  return (
    found ?? parseNbin(bank) ?? (/^[0-9]{5,11}$/.test(bank) ? parseNbin(bank.slice(0, 1) + bank.slice(-3)) : undefined)
  )
}

/** A bank by an IFSC of it, by the hub's institution that it is, or as the wire numbers it. */
export type BankNamed = { readonly ifsc: Ifsc } | { readonly institution: string } | { readonly onWire: string }

/** The NBIN by which NPCI's files name a bank; undefined when nobody gives one. */
export type NbinOf = (bank: BankNamed) => Nbin | undefined

type OwnBank = { readonly code: string; readonly nbin: Nbin; readonly remitterBank: string }

/** Of the hub's own institutions the profile's table says it, whatever number they have on the wire; of all others the directory. */
export const createNbinOf =
  (institutions: readonly OwnBank[], directory: BankDirectory): NbinOf =>
  (bank) => {
    if ('ifsc' in bank) return bankOfIfsc(directory, bank.ifsc)?.nbin
    if ('institution' in bank) return institutions.find(({ code }) => code === bank.institution)?.nbin
    const own = institutions.find(({ remitterBank }) => remitterBank === bank.onWire)
    return own?.nbin ?? nbinOnWire(directory, bank.onWire)
  }

/** The NBIN of a payment's remitter bank, as NPCI's files have it; as the payment has it where nobody gives one. */
export const remitterNbin = (
  nbinOf: NbinOf,
  payment: { readonly direction: 'outward' | 'inward'; readonly institution: string; readonly remitterBank: string },
): string =>
  nbinOf(payment.direction === 'outward' ? { institution: payment.institution } : { onWire: payment.remitterBank }) ??
  payment.remitterBank
