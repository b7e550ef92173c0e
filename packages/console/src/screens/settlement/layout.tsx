import { useTranslation } from 'react-i18next'
import { Outlet } from 'react-router'
import { AreaTabs } from '../../components/area-tabs.tsx'
import { PageHeader } from '../../components/page-header.tsx'

const parts = [
  'cycles',
  'breaks',
  'disputes',
  'files',
  'runs',
  'positions',
  'uploads',
  'duties',
  'compensation',
  'fee-rates',
  'reports',
] as const

/** The head of settlement, and its parts in the order of a day's work. */
export function Layout() {
  const { t } = useTranslation('settlement')
  return (
    <>
      <PageHeader title={t('title')} about={t('about')} />
      <AreaTabs
        label={t('parts')}
        tabs={parts.map((part) => ({ to: `/settlement/${part}`, label: t(`part.${part}`) }))}
      />
      <Outlet />
    </>
  )
}
