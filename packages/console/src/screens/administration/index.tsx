import { useTranslation } from 'react-i18next'
import { Navigate, Route, Routes } from 'react-router'
import type { Right } from '../../../../../src/identity/rights.ts'
import { NotFound } from '../../app/not-found.tsx'
import { AreaTabs } from '../../components/area-tabs.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { StopBanner, useStopped } from '../../components/stop-banner.tsx'
import { useSession } from '../../session/session.tsx'
import { ActList } from './act-list.tsx'
import { CustomerList } from './customer-list.tsx'
import { FlagList } from './flag-list.tsx'
import { LimitList } from './limit-list.tsx'
import { PersonList } from './person-list.tsx'
import { RiskRules } from './risk-rules.tsx'
import { RuleList } from './rule-list.tsx'
import { Safety } from './safety.tsx'
import { System } from './system.tsx'

const parts = [
  ['people', ['people:read'], PersonList],
  ['rules', ['limits:read'], RuleList],
  ['limits', ['limits:read'], LimitList],
  ['risk', ['risk:read'], RiskRules],
  ['safety', ['accounts:freeze', 'limits:write', 'risk:write'], Safety],
  ['flags', ['risk:read'], FlagList],
  ['customers', ['customers:read'], CustomerList],
  ['audit', ['audit:read'], ActList],
  ['system', ['audit:read'], System],
] as const satisfies readonly (readonly [name: string, anyOf: readonly Right[], page: () => unknown])[]

/** Administration: people, who must agree to what, limits, what stops payments, customers, and what was done by whom. */
export function Screen() {
  const { t } = useTranslation('administration')
  const { rights } = useSession()
  const stoppedAt = useStopped()
  const seen = parts.filter(([, anyOf]) => anyOf.some((right) => rights.includes(right)))
  const [first] = seen
  if (first === undefined) return <NotFound />
  return (
    <>
      <PageHeader title={t('title')} about={t('about')} />
      <StopBanner stoppedAt={stoppedAt} mb="md" />
      <AreaTabs
        label={t('parts')}
        tabs={seen.map(([name]) => ({ to: `/administration/${name}`, label: t(`part.${name}`) }))}
      />
      <Routes>
        <Route index element={<Navigate to={first[0]} replace />} />
        {seen.map(([name, , Page]) => (
          <Route key={name} path={name} element={<Page />} />
        ))}
        <Route path="*" element={<NotFound />} />
      </Routes>
    </>
  )
}
