import { csvProfileFor, type Layouts, shippedLayouts } from '../../imps/files/detect.ts'
import { readTemplate } from '../../imps/files/template.ts'
import type { Institution } from '../../imps/profile.ts'
import { isCamt053, readCamt053, versionOf } from './camt053.ts'
import { readCsvStatement } from './csv.ts'
import { isMt940, readMt940 } from './mt940.ts'
import { type BankStatement, refuse } from './statement.ts'

/** What a file of statements holds, proved, and of which bank of ours. */
export type ReadStatements = {
  /** `mt940`, `camt.053.001.08`, `csv/hdfc` */
  readonly layout: string
  readonly institution: string
  readonly statements: readonly BankStatement[]
}

/** What a parser may have in memory. */
export const statementLimits = { bytes: 33_554_432, xmlBytes: 16_777_216, statements: 1_000 } as const

/**
 * Reads the statements of a file, recognised by what is in it; in CSV by its name, which stands for the account.
 * @returns undefined when it is no statement
 * @throws {IntakeError} at the first thing that is wrong, or for an account that nobody has told the hub of
 */
export function readStatements(
  name: string,
  bytes: Uint8Array,
  institutions: readonly Institution[],
  layouts: Layouts = shippedLayouts,
): ReadStatements | undefined {
  const head = Buffer.from(bytes.subarray(0, 4_096))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
  const csv = institutions
    .flatMap(({ accounts = [] }) => accounts)
    .find((one) => one.csv !== undefined && readTemplate(one.csv.fileName, name) !== undefined)
  const isXml = isCamt053(head)
  if (!isXml && !isMt940(head) && csv?.csv === undefined) return undefined
  const most = isXml ? statementLimits.xmlBytes : statementLimits.bytes
  if (bytes.length > most) refuse('too_large', `at most ${most} bytes`, `${bytes.length} bytes`)
  const text = textOf(bytes)
  const read = (): Pick<ReadStatements, 'layout' | 'statements'> => {
    if (isXml) return { layout: versionOf(head), statements: readCamt053(text) }
    if (csv?.csv === undefined) return { layout: 'mt940', statements: readMt940(text) }
    const { number, csv: its } = csv
    const { day } = readTemplate(its.fileName, name) ?? {}
    const profile = csvProfileFor(its.profile, day, layouts)
    if (profile === undefined)
      return refuse('layout_mismatch', `a day that ${its.profile} has columns for`, String(day))
    return { layout: `csv/${profile.profile}`, statements: [readCsvStatement(text, number, profile)] }
  }
  const { layout, statements } = read()
  if (statements.length > statementLimits.statements) {
    refuse('too_many_rows', `at most ${statementLimits.statements} statements`, `${statements.length}`)
  }
  return { layout, institution: ownerOf(statements, institutions), statements }
}

/** UTF-8, or one character a byte where it is none. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}

/** Whose they are: one file is about one bank. */
function ownerOf(statements: readonly BankStatement[], institutions: readonly Institution[]): string {
  const owners = statements.map(({ account, row }) => {
    const plain = account.replaceAll(/[\s/-]/g, '')
    const owner = institutions.find(({ accounts = [] }) => accounts.some(({ number }) => number === plain))
    return owner?.code ?? refuse('unknown_account', 'an account that the profile names', 'another one', row)
  })
  const [first = ''] = owners
  if (owners.some((one) => one !== first)) refuse('not_ours', `statements of ${first} alone`, 'of several banks')
  return first
}
