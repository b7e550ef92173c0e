import type { Ifsc } from '../base/identifiers.ts'

/** The four letters that name the bank in an IFSC. @source protocol.md §3.1 */
export const bankCodeOf = (ifsc: string): string => ifsc.slice(0, 4)

/** The six characters that name the branch in an IFSC. */
export const branchOf = (ifsc: Ifsc): string => ifsc.slice(5)

/** The files of the `ifsc` package, as they are. */
export type IfscFiles = {
  /** IFSC.json: for each bank its branches, a number where the branch has only digits. About a megabyte. */
  readonly branches: Uint8Array
  /** banknames.json: code to name, sub-members and banks that are gone among them. */
  readonly names: Readonly<Record<string, string>>
  /** sublet.json: IFSCs of one bank behind which there is another, with the code of that one. */
  readonly sublets: Readonly<Record<string, string>>
  /** custom-sublets.json: the same by the beginning of the IFSC, and now and then with a name where there is no code. */
  readonly customSublets: Readonly<Record<string, string>>
}

/** What is known of IFSCs without asking anybody. */
export interface IfscList {
  /** Code and name of every bank that has IFSCs of its own, in the order of the codes. */
  readonly banks: readonly { readonly code: string; readonly name: string }[]
  /** Whether the Reserve Bank lists this branch. NPCI also knows codes that no such list has. */
  has(ifsc: string): boolean
  /** The bank behind a code that another bank lends it; `code` is undefined for the few that have only a name. */
  behind(ifsc: string): { readonly code: string | undefined; readonly name: string } | undefined
  /** False for the codes and banks that are known not to take IMPS. Nobody publishes which branches do. */
  mayTakeImps(ifsc: string): boolean
}

/** The Reserve Bank itself. @source razorpay/ifsc src/patches/ifsc/no-imps-for-rbi.yml */
const banksWithoutImps: ReadonlySet<string> = new Set(['RBIN', 'RBIP', 'RBIS'])

/**
 * Codes that NPCI has taken out of IMPS: those of rural banks that were merged. The list has the letter O for the zero of most
 * of them, so it does not reach them in its own dataset; here they are as they were meant.
 * @source razorpay/ifsc src/patches/ifsc/disabled-imps.yml
 */
const codesWithoutImps: ReadonlySet<string> = new Set(
  (
    'ALLA0AU1002 BARB0BGGBXX BARB0BUPGBX BKID0WAINGB ICIC00SSKCB IOBA0ROGB01 JAKA0GRAMEN MAHB0RRBMGB PSIB0SGB002 ' +
    'PUNB0HGB001 PUNB0HPGB04 PUNB0MBGB06 PUNB0PGB003 PUNB0SUPGB5 SBIN0RRAPGB SBIN0RRARGB SBIN0RRCHGB SBIN0RRCKGB ' +
    'SBIN0RRDCGB SBIN0RRELGB SBIN0RRLDGB SBIN0RRMBGB SBIN0RRMEGB SBIN0RRMIGB SBIN0RRMRGB SBIN0RRNLGB SBIN0RRPUGB ' +
    'SBIN0RRSRGB SBIN0RRUKGB SBIN0RRUTGB SBIN0RRVCGB UBIN0RRBKGS UCBA0RRBBKG UCBA0RRBPBG'
  ).split(' '),
)

/** Fewer banks than this, and the file is not what it was. */
const LEAST_BANKS = 200

/**
 * The list out of the package's files. The 177,000 branches stay the bytes they came in and are searched: as numbers and
 * strings they would take four times the memory, for something that is looked up once in a while.
 *
 * @throws when the file of the branches has another form
 */
export function createIfscList({ branches, names, sublets, customSublets }: IfscFiles): IfscList {
  const file = Buffer.from(branches.buffer, branches.byteOffset, branches.byteLength)
  const places = new Map<string, Buffer>()
  for (let at = file.indexOf('":['); at >= 0; ) {
    const end = file.indexOf(']', at)
    if (end < 0) break
    places.set(file.toString('latin1', at - 4, at), file.subarray(at + 2, end + 1))
    at = file.indexOf('":[', end)
  }
  if (places.size < LEAST_BANKS || [...places.keys()].some((code) => !/^[A-Z]{4}$/.test(code))) {
    throw new Error('the list of IFSCs is not in the form that this hub knows')
  }
  const prefixes = Object.keys(customSublets).sort((a, b) => b.length - a.length) // the longest that fits is meant
  const banks = [...places.keys()].sort().map((code) => ({ code, name: names[code] ?? code }))
  return {
    banks,
    has(ifsc) {
      const place = places.get(bankCodeOf(ifsc))
      if (place === undefined) return false
      const branch = ifsc.slice(5)
      const entry = /^[0-9]+$/.test(branch) ? String(Number(branch)) : `"${branch}"`
      return (
        place.includes(`,${entry},`) ||
        place.includes(`[${entry},`) ||
        place.includes(`,${entry}]`) ||
        place.includes(`[${entry}]`)
      )
    },
    behind(ifsc) {
      const prefix = prefixes.find((one) => ifsc.startsWith(one))
      const found = sublets[ifsc] ?? (prefix === undefined ? undefined : customSublets[prefix])
      const name = found === undefined ? undefined : names[found]
      // A bank that is known by two codes lends itself nothing.
      if (found === undefined || name === names[bankCodeOf(ifsc)]) return undefined
      return name === undefined ? { code: undefined, name: found } : { code: found, name }
    },
    mayTakeImps: (ifsc) => !banksWithoutImps.has(bankCodeOf(ifsc)) && !codesWithoutImps.has(ifsc),
  }
}
