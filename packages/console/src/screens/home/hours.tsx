import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { Text, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { inIst } from '../../components/instant.tsx'
import type { Overview } from './index.tsx'

/** The outward payments of each hour of the day, by how they ended; as a table for whoever does not see it. */
export function Hours({ hours }: { readonly hours: Overview['hours'] }) {
  const { t, i18n } = useTranslation('home')
  if (hours.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('hours.none')}
      </Text>
    )
  const rows = hours.map(({ from, outward }) => ({
    hour: inIst(from, 'hour', i18n.language),
    [t('hours.succeeded')]: outward.succeeded.payments,
    [t('hours.deemed')]: outward.deemed.payments,
    [t('hours.declined')]: outward.businessDeclines.payments,
    [t('hours.failed')]: outward.technicalDeclines.payments,
  }))
  const series = [
    { name: t('hours.succeeded'), color: 'green.7' },
    { name: t('hours.deemed'), color: 'yellow.6' },
    { name: t('hours.declined'), color: 'gray.6' },
    { name: t('hours.failed'), color: 'red.7' },
  ]
  return (
    <>
      <div aria-hidden="true">
        <BarChart
          h={220}
          data={rows}
          dataKey="hour"
          type="stacked"
          series={series}
          withLegend
          maxBarWidth={48}
          barChartProps={{ accessibilityLayer: false }}
        />
      </div>
      <VisuallyHidden>
        <table>
          <caption>{t('hours.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('hours.hour')}</th>
              {series.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.hour}>
                <th scope="row">{row.hour}</th>
                {series.map(({ name }) => (
                  <td key={name}>{row[name]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </>
  )
}
