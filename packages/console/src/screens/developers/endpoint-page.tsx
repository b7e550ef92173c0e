import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconEdit, IconPlayerPause, IconPlayerPlay, IconRotate, IconSend, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useApi, useChange } from '../../api/hooks.ts'
import type { Answer } from '../../api/shapes.ts'
import { Waiting } from '../../app/waiting.tsx'
import { BackLink } from '../../components/back-link.tsx'
import { confirm } from '../../components/confirm.tsx'
import { Facts } from '../../components/facts.tsx'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { ShownOnce } from '../../components/shown-once.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { AttemptTable, DeadLetters, Result } from './attempts.tsx'
import { EndpointForm } from './endpoint-form.tsx'
import { type Endpoint, stateOf } from './endpoint-list.tsx'

/** One endpoint: what it is told, what was tried, what was given up, and telling it again. */
export function EndpointPage() {
  const { t } = useTranslation('developers')
  const { id = '' } = useParams()
  const found = useApi('/v1/webhook-endpoints/{id}', { params: { id } })
  const back = <BackLink to="/developers/webhooks">{t('endpoint.all')}</BackLink>
  if (found.error !== null)
    return (
      <>
        {back}
        <ProblemAlert problem={found.error} again={() => void found.refetch()} />
      </>
    )
  if (found.data === undefined) return <Waiting />
  const endpoint = found.data
  return (
    <Stack gap="md">
      {back}
      <Group gap="xs">
        <Title order={2} size="h3" className="mono wraps">
          {endpoint.url}
        </Title>
        <StatusBadge status={stateOf(endpoint)} />
      </Group>
      {endpoint.disabledReason === 'gone' && (
        <Alert color="yellow" title={t('endpoint.goneTitle')}>
          {t('endpoint.goneText')}
        </Alert>
      )}
      <Doing endpoint={endpoint} />
      <Paper withBorder p="md">
        <Facts
          items={[
            [t('endpoint.events'), endpoint.events === null ? t('endpoint.allEvents') : endpoint.events.join(', ')],
            [t('endpoint.signatures'), endpoint.signatures.map((scheme) => t(`endpoint.scheme.${scheme}`)).join(', ')],
            [
              t('endpoint.description'),
              <span key="description" translate="no">
                {endpoint.description ?? t('common:none')}
              </span>,
            ],
            [t('client.createdAt'), <Instant key="at" at={endpoint.createdAt} />],
            ...endpoint.publicKeys.map(
              (key) =>
                [
                  t('endpoint.publicKey'),
                  <Text key={key} span size="sm" className="mono">
                    {key}
                  </Text>,
                ] as const,
            ),
          ]}
        />
      </Paper>
      <DeadLetters endpoint={endpoint} />
      <AttemptTable endpoint={endpoint} />
    </Stack>
  )
}

/** What can be done about an endpoint. */
function Doing({ endpoint }: { readonly endpoint: Endpoint }) {
  const { t } = useTranslation('developers')
  const { id } = endpoint
  const navigate = useNavigate()
  const mayChange = useRight('webhooks:write')
  const touches = ['/v1/webhook-endpoints']
  const test = useChange('post', '/v1/webhook-endpoints/{id}/test', { touches })
  const rotate = useChange('post', '/v1/webhook-endpoints/{id}/rotate-secret', { touches })
  const change = useChange('patch', '/v1/webhook-endpoints/{id}', { touches })
  const end = useChange('delete', '/v1/webhook-endpoints/{id}', { touches })
  const [editing, dialog] = useDisclosure(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [tried, setTried] = useState<Answer<'post', '/v1/webhook-endpoints/{id}/test'>>()
  if (!mayChange) return null

  const onError = (problem: Parameters<typeof tellProblem>[1]) => tellProblem(t, problem)
  const rotateIt = async (): Promise<void> => {
    if (!(await confirm({ title: t('endpoint.rotate'), text: t('endpoint.rotateText'), act: t('endpoint.rotate') })))
      return
    rotate.mutate({ params: { id }, body: {} }, { onSuccess: (answer) => setSecret(answer.secret), onError })
  }
  const switchIt = async (): Promise<void> => {
    const words = { title: t('endpoint.disable'), text: t('endpoint.disableText'), act: t('endpoint.disable') }
    if (endpoint.enabled && !(await confirm(words))) return
    const body = { enabled: !endpoint.enabled }
    const said = t(endpoint.enabled ? 'endpoint.disabled' : 'endpoint.enabled')
    change.mutate({ params: { id }, body }, { onSuccess: () => tell(said), onError })
  }
  const endIt = async (): Promise<void> => {
    const words = { title: t('endpoint.end'), text: t('endpoint.endText'), act: t('endpoint.end'), danger: true }
    if (!(await confirm(words))) return
    end.mutate({ params: { id } }, { onSuccess: () => void navigate('/developers/webhooks'), onError })
  }
  return (
    <>
      <Group gap="xs">
        <Button
          leftSection={<IconSend size={16} />}
          loading={test.isPending}
          onClick={() => test.mutate({ params: { id } }, { onSuccess: setTried, onError })}
        >
          {t('endpoint.test')}
        </Button>
        <Button variant="default" leftSection={<IconEdit size={16} />} onClick={dialog.open}>
          {t('endpoint.change')}
        </Button>
        <Button variant="default" leftSection={<IconRotate size={16} />} onClick={() => void rotateIt()}>
          {t('endpoint.rotate')}
        </Button>
        <Button
          variant="default"
          leftSection={endpoint.enabled ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={() => void switchIt()}
        >
          {t(endpoint.enabled ? 'endpoint.disable' : 'endpoint.enable')}
        </Button>
        <Button variant="light" color="red" leftSection={<IconTrash size={16} />} onClick={() => void endIt()}>
          {t('endpoint.end')}
        </Button>
      </Group>
      {tried !== undefined && (
        <Alert
          color={tried.status !== null && tried.status < 300 ? 'green' : 'red'}
          title={t('endpoint.tested')}
          withCloseButton
          closeButtonLabel={t('common:close')}
          onClose={() => setTried(undefined)}
          role="status"
        >
          <Result attempt={tried} /> · {t('attempt.ms', { ms: tried.durationMs })}
          {tried.body !== null && tried.body !== '' && (
            <Text size="xs" className="mono wraps" mt={4}>
              {tried.body}
            </Text>
          )}
        </Alert>
      )}
      <EndpointForm key={String(editing)} endpoint={endpoint} opened={editing} onClose={dialog.close} />
      <ShownOnce
        title={t('endpoint.secretTitle')}
        what={t('endpoint.secret')}
        text={t('endpoint.rotatedText')}
        value={secret}
        onClose={() => setSecret(null)}
      />
    </>
  )
}
