import { distinct, labelled, list, matching, type Read, SettingError, section } from '../settings-reader.ts'
import { checkNameParts, day, printable, template } from './read-layout.ts'
import type { StatementLayout } from './statement-layout.ts'

const word = printable(80)

const four: Read<readonly [string, string, string, string]> = (value, path) => {
  const [a = '', b = '', c = '', d = ''] = list(word, 4, 4)(value, path)
  return [a, b, c, d]
}

const total: Read<readonly [string, string]> = (value, path) => {
  const [before = '', after = ''] = list(word, 2, 2)(value, path)
  return [before, after]
}

const body = section<StatementLayout>((at) => ({
  id: at.need(
    'id',
    matching(/^[a-z0-9][a-z0-9_/.-]{0,59}$/, '1 to 60 small letters, digits, dashes, dots and slashes'),
  ),
  from: at.need('from', day),
  fileName: at.need('fileName', template),
  titles: at.need('titles', list(template, 0, 20)),
  heads: at.need('heads', four),
  sides: at.need(
    'sides',
    section((side) => ({ remitter: side.need('remitter', word), beneficiary: side.need('beneficiary', word) })),
  ),
  totals: at.need(
    'totals',
    section((row) => ({
      remitterPaise: row.need('remitterPaise', word),
      beneficiaryPaise: row.need('beneficiaryPaise', word),
      settlementPaise: row.need('settlementPaise', word),
      adjustedPaise: row.need('adjustedPaise', word),
      adjustedFeePaise: row.need('adjustedFeePaise', word),
      adjustmentSwitchingFeePaise: row.need('adjustmentSwitchingFeePaise', word),
      penaltyPaise: row.need('penaltyPaise', word),
      compensationPaise: row.need('compensationPaise', word),
      finalPaise: row.need('finalPaise', word),
    })),
  ),
  disputes: at.need(
    'disputes',
    section((block) => ({
      title: block.need('title', word),
      heads: block.need('heads', four),
      total: block.need('total', total),
    })),
  ),
}))

/**
 * One layout of the settlement statement, as a member bank writes it.
 * @throws {SettingError} one line naming layout and field
 */
export const readStatementLayout: Read<StatementLayout> = labelled('id', (value, path) => {
  const found = body(value, path)
  checkNameParts(found.fileName, path)
  if (!found.fileName.includes('{CYCLE}')) throw new SettingError(`${path}.fileName must have {CYCLE}`)
  distinct(found.heads, `${path}.heads`, 'column', (head) => head)
  distinct(Object.values(found.totals), `${path}.totals`, 'line', (line) => line)
  if (
    found.sides.remitter.startsWith(found.sides.beneficiary) ||
    found.sides.beneficiary.startsWith(found.sides.remitter)
  )
    throw new SettingError(`${path}.sides: one begins as the other does`)
  return found
})
