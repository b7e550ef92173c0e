import { Badge, Box, Group, Skeleton, Stack, Text, Timeline, Title } from '@mantine/core'
import { IconArrowsExchange, IconFileText, IconGavel, IconNotebook } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../api/hooks.ts'
import { Instant } from './instant.tsx'
import { LineText } from './line-text.tsx'
import { ProblemAlert } from './problem-alert.tsx'
import { Meaning, NextSteps } from './said.tsx'

const icons = {
  message: IconArrowsExchange,
  posting: IconNotebook,
  file: IconFileText,
  decision: IconGavel,
} as const

/**
 * The whole story of an RRN as the hub tells it: every message, posting, line of a file and decision, what it means now, and what is next.
 * Needs `settlement:read`.
 * @param payment  only the story of this one, where other banks have the same RRN
 */
export function Story({ rrn, payment }: { readonly rrn: string; readonly payment?: string | null }) {
  const { t } = useTranslation('story')
  const found = useApi('/v1/explanations/{rrn}', { params: { rrn } })
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton h={160} />
  const stories = found.data.data.filter((one) => !payment || one.payment === payment)
  return (
    <Stack gap="lg">
      {stories.map((one) => (
        <Stack key={`${one.payment} ${one.remitterBank}`} gap="sm">
          <Text fw={600}>
            <Meaning meaning={one.meaning} />
          </Text>
          {one.next.length > 0 && (
            <Box>
              <Title order={3} size="h6">
                {t('next')}
              </Title>
              <NextSteps next={one.next} />
            </Box>
          )}
          <Timeline role="list" bulletSize={26} lineWidth={2} aria-label={t('label')}>
            {one.story.map(({ at, kind, parts }, index) => {
              const Icon = icons[kind]
              return (
                <Timeline.Item role="listitem" key={`${at} ${index.toString()}`} bullet={<Icon size={14} />}>
                  <Text size="sm">
                    <LineText parts={parts} />
                  </Text>
                  <Group gap="xs">
                    <Text size="xs" c="dimmed">
                      <Instant at={at} />
                    </Text>
                    <Badge size="xs" variant="default" tt="none">
                      {t(`kind.${kind}`)}
                    </Badge>
                  </Group>
                </Timeline.Item>
              )
            })}
          </Timeline>
        </Stack>
      ))}
    </Stack>
  )
}
