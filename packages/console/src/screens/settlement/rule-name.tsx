import { useTranslation } from 'react-i18next'
import { keyOfRule } from '../../components/line-text.tsx'

/** What a rule of NPCI's disputes is called: by the reader's language, or as a bank's own rule calls itself. */
export const RuleName = ({ name }: { readonly name: string }) => <Named list="rule" name={name} />

/** The circular that a rule is from. */
export const SourceName = ({ name }: { readonly name: string }) => <Named list="source" name={name} />

function Named({ list, name }: { readonly list: 'rule' | 'source'; readonly name: string }) {
  const { t, i18n } = useTranslation('settlement')
  const key = `dispute.${list}.${keyOfRule(name)}`
  return i18n.exists(key, { ns: 'settlement' }) ? (
    t(key, { number: name.replace(/^\D+/, '') })
  ) : (
    <span lang="en">{name}</span>
  )
}
