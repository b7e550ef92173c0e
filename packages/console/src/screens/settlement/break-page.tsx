import { Alert, Anchor, Button, Group, Paper, Skeleton, Stack, Text, Textarea, Title } from '@mantine/core'
import { IconGavel } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useApi, useChange, useList } from '../../api/hooks.ts'
import { BackLink } from '../../components/back-link.tsx'
import { Facts } from '../../components/facts.tsx'
import { Instant } from '../../components/instant.tsx'
import { LineText } from '../../components/line-text.tsx'
import { MoneyOrNone } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { Story } from '../../components/story.tsx'
import { useRight, useSession } from '../../session/session.tsx'
import { factsInWords } from './break-facts.tsx'
import { BreakResolve } from './break-resolve.tsx'
import { breakTones, nameWords } from './breaks.tsx'

const touches = ['/v1/breaks', '/v1/approvals']

/** One break, explained: what each source says, what is to be done by whom until when, and what people said of it. */
export function BreakPage() {
  const { t } = useTranslation('settlement')
  const { id = '' } = useParams()
  const { person } = useSession()
  const may = useRight('settlement:write')
  const [resolving, setResolving] = useState(false)
  const [comment, setComment] = useState('')
  const found = useApi('/v1/breaks/{id}', { params: { id } })
  const waiting = useList('/v1/approvals', { query: { limit: 100 } }, { enabled: useRight('approvals:read') })
  const assign = useChange('post', '/v1/breaks/{id}/assign', { touches })
  const say = useChange('post', '/v1/breaks/{id}/comments', { touches })
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton h={320} />
  const { break: one, comments, facts, said, suggestion } = found.data
  const isOpen = one.state === 'open' || one.state === 'assigned'
  const pending = waiting.rows.find(({ subject }) => subject.kind === 'break' && subject.id === id)
  const isMine = one.assignee === person.id
  return (
    <Stack>
      <BackLink to="/settlement/breaks">{t('part.breaks')}</BackLink>
      <PageHeader
        title={`${one.type} ${nameWords(t, one)}`}
        about={t(`break.found.${one.type}`, { defaultValue: found.data.found })}
        actions={
          may &&
          isOpen && (
            <Group gap="xs">
              <Button
                variant="default"
                loading={assign.isPending}
                onClick={() =>
                  assign.mutate(
                    { params: { id }, body: { to: isMine ? null : person.id } },
                    { onError: (problem) => tellProblem(t, problem) },
                  )
                }
              >
                {t(isMine ? 'break.giveUp' : 'break.take')}
              </Button>
              {pending === undefined && (
                <Button leftSection={<IconGavel size={16} />} onClick={() => setResolving(true)}>
                  {t('break.resolve.act')}
                </Button>
              )}
            </Group>
          )
        }
      />
      {pending !== undefined && (
        <Alert variant="light" color="yellow" title={t('break.pending.title')}>
          {t('break.pending.text')}{' '}
          <Anchor component={Link} to={`/approvals/${pending.id}`} underline="always" inherit>
            {t('break.pending.link')}
          </Anchor>
        </Alert>
      )}
      <Paper withBorder p="md">
        <Facts
          items={[
            [
              t('state'),
              <StatusBadge key="state" status={t(`break.state.${one.state}`)} tone={breakTones[one.state]} />,
            ],
            [t('amount'), <MoneyOrNone key="amount" paise={one.amount} />],
            [t('dueAt'), <Instant key="due" at={one.dueAt} />],
            [
              t('rrn'),
              <span key="rrn" className="mono">
                {one.rrn ?? t('common:none')}
              </span>,
            ],
            [t('cycle.name'), one.cycle ?? t('common:none')],
            [t('bank'), one.institution ?? t('common:none')],
            [t('break.handling.label'), t(`break.handling.${found.data.handling}`)],
            [t('break.output'), t(`break.result.${one.type}`, { defaultValue: found.data.output })],
            [t('break.deadline'), t(`break.rule.${found.data.deadline}`, { defaultValue: found.data.deadline })],
            [t('break.assignee'), isMine ? t('you') : (one.assignee ?? t('common:none'))],
            [t('openedAt'), <Instant key="opened" at={one.openedAt} />],
            [t('closedAt'), <Instant key="closed" at={one.closedAt} />],
          ]}
        />
        {one.payment !== null && (
          <Anchor component={Link} to={`/payments/${one.payment}`} size="sm" mt="sm" display="inline-block">
            {t('openPayment')}
          </Anchor>
        )}
      </Paper>
      {suggestion !== null && (
        <Alert variant="light" title={t('break.suggestion')}>
          {t('break.looksLike', { rrn: suggestion })}
        </Alert>
      )}
      <Paper withBorder p="md">
        <Title order={2} size="h4" mb="sm">
          {t('break.facts')}
        </Title>
        {said !== null && (
          <Text size="sm" mb="sm">
            <LineText parts={[said]} />
          </Text>
        )}
        <Facts items={factsInWords(t, Object(facts))} />
      </Paper>
      {one.rrn !== null && /^\d{12}$/.test(one.rrn) && one.payment !== null && (
        <Paper withBorder p="md">
          <Title order={2} size="h4" mb="sm">
            {t('break.story')}
          </Title>
          <Story rrn={one.rrn} payment={one.payment} />
        </Paper>
      )}
      <Paper withBorder p="md">
        <Title order={2} size="h4" mb="sm">
          {t('break.comments')}
        </Title>
        <Stack gap="sm">
          {comments.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('break.noComments')}
            </Text>
          )}
          {comments.map(({ author, text, at }) => (
            <div key={`${author} ${at}`}>
              <Text size="xs" c="dimmed">
                {author === person.id ? t('you') : author} · <Instant at={at} form="short" />
              </Text>
              <Text size="sm">{text ?? t('break.sealed')}</Text>
            </div>
          ))}
          {may && (
            <form
              onSubmit={(event) => {
                event.preventDefault()
                say.mutate(
                  { params: { id }, body: { text: comment.trim() } },
                  {
                    onSuccess: () => {
                      setComment('')
                      tell(t('break.said'))
                    },
                  },
                )
              }}
            >
              <Stack gap="xs">
                <Textarea
                  label={t('break.say')}
                  description={t('break.sayHelp')}
                  value={comment}
                  maxLength={1000}
                  autosize
                  minRows={2}
                  onChange={({ currentTarget }) => setComment(currentTarget.value)}
                />
                {say.error !== null && <ProblemAlert problem={say.error} />}
                <Button
                  type="submit"
                  variant="default"
                  w="fit-content"
                  disabled={comment.trim() === ''}
                  loading={say.isPending}
                >
                  {t('break.sayAct')}
                </Button>
              </Stack>
            </form>
          )}
        </Stack>
      </Paper>
      <BreakResolve one={one} opened={resolving} onClose={() => setResolving(false)} />
    </Stack>
  )
}
