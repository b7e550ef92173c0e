import { Code, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../api/hooks.ts'
import { Waiting } from '../../app/waiting.tsx'
import { BackLink } from '../../components/back-link.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Facts } from '../../components/facts.tsx'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { Redeliver } from './attempts.tsx'
import { Subject } from './event-list.tsx'

/** One event as a webhook is told of it, and telling it again. */
export function EventPage() {
  const { t } = useTranslation('developers')
  const { id = '' } = useParams()
  const found = useApi('/v1/events/{id}', { params: { id } })
  const back = <BackLink to="/developers/events">{t('event.all')}</BackLink>
  if (found.error !== null)
    return (
      <>
        {back}
        <ProblemAlert problem={found.error} again={() => void found.refetch()} />
      </>
    )
  if (found.data === undefined) return <Waiting />
  const { type, timestamp, data } = found.data
  const text = JSON.stringify({ type, timestamp, data }, null, 2)
  return (
    <Stack gap="md">
      {back}
      <Group justify="space-between">
        <Title order={2} size="h3" className="mono">
          {type}
        </Title>
        <Redeliver event={id} />
      </Group>
      <Paper withBorder p="md">
        <Facts
          items={[
            [
              t('id'),
              <Group key="id" gap={4} wrap="nowrap">
                <Text span size="sm" className="mono">
                  {id}
                </Text>
                <CopyButton value={id} what={t('id')} />
              </Group>,
            ],
            [t('event.at'), <Instant key="at" at={timestamp} />],
            [t('event.about'), <Subject key="about" data={data} />],
          ]}
        />
      </Paper>
      <section>
        <Group justify="space-between" mb="xs">
          <Title order={3} size="h4">
            {t('event.body')}
          </Title>
          <CopyButton value={text} what={t('event.body')} />
        </Group>
        <Code block tabIndex={0} aria-label={t('event.body')} role="region">
          {text}
        </Code>
      </section>
    </Stack>
  )
}
