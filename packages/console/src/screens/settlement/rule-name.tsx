import { useTranslation } from 'react-i18next'

/** What a rule of NPCI's disputes is called: by the reader's language, or as a bank's own rule calls itself. */
export function RuleName({ name }: { readonly name: string }) {
  const { t, i18n } = useTranslation('settlement')
  const key = `dispute.rule.${keyOfRule(name)}`
  return i18n.exists(key, { ns: 'settlement' }) ? t(key) : <span lang="en">{name}</span>
}

/** `Chargeback accept, or deemed` as texts have it: `chargeback_accept_or_deemed`. */
const keyOfRule = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '_')
    .replace(/^_|_$/g, '')
