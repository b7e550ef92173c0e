import { useTranslation } from 'react-i18next'

type Reason = { readonly code: string; readonly message: string }

/** Why a payment is as it is, in the reader's language where the code is known, else in the hub's own words. */
export function ReasonText({ reason: { code, message } }: { readonly reason: Reason }) {
  const { t, i18n } = useTranslation('reasons')
  return i18n.exists(code, { ns: 'reasons' }) ? t(code) : <span lang="en">{message}</span>
}
