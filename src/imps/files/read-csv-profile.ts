import { distinct, labelled, list, matching, oneOf, type Read, SettingError, section } from '../settings-reader.ts'
import type { CsvProfile } from './csv-profile.ts'
import { dateMasks } from './layout.ts'
import { day, printable } from './read-layout.ts'

const head = printable(80)

const money: Read<CsvProfile['money']> = (value, path) =>
  typeof value === 'object' && value !== null && 'amount' in value
    ? section((at) => ({ amount: at.need('amount', head), mark: at.need('mark', head) }))(value, path)
    : section((at) => ({ withdrawal: at.need('withdrawal', head), deposit: at.need('deposit', head) }))(value, path)

const balances: Read<readonly [string, string]> = (value, path) => {
  const [opening = '', closing = ''] = list(head, 2, 2)(value, path)
  return [opening, closing]
}

const body = section<CsvProfile>((at) => {
  const [delimiter, carried, backwards] = [
    at.maybe('delimiter', oneOf(',', ';', '|', '\t')),
    at.maybe('balances', balances),
    at.maybe('backwards', oneOf(true, false)),
  ]
  return {
    profile: at.need('profile', matching(/^[a-z][a-z0-9_]{0,39}$/, '1 to 40 small letters, digits and underlines')),
    from: at.need('from', day),
    heads: at.need('heads', list(head, 3, 60)),
    date: at.need('date', head),
    valueDate: at.need('valueDate', head),
    dates: at.need('dates', oneOf(...dateMasks)),
    narration: at.need('narration', head),
    reference: at.need('reference', head),
    balance: at.need('balance', head),
    money: at.need('money', money),
    ...(delimiter !== undefined && { delimiter }),
    ...(carried !== undefined && { balances: carried }),
    ...(backwards !== undefined && { backwards }),
  }
})

/**
 * One profile of a bank's statement in CSV, as a member bank writes it.
 * @throws {SettingError} one line naming profile and column
 */
export const readCsvProfile: Read<CsvProfile> = labelled('profile', (value, path) => {
  const found = body(value, path)
  distinct(found.heads, `${path}.heads`, 'column', (one) => one)
  const { date, valueDate, narration, reference, balance } = found
  for (const [key, column] of Object.entries({ date, valueDate, narration, reference, balance, ...found.money })) {
    if (!found.heads.includes(column))
      throw new SettingError(`${path}.${key}: ${JSON.stringify(column)} is none of its heads`)
  }
  return found
})
