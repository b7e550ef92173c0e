import { Alert, Button, Group, Paper, Table, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange, useList } from '../../api/hooks.ts'
import type { Answer } from '../../api/shapes.ts'
import { now } from '../../clock.ts'
import { confirm } from '../../components/confirm.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { Instant } from '../../components/instant.tsx'
import { IstField, instantOf } from '../../components/ist-field.tsx'
import { tell, tellProblem } from '../../components/problem-alert.tsx'
import { ScrollTable } from '../../components/scroll-table.tsx'
import { ShownOnce } from '../../components/shown-once.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { tellDone, waits } from '../../components/told.ts'
import { useRight, useSession } from '../../session/session.tsx'

type Client = Answer<'get', '/v1/clients/{id}'>
type Key = Client['keys'][number]

const stateOf = ({ revokedAt, expiresAt }: Key): 'revoked' | 'expired' | 'active' =>
  revokedAt !== null ? 'revoked' : expiresAt !== null && Date.parse(expiresAt) <= now() ? 'expired' : 'active'

/** The keys of a program. Two may work at once, so that one takes the place of the other without a gap. */
export function Keys({ client, mayChange }: { readonly client: Client; readonly mayChange: boolean }) {
  const { t } = useTranslation('developers')
  const [making, dialog] = useDisclosure(false)
  const [made, setMade] = useState<string | null>(null)
  const revoke = useChange('delete', '/v1/clients/{id}/keys/{keyId}', { touches: ['/v1/clients'] })
  const active = client.keys.filter((key) => stateOf(key) === 'active')
  const end = async ({ id: keyId, lastFour }: Key): Promise<void> => {
    const text = t(active.length > 1 ? 'key.revokeText' : 'key.revokeLast')
    if (!(await confirm({ title: t('key.revokeTitle', { lastFour }), text, act: t('key.revoke'), danger: true })))
      return
    const params = { id: client.id, keyId }
    revoke.mutate(
      { params },
      { onSuccess: () => tell(t('key.revoked')), onError: (problem) => tellProblem(t, problem) },
    )
  }
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h4">
          {t('key.title')}
        </Title>
        {mayChange && active.length < 2 && (
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={dialog.open}>
            {t(active.length === 0 ? 'key.make' : 'key.makeSecond')}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t('key.about')}
      </Text>
      {active.length === 2 && (
        <Alert color="blue" mb="sm">
          {t('key.two')}
        </Alert>
      )}
      {mayChange && <AgreedKeys client={client} onMade={setMade} />}
      {client.keys.length > 0 && (
        <ScrollTable
          label={t('key.title')}
          minWidth={640}
          head={[
            t('key.ends'),
            t('client.state'),
            t('client.createdAt'),
            t('key.expiresAt'),
            t('key.lastUsedOn'),
            ...(mayChange ? [t('actions')] : []),
          ]}
        >
          {client.keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td className="mono">…{key.lastFour}</Table.Td>
              <Table.Td>
                <StatusBadge status={stateOf(key)} />
              </Table.Td>
              <Table.Td>
                <Instant at={key.createdAt} form="short" />
              </Table.Td>
              <Table.Td>
                {key.expiresAt === null ? t('key.never') : <Instant at={key.expiresAt} form="short" />}
              </Table.Td>
              <Table.Td>{key.lastUsedOn ?? t('key.notUsed')}</Table.Td>
              {mayChange && (
                <Table.Td>
                  {stateOf(key) === 'active' && (
                    <Button size="compact-xs" variant="subtle" color="red" onClick={() => void end(key)}>
                      {t('key.revoke')}
                    </Button>
                  )}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </ScrollTable>
      )}
      <NewKey client={client} opened={making} onClose={dialog.close} onMade={setMade} />
      <ShownOnce
        title={t('key.madeTitle')}
        what={t('key.what')}
        text={t('key.madeText')}
        value={made}
        onClose={() => setMade(null)}
      />
    </Paper>
  )
}

/** Keys that others have agreed to: each is handed over once, to whoever asked for it. */
function AgreedKeys({ client, onMade }: { readonly client: Client; readonly onMade: (key: string) => void }) {
  const { t } = useTranslation('developers')
  const { person } = useSession()
  const mayRead = useRight('approvals:read')
  const list = useList('/v1/approvals', { query: { all: true, limit: 100 } }, { enabled: mayRead })
  const collect = useChange('post', '/v1/clients/{id}/keys', { touches: ['/v1/clients'] })
  const agreed = list.rows.filter(
    ({ id, subject, change, decision, maker }) =>
      decision === 'approved' &&
      maker === person.id &&
      subject.kind === 'client' &&
      subject.id === client.id &&
      Object(change).make === 'key' &&
      !client.keys.some(({ approval }) => approval === id),
  )
  return agreed.map(({ id, decidedAt }) => (
    <Alert key={id} color="green" variant="light" mb="sm" title={t('key.agreed')}>
      <Text size="sm" mb="xs">
        {t('key.agreedText')} <Instant at={decidedAt} form="short" />
      </Text>
      <Button
        size="xs"
        loading={collect.isPending}
        onClick={() =>
          collect.mutate(
            { params: { id: client.id }, body: { approval: id } },
            {
              onSuccess: (answer) => !waits(answer) && onMade(answer.key),
              onError: (problem) => tellProblem(t, problem),
            },
          )
        }
      >
        {t('key.collect')}
      </Button>
    </Alert>
  ))
}

function NewKey({
  client,
  opened,
  onClose,
  onMade,
}: {
  readonly client: Client
  readonly opened: boolean
  readonly onClose: () => void
  readonly onMade: (key: string) => void
}) {
  const { t } = useTranslation('developers')
  const [until, setUntil] = useState('')
  const make = useChange('post', '/v1/clients/{id}/keys', { touches: ['/v1/clients', '/v1/approvals'] })
  const close = (): void => {
    setUntil('')
    make.reset()
    onClose()
  }
  return (
    <FormModal
      title={t('key.makeTitle', { name: client.name })}
      act={t('key.make')}
      opened={opened}
      onClose={close}
      pending={make.isPending}
      problem={make.error}
      onSubmit={(event) => {
        event.preventDefault()
        const expiresAt = instantOf(until)
        const body = expiresAt === undefined ? {} : { expiresAt }
        make.mutate(
          { params: { id: client.id }, body },
          {
            onSuccess: (answer) => {
              close()
              if (waits(answer)) tellDone(t, answer, '')
              else onMade(answer.key)
            },
          },
        )
      }}
    >
      <Text size="sm">{t('key.makeText')}</Text>
      <IstField
        label={t('key.expiresAt')}
        description={t('key.expiresAtHelp')}
        value={until}
        onChange={setUntil}
        error={make.error?.of('expiresAt')}
      />
    </FormModal>
  )
}
