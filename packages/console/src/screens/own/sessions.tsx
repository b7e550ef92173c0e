import { Badge, Button, Group, List, Skeleton, Text } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useApi, useChange } from '../../api/hooks.ts'
import { Problem } from '../../api/problem.ts'
import { confirm } from '../../components/confirm.tsx'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { Section } from './section.tsx'

/** Where one is signed in: one of them is ended, or all but this one. */
export function Sessions() {
  const { t } = useTranslation('own')
  const found = useApi('/v1/sessions', {})
  const end = useChange('delete', '/v1/sessions/{id}', { touches: ['/v1/sessions', '/v1/people/me'] })
  const sessions = found.data?.data ?? []
  const others = sessions.filter(({ current }) => !current)

  const endAll = async (ids: readonly string[], title: string): Promise<void> => {
    if (!(await confirm({ title, text: t('session.endText'), act: t('session.end'), danger: true }))) return
    try {
      for (const id of ids) await end.mutateAsync({ params: { id } })
      tell(t('session.ended', { count: ids.length }))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      tellProblem(t, error)
      void found.refetch()
    }
  }
  return (
    <Section
      title={t('session.title')}
      about={t('session.about')}
      action={
        others.length > 0 && (
          <Button
            variant="light"
            size="compact-md"
            leftSection={<IconLogout size={16} />}
            onClick={() =>
              void endAll(
                others.map(({ id }) => id),
                t('session.endOthersTitle'),
              )
            }
          >
            {t('session.endOthers')}
          </Button>
        )
      }
    >
      {found.error !== null && <ProblemAlert problem={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={80} />}
      <List listStyleType="none" spacing="xs">
        {sessions.map(({ id, by, address, current, createdAt, lastSeenAt }) => (
          <List.Item key={id}>
            <Group gap="xs">
              <Text span size="sm" fw={600} className="mono">
                {address}
              </Text>
              <Badge variant="light" color={current ? 'green' : 'gray'} radius="sm" tt="none">
                {current ? t('session.current') : t(`session.by.${by === 'passkey' ? 'passkey' : 'password'}`)}
              </Badge>
              <Text span size="xs" c="dimmed">
                {t('session.since')} <Instant at={createdAt} form="short" /> · {t('session.seen')}{' '}
                <Instant at={lastSeenAt} form="short" />
              </Text>
              {!current && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="red"
                  aria-label={t('session.endOne', { address })}
                  onClick={() => void endAll([id], t('session.endTitle', { address }))}
                >
                  {t('session.end')}
                </Button>
              )}
            </Group>
          </List.Item>
        ))}
      </List>
    </Section>
  )
}
