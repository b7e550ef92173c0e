import { Select } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks.ts'
import { rupees } from '../../components/money.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import type { Wish } from './wish.ts'

export type Fields = {
  readonly wish: Wish
  readonly change: (part: Partial<Wish>) => void
  readonly error: (field: keyof Wish) => string | undefined
}

/** Whose money: an account of the hub, with what can be spent from it. */
export function FromField({ wish, change, error }: Fields) {
  const { t } = useTranslation('pay')
  const accounts = useList('/v1/accounts', { query: { limit: 100 } })
  const open = accounts.rows.filter(({ status }) => status === 'open')
  const [only] = open
  useEffect(() => {
    if (wish.from === '' && open.length === 1 && only !== undefined) change({ from: only.id })
  }, [wish.from, open.length, only, change])
  if (accounts.problem !== null) return <ProblemAlert problem={accounts.problem} again={accounts.again} />
  const chosen = open.find(({ id }) => id === wish.from)
  return (
    <Select
      label={t('from')}
      description={chosen === undefined ? t('fromHelp') : t('available', { amount: rupees(chosen.available) })}
      data={open.map(({ id, name }) => ({ value: id, label: `${name} · ${id}` }))}
      value={wish.from === '' ? null : wish.from}
      onChange={(from) => change({ from: from ?? '' })}
      error={error('from')}
      searchable
      required
    />
  )
}
