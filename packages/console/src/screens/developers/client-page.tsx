import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi, useChange } from '../../api/hooks.ts'
import { Waiting } from '../../app/waiting.tsx'
import { BackLink } from '../../components/back-link.tsx'
import { confirm } from '../../components/confirm.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Facts } from '../../components/facts.tsx'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { ModeOfKeys } from './client-list.tsx'
import { Keys } from './keys.tsx'
import { PublicKeys } from './public-keys.tsx'

/** One program: what it may, its keys, and its end. */
export function ClientPage() {
  const { t } = useTranslation('developers')
  const { id = '' } = useParams()
  const found = useApi('/v1/clients/{id}', { params: { id } })
  const end = useChange('delete', '/v1/clients/{id}', { touches: ['/v1/clients'] })
  const mayChange = useRight('clients:write')
  const back = <BackLink to="/developers/keys">{t('client.all')}</BackLink>
  if (found.error !== null)
    return (
      <>
        {back}
        <ProblemAlert problem={found.error} again={() => void found.refetch()} />
      </>
    )
  if (found.data === undefined) return <Waiting />
  const client = found.data
  const isOver = client.disabledAt !== null
  const endIt = async (): Promise<void> => {
    const words = {
      title: t('client.endTitle', { name: client.name }),
      text: t('client.endText'),
      act: t('client.end'),
    }
    if (!(await confirm({ ...words, danger: true }))) return
    end.mutate(
      { params: { id } },
      { onSuccess: () => tell(t('client.ended')), onError: (problem) => tellProblem(t, problem) },
    )
  }
  return (
    <Stack gap="md">
      {back}
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={2} size="h3">
            {client.name}
          </Title>
          <StatusBadge status={isOver ? 'ended' : 'active'} />
          <ModeOfKeys live={client.live} />
        </Group>
        {mayChange && !isOver && (
          <Button
            variant="light"
            color="red"
            leftSection={<IconTrash size={16} />}
            loading={end.isPending}
            onClick={() => void endIt()}
          >
            {t('client.end')}
          </Button>
        )}
      </Group>
      <Paper withBorder p="md">
        <Facts
          items={[
            [
              t('id'),
              <Group key="id" gap={4} wrap="nowrap">
                <Text span className="mono" size="sm">
                  {client.id}
                </Text>
                <CopyButton value={client.id} what={t('id')} />
              </Group>,
            ],
            [t('client.createdAt'), <Instant key="at" at={client.createdAt} />],
            [t('client.networks'), client.networks.length === 0 ? t('client.anywhere') : client.networks.join(', ')],
          ]}
        />
        <Text size="xs" c="dimmed" mt="sm" mb={4}>
          {t('client.rights')}
        </Text>
        <Group gap={6}>
          {client.rights.map((right) => (
            <Badge key={right} variant="default" radius="sm" tt="none" className="mono">
              {right}
            </Badge>
          ))}
        </Group>
      </Paper>
      <Keys client={client} mayChange={mayChange && !isOver} />
      <PublicKeys client={client} kind="signing" mayChange={mayChange && !isOver} />
      <PublicKeys client={client} kind="token" mayChange={mayChange && !isOver} />
    </Stack>
  )
}
