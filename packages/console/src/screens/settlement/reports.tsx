import { Anchor, Card, Group, SimpleGrid, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../api/client.ts'
import { useApi } from '../../api/hooks.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { today } from './cycles.tsx'

const formats = ['csv', 'xlsx', 'pdf'] as const

/** The reports that there are, of days in India, as files. */
export function Reports() {
  const { t } = useTranslation('settlement')
  const [from, setFrom] = useState(today)
  const [to, setTo] = useState(today)
  const found = useApi('/v1/reports', {})
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  return (
    <Stack>
      <Group align="end">
        <TextInput
          type="date"
          label={t('report.from')}
          value={from}
          max={to}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('report.to')}
          value={to}
          min={from}
          onChange={({ currentTarget }) => setTo(currentTarget.value)}
        />
      </Group>
      <Text size="sm" c="dimmed">
        {t('report.help')}
      </Text>
      {found.data === undefined && <Skeleton h={200} />}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {found.data?.data.map(({ name, ...own }) => {
          const title = t(`report.name.${name}`, { defaultValue: own.title })
          const what = t(`report.what.${name}`, { defaultValue: own.what })
          return (
            <Card key={name} withBorder>
              <Title order={2} size="h5">
                {title}
              </Title>
              <Text size="sm" c="dimmed" mb="sm">
                {what}
              </Text>
              <Group gap="md" mt="auto">
                {formats.map((format) => (
                  <Anchor
                    key={format}
                    size="sm"
                    href={addressOf('/v1/reports/{name}', { name }, { format, from, to })}
                    download={`${name}-${from}-${to}.${format}`}
                    aria-label={t('report.download', { title, format: format.toUpperCase() })}
                  >
                    <Group gap={4} component="span">
                      <IconDownload size={14} aria-hidden="true" />
                      {format.toUpperCase()}
                    </Group>
                  </Anchor>
                ))}
              </Group>
            </Card>
          )
        })}
      </SimpleGrid>
    </Stack>
  )
}
