import { Button, Group, Select, TextInput } from '@mantine/core'
import { DatePickerInput } from '@mantine/dates'
import '@mantine/dates/styles.css'
import 'dayjs/locale/hi'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { directions, type Filters, statuses } from './filters.ts'

/** How long somebody pauses who has typed what they look for, milliseconds. */
const PAUSE_MS = 350

/** What the list is narrowed by. One box takes whatever one has of a payment. */
export function FilterBar({
  filters,
  onChange,
}: {
  readonly filters: Filters
  readonly onChange: (filters: Record<string, string>) => void
}) {
  const { t, i18n } = useTranslation('payments')
  const set = (name: keyof Filters, value: string | null) => {
    const { [name]: _before, ...rest } = filters
    onChange(value === null || value === '' ? rest : { ...rest, [name]: value })
  }
  const dates = { valueFormat: 'DD MMM YYYY', locale: i18n.language, clearable: true, w: 128 } as const
  return (
    <Group gap="xs" align="flex-end">
      <Typed
        label={t('filter.q')}
        value={filters.q ?? ''}
        onChange={(text) => set('q', text)}
        leftSection={<IconSearch size={16} />}
        placeholder={t('filter.qExample')}
        w={230}
      />
      <Select
        label={t('filter.status')}
        data={statuses.map((value) => ({ value, label: t(`common:status.${value}`) }))}
        value={filters.status ?? null}
        onChange={(value) => set('status', value)}
        placeholder={t('filter.any')}
        clearable
        w={140}
      />
      <Select
        label={t('filter.direction')}
        data={directions.map((value) => ({ value, label: t(`direction.${value}`) }))}
        value={filters.direction ?? null}
        onChange={(value) => set('direction', value)}
        placeholder={t('filter.any')}
        clearable
        w={110}
      />
      <DatePickerInput
        {...dates}
        label={t('filter.from')}
        value={filters.from ?? null}
        onChange={(day) => set('from', day)}
        placeholder={t('filter.any')}
      />
      <DatePickerInput
        {...dates}
        label={t('filter.to')}
        value={filters.to ?? null}
        onChange={(day) => set('to', day)}
        placeholder={t('filter.any')}
      />
      <Typed label={t('filter.min')} value={filters.min ?? ''} onChange={(text) => set('min', text)} w={88} />
      <Typed label={t('filter.max')} value={filters.max ?? ''} onChange={(text) => set('max', text)} w={88} />
      {Object.keys(filters).length > 0 && (
        <Button variant="subtle" leftSection={<IconX size={14} />} onClick={() => onChange({})}>
          {t('filter.clear')}
        </Button>
      )}
    </Group>
  )
}

/** A box that says what is in it when its writer pauses. */
function Typed({
  value,
  onChange,
  ...rest
}: {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly label: string
  readonly placeholder?: string
  readonly leftSection?: React.ReactNode
  readonly w: number
}) {
  const [text, setText] = useState(value)
  const say = useDebouncedCallback(onChange, PAUSE_MS)
  useEffect(() => setText(value), [value])
  return (
    <TextInput
      {...rest}
      value={text}
      maxLength={64}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value)
        say(currentTarget.value.trim())
      }}
    />
  )
}
