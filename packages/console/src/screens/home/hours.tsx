import { Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { inIst } from '../../components/instant.tsx'
import { StackedBars } from '../../components/stacked-bars.tsx'
import type { Overview } from './index.tsx'

/** The outward payments of each hour of the day, by how they ended. */
export function Hours({ hours }: { readonly hours: Overview['hours'] }) {
  const { t, i18n } = useTranslation('home')
  const labels = useMemo(() => hours.map(({ from }) => inIst(from, 'hour', i18n.language)), [hours, i18n.language])
  const bars = useMemo(
    () => [
      { name: t('hours.succeeded'), color: 'green-7', values: hours.map(({ outward }) => outward.succeeded.payments) },
      { name: t('hours.deemed'), color: 'yellow-6', values: hours.map(({ outward }) => outward.deemed.payments) },
      {
        name: t('hours.declined'),
        color: 'gray-6',
        values: hours.map(({ outward }) => outward.businessDeclines.payments),
      },
      {
        name: t('hours.failed'),
        color: 'red-7',
        values: hours.map(({ outward }) => outward.technicalDeclines.payments),
      },
    ],
    [hours, t],
  )
  if (hours.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('hours.none')}
      </Text>
    )
  return <StackedBars title={t('hours.title')} head={t('hours.hour')} labels={labels} bars={bars} />
}
