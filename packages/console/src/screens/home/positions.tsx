import { Group, Progress, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Instant } from '../../components/instant.tsx'
import { rupees } from '../../components/money.tsx'
import type { Overview } from './index.tsx'

/** From which per cent on a cap is nearly, and quite, used up: the levels at which the hub tells of it. */
const colourOf = (level: number): string => (level >= 90 ? 'red' : level >= 60 ? 'yellow' : 'green')

/** Banks that are shown: those nearest to their caps. */
const MOST = 6

/** How much of its net debit cap each bank has used. */
export function Positions({ positions }: { readonly positions: NonNullable<Overview['positions']> }) {
  const { t } = useTranslation('home')
  const telling = positions
    .filter(({ cap, used, inFlight }) => cap !== null || used !== '0' || inFlight !== '0')
    .sort((a, b) => (b.usedPercent ?? 0) - (a.usedPercent ?? 0))
    .slice(0, MOST)
  const rest = positions.length - telling.length
  return (
    <Stack>
      {telling.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('cap.nothing')}
        </Text>
      )}
      {telling.map(({ institution, used, cap, usedPercent, level, inFlight, countedAt, stopped }) => (
        <div key={institution}>
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={600}>
              {institution}
            </Text>
            <Text size="sm" className="tabular">
              {cap === null
                ? t('cap.none')
                : t('cap.used', { used: rupees(used), cap: rupees(cap), percent: usedPercent ?? 0 })}
            </Text>
          </Group>
          {cap !== null && (
            <Progress
              value={Math.min(100, usedPercent ?? 0)}
              color={colourOf(level)}
              size="lg"
              mt={4}
              aria-label={t('cap.label', { institution })}
            />
          )}
          <Text size="xs" c="dimmed" mt={4}>
            {t('cap.inFlight', { amount: rupees(inFlight) })} · <Instant at={countedAt} form="short" />
          </Text>
          {stopped !== null && (
            <Text size="sm" c="var(--mantine-color-error)">
              {t(`cap.stopped.${stopped}`)}
            </Text>
          )}
        </div>
      ))}
      {telling.length > 0 && rest > 0 && (
        <Text size="xs" c="dimmed">
          {t('cap.rest', { count: rest })}
        </Text>
      )}
    </Stack>
  )
}
