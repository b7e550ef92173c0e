import { Alert, Anchor, Badge, Button, Group, List, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useApi, useChange } from '../../api/hooks.ts'
import type { Answer } from '../../api/shapes.ts'
import { upload } from '../../api/upload.ts'
import { BackLink } from '../../components/back-link.tsx'
import { confirm } from '../../components/confirm.tsx'
import { Facts } from '../../components/facts.tsx'
import { FileUpload } from '../../components/file-upload.tsx'
import { Instant } from '../../components/instant.tsx'
import { Note } from '../../components/line-text.tsx'
import { Money } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { ScrollTable } from '../../components/scroll-table.tsx'
import { useRight } from '../../session/session.tsx'
import { DisputeAnswer } from './dispute-answer.tsx'
import { DisputeDecision } from './dispute-decision.tsx'
import { Clock } from './disputes.tsx'
import { RuleName, SourceName } from './rule-name.tsx'

export type DisputeDetail = Answer<'get', '/v1/disputes/{id}'>
export type Next = DisputeDetail['next'][number]

const touches = ['/v1/disputes', '/v1/upload-files']
/** What NPCI takes over the wire: a complaint of a customer (UDIR). */
const byWire = ['B', 'FB']

/** One dispute: its clock, what may be said by whom, the papers, and what happened. */
export function DisputePage() {
  const { t } = useTranslation('settlement')
  const { id = '' } = useParams()
  const may = useRight('settlement:write')
  const queries = useQueryClient()
  const [answering, setAnswering] = useState<Next>()
  const found = useApi('/v1/disputes/{id}', { params: { id } })
  const complain = useChange('post', '/v1/disputes/{id}/complaint', { touches })
  const ask = useChange('post', '/v1/disputes/{id}/status', { touches })
  const mayReveal = useRight('details:reveal')
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton h={320} />
  const dispute = found.data
  // NPCI has no part in it: no report says that it was done.
  const isOwn = dispute.family === 'shadow_reversal'
  const onProblem = { onError: (problem: Parameters<typeof tellProblem>[1]) => tellProblem(t, problem) }
  const tellNpci = async () => {
    const words = { title: t('dispute.tell.title'), text: t('dispute.tell.text'), act: t('dispute.tell.act') }
    if (await confirm(words))
      complain.mutate({ params: { id }, body: {} }, { onSuccess: () => tell(t('dispute.tell.done')), ...onProblem })
  }
  return (
    <Stack>
      <BackLink to="/settlement/disputes">{t('part.disputes')}</BackLink>
      <PageHeader
        title={`${t(`dispute.family.${dispute.family}`)} · ${dispute.rrn}`}
        actions={
          may &&
          dispute.pending !== null &&
          byWire.includes(dispute.pending.flag) && (
            <Group gap="xs">
              <Button
                variant="default"
                loading={ask.isPending}
                onClick={() => ask.mutate({ params: { id }, body: {} }, onProblem)}
              >
                {t('dispute.ask')}
              </Button>
              <Button loading={complain.isPending} onClick={() => void tellNpci()}>
                {t('dispute.tell.act')}
              </Button>
            </Group>
          )
        }
      />
      {dispute.pending !== null && (
        <Alert
          variant="light"
          color="yellow"
          title={t('dispute.pendingTitle', { flag: dispute.pending.flag, reason: dispute.pending.reason })}
        >
          {t(dispute.pending.own ? 'dispute.decide.waits' : 'dispute.pendingText')}
          {dispute.pending.own && may && <DisputeDecision dispute={dispute} />}
        </Alert>
      )}
      <Paper withBorder p="md">
        <Facts
          items={[
            [
              t('state'),
              <Badge key="state" variant="light" tt="none" radius="sm">
                {t(`dispute.state.${dispute.state}`)}
              </Badge>,
            ],
            [t('amount'), <Money key="amount" paise={dispute.amount} strong />],
            [t('dispute.clock'), <Clock key="clock" dueAt={dispute.dueAt} />],
            [t('dispute.deemed'), dispute.deemed ?? t('common:none')],
            [t('direction.label'), t(`direction.${dispute.direction}`)],
            [t('dispute.last'), `${dispute.flag} ${dispute.reason}, ${dispute.steppedOn}`],
            [t('dispute.held'), <Money key="held" paise={dispute.held} />],
            [t('dispute.receivable'), <Money key="receivable" paise={dispute.receivable} />],
            [t('dispute.lien'), t(dispute.hasLien ? 'yes' : 'no')],
            [t('dispute.transactionOn'), dispute.transactionOn],
            [t('openedAt'), <Instant key="opened" at={dispute.openedAt} />],
            [t('closedAt'), <Instant key="closed" at={dispute.closedAt} />],
          ]}
        />
        <Anchor component={Link} to={`/payments/${dispute.payment}`} size="sm" mt="sm" display="inline-block">
          {t('openPayment')}
        </Anchor>
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} size="h4">
          {t('dispute.next.title')}
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          {t('dispute.next.text')}
        </Text>
        {dispute.next.length === 0 && <Text size="sm">{t('dispute.next.none')}</Text>}
        <Stack gap="xs">
          {dispute.next.map((next) => (
            <Group key={`${next.flag} ${next.name}`} justify="space-between" gap="sm">
              <div>
                <Text size="sm" fw={600}>
                  {next.flag} <RuleName name={next.name} />
                </Text>
                <Text size="xs" c="dimmed" component="div">
                  {t(next.ours ? 'dispute.next.ours' : 'dispute.next.theirs')} · {t(`dispute.moves.${next.moves}`)} ·{' '}
                  <Clock dueAt={next.until} />
                  {next.needsEvidence && ` · ${t('dispute.next.needsEvidence')}`} · <SourceName name={next.source} />
                </Text>
              </div>
              {may && next.ours && (
                <Button size="xs" variant="default" onClick={() => setAnswering(next)}>
                  {t('dispute.next.act', { flag: next.flag })}
                </Button>
              )}
            </Group>
          ))}
        </Stack>
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} size="h4" mb="sm">
          {t('dispute.papers.title')}
        </Title>
        {dispute.evidence.length === 0 ? (
          <Text size="sm" c="dimmed" mb="sm">
            {t('dispute.papers.none')}
          </Text>
        ) : (
          <List size="sm" mb="sm">
            {dispute.evidence.map(({ id: paper, name, mediaType, bytes, addedAt }) => (
              <List.Item key={paper}>
                {mayReveal ? (
                  <Anchor href={`/v1/disputes/${id}/evidence/${paper}`} download={name} inherit>
                    {name}
                  </Anchor>
                ) : (
                  name
                )}{' '}
                <Text span size="xs" c="dimmed">
                  {mediaType}, {t('bytes', { count: bytes })}, <Instant at={addedAt} form="short" />
                </Text>
              </List.Item>
            ))}
          </List>
        )}
        {may && (
          <FileUpload
            label={t('dispute.papers.add')}
            sending={t('file.sending')}
            accept=".pdf,.png,.jpg,.jpeg,.txt"
            send={(file, onProgress) =>
              upload(
                '/v1/disputes/{id}/evidence',
                { params: { id }, query: { name: file.name }, file, mediaType: 'application/octet-stream' },
                onProgress,
              )
            }
            onDone={() => {
              tell(t('dispute.papers.added'))
              void queries.invalidateQueries({ queryKey: ['/v1/disputes/{id}'] })
            }}
          />
        )}
        <Text size="xs" c="dimmed" mt="xs">
          {t('dispute.papers.help')}
        </Text>
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} size="h4" mb="sm">
          {t('dispute.events')}
        </Title>
        <ScrollTable
          label={t('dispute.events')}
          minWidth={560}
          head={[t('when'), t('dispute.event'), t('dispute.fromTo'), t('dispute.note')]}
        >
          {dispute.events.map(({ at, kind, flag, reason, from, to, note, said }, index) => (
            <Table.Tr key={`${at} ${index.toString()}`}>
              <Table.Td>
                <Instant at={at} form="short" />
              </Table.Td>
              <Table.Td>
                {t(`dispute.kind.${kind === 'adjusted' && isOwn ? 'done' : kind}`, { defaultValue: kind })} {flag}{' '}
                {reason}
              </Table.Td>
              <Table.Td>
                {t(`dispute.state.${from}`, { defaultValue: from })} → {t(`dispute.state.${to}`, { defaultValue: to })}
              </Table.Td>
              <Table.Td>
                <Note text={note} said={said} />
              </Table.Td>
            </Table.Tr>
          ))}
        </ScrollTable>
      </Paper>
      {answering !== undefined && <DisputeAnswer id={id} next={answering} onClose={() => setAnswering(undefined)} />}
    </Stack>
  )
}
