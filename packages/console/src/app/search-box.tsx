import { Kbd, TextInput } from '@mantine/core'
import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import classes from './search-box.module.css'

/** One box for whatever one has of a payment; `/` puts the cursor there from anywhere. */
export function SearchBox() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const isNarrow = useMediaQuery('(max-width: 48em)')
  useHotkeys([['/', () => input.current?.focus()]])

  const look = (event: FormEvent) => {
    event.preventDefault()
    const q = text.trim()
    if (q !== '') void navigate(`/payments?q=${encodeURIComponent(q)}`)
  }
  return (
    <search className={classes.search}>
      <form onSubmit={look} className={classes.form}>
        <TextInput
          ref={input}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && input.current?.blur()}
          maxLength={64}
          type="search"
          aria-label={t('search.label')}
          placeholder={t(isNarrow ? 'search.short' : 'search.placeholder')}
          leftSection={<IconSearch size={16} />}
          rightSection={isNarrow ? null : <Kbd size="xs">/</Kbd>}
          className={classes.input}
        />
      </form>
    </search>
  )
}
