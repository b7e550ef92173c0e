import { Button, Group, Paper, Select, Table, Text, Textarea, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.ts'
import { useApi } from '../../api/hooks.ts'
import type { Problem } from '../../api/problem.ts'
import type { Answer } from '../../api/shapes.ts'
import { confirm } from '../../components/confirm.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { Instant } from '../../components/instant.tsx'
import { tell, tellProblem } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { tellDone } from '../../components/told.ts'

type Client = Answer<'get', '/v1/clients/{id}'>
const algorithms = { signing: ['ed25519', 'ecdsa-p256-sha256'], token: ['ES256', 'EdDSA', 'PS256'] } as const
type Kind = keyof typeof algorithms

/** Public halves of keys that a program keeps: those that sign its requests, or those that it gets tokens with. */
export function PublicKeys({
  client,
  kind,
  mayChange,
}: {
  readonly client: Client
  readonly kind: Kind
  readonly mayChange: boolean
}) {
  const { t } = useTranslation('developers')
  const tokens = useApi('/v1/clients/{id}/token-keys', { params: { id: client.id } }, { enabled: kind === 'token' })
  const keys = kind === 'signing' ? client.signingKeys : (tokens.data?.data ?? [])
  const [making, dialog] = useDisclosure(false)
  const queries = useQueryClient()
  const again = () =>
    queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith('/v1/clients') })
  const revoke = useMutation<unknown, Problem, string>({
    mutationFn: (keyId) => {
      const params = { id: client.id, keyId }
      return kind === 'signing'
        ? call('delete', '/v1/clients/{id}/signing-keys/{keyId}', { params })
        : call('delete', '/v1/clients/{id}/token-keys/{keyId}', { params })
    },
    onSuccess: () => {
      tell(t('key.revoked'))
      return again()
    },
    onError: (problem) => tellProblem(t, problem),
  })
  const end = async (keyId: string): Promise<void> => {
    const words = { title: t('publicKey.revokeTitle'), text: t('publicKey.revokeText'), act: t('key.revoke') }
    if (await confirm({ ...words, danger: true })) revoke.mutate(keyId)
  }
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h4">
          {t(`publicKey.${kind}.title`)}
        </Title>
        {mayChange && (
          <Button size="xs" variant="light" leftSection={<IconPlus size={14} />} onClick={dialog.open}>
            {t('publicKey.add')}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" mb={keys.length === 0 ? 0 : 'sm'}>
        {t(`publicKey.${kind}.about`)}
      </Text>
      {keys.length > 0 && (
        <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table aria-label={t(`publicKey.${kind}.title`)}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('id')}</Table.Th>
                <Table.Th>{t('publicKey.algorithm')}</Table.Th>
                <Table.Th>{t('client.state')}</Table.Th>
                <Table.Th>{t('client.createdAt')}</Table.Th>
                {mayChange && <Table.Th>{t('actions')}</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map(({ id, algorithm, revokedAt, createdAt }) => (
                <Table.Tr key={id}>
                  <Table.Td className="mono">{id}</Table.Td>
                  <Table.Td>{algorithm}</Table.Td>
                  <Table.Td>
                    <StatusBadge status={revokedAt === null ? 'active' : 'revoked'} />
                  </Table.Td>
                  <Table.Td>
                    <Instant at={createdAt} form="short" />
                  </Table.Td>
                  {mayChange && (
                    <Table.Td>
                      {revokedAt === null && (
                        <Button size="compact-xs" variant="subtle" color="red" onClick={() => void end(id)}>
                          {t('key.revoke')}
                        </Button>
                      )}
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <NewPublicKey client={client} kind={kind} opened={making} onClose={dialog.close} onMade={() => void again()} />
    </Paper>
  )
}

function NewPublicKey({
  client,
  kind,
  opened,
  onClose,
  onMade,
}: {
  readonly client: Client
  readonly kind: Kind
  readonly opened: boolean
  readonly onClose: () => void
  readonly onMade: () => void
}) {
  const { t } = useTranslation('developers')
  const [algorithm, setAlgorithm] = useState<string>(algorithms[kind][0])
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<string>()
  const make = useMutation<unknown, Problem, string>({
    mutationFn: (publicKey) => {
      const params = { id: client.id }
      const [signing] = algorithms.signing.filter((one) => one === algorithm)
      if (signing !== undefined)
        return call('post', '/v1/clients/{id}/signing-keys', { params, body: { algorithm: signing, publicKey } })
      const [token = 'ES256'] = algorithms.token.filter((one) => one === algorithm)
      return call('post', '/v1/clients/{id}/token-keys', {
        params,
        body: { algorithm: token, jwk: JSON.parse(publicKey) },
      })
    },
    onSuccess: (answer) => {
      tellDone(t, answer, t('publicKey.added'))
      onMade()
      close()
    },
  })
  const close = (): void => {
    setText('')
    setWrong(undefined)
    make.reset()
    onClose()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const publicKey = kind === 'signing' ? derOf(text) : jwkOf(text)
    setWrong(publicKey === undefined ? t(`publicKey.${kind}.wrong`) : undefined)
    if (publicKey !== undefined) make.mutate(publicKey)
  }
  return (
    <FormModal
      title={t(`publicKey.${kind}.add`)}
      act={t('publicKey.add')}
      opened={opened}
      onClose={close}
      onSubmit={submit}
      pending={make.isPending}
      problem={make.error}
      size="lg"
    >
      <Select
        label={t('publicKey.algorithm')}
        data={[...algorithms[kind]]}
        value={algorithm}
        onChange={(chosen) => setAlgorithm(chosen ?? algorithms[kind][0])}
        allowDeselect={false}
      />
      <Textarea
        label={t('publicKey.key')}
        description={t(`publicKey.${kind}.help`)}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={wrong ?? make.error?.of(kind === 'signing' ? 'publicKey' : 'jwk')}
        autosize
        minRows={4}
        withAsterisk
        classNames={{ input: 'mono' }}
      />
    </FormModal>
  )
}

/** The base64 of a public key in PEM or bare; undefined: it is neither, or it is a private one. */
function derOf(text: string): string | undefined {
  const bare = text.replaceAll(/-----(BEGIN|END) PUBLIC KEY-----|\s/g, '')
  return /^[A-Za-z0-9+/]{40,}={0,2}$/.test(bare) ? bare : undefined
}

/** A JWK as it was given; undefined: it is no object, or has its private half. */
function jwkOf(text: string): string | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && 'kty' in read && !('d' in read) ? text : undefined
  } catch {
    return undefined
  }
}
