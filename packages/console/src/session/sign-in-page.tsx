import { Button, Divider, NumberInput, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { browserSupportsWebAuthn, WebAuthnError } from '@simplewebauthn/browser'
import { IconFingerprint } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useLocation } from 'react-router'
import { call } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import { ProblemAlert } from '../components/problem-alert.tsx'
import { CodeField } from './code-field.tsx'
import { Door } from './door.tsx'
import { signInWithPasskey } from './proof.ts'
import { type OwnSession, useSigning } from './session.tsx'

/** Where people sign in: with a passkey, or with a password and the code of an app. */
export function SignInPage() {
  const { t } = useTranslation()
  useDocumentTitle(`${t('signIn.title')} · Turant`)
  const { presence, begun } = useSigning()
  const { state } = useLocation()
  const [tenant, setTenant] = useState<number | string>(1)
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const passkey = useMutation<OwnSession, Error>({ mutationFn: signInWithPasskey, onSuccess: begun })
  const words = useMutation<OwnSession, Error>({
    mutationFn: () =>
      call('post', '/v1/sessions', { body: { kind: 'password', tenant: Number(tenant), login, password, code } }),
    onSuccess: begun,
    onError: () => setCode(''),
  })

  if (presence.kind === 'signed_in') {
    const { back } = Object(state)
    return <Navigate to={typeof back === 'string' ? back : '/'} replace />
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    passkey.reset()
    words.mutate()
  }
  const error = words.error ?? passkey.error
  return (
    <Door title={t('signIn.title')} text={t('signIn.text')}>
      {error instanceof Problem && <ProblemAlert problem={error} />}
      {browserSupportsWebAuthn() && (
        <>
          <Button
            size="md"
            leftSection={<IconFingerprint size={20} />}
            loading={passkey.isPending}
            onClick={() => {
              words.reset()
              passkey.mutate()
            }}
            fullWidth
          >
            {t('signIn.passkey')}
          </Button>
          <output>
            {passkey.error instanceof WebAuthnError || passkey.error?.name === 'NotAllowedError'
              ? t('signIn.passkeyNotUsed')
              : ''}
          </output>
          <Divider label={t('signIn.or')} />
        </>
      )}
      <form onSubmit={submit}>
        <Stack gap="sm">
          <NumberInput
            label={t('signIn.tenant')}
            description={t('signIn.tenantHelp')}
            value={tenant}
            onChange={setTenant}
            min={1}
            max={2_147_483_647}
            allowDecimal={false}
            hideControls
            required
          />
          <TextInput
            label={t('signIn.login')}
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
            autoComplete="username"
            autoCapitalize="none"
            maxLength={100}
            required
          />
          <PasswordInput
            label={t('signIn.password')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            maxLength={200}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
            required
          />
          <CodeField value={code} onChange={setCode} />
          <Button type="submit" variant="light" loading={words.isPending} fullWidth mt="xs">
            {t('signIn.submit')}
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
