import { inflateRawSync } from 'node:zlib'

/**
 * How large a workbook is once unpacked, found out without unpacking more than is allowed: a workbook is a ZIP, and a few kilobytes of
 * one can say a gigabyte. Not a reader of ZIPs: it only measures what the library is about to read, and refuses what it need not read.
 */

export type ZipLimits = { readonly entries: number; readonly bytes: number }
export type ZipLook =
  | { readonly kind: 'fits'; readonly texts: ReadonlyMap<string, Buffer> }
  | { readonly kind: 'refused'; readonly large: boolean; readonly found: string }

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22

const refused = (found: string, large = false): ZipLook => ({ kind: 'refused', large, found })

type Entry = {
  readonly name: string
  readonly at: number
  readonly flags: number
  readonly method: number
  readonly packed: number
  readonly local: number
}

const tooMuch = ({ bytes }: ZipLimits): string => `one that unpacks to more than ${bytes / 1_048_576} MiB`

/** The entries of the central directory, or why there are none. The end record stands at the very end: no comment, no second one. */
function entriesOf(zip: Buffer, most: number): readonly Entry[] | string {
  const end = zip.length - END_BYTES
  if (end < 0 || zip.readUInt32LE(end) !== END || zip.readUInt16LE(end + 20) !== 0) return 'no workbook, or half of one'
  const count = zip.readUInt16LE(end + 10)
  if (zip.readUInt16LE(end + 8) !== count || zip.readUInt32LE(end + 4) !== 0) return 'a ZIP in parts'
  if (count > most) return `${count} entries`
  let at = zip.readUInt32LE(end + 16)
  const entries: Entry[] = []
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || zip.readUInt32LE(at) !== CENTRAL) return 'a broken directory'
    const [nameBytes, extra, comment] = [
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
    ]
    entries.push({
      name: zip.toString('latin1', at + 46, at + 46 + nameBytes),
      at,
      flags: zip.readUInt16LE(at + 8),
      method: zip.readUInt16LE(at + 10),
      packed: zip.readUInt32LE(at + 20),
      local: zip.readUInt32LE(at + 42),
    })
    at += 46 + nameBytes + extra + comment
  }
  return at === end ? entries : 'a broken directory'
}

/** Where the packed bytes of an entry begin; undefined when its own head does not say what the directory says. */
function dataOf(zip: Buffer, { name, local, packed, method }: Entry): Buffer | undefined {
  if (local + 30 > zip.length || zip.readUInt32LE(local) !== LOCAL || zip.readUInt16LE(local + 8) !== method)
    return undefined
  const [nameBytes, extra] = [zip.readUInt16LE(local + 26), zip.readUInt16LE(local + 28)]
  const from = local + 30 + nameBytes + extra
  if (zip.toString('latin1', local + 30, local + 30 + nameBytes) !== name || from + packed > zip.length)
    return undefined
  return zip.subarray(from, from + packed)
}

/** Macros, links to other files and programs inside: no settlement file has them. */
const FOREIGN = /vbaProject|externalLinks|embeddings|activeX|ctrlProps|customXml/i

/** Unpacks every entry under one budget of bytes. */
export function lookIntoZip(zip: Buffer, limits: ZipLimits): ZipLook {
  const entries = entriesOf(zip, limits.entries)
  if (typeof entries === 'string') return refused(entries, entries.endsWith('entries'))
  const texts = new Map<string, Buffer>()
  let left = limits.bytes
  for (const entry of entries) {
    if (texts.has(entry.name)) return refused('the same entry twice')
    if ((entry.flags & 1) !== 0 || (entry.method !== 0 && entry.method !== 8)) return refused('an entry that is locked')
    if (FOREIGN.test(entry.name)) return refused('macros, links or objects')
    const data = dataOf(zip, entry)
    if (data === undefined) return refused('a broken entry')
    if (entry.method === 0 && data.length > left) return refused(tooMuch(limits), true)
    try {
      const text = entry.method === 0 ? data : inflateRawSync(data, { maxOutputLength: Math.max(left, 1) })
      left -= text.length
      texts.set(entry.name, text)
    } catch (error) {
      const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      return large ? refused(tooMuch(limits), true) : refused('an entry that does not unpack')
    }
  }
  return { kind: 'fits', texts }
}

const TIME_AND_DATE = Buffer.from([0, 0, 0x21, 0]) // 1980-01-01 00:00

/** Sets the date of every entry to the first day a ZIP knows: the same content is then the same bytes. */
export function withoutDates(zip: Buffer): Buffer {
  const fixed = Buffer.from(zip)
  const entries = entriesOf(fixed, Number.MAX_SAFE_INTEGER)
  if (typeof entries === 'string') throw new Error(`a workbook just written has ${entries}`)
  for (const { at, local } of entries) {
    TIME_AND_DATE.copy(fixed, at + 12)
    TIME_AND_DATE.copy(fixed, local + 10)
  }
  return fixed
}
