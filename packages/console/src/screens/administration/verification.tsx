import { Alert, Button, Card, Code, Group, List, Stack, Text, Title } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useApi, useChange } from '../../api/hooks.ts'
import type { Answer } from '../../api/shapes.ts'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'

type Verified = Answer<'get', '/v1/audit/verification'>

/** How often a verification that runs is looked at, milliseconds. */
const LOOK_MS = 1_000

/** The proof that nothing of the audit log was changed: has it made, says what it found, and what to do when it fails. */
export function Verification() {
  const { t } = useTranslation('administration')
  const path = '/v1/audit/verification'
  const found = useApi(path, {})
  const isRunning = found.data?.state === 'running'
  useApi(path, {}, { enabled: isRunning, everyMs: LOOK_MS })
  const run = useChange('post', path, { touches: [path] })
  const problem = run.error ?? found.error
  return (
    <Card withBorder component="section" aria-label={t('verification.title')} mb="md">
      <Group justify="space-between" align="flex-start" gap="xs" mb="xs">
        <Title order={2} size="h5">
          {t('verification.title')}
        </Title>
        <Button
          size="compact-md"
          variant="light"
          leftSection={<IconShieldCheck size={16} />}
          loading={run.isPending || isRunning}
          onClick={() => run.mutate({})}
        >
          {t('verification.run')}
        </Button>
      </Group>
      {problem !== null && <ProblemAlert problem={problem} />}
      {found.data !== undefined && <Found found={found.data} />}
    </Card>
  )
}

function Found({ found: { state, startedAt, endedAt, actsRead, sealed, faults } }: { readonly found: Verified }) {
  const { t } = useTranslation('administration')
  const numbers = { acts: actsRead, sealed: sealed ?? 0 }
  switch (state) {
    case 'never':
      return (
        <Text size="sm" c="dimmed">
          {t('verification.never')}
        </Text>
      )
    case 'running':
      return (
        <Text size="sm" role="status">
          {t('verification.running', numbers)} {startedAt !== null && <Instant at={startedAt} />}
        </Text>
      )
    case 'failed':
      return (
        <Alert color="yellow" title={t('verification.failed')}>
          {t('verification.failedText')}
        </Alert>
      )
    case 'done':
      return faults.length === 0 ? (
        <Alert color="green" icon={<IconShieldCheck />} title={t('verification.whole')} role="status">
          {t('verification.wholeText', numbers)} {endedAt !== null && <Instant at={endedAt} />}
        </Alert>
      ) : (
        <Alert color="red" icon={<IconShieldX />} title={t('verification.broken')} role="alert">
          <Stack gap="xs">
            <List size="sm">
              {faults.map((fault) => (
                <List.Item key={fault}>{fault}</List.Item>
              ))}
            </List>
            <Text size="sm" fw={600}>
              {t('verification.what')}
            </Text>
            <List size="sm" type="ordered">
              <List.Item>{t('verification.keep')}</List.Item>
              <List.Item>
                {t('verification.compare')} <Code>npm run audit -- verify</Code>
              </List.Item>
              <List.Item>
                {t('verification.incident')} <Code>npm run audit -- incident</Code>
              </List.Item>
            </List>
          </Stack>
        </Alert>
      )
  }
}
