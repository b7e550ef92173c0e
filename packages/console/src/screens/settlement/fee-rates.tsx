import { Button } from '@mantine/core'
import { IconReceipt } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { amountColumn, wordColumn } from '../../components/columns.tsx'
import { counted } from '../../components/counted.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { NewFeeRates } from './new-fee-rates.tsx'

type FeeRate = Item<'/v1/fee-rates'>

const tones = { past: 'over', in_force: 'good', to_come: 'going' } as const
const BPS_OF_PERCENT = 100

/** What NPCI takes and gives per payment, and where each rate is from. */
export function FeeRates() {
  const { t } = useTranslation('settlement')
  const may = useRight('settlement:write')
  const [proposing, setProposing] = useState(false)
  const list = useList('/v1/fee-rates', {})
  return (
    <>
      <DataTable
        name="fee-rates"
        label={t('part.fee-rates')}
        list={list}
        columns={columnsOf(t)}
        rowKey={({ kind, side, subType, raw, overAmount, validFrom }) =>
          [kind, side, subType, raw, overAmount, validFrom].join(' ')
        }
        tools={
          may && (
            <Button variant="default" onClick={() => setProposing(true)}>
              {t('fee.new.act')}
            </Button>
          )
        }
        empty={<EmptyState icon={IconReceipt} title={t('fee.none.title')} text={t('fee.none.text')} />}
      />
      {proposing && <NewFeeRates onClose={() => setProposing(false)} />}
    </>
  )
}

const columnsOf = (t: TFunction): readonly Column<FeeRate>[] => [
  wordColumn('kind', t('fee.kind.label'), ({ kind }) => t(`fee.kind.${kind}`)),
  wordColumn('side', t('fee.side.label'), ({ side }) => t(`fee.side.${side}`)),
  amountColumn('overAmount', t('fee.over'), ({ overAmount }) => overAmount),
  amountColumn('fee', t('fee.fee'), ({ fee }) => fee),
  wordColumn('gst', t('fee.gst'), ({ gstBps }) => `${counted(gstBps / BPS_OF_PERCENT)} %`),
  wordColumn('state', t('state'), ({ state }) => t(`fee.state.${state}`), {
    show: ({ state }) => <StatusBadge status={t(`fee.state.${state}`)} tone={tones[state]} />,
  }),
  wordColumn('validFrom', t('fee.validFrom'), ({ validFrom }) => validFrom),
  wordColumn('raw', t('fee.raw'), ({ raw, subType }) => [raw, subType].filter(Boolean).join(' '), { hidden: true }),
  wordColumn('source', t('fee.source'), ({ source }) => source, {
    show: ({ source }) => <span translate="no">{source}</span>,
  }),
  wordColumn('rounding', t('fee.rounding.label'), ({ rounding }) => t(`fee.rounding.${rounding}`), { hidden: true }),
]
