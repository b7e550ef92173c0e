import i18next, { type TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../api/shapes.ts'
import { inIst } from './instant.tsx'
import { rupees } from './money.tsx'

type Part = Answer<'get', '/v1/payments/{id}/settlement'>['files'][number]['parts'][number]

/** Under which keys the words for a value stand, by the name that the value has in a piece. */
const wordsOf: Readonly<Record<string, string>> = {
  step: 'payments:state',
  fact: 'story:word.fact',
  stray: 'story:word.stray',
  account: 'story:word.account',
  debit: 'story:word.account',
  credit: 'story:word.account',
  booked: 'story:word.booked',
  event: 'story:word.event',
  outcome: 'story:word.outcome',
  breakKind: 'story:word.breakKind',
  resolution: 'story:word.resolution',
  actor: 'story:word.actor',
  owed: 'settlement:owed.state',
  fileState: 'settlement:upload.state',
  disputeKind: 'settlement:dispute.kind',
  disputeState: 'settlement:dispute.state',
  approval: 'approvals:reason',
  decision: 'approvals:decision',
  side: 'story:word.party',
  party: 'story:word.party',
  fee: 'story:word.fee',
  outside: 'story:word.outside',
  other: 'story:word.outside',
  chart: 'payments:accountName',
  fileKind: 'settlement:fileKind',
}

/** One line of a story, piece after piece, in the reader's language; what is only there as somebody wrote it stands as it is. */
export function LineText({ parts }: { readonly parts: readonly Part[] }) {
  const { t, i18n } = useTranslation(['story', 'settlement', 'approvals', 'payments'])
  return parts.map(({ code, values, text }, i) => {
    const key = values.count === undefined ? `line.${code}` : `line.${code}_other`
    const said = i18n.exists(key, { ns: 'story' }) ? t(`story:line.${code}`, inWords(t, values)) : undefined
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name, and stay where they are
      <span key={i} {...(said === undefined ? { lang: 'en' } : {})}>
        {said ?? text}
      </span>
    )
  })
}

/** A note that is kept beside something: what the hub wrote in the reader's language, what people or NPCI wrote as it is. */
export function Note({ text, said }: { readonly text: string | null; readonly said: Part | null }) {
  const { t } = useTranslation()
  if (text === null) return t('none')
  return said === null ? <span lang="en">{text}</span> : <LineText parts={[said]} />
}

/** What was booked, by its kind or by its journal's event. */
export const bookedWords = (t: TFunction, kind: string): string =>
  t(`story:word.booked.${kind}`, { defaultValue: inWord(t, 'event', kind, {}) })

const inWords = (t: TFunction, values: Part['values']): Part['values'] =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : inWord(t, name, value, values),
    ]),
  )

function inWord(t: TFunction, name: string, value: string, { type }: Part['values']): string {
  if (name === 'amount') return rupees(value)
  if (name === 'name') return t(`settlement:break.name.${type}`, { defaultValue: value })
  if (name === 'factors') return listed(t, value.split(' '), 'factor', 'and')
  if (name === 'parties') return listed(t, value.split(' or '), 'party', 'or')
  if (name === 'rule') return t(`settlement:dispute.rule.${keyOfRule(value)}`, { defaultValue: value })
  if (name === 'endedAt') return `${inIst(value, 'full', i18next.language)} IST`
  const words = wordsOf[name]
  if (words === undefined) return value
  // A journal of an adjustment, or what a duty came to, is called by its flag: adj_b, tcc_102.
  const [, of, flag = ''] = /^(adj|suspended)_(\w+)$/.exec(value) ?? []
  if (of !== undefined) return t(`${words}.${of}_flag`, { flag: flag.toUpperCase() })
  const plain = value.replaceAll('_', ' ')
  return t(`${words}.${value.replaceAll(' ', '_')}`, { defaultValue: name === 'outcome' ? plain.toUpperCase() : plain })
}

const listed = (t: TFunction, values: readonly string[], words: 'factor' | 'party', between: 'and' | 'or'): string =>
  values.map((one) => t(`story:word.${words}.${one}`, { defaultValue: one })).join(t(`story:word.${between}`))

/** A rule of NPCI's disputes as texts have it: `Chargeback accept, or deemed` is `chargeback_accept_or_deemed`. */
export const keyOfRule = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '_')
    .replace(/^_|_$/g, '')
