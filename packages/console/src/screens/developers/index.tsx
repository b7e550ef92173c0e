import { Anchor, Group } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Navigate, Route, Routes } from 'react-router'
import type { Right } from '../../../../../src/identity/rights.ts'
import { isSandbox } from '../../app/brand.tsx'
import { NotFound } from '../../app/not-found.tsx'
import { AreaTabs } from '../../components/area-tabs.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { useSession } from '../../session/session.tsx'
import { ClientList } from './client-list.tsx'
import { ClientPage } from './client-page.tsx'
import { EndpointList } from './endpoint-list.tsx'
import { EndpointPage } from './endpoint-page.tsx'
import { EventList } from './event-list.tsx'
import { EventPage } from './event-page.tsx'
import { RequestList } from './request-list.tsx'
import { SandboxPage } from './sandbox-page.tsx'

const parts = [
  ['keys', 'clients:read'],
  ['webhooks', 'webhooks:read'],
  ['events', 'payments:read'],
  ['requests', 'clients:read'],
  ['sandbox', 'sandbox:use'],
] as const satisfies readonly (readonly [name: string, right: Right])[]

/** Developers: programs and their keys, webhooks, events, and what only a sandbox has. */
export function Screen() {
  const { t } = useTranslation('developers')
  const { rights } = useSession()
  const seen = parts.filter(([name, right]) => rights.includes(right) && (name !== 'sandbox' || isSandbox))
  const [first] = seen
  if (first === undefined) return <NotFound />
  const may = (name: (typeof parts)[number][0]): boolean => seen.some(([one]) => one === name)
  return (
    <>
      <PageHeader title={t('title')} about={t('about')} actions={<Papers />} />
      <AreaTabs
        label={t('parts')}
        tabs={seen.map(([name]) => ({ to: `/developers/${name}`, label: t(`part.${name}`) }))}
      />
      <Routes>
        <Route index element={<Navigate to={first[0]} replace />} />
        {may('keys') && <Route path="keys" element={<ClientList />} />}
        {may('keys') && <Route path="keys/:id" element={<ClientPage />} />}
        {may('webhooks') && <Route path="webhooks" element={<EndpointList />} />}
        {may('webhooks') && <Route path="webhooks/:id" element={<EndpointPage />} />}
        {may('events') && <Route path="events" element={<EventList />} />}
        {may('events') && <Route path="events/:id" element={<EventPage />} />}
        {may('requests') && <Route path="requests" element={<RequestList />} />}
        {may('sandbox') && <Route path="sandbox" element={<SandboxPage />} />}
        <Route path="*" element={<NotFound />} />
      </Routes>
    </>
  )
}

/** What the hub says of itself, outside the console. */
function Papers() {
  const { t } = useTranslation('developers')
  return (
    <Group gap="md">
      {(['docs', 'api'] as const).map((name) => (
        <Anchor key={name} href={name === 'docs' ? '/docs' : '/docs/api'} target="_blank" rel="noreferrer" size="sm">
          <Group gap={4} component="span">
            {t(`papers.${name}`)}
            <IconExternalLink size={14} aria-label={t('papers.newWindow')} />
          </Group>
        </Anchor>
      ))}
    </Group>
  )
}
