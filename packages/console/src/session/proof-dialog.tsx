import { Button, Divider, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { IconFingerprint } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, session as clientSession } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import { ProblemAlert } from '../components/problem-alert.tsx'
import { CodeField } from './code-field.tsx'
import { proveWithPasskey } from './proof.ts'
import { type OwnSession, useSession, useSigning } from './session.tsx'

/** Opens when a call needs a fresh proof of who asks; the call goes on when it is given, and ends with its problem when it is not. */
export function ProofDialog() {
  const { t } = useTranslation()
  const { begun } = useSigning()
  const { by } = useSession()
  const waiting = useRef<((proved: boolean) => void)[]>([])
  const [opened, setOpened] = useState(false)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')

  const close = (proved: boolean): void => {
    for (const resolve of waiting.current.splice(0)) resolve(proved)
    setPassword('')
    setCode('')
    setOpened(false)
  }
  const onSuccess = (session: OwnSession): void => {
    begun(session)
    close(true)
  }
  const words = useMutation<OwnSession, Error>({
    mutationFn: () =>
      call('post', '/v1/sessions/current/reauthenticate', { body: { kind: 'password', password, code } }),
    onSuccess,
    onError: () => setCode(''),
  })
  const passkey = useMutation<OwnSession, Error>({ mutationFn: proveWithPasskey, onSuccess })

  useEffect(() => {
    clientSession.prove = () =>
      new Promise((resolve) => {
        waiting.current.push(resolve)
        setOpened(true)
      })
    return () => {
      clientSession.prove = async () => false
    }
  }, [])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    words.mutate()
  }
  const error = words.error ?? passkey.error
  const passwordFields = (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <PasswordInput
          label={t('signIn.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          maxLength={200}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          data-autofocus={by === 'password'}
          required
        />
        <CodeField value={code} onChange={setCode} />
        <Button type="submit" loading={words.isPending} variant={by === 'password' ? 'filled' : 'light'}>
          {t('proof.submit')}
        </Button>
      </Stack>
    </form>
  )
  return (
    <Modal
      opened={opened}
      onClose={() => close(false)}
      title={t('proof.title')}
      closeButtonProps={{ 'aria-label': t('close') }}
      zIndex={400}
    >
      <Stack gap="sm">
        <Text size="sm">{t('proof.text')}</Text>
        {error instanceof Problem && <ProblemAlert problem={error} />}
        {by === 'passkey' && browserSupportsWebAuthn() && (
          <>
            <Button
              leftSection={<IconFingerprint size={20} />}
              loading={passkey.isPending}
              onClick={() => passkey.mutate()}
              data-autofocus
            >
              {t('proof.passkey')}
            </Button>
            <Divider label={t('signIn.or')} />
          </>
        )}
        {passwordFields}
      </Stack>
    </Modal>
  )
}
