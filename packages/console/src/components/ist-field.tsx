import { TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** The instant of what an `IstField` has; undefined when it has none. @returns RFC 3339 in UTC */
export function instantOf(typed: string): string | undefined {
  const at = Date.parse(`${typed}+05:30`)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** A day and a time of India, as the browser asks for them. */
export function IstField({
  label,
  description,
  value,
  onChange,
  error,
}: {
  readonly label: string
  readonly description?: string
  /** `2026-11-28T12:30`, or nothing. */
  readonly value: string
  readonly onChange: (typed: string) => void
  readonly error?: ReactNode
}) {
  const { t } = useTranslation()
  const zone = t('common:istField')
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={description === undefined ? zone : `${description} ${zone}`}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    />
  )
}
