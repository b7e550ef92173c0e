import { Anchor } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { amountColumn, instantColumn, wordColumn } from '../../components/columns.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'

type Entry = Item<'/v1/accounts/{id}/entries'>

const EVERY_MS = 10_000

/** What went in and out of an account, newest first. */
export function Statement({ id }: { readonly id: string }) {
  const { t } = useTranslation('accounts')
  const list = useList('/v1/accounts/{id}/entries', { params: { id }, query: { limit: 100 } }, { everyMs: EVERY_MS })
  return (
    <DataTable
      name={`statement-${id}`}
      label={t('statement.title')}
      list={list}
      columns={columnsOf(t)}
      rowKey={({ number }) => number}
      height="28rem"
      empty={<EmptyState icon={IconListDetails} title={t('statement.none.title')} text={t('statement.none.text')} />}
    />
  )
}

const columnsOf = (t: TFunction): readonly Column<Entry>[] => [
  instantColumn('at', t('statement.at'), ({ at }) => at),
  wordColumn('kind', t('statement.kind.label'), ({ kind }) => t(`statement.kind.${kind}`)),
  amountColumn('amount', t('statement.amount'), ({ amount }) => amount),
  amountColumn('after', t('statement.after'), ({ balanceAfter }) => balanceAfter),
  wordColumn('payment', t('statement.payment'), ({ paymentId }) => paymentId, {
    show: ({ paymentId }) =>
      paymentId === null ? (
        t('common:none')
      ) : (
        <Anchor component={Link} to={`/payments/${paymentId}`} size="sm" className="mono">
          {paymentId}
        </Anchor>
      ),
  }),
  wordColumn('number', t('statement.number'), ({ number }) => number, { hidden: true }),
]
