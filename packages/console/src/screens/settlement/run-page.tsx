import { Alert, Anchor, Button, Checkbox, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useApi, useChange } from '../../api/hooks.ts'
import { BackLink } from '../../components/back-link.tsx'
import { counted } from '../../components/counted.ts'
import { Facts } from '../../components/facts.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { Instant } from '../../components/instant.tsx'
import { Money, MoneyOrNone } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert, tell } from '../../components/problem-alert.tsx'
import { ScrollTable } from '../../components/scroll-table.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { totalWords } from './break-facts.tsx'
import { runTones } from './runs.tsx'

const EVERY_MS = 3_000

/** One run: what it read, whether the sums agree, what it found; and the way back. */
export function RunPage() {
  const { t } = useTranslation('settlement')
  const { id = '' } = useParams()
  const may = useRight('settlement:write')
  const [undoing, setUndoing] = useState(false)
  const [journals, setJournals] = useState(false)
  const found = useApi('/v1/reconciliation-runs/{id}', { params: { id } }, { everyMs: EVERY_MS })
  const undo = useChange('post', '/v1/reconciliation-runs/{id}/roll-back', {
    touches: ['/v1/reconciliation-runs', '/v1/breaks', '/v1/settlement-cycles'],
  })
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton h={320} />
  const run = found.data
  const close = (): void => {
    undo.reset()
    setUndoing(false)
  }
  return (
    <Stack>
      <BackLink to="/settlement/runs">{t('part.runs')}</BackLink>
      <PageHeader
        title={t('run.title', { cycle: run.cycle })}
        actions={
          may &&
          run.state === 'matched' && (
            <Button
              color="red"
              variant="outline"
              leftSection={<IconArrowBackUp size={16} />}
              onClick={() => setUndoing(true)}
            >
              {t('run.back.act')}
            </Button>
          )
        }
      />
      {run.failure !== null && (
        <Alert color="red" variant="light" title={t('run.failure')}>
          {run.failure}
        </Alert>
      )}
      <Paper withBorder p="md">
        <Facts
          items={[
            [t('state'), <StatusBadge key="state" status={t(`run.state.${run.state}`)} tone={runTones[run.state]} />],
            [t('bank'), run.institution],
            [t('run.step'), run.step === '' ? t('common:none') : run.step],
            [t('run.startedAt'), <Instant key="started" at={run.startedAt} />],
            [t('run.endedAt'), <Instant key="ended" at={run.endedAt} />],
            [
              t('run.rules'),
              <span key="rules" className="mono">
                {run.rules}
              </span>,
            ],
          ]}
        />
        <Anchor component={Link} to="/settlement/breaks" size="sm" mt="sm" display="inline-block">
          {t('run.breaks')}
        </Anchor>
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} size="h4" mb="sm">
          {t('run.found')}
        </Title>
        <Facts
          columns={4}
          items={Object.entries(Object(run.counts)).map(([name, count]) => [
            /^B\d\d$/.test(name)
              ? `${name} ${t(`break.name.${name}`, { defaultValue: '' })}`
              : t(`run.counted.${name}`, { defaultValue: name }),
            counted(Number(count)),
          ])}
        />
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} size="h4" mb="sm">
          {t('run.totals')}
        </Title>
        <ScrollTable
          label={t('run.totals')}
          minWidth={640}
          head={[
            t('run.what'),
            [t('run.count'), 'end'],
            [t('amount'), 'end'],
            [t('run.statedCount'), 'end'],
            [t('run.statedAmount'), 'end'],
            t('run.agrees'),
          ]}
        >
          {run.totals.map(({ what, count, amount, statedCount, statedAmount, agrees }) => (
            <Table.Tr key={what}>
              <Table.Td>{totalWords(t, what)}</Table.Td>
              <Table.Td ta="end">{counted(count)}</Table.Td>
              <Table.Td ta="end">
                <Money paise={amount} />
              </Table.Td>
              <Table.Td ta="end">{statedCount === null ? t('common:none') : counted(statedCount)}</Table.Td>
              <Table.Td ta="end">
                <MoneyOrNone paise={statedAmount} />
              </Table.Td>
              <Table.Td>
                <StatusBadge status={t(agrees ? 'yes' : 'no')} tone={agrees ? 'good' : 'bad'} />
              </Table.Td>
            </Table.Tr>
          ))}
        </ScrollTable>
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} size="h4" mb="sm">
          {t('run.inputs')}
        </Title>
        <ScrollTable label={t('run.inputs')} minWidth={480}>
          {run.inputs.map(({ what, name, rows, sha256 }) => (
            <Table.Tr key={`${what} ${name}`}>
              <Table.Th scope="row">{t(`run.input.${what}`, { defaultValue: what })}</Table.Th>
              <Table.Td>{t(`run.input.${name}`, { defaultValue: name })}</Table.Td>
              <Table.Td ta="end">{t('run.rows', { count: rows })}</Table.Td>
              <Table.Td className="mono">{sha256?.slice(0, 12) ?? ''}</Table.Td>
            </Table.Tr>
          ))}
        </ScrollTable>
      </Paper>
      <FormModal
        title={t('run.back.title', { cycle: run.cycle })}
        act={t('run.back.act')}
        danger
        opened={undoing}
        onClose={close}
        onSubmit={(event) => {
          event.preventDefault()
          undo.mutate(
            { params: { id }, body: journals ? { journals } : {} },
            {
              onSuccess: () => {
                tell(t('run.back.done'))
                close()
              },
            },
          )
        }}
        pending={undo.isPending}
        problem={undo.error}
      >
        <Text size="sm">{t('run.back.text')}</Text>
        <Checkbox
          label={t('run.back.journals')}
          description={t('run.back.journalsHelp')}
          checked={journals}
          onChange={({ currentTarget }) => setJournals(currentTarget.checked)}
        />
      </FormModal>
    </Stack>
  )
}
