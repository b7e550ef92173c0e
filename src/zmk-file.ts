import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { checkValueOf, isZmk } from './imps/iso8583/mac.ts'
import type { MacAlgorithm } from './imps/profile.ts'
import type { KeyStore } from './secrecy/key-store.ts'

/**
 * The key (ZMK) that the working keys of one link come under, in a file: sealed by the key store of the hub, file or module, and
 * tied to its link. `npm run zmk` makes it from the components that the custodians bring. A sandbox may have it plain, in hex.
 */

const ZmkFile = Type.Object({
  version: Type.Literal(1),
  link: Type.String(),
  /** Of the whole key: the two sides compare it by telephone. */
  checkValue: Type.String(),
  kek: Type.String(),
  /** Base64. */
  sealed: Type.String(),
})
type ZmkFile = Static<typeof ZmkFile>

const contextOf = (link: string): string => `zmk ${link}`

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex')

/**
 * @throws {Error} one line that names the file and never quotes it
 */
export async function readZmk(
  path: string,
  link: string,
  algorithm: MacAlgorithm,
  deps: { readonly keys: KeyStore; readonly plainAllowed: boolean },
): Promise<Uint8Array> {
  const text = readText(path)
  const plain = /^(?:[0-9A-Fa-f]{16}){2,4}\s*$/.test(text)
  if (plain && !deps.plainAllowed) throw new Error(`${path} holds a key as it is: npm run zmk makes a sealed one`)
  const zmk = plain ? bytesOf(text.trim()) : await openSealed(path, text, link, deps.keys)
  if (!isZmk(algorithm, zmk)) throw new Error(`${path} holds no key for ${algorithm}`)
  return zmk
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not readable'
    throw new Error(`${path} cannot be read: ${code}`)
  }
}

async function openSealed(path: string, text: string, link: string, keys: KeyStore): Promise<Uint8Array> {
  const file = parse(text)
  if (file === undefined) throw new Error(`${path} is not a key file of this version`)
  if (file.link !== link) throw new Error(`${path} is the key of another link`)
  try {
    return await keys.unwrap(file.kek, Buffer.from(file.sealed, 'base64'), contextOf(link))
  } catch {
    throw new Error(`${path} does not open: it was altered, or sealed by another key store`)
  }
}

function parse(text: string): ZmkFile | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Check(ZmkFile, value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Seals a key for a link; whole or not at all, mode 0600 from the first byte. @returns its check value, six digits */
export async function writeZmk(
  path: string,
  link: string,
  algorithm: MacAlgorithm,
  zmk: Uint8Array,
  keys: KeyStore,
): Promise<string> {
  const checkValue = checkValueOf(algorithm, zmk).slice(0, 6)
  const kek = await keys.current()
  const sealed = Buffer.from(await keys.wrap(kek, zmk, contextOf(link))).toString('base64')
  write(path, { version: 1, link, checkValue, kek, sealed })
  return checkValue
}

function write(path: string, file: ZmkFile): void {
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(draft, path)
}

/** What a folder of keys may hold at most; a key of a link is some hundred bytes. */
const MOST_FILES = 2_000
const MOST_BYTES = 4_096

/** The sealed keys of links in a folder and the folders in it. */
function findZmks(folder: string): { readonly path: string; readonly file: ZmkFile }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .slice(0, MOST_FILES)
    .map((name) => join(folder, name))
    .filter((path) => {
      const found = statSync(path, { throwIfNoEntry: false })
      return found?.isFile() === true && found.size <= MOST_BYTES
    })
    .flatMap((path) => {
      const file = parse(readText(path))
      return file === undefined ? [] : [{ path, file }]
    })
}

/** The keys of links in a folder that this key-encryption key seals. */
export const zmksUnder = (folder: string, kek: string): string[] =>
  findZmks(folder).flatMap(({ path, file }) => (file.kek === kek ? [path] : []))

/** Seals the keys of links in a folder again, under the newest key-encryption key. @returns the files that were written anew */
export async function resealZmks(folder: string, keys: KeyStore): Promise<string[]> {
  const kek = await keys.current()
  const due = findZmks(folder).filter(({ file }) => file.kek !== kek)
  for (const { path, file } of due) {
    const zmk = await openSealed(path, JSON.stringify(file), file.link, keys)
    const sealed = Buffer.from(await keys.wrap(kek, zmk, contextOf(file.link))).toString('base64')
    write(path, { ...file, kek, sealed })
  }
  return due.map(({ path }) => path)
}

/** The key that components make together. @throws {Error} when they do not make one */
export function combine(algorithm: MacAlgorithm, components: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = components
  if (first === undefined || others.length === 0) throw new Error('a key needs two components or more')
  if (others.some(({ length }) => length !== first.length)) throw new Error('components must be of one length')
  const zmk = first.map((byte, i) => others.reduce((sum, other) => sum ^ (other[i] ?? 0), byte))
  if (!isZmk(algorithm, zmk)) throw new Error(`the components make no key for ${algorithm}`)
  return zmk
}
