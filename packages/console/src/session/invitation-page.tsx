import { Alert, Button, PasswordInput, Stack, Tabs, Text } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { browserSupportsWebAuthn, startRegistration } from '@simplewebauthn/browser'
import { IconFingerprint, IconKey } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate } from 'react-router'
import { call } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import type { Answer } from '../api/shapes.ts'
import { Waiting } from '../app/waiting.tsx'
import { CopyButton } from '../components/copy-button.tsx'
import { ProblemAlert } from '../components/problem-alert.tsx'
import { QrCode } from '../components/qr-code.tsx'
import { CodeField } from './code-field.tsx'
import { Door } from './door.tsx'
import { registrationOf } from './registration.ts'
import { type OwnSession, useSigning } from './session.tsx'

/** Where somebody comes who was invited: the token is behind the #, which no server is told. */
export function InvitationPage() {
  const { t } = useTranslation()
  useDocumentTitle(`${t('invitation.title')} · Turant`)
  const [token] = useState(() => location.hash.slice(1))
  const { presence } = useSigning()
  const look = useQuery<Answer<'post', '/v1/invitations/look'>, Problem>({
    queryKey: ['invitation'],
    queryFn: () => call('post', '/v1/invitations/look', { body: { token } }),
    enabled: token !== '',
    retry: false,
  })
  if (presence.kind === 'signed_in') return <Navigate to="/" replace />
  if (token === '' || look.error !== null)
    return (
      <Door title={t('invitation.title')} text={t('invitation.none')}>
        {look.error !== null && <ProblemAlert problem={look.error} />}
      </Door>
    )
  if (look.data === undefined) return <Waiting />
  const { name, login, roles } = look.data
  return (
    <Door
      title={t('invitation.welcome', { name })}
      text={t('invitation.text', { login, roles: roles.map((role) => t(`role.${role}`)).join(', ') })}
    >
      <Tabs defaultValue={browserSupportsWebAuthn() ? 'passkey' : 'password'}>
        <Tabs.List grow mb="md">
          <Tabs.Tab value="passkey" leftSection={<IconFingerprint size={16} />}>
            {t('invitation.passkey')}
          </Tabs.Tab>
          <Tabs.Tab value="password" leftSection={<IconKey size={16} />}>
            {t('invitation.password')}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="passkey">
          <WithPasskey token={token} />
        </Tabs.Panel>
        <Tabs.Panel value="password">
          <WithPassword token={token} />
        </Tabs.Panel>
      </Tabs>
    </Door>
  )
}

function WithPasskey({ token }: { readonly token: string }) {
  const { t } = useTranslation()
  const { begun } = useSigning()
  const make = useMutation<OwnSession, Error>({
    mutationFn: async () => {
      const { ceremony, options } = await call('post', '/v1/invitations/passkey-options', { body: { token } })
      const answer = await startRegistration({ optionsJSON: registrationOf.options(options) })
      const factor = {
        kind: 'passkey',
        ceremony,
        answer: registrationOf.answer(answer),
        label: navigator.platform,
      } as const
      return call('post', '/v1/invitations/accept', { body: { token, factor } })
    },
    onSuccess: begun,
  })
  return (
    <Stack gap="sm">
      <Text size="sm">{t('invitation.passkeyText')}</Text>
      {make.error instanceof Problem && <ProblemAlert problem={make.error} />}
      {make.error !== null && !(make.error instanceof Problem) && (
        <Alert color="yellow">{t('signIn.passkeyNotUsed')}</Alert>
      )}
      <Button leftSection={<IconFingerprint size={20} />} loading={make.isPending} onClick={() => make.mutate()}>
        {t('invitation.makePasskey')}
      </Button>
    </Stack>
  )
}

function WithPassword({ token }: { readonly token: string }) {
  const { t } = useTranslation()
  const { begun } = useSigning()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const app = useQuery<Answer<'post', '/v1/invitations/app-options'>, Problem>({
    queryKey: ['invitation', 'app'],
    queryFn: () => call('post', '/v1/invitations/app-options', { body: { token } }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const accept = useMutation<OwnSession, Problem>({
    mutationFn: () => {
      const factor = { kind: 'password', password, app: { ceremony: app.data?.ceremony ?? '', code } } as const
      return call('post', '/v1/invitations/accept', { body: { token, factor } })
    },
    onSuccess: begun,
    onError: (problem) => {
      setCode('')
      // A code that was tried ends its ceremony: another one begins, with another secret.
      if (problem.of('factor.app.ceremony') !== undefined) void app.refetch()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    accept.mutate()
  }
  if (app.error !== null) return <ProblemAlert problem={app.error} again={() => void app.refetch()} />
  if (app.data === undefined) return <Waiting />
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {accept.error !== null && <ProblemAlert problem={accept.error} />}
        <PasswordInput
          label={t('invitation.newPassword')}
          description={t('invitation.newPasswordHelp')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="new-password"
          minLength={12}
          maxLength={200}
          error={accept.error?.of('factor.password')}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          required
        />
        <Text size="sm">{t('invitation.scan')}</Text>
        <QrCode text={app.data.uri} label={t('invitation.qr')} />
        <Text size="xs" ta="center" className="mono">
          {app.data.secret} <CopyButton value={app.data.secret} what={t('invitation.secret')} />
        </Text>
        <CodeField value={code} onChange={setCode} error={accept.error?.of('factor.app.code')} />
        <Button type="submit" loading={accept.isPending}>
          {t('invitation.accept')}
        </Button>
      </Stack>
    </form>
  )
}
