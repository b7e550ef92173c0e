import type { Lapse, Rule, Within } from './rule.ts'
import { sentences } from './rule.ts'

const words = (text: string): string => text.replaceAll('_', ' ')

const money = { none: '', to_remitter: 'B→R', to_beneficiary: 'R→B', as_decided: 'as decided' } as const

const time = (within: Within | null): string =>
  within === null
    ? ''
    : `${within.days} from ${within.since === 'transaction' ? 'T' : 'step'}${within.until === '24:00' ? '' : `, ${within.until}`}`

function lapsed(lapse: Lapse | null): string {
  if (lapse === null) return ''
  if (lapse.kind === 'deemed') return `deemed ${lapse.flag} ${lapse.reason}`
  return lapse.kind === 'ends' ? words(lapse.to) : 'people look'
}

/** What bars a flag, in the negative of its condition's sentence. */
function barred({ needs, sameDayAbovePaise: floor, evidence }: Rule): string {
  const parts = needs.map((one) => sentences[one])
  if (floor !== undefined)
    parts.push(floor === null ? 'on day T' : `on day T up to ₹${Number(floor / 100n).toLocaleString('en-IN')}`)
  if (evidence === true) parts.push('no evidence is there')
  return parts.join('; ')
}

/** The table of rules for people, in Markdown. */
export function ruleTable(rules: readonly Rule[]): string {
  const head = '| Flag | Name | By | From | To | Reasons | Days | Funds | Then | Not when | Holds | Source |'
  const rows = rules.map((rule) => {
    const cells = [
      `\`${rule.flag}\``,
      rule.name,
      rule.by.join(', '),
      rule.from.map(words).join(', '),
      words(rule.to),
      rule.reasons.join(' ') || 'any',
      time(rule.within),
      money[rule.funds],
      lapsed(rule.lapse),
      barred(rule),
      `${rule.validFrom}${rule.validUntil === null ? '' : ` to ${rule.validUntil}`}`,
      `${rule.source}${rule.doubt === undefined ? '' : ` (?: ${rule.doubt})`}`,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [head, `|${' --- |'.repeat(12)}`, ...rows].join('\n')
}
