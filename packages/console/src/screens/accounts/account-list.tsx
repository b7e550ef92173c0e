import { Anchor, Button, TextInput } from '@mantine/core'
import { IconBuildingBank, IconPlus, IconSearch } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { amountColumn, instantColumn, wordColumn } from '../../components/columns.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { OpenAccount } from './open-account.tsx'

type Account = Item<'/v1/accounts'>

export const accountTones = { open: 'good', frozen: 'bad', closed: 'over' } as const
/** The most that are looked through for what is typed; an id is opened by its number. */
const MOST_SEARCHED = 2_000

/** All accounts, newest first, and one more. */
export function AccountList() {
  const { t } = useTranslation('accounts')
  const navigate = useNavigate()
  const mayOpen = useRight('accounts:write')
  const [typed, setTyped] = useState('')
  const [opening, setOpening] = useState(false)
  const list = useList('/v1/accounts', { query: { limit: 100 } })
  const wanted = typed.trim().toLowerCase()
  const { hasMore, isLoadingMore, more } = list
  const isLooking = wanted !== '' && hasMore && list.rows.length < MOST_SEARCHED
  useEffect(() => {
    if (isLooking && !isLoadingMore) more()
  }, [isLooking, isLoadingMore, more])
  const rows = wanted === '' ? list.rows : list.rows.filter((row) => isLike(row, wanted))
  return (
    <>
      <PageHeader
        title={t('title')}
        about={t('about')}
        actions={
          mayOpen && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setOpening(true)}>
              {t('open.act')}
            </Button>
          )
        }
      />
      <DataTable
        name="accounts"
        label={t('title')}
        list={{ ...list, rows, hasMore: wanted === '' ? hasMore : isLooking }}
        columns={columnsOf(t)}
        rowKey={({ id }) => id}
        onOpen={({ id }) => navigate(id)}
        tools={
          <form
            onSubmit={(event) => {
              event.preventDefault()
              if (/^acc_[1-9][0-9]{0,14}$/.test(wanted)) navigate(wanted)
            }}
          >
            <TextInput
              aria-label={t('search')}
              placeholder={t('search')}
              leftSection={<IconSearch size={16} />}
              value={typed}
              w={300}
              maw="100%"
              onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          </form>
        }
        empty={
          wanted === '' ? (
            <EmptyState icon={IconBuildingBank} title={t('none.title')} text={t('none.text')} />
          ) : (
            <EmptyState icon={IconSearch} title={t('notFound.title')} text={t('notFound.text')} />
          )
        }
      />
      {opening && <OpenAccount onClose={() => setOpening(false)} onOpened={(id) => navigate(id)} />}
    </>
  )
}

/** Numbers are masked here: their last digits can be looked for. */
const isLike = ({ id, name, accountNumber, mobile, reference }: Account, wanted: string): boolean =>
  [id, name, accountNumber, mobile, reference].some((text) => text?.toLowerCase().includes(wanted) === true)

const columnsOf = (t: TFunction): readonly Column<Account>[] => [
  wordColumn('id', t('id'), ({ id }) => id, {
    show: ({ id }) => (
      <Anchor component={Link} to={id} size="sm">
        {id}
      </Anchor>
    ),
  }),
  wordColumn('name', t('name'), ({ name }) => name),
  wordColumn('number', t('number'), ({ accountNumber }) => accountNumber, {
    show: ({ accountNumber }) => <span className="mono">{accountNumber}</span>,
  }),
  amountColumn('available', t('available'), ({ available }) => available),
  amountColumn('balance', t('balance'), ({ balance }) => balance),
  wordColumn('status', t('status.label'), ({ status }) => t(`status.${status}`), {
    show: ({ status }) => <StatusBadge status={t(`status.${status}`)} tone={accountTones[status]} />,
  }),
  wordColumn('reference', t('reference'), ({ reference }) => reference),
  wordColumn('ifsc', t('ifsc'), ({ ifsc }) => ifsc, { hidden: true }),
  wordColumn('mobile', t('mobile'), ({ mobile }) => mobile, { hidden: true }),
  instantColumn('createdAt', t('createdAt'), ({ createdAt }) => createdAt, { hidden: true }),
]
