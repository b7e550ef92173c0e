import { Alert, Anchor, Text } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../api/hooks.ts'
import { useSession } from '../session/session.tsx'
import { Instant } from './instant.tsx'

const EVERY_MS = 5_000

/** Since when the kill switch stops all payments: null when they go, undefined when it is not known or not for these eyes. */
export function useStopped(): string | null | undefined {
  const { rights } = useSession()
  const mayLimits = rights.includes('limits:read')
  const ofLimits = useApi('/v1/stopped', {}, { enabled: mayLimits, everyMs: EVERY_MS })
  const ofDay = useApi(
    '/v1/overview',
    {},
    { enabled: !mayLimits && rights.includes('payments:read'), everyMs: EVERY_MS },
  )
  return mayLimits ? ofLimits.data?.stoppedAt : ofDay.data?.stoppedAt
}

/** That all payments are stopped, with who lets them go again; nothing while they go. */
export function StopBanner({
  stoppedAt,
  mb = 0,
}: {
  readonly stoppedAt: string | null | undefined
  /** Space below, where nothing else makes it. */
  readonly mb?: 'md' | 0
}) {
  const { t } = useTranslation()
  const { rights } = useSession()
  if (stoppedAt === null || stoppedAt === undefined) return null
  return (
    <Alert color="red" variant="filled" icon={<IconHandStop />} title={t('stop.title')} role="alert" mb={mb}>
      <Text size="sm">
        {t('stop.since')} <Instant at={stoppedAt} form="short" />. {t('stop.text')}
      </Text>
      {rights.includes('limits:write') && (
        <Anchor component={Link} to="/administration/safety" size="sm" c="inherit" underline="always">
          {t('stop.link')}
        </Anchor>
      )}
    </Alert>
  )
}
