import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Six digits of an authenticator app. */
export function CodeField({
  value,
  onChange,
  error,
}: {
  readonly value: string
  readonly onChange: (code: string) => void
  readonly error?: string | undefined
}) {
  const { t } = useTranslation()
  return (
    <TextInput
      label={t('signIn.code')}
      description={t('signIn.codeHelp')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 6))}
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="[0-9]{6}"
      title={t('signIn.codeHelp')}
      error={error}
      required
    />
  )
}
