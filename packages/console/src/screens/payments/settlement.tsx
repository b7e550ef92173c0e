import { Alert, Skeleton, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/hooks.ts'
import { Instant } from '../../components/instant.tsx'
import { LineText, Note } from '../../components/line-text.tsx'
import { rupees } from '../../components/money.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { Meaning, NextSteps } from '../../components/said.tsx'

/** Where a payment stands at NPCI: its cycle, what the files say, what is open, and what comes next. */
export function Settlement({ id, stamp }: { readonly id: string; readonly stamp: string }) {
  const { t } = useTranslation(['payments', 'settlement', 'story'])
  const found = useApi('/v1/payments/{id}/settlement', { params: { id } }, { stamp })
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton height={120} />
  const { cycle, files, breaks, compensation, meaning, next } = found.data
  return (
    <Stack gap="sm">
      <Text size="sm">
        <Meaning meaning={meaning} />
      </Text>
      {cycle !== null && (
        <Text size="sm">
          {t(cycle.settled ? 'settlement.settled' : 'settlement.waits', { cycle: cycle.cycle })}{' '}
          {t(`settlement.source.${cycle.source}`)}
        </Text>
      )}
      {next.length > 0 && <NextSteps next={next} />}
      {files.map(({ at, text, parts }) => (
        <Text size="sm" key={`${at} ${text}`}>
          <Instant at={at} /> <LineText parts={parts} />
        </Text>
      ))}
      {breaks.map(({ type, detail, said, openedAt, closedAt, resolution }) => (
        <Alert
          key={`${type} ${openedAt}`}
          color={closedAt === null ? 'yellow' : 'gray'}
          title={`${type} ${t(`settlement:break.name.${type}`)}`}
        >
          <Text size="sm">
            <Note text={detail} said={said} />
          </Text>
          <Text size="xs">
            <Instant at={openedAt} />
            {closedAt !== null && (
              <>
                {' – '}
                <Instant at={closedAt} />{' '}
                {resolution !== null && t(`story:word.resolution.${resolution}`, { defaultValue: resolution })}
              </>
            )}
          </Text>
        </Alert>
      ))}
      {compensation.map(({ owedBy, days, amount, fromOn, state }) => (
        <Text size="sm" key={`${owedBy} ${fromOn}`}>
          {t(`settlement.owedBy.${owedBy}`, { amount: rupees(amount), days, from: fromOn })} (
          {t(`settlement:owed.state.${state}`, { defaultValue: state })})
        </Text>
      ))}
    </Stack>
  )
}
