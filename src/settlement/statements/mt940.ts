import { shownOf } from '../../imps/files/refusal.ts'
import type { Day } from '../../imps/files/rows.ts'
import { dayFrom } from '../../imps/files/template.ts'
import { type BankStatement, paiseOf, proveStatement, refuse, type StatementLine } from './statement.ts'

/**
 * MT940 as banks send it: with SWIFT's blocks around it or without, one message or several. Amounts are whole paise; a page of a longer
 * statement (`:60M:`, `:62M:`) is proved by itself. @source settlement.md §7.6; SWIFT MT940
 */

type Tag = { readonly name: string; readonly row: number; readonly text: string }

const TAG = /^:([0-9]{2}[A-Z]?|NS):(.*)$/
/** SWIFT's envelope, and what ends a message. */
const ENVELOPE = /^(\{[1-5]:.*|-\}?.*|)$/

function tagsOf(text: string): readonly Tag[] {
  const tags: Tag[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const row = index + 1
    // `{4:` may have the first tag behind it.
    const found = TAG.exec(line.replace(/^(\{[1-5]:[^{}]*\})*\{4:/, ''))
    const last = tags.at(-1)
    if (found !== null) tags.push({ name: found[1] ?? '', row, text: found[2] ?? '' })
    else if (ENVELOPE.test(line)) continue
    else if (last === undefined) refuse('unreadable', 'a tag such as :20:', shownOf(line), row)
    else tags[tags.length - 1] = { ...last, text: `${last.text}\n${line}` }
  }
  return tags
}

/** Whether a file looks like one. */
export const isMt940 = (head: string): boolean =>
  /^(\{1:|:20:)|^\{4:\s*:20:|\n:20:/m.test(head) && /^.*:25[P]?:/m.test(head)

/** @throws {IntakeError} at the first thing that is wrong */
export function readMt940(text: string): readonly BankStatement[] {
  const tags = tagsOf(text)
  const starts = tags.flatMap(({ name }, index) => (name === '20' ? [index] : []))
  if (starts[0] !== 0) refuse('unreadable', ':20: first', tags[0] === undefined ? 'no tag' : `:${tags[0].name}:`, 1)
  return starts.map((from, index) => proveStatement(statementOf(tags.slice(from, starts[index + 1]))))
}

function statementOf(tags: readonly Tag[]): BankStatement {
  const row = tags[0]?.row ?? 1
  const one = (name: RegExp, what: string): Tag => {
    const [found, again] = tags.filter((tag) => name.test(tag.name))
    if (found === undefined) return refuse('cut_short', what, 'the end of the statement', row)
    if (again !== undefined) return refuse('bad_value', `one ${what}`, 'another one', again.row)
    return found
  }
  const opening = balanceOf(one(/^60[FM]$/, ':60F:'))
  const closing = balanceOf(one(/^62[FM]$/, ':62F:'))
  return {
    account:
      one(/^25P?$/, ':25:')
        .text.split('\n')[0]
        ?.trim() ?? '',
    number: one(/^28C?$/, ':28C:').text.trim(),
    row: closing.row,
    from: opening.day,
    until: closing.day,
    openingPaise: opening.paise,
    closingPaise: closing.paise,
    lines: linesOf(tags),
  }
}

const BALANCE = /^([CD])(\d{6})([A-Z]{3})([\d,]{1,18})$/

function balanceOf({ row, name, text }: Tag): { readonly row: number; readonly day: Day; readonly paise: bigint } {
  const [, mark, date = '', currency, amount = ''] = BALANCE.exec(text.trim()) ?? []
  const [day, paise] = [dayFrom('YYMMDD', date), paiseOf(amount, ',')]
  if (day === undefined || paise === undefined || currency !== 'INR') {
    return refuse('bad_value', 'C or D, a day, INR and an amount', shownOf(text), row, `:${name}:`)
  }
  return { row, day, paise: mark === 'D' ? -paise : paise }
}

const MOVEMENT = /^(\d{6})(\d{4})?(R?[CD])([A-Z])?([\d,]{1,18})([A-Z][A-Z0-9]{3})([^\n]{0,40})(?:\n([\s\S]*))?$/

function linesOf(tags: readonly Tag[]): StatementLine[] {
  const lines: StatementLine[] = []
  let open = false
  for (const { name, row, text } of tags) {
    const last = lines.at(-1)
    if (name === '86' && open && last !== undefined) {
      const narration = text.replaceAll('\n', '').trim()
      lines[lines.length - 1] = {
        ...last,
        narration: [last.narration, narration].filter((one) => one !== '').join(' '),
      }
    }
    open = name === '61' || (open && name === '86')
    if (name !== '61') continue
    const [, value = '', entry, mark = '', , amount = '', , references = '', more = ''] = MOVEMENT.exec(text) ?? []
    const [valueOn, paise] = [dayFrom('YYMMDD', value), paiseOf(amount, ',')]
    if (valueOn === undefined || paise === undefined || paise === 0n) {
      return refuse('bad_value', 'a day, C or D, an amount and a type', shownOf(text), row, ':61:')
    }
    const bookedOn = entry === undefined ? valueOn : entryDay(valueOn, entry)
    if (bookedOn === undefined) return refuse('bad_value', 'a month and a day', shownOf(entry ?? ''), row, ':61:')
    const [own = '', banks = ''] = references.split('//')
    // RD takes a debit back and is to our credit; RC the other way round.
    const isCredit = mark === 'C' || mark === 'RD'
    const reference = banks.trim() === '' ? own.trim() : banks.trim()
    lines.push({
      row,
      bookedOn,
      valueOn,
      amountPaise: isCredit ? paise : -paise,
      reference: reference === 'NONREF' ? '' : reference,
      narration: more.replaceAll('\n', ' ').trim(),
    })
  }
  return lines
}

/** The entry date has no year: it is that of the value date, or of its neighbour where the year turns between the two. */
function entryDay(valueOn: Day, entry: string): Day | undefined {
  const year = Number(valueOn.slice(0, 4))
  const [valueMonth, month] = [valueOn.slice(5, 7), entry.slice(0, 2)]
  const its = valueMonth === '12' && month === '01' ? year + 1 : valueMonth === '01' && month === '12' ? year - 1 : year
  return dayFrom('YYYYMMDD', `${its}${entry}`)
}
