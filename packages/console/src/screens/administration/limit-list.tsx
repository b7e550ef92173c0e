import { Text } from '@mantine/core'
import { IconAdjustmentsDollar } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import type { Column } from '../../components/data-table.tsx'
import { rupees } from '../../components/money.tsx'
import { DatedList } from './dated-list.tsx'
import { LimitForm } from './limit-form.tsx'

type Limit = Item<'/v1/limits'>

/** The rules of a limit, each in words. */
function rulesInWords(t: TFunction, { rules }: Limit): string[] {
  const { velocity, cooling, lag } = rules
  const sums = (['perPayment', 'day', 'week', 'month', 'reviewOver'] as const).flatMap((name) => {
    const paise = rules[name]
    return paise === undefined ? [] : [t(`limit.words.${name}`, { amount: rupees(paise) })]
  })
  const counts = (['dayCount', 'weekCount', 'monthCount'] as const).flatMap((name) => {
    const count = rules[name]
    return count === undefined ? [] : [t(`limit.words.${name}`, { count })]
  })
  return [
    ...sums,
    ...counts,
    ...(velocity === undefined
      ? []
      : [t('limit.words.velocity', { count: velocity.count, minutes: velocity.minutes })]),
    ...(cooling === undefined
      ? []
      : [t('limit.words.cooling', { amount: rupees(cooling.amount), hours: cooling.hours })]),
    ...(lag === undefined ? [] : [t('limit.words.lag', { amount: rupees(lag.over), wait: waitOf(t, lag.seconds) })]),
    ...(rules.registeredOnly === undefined ? [] : [t('limit.words.registeredOnly')]),
  ]
}

const waitOf = (t: TFunction, seconds: number): string =>
  seconds % 60 === 0 ? t('limit.words.minutes', { count: seconds / 60 }) : t('limit.words.seconds', { count: seconds })

/** What payments must keep to, besides NPCI's own limits. */
export function LimitList() {
  const { t } = useTranslation('administration')
  const list = useList('/v1/limits', {})
  const whom = ({ account, customer, channel }: Limit): string =>
    [
      customer === 'each' ? t('limit.eachCustomer') : (customer ?? account ?? t('limit.eachAccount')),
      ...(channel === null ? [] : [t(`channel.${channel}`)]),
    ].join(' · ')
  const columns: readonly Column<Limit>[] = [
    { id: 'whom', header: t('limit.whom'), cell: whom, text: whom },
    {
      id: 'rules',
      header: t('limit.rules'),
      cell: (limit) => rulesInWords(t, limit).join(' · '),
      text: (limit) => rulesInWords(t, limit).join('; '),
    },
  ]
  return (
    <>
      <Text size="sm" mb="sm">
        {t('limit.npci')}
      </Text>
      <DatedList
        kind="limit"
        path="/v1/limits"
        list={list}
        columns={columns}
        icon={IconAdjustmentsDollar}
        Form={LimitForm}
      />
    </>
  )
}
