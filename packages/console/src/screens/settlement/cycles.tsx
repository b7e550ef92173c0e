import {
  Alert,
  Badge,
  Button,
  Card,
  Group,
  SimpleGrid,
  Skeleton,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { IconCalendarOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useChange } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { now } from '../../clock.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'

type Cycle = Item<'/v1/settlement-cycles'>

const EVERY_MS = 15_000
const colors = { here: 'green', awaited: 'gray', missing: 'red', refused: 'red' } as const
const tones = { open: 'going', awaited: 'going', incomplete: 'bad', complete: 'good' } as const

/** The day in India. */
export const today = (): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata', dateStyle: 'short' }).format(now())

/** The cycles of a day: which files each has, and which does not go on. */
export function Cycles() {
  const { t } = useTranslation('settlement')
  const [date, setDate] = useState(today)
  const [missing, setMissing] = useState(false)
  const found = useApi('/v1/settlement-cycles', { query: missing ? { missing } : { date } }, { everyMs: EVERY_MS })
  return (
    <Stack>
      <Group align="end">
        <TextInput
          type="date"
          label={t('cycle.date')}
          value={date}
          disabled={missing}
          onChange={({ currentTarget }) => currentTarget.value !== '' && setDate(currentTarget.value)}
        />
        <Switch
          label={t('cycle.onlyMissing')}
          checked={missing}
          onChange={({ currentTarget }) => setMissing(currentTarget.checked)}
          pb={8}
        />
      </Group>
      {found.error !== null && <ProblemAlert problem={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton h={200} />}
      {found.data?.data.length === 0 && (
        <EmptyState
          icon={IconCalendarOff}
          title={t(missing ? 'cycle.noneMissing.title' : 'cycle.none.title')}
          text={t(missing ? 'cycle.noneMissing.text' : 'cycle.none.text')}
        />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {found.data?.data.map((cycle) => (
          <CycleCard key={cycle.cycle} cycle={cycle} />
        ))}
      </SimpleGrid>
    </Stack>
  )
}

function CycleCard({ cycle }: { readonly cycle: Cycle }) {
  const { t } = useTranslation('settlement')
  const may = useRight('settlement:write')
  const retry = useChange('post', '/v1/settlement-cycles/retry', { touches: ['/v1/settlement-cycles'] })
  const { fault, waitsFor } = cycle
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h5">
            {cycle.cycle}
          </Title>
          <StatusBadge status={t(`cycle.state.${cycle.state}`)} tone={tones[cycle.state]} />
        </Group>
        <Text size="xs" c="dimmed">
          {cycle.institution} · <Instant at={cycle.from} form="short" /> – <Instant at={cycle.to} form="short" />
        </Text>
        <Group gap={4}>
          {cycle.files.map(({ kind, state }) => (
            <Badge key={kind} variant="light" color={colors[state]} radius="sm" tt="none">
              {t(`fileKind.${kind}`)}: {t(`cycle.file.${state}`)}
            </Badge>
          ))}
        </Group>
        <Text size="sm">{t(cycle.settled ? 'cycle.settled' : 'cycle.notSettled')}</Text>
        <Text size="xs" c="dimmed">
          {t('cycle.dueAt')} <Instant at={cycle.dueAt} form="short" />
        </Text>
        {waitsFor !== null && <Text size="sm">{t('cycle.waitsFor', { cycle: waitsFor })}</Text>}
        {fault !== null && (
          <Alert color="red" variant="light" title={t(`cycle.fault.${fault.state}`, { count: fault.tries })}>
            <Text size="sm">
              {fault.step}: {fault.reason}
            </Text>
            {fault.nextTryAt !== null && (
              <Text size="xs">
                {t('cycle.nextTry')} <Instant at={fault.nextTryAt} form="short" />
              </Text>
            )}
            {may && (
              <Button
                size="xs"
                mt="xs"
                loading={retry.isPending}
                onClick={() =>
                  retry.mutate(
                    { body: { institution: cycle.institution, cycle: cycle.cycle } },
                    { onSuccess: () => tell(t('cycle.retried')), onError: (problem) => tellProblem(t, problem) },
                  )
                }
              >
                {t('cycle.retry')}
              </Button>
            )}
          </Alert>
        )}
      </Stack>
    </Card>
  )
}
