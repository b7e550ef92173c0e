import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { Money, rupees } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { ExportMenu } from './export-menu.tsx'
import { FilterBar } from './filter-bar.tsx'
import { type Filters, queryOf, readFilters } from './filters.ts'
import { SavedViews, useView } from './saved-views.tsx'

type Payment = Item<'/v1/payments'>

/** Every payment, newest first; what is looked for is in the address. */
export function PaymentList() {
  const { t } = useTranslation('payments')
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const filters = readFilters(search)
  const viewId = search.get('view')
  const view = useView(viewId)
  const [shown, setShown] = useState<readonly string[]>([])
  const use = (next: Filters, id: string | null | undefined): void =>
    setSearch({ ...next, ...(id ? { view: id } : {}) }, { replace: true })
  const isFiltered = Object.keys(filters).length > 0
  const list = useList('/v1/payments', { query: queryOf(filters) })
  const columns = useMemo(() => columnsOf(t), [t])
  const mayPay = useRight('payments:create')
  return (
    <>
      <PageHeader
        title={t('title')}
        about={t('about')}
        actions={
          <Group gap="xs">
            <SavedViews filters={filters} columns={shown} used={view} onUse={use} />
            <ExportMenu filters={filters} />
          </Group>
        }
      />
      <DataTable
        name="payments"
        label={t('title')}
        list={list}
        columns={columns}
        rowKey={(row) => row.id}
        onOpen={(row) => void navigate(`/payments/${row.id}`)}
        picked={view?.columns}
        onShown={setShown}
        tools={<FilterBar filters={filters} onChange={(next) => use(next, viewId)} />}
        empty={
          isFiltered ? (
            <EmptyState
              icon={IconListSearch}
              title={t('noneFound.title')}
              text={t('noneFound.text')}
              action={
                <Button variant="default" onClick={() => setSearch({})}>
                  {t('noneFound.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={IconListSearch}
              title={t('none.title')}
              text={t('none.text')}
              action={
                mayPay ? (
                  <Button component={Link} to="/pay">
                    {t('none.pay')}
                  </Button>
                ) : undefined
              }
            />
          )
        }
      />
    </>
  )
}

/** Whom a payment is with, from here: of an outward one the beneficiary, of an inward one the remitter. */
export function otherSide({ direction, to, remitter }: Payment): { readonly name: string; readonly address: string } {
  if (direction === 'inward')
    return { name: remitter.name ?? '', address: remitter.account ?? remitter.mobile ?? remitter.ifsc ?? '' }
  const name = to.registeredName ?? (to.kind === 'account' ? to.name : null) ?? ''
  return { name, address: to.kind === 'account' ? `${to.account} ${to.ifsc}` : to.mobile }
}

const columnsOf = (t: TFunction<'payments'>): readonly Column<Payment>[] => [
  {
    id: 'createdAt',
    header: t('column.createdAt'),
    cell: ({ createdAt, id }) => (
      <Anchor component={Link} to={`/payments/${id}`} size="sm">
        <Instant at={createdAt} form="short" />
      </Anchor>
    ),
    text: ({ createdAt }) => createdAt,
  },
  {
    id: 'amount',
    header: t('column.amount'),
    align: 'end',
    cell: ({ amount }) => <Money paise={amount} strong />,
    text: ({ amount }) => rupees(amount).slice(1).replaceAll(',', ''),
  },
  {
    id: 'status',
    header: t('column.status'),
    cell: ({ status, state }) => (
      <Stack gap={2} align="flex-start">
        <StatusBadge status={status} />
        {state === 'unconfirmed' && <StatusBadge status="unconfirmed" tone="waiting" />}
      </Stack>
    ),
    text: ({ status }) => status,
  },
  {
    id: 'direction',
    header: t('column.direction'),
    cell: ({ direction }) => t(`direction.${direction}`),
    text: ({ direction }) => direction,
  },
  {
    id: 'with',
    header: t('column.with'),
    cell: (row) => {
      const { name, address } = otherSide(row)
      return (
        <>
          {name}{' '}
          <Text span size="xs" c="dimmed" className="mono">
            {address}
          </Text>
        </>
      )
    },
    text: (row) => `${otherSide(row).name} ${otherSide(row).address}`.trim(),
  },
  {
    id: 'rrn',
    header: 'RRN',
    cell: ({ rrn }) => <span className="mono">{rrn ?? '—'}</span>,
    text: ({ rrn }) => rrn ?? '',
  },
  {
    id: 'reference',
    header: t('column.reference'),
    cell: ({ reference }) => reference ?? '—',
    text: ({ reference }) => reference ?? '',
  },
  {
    id: 'responseCode',
    header: t('column.responseCode'),
    cell: ({ responseCode }) => responseCode ?? '—',
    text: ({ responseCode }) => responseCode ?? '',
    hidden: true,
  },
  {
    id: 'channel',
    header: t('column.channel'),
    cell: ({ channel }) => channel,
    text: ({ channel }) => channel,
    hidden: true,
  },
  {
    id: 'id',
    header: t('column.id'),
    cell: ({ id }) => <span className="mono">{id}</span>,
    text: ({ id }) => id,
    hidden: true,
  },
]
