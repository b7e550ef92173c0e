import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/hooks.ts'
import { Waiting } from '../../app/waiting.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { Lately } from './lately.tsx'
import { Passkeys } from './passkeys.tsx'
import { PasswordCard } from './password.tsx'
import { Sessions } from './sessions.tsx'

/** One's own account: what one proves who one is with, where one is signed in, and what happened lately. */
export function Screen() {
  const { t } = useTranslation('own')
  const found = useApi('/v1/people/me', {})
  if (found.error !== null && found.data === undefined)
    return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Waiting />
  const { name, login, factors, securityEvents } = found.data
  return (
    <>
      <PageHeader title={t('title')} about={t('about', { name, login })} />
      <Stack gap="md">
        <Passkeys factors={factors} />
        <PasswordCard factors={factors} />
        <Sessions />
        <Lately events={securityEvents} />
      </Stack>
    </>
  )
}
