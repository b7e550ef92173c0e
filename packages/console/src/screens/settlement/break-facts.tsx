import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { rupees } from '../../components/money.tsx'

/** What each source says of a break, in words: the hub keeps it as statuses, and as "source: value" where the sources differ. */

const sources = ['core', 'hub', 'raw'] as const
type Source = (typeof sources)[number]
const isSource = (name: string): name is Source => sources.some((one) => one === name)

const inPaise: ReadonlySet<string> = new Set(['amount', 'statedAmount', 'debited', 'children', 'stated', 'moved'])

/** `remitter 08`, a total of NPCI's statement, as people read it. */
export function totalWords(t: TFunction, what: string): string {
  const [side = '', ...code] = what.split(' ')
  return [t(`settlement:run.side.${side}`, { defaultValue: side }), ...code].join(' ')
}

function whyWords(t: TFunction, text: string): ReactNode {
  const words = t(`settlement:break.why.${text.replaceAll(' ', '_')}`, { defaultValue: '' })
  return words === '' ? asWritten(text) : words
}

/** Each fact with its name. What has no words here stands as the hub wrote it, in English. */
export const factsInWords = (
  t: TFunction,
  facts: Readonly<Record<string, unknown>>,
): readonly (readonly [label: string, value: ReactNode])[] =>
  Object.entries(facts).flatMap(([name, value]): (readonly [string, ReactNode])[] => {
    if (value === null || value === undefined) return []
    const label = t(`settlement:break.fact.${name}`, { defaultValue: name })
    if (Array.isArray(value)) return value.map((one, at) => differing(t, name, label, String(one), at))
    if (typeof value === 'object')
      return factsInWords(t, Object(value)).map(([inner, words]) => [`${label} · ${inner}`, words])
    const text = String(value)
    if (isSource(name)) return [[label, t(`settlement:break.says.${name}.${text}`, { defaultValue: text })]]
    if (name === 'what') return [[label, totalWords(t, text)]]
    if (name === 'why') return [[label, whyWords(t, text)]]
    if (name === 'file') return [[label, t(`settlement:fileKind.${text}`, { defaultValue: text })]]
    if (name === 'state') return [[label, t(`settlement:cycle.file.${text}`, { defaultValue: text })]]
    if (name === 'pass') return [[label, t(`settlement:run.counted.${text}`, { defaultValue: text })]]
    return [[label, inPaise.has(name) && /^-?\d+$/.test(text) ? rupees(text) : asWritten(text)]]
  })

/** One of several that should be the same: `raw: 12345609` of the amounts. */
function differing(t: TFunction, name: string, label: string, text: string, at: number): readonly [string, ReactNode] {
  const [, source = '', value = text] = /^(core|hub|raw): (.*)$/.exec(text) ?? []
  const whose = isSource(source) ? t(`settlement:break.fact.${source}`) : String(at + 1)
  const words = name === 'directions' ? t(`settlement:direction.${value}`, { defaultValue: value }) : asWritten(value)
  return [`${label} · ${whose}`, name === 'amounts' && /^\d+$/.test(value) ? rupees(value) : words]
}

const asWritten = (text: string): ReactNode => <span lang="en">{text}</span>
