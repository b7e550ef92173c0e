import { Alert, Anchor, Button, Group, List, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useApi, useChange } from '../../api/hooks.ts'
import { now } from '../../clock.ts'
import { BackLink } from '../../components/back-link.tsx'
import { confirm } from '../../components/confirm.tsx'
import { Facts } from '../../components/facts.tsx'
import { durationOf, Instant } from '../../components/instant.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert, tell } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight, useSession } from '../../session/session.tsx'
import { ChangeFacts, PaymentFacts } from './subject-facts.tsx'
import { type Approval, barredBy, decisionTones, progressOf, sentenceOf } from './words.ts'

/** Where the thing is that an approval is about. */
const pageOf = ({ kind, id }: Approval['subject']): string | undefined => {
  if (kind === 'payment') return `/payments/${id}`
  if (kind === 'resolution') return `/unconfirmed/${id}`
  if (kind === 'break') return `/settlement/breaks/${id}`
  if (kind === 'upload') return `/settlement/uploads/${id}`
  return undefined
}

/** One approval: what is to be done, who asked, who has agreed and who must, and the two words that decide. */
export function ApprovalPage() {
  const { t } = useTranslation('approvals')
  const { id = '' } = useParams()
  const { person } = useSession()
  const may = useRight('approvals:decide')
  const found = useApi('/v1/approvals/{id}', { params: { id } })
  const touches = ['/v1/approvals', '/v1/payments', '/v1/breaks', '/v1/upload-files', '/v1/beneficiaries']
  const approve = useChange('post', '/v1/approvals/{id}/approve', { touches })
  const reject = useChange('post', '/v1/approvals/{id}/reject', { touches })
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton h={320} />
  const approval = found.data
  const sentence = sentenceOf(t, approval)
  const { done, needed } = progressOf(approval)
  const barred = barredBy(approval, person)
  const page = pageOf(approval.subject)
  const problem = approve.error ?? reject.error

  const decide = async (verdict: 'approve' | 'reject') => {
    const words = { title: t(`${verdict}.title`), act: t(`${verdict}.act`), danger: verdict === 'reject' }
    const text = (
      <Stack gap="xs">
        <Text fw={600}>{sentence}</Text>
        <Text size="sm">{t(verdict === 'approve' && done + 1 >= needed ? 'approve.last' : `${verdict}.text`)}</Text>
      </Stack>
    )
    if (!(await confirm({ ...words, text }))) return
    const vote = verdict === 'approve' ? approve : reject
    approve.reset()
    reject.reset()
    vote.mutate(
      { params: { id }, body: { digest: approval.digest } },
      { onSuccess: () => tell(t(`${verdict}.done`)), onError: () => void found.refetch() },
    )
  }
  return (
    <Stack>
      <BackLink to="/approvals">{t('title')}</BackLink>
      <PageHeader
        title={sentence}
        actions={
          may &&
          approval.decision === null &&
          barred === undefined && (
            <Group gap="xs">
              <Button
                color="red"
                variant="outline"
                leftSection={<IconX size={16} />}
                loading={reject.isPending}
                onClick={() => void decide('reject')}
              >
                {t('reject.act')}
              </Button>
              <Button
                leftSection={<IconCheck size={16} />}
                loading={approve.isPending}
                onClick={() => void decide('approve')}
              >
                {t('approve.act')}
              </Button>
            </Group>
          )
        }
      />
      {problem !== null && <ProblemAlert problem={problem} />}
      {approval.decision === null && barred !== undefined && (may || barred === 'own') && (
        <Alert variant="light" color="yellow" title={t(`barred.${barred}.title`)}>
          {t(`barred.${barred}.text`)}
        </Alert>
      )}
      {approval.decision !== null && (
        <Alert
          variant="light"
          color={approval.decision === 'approved' ? 'green' : 'gray'}
          title={t(`ended.${approval.decision}.title`)}
        >
          {t(`ended.${approval.decision}.text`)} <Instant at={approval.decidedAt} form="short" />
        </Alert>
      )}
      <Paper withBorder p="md">
        <Title order={2} size="h4" mb="sm">
          {t('asked')}
        </Title>
        {approval.payment === null ? (
          <ChangeFacts approval={approval} />
        ) : (
          <PaymentFacts payment={approval.payment} enquiry={approval.nameEnquiry} />
        )}
        {page !== undefined && (
          <Anchor component={Link} to={page} size="sm" mt="sm" display="inline-block">
            {t('subject')}
          </Anchor>
        )}
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} size="h4" mb="sm">
          {t('people')}
        </Title>
        <Facts
          items={[
            [t('column.maker'), <Who key="maker" id={approval.maker} />],
            [t('column.createdAt'), <Instant key="created" at={approval.createdAt} />],
            [t('why'), t(`reason.${approval.reason}`, { defaultValue: approval.reason })],
            [
              t('column.decision'),
              <StatusBadge
                key="decision"
                status={t(`decision.${approval.decision ?? 'pending'}`)}
                tone={decisionTones[approval.decision ?? 'pending']}
              />,
            ],
            [t('column.progress'), t('progress', { done, needed })],
            [t('lapses'), <Lapse key="lapse" approval={approval} />],
          ]}
        />
        <Title order={3} size="h6" mt="md">
          {t('steps')}
        </Title>
        <List type="ordered" size="sm">
          {approval.steps.map(({ anyOf }, index) => (
            <List.Item key={`${index.toString()}`}>
              {anyOf.map(({ role, count }) => t('step', { count, role: t(`common:role.${role}`) })).join(t('or'))}
            </List.Item>
          ))}
        </List>
        <Title order={3} size="h6" mt="md">
          {t('votes')}
        </Title>
        {approval.votes.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('noVotes')}
          </Text>
        ) : (
          <List size="sm">
            {approval.votes.map(({ voter, verdict, at }) => (
              <List.Item key={`${voter} ${at}`}>
                <Who id={voter} /> {t(`verdict.${verdict}`)} · <Instant at={at} form="short" />
              </List.Item>
            ))}
          </List>
        )}
        <Text size="xs" c="dimmed" mt="md">
          {t('never')}
        </Text>
      </Paper>
    </Stack>
  )
}

function Who({ id }: { readonly id: string }) {
  const { t } = useTranslation('approvals')
  const { person } = useSession()
  return id === person.id ? t('you') : <span className="mono">{id}</span>
}

function Lapse({ approval }: { readonly approval: Approval }) {
  const { t } = useTranslation('approvals')
  if (approval.decision !== null) return t('common:none')
  return (
    <>
      <Instant at={approval.expiresAt} form="short" /> ({durationOf(Date.parse(approval.expiresAt) - now())})
    </>
  )
}
