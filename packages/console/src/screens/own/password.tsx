import { Button, Group, PasswordInput, Skeleton, Switch, Text } from '@mantine/core'
import { IconKey, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.ts'
import { useChange } from '../../api/hooks.ts'
import type { Problem } from '../../api/problem.ts'
import type { Answer } from '../../api/shapes.ts'
import { confirm } from '../../components/confirm.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { QrCode } from '../../components/qr-code.tsx'
import { CodeField } from '../../session/code-field.tsx'
import type { Factors } from './passkeys.tsx'
import { Section } from './section.tsx'

/**
 * One's password and the authenticator app beside it: another password, and another app where it is wanted or there is none. Whoever signs in
 * with passkeys gives both up.
 */
export function PasswordCard({ factors }: { readonly factors: Factors }) {
  const { t } = useTranslation('own')
  const [changing, setChanging] = useState(false)
  const remove = useChange('delete', '/v1/people/me/factors/{id}', { touches: ['/v1/people/me', '/v1/sessions'] })
  const password = factors.find(({ kind }) => kind === 'password')
  const giveUp = async (id: string): Promise<void> => {
    const words = { title: t('password.giveUpTitle'), text: t('password.giveUpText'), act: t('password.giveUp') }
    if (!(await confirm({ ...words, danger: true }))) return
    remove.mutate(
      { params: { id } },
      { onSuccess: () => tell(t('password.givenUp')), onError: (problem) => tellProblem(t, problem) },
    )
  }
  return (
    <Section
      title={t('password.title')}
      about={t('password.about')}
      action={
        <Group gap="xs">
          <Button
            variant="light"
            size="compact-md"
            leftSection={<IconKey size={16} />}
            onClick={() => setChanging(true)}
          >
            {t(password === undefined ? 'password.set' : 'password.change')}
          </Button>
          {password !== undefined && (
            <Button
              variant="subtle"
              color="red"
              size="compact-md"
              leftSection={<IconTrash size={16} />}
              loading={remove.isPending}
              onClick={() => void giveUp(password.id)}
            >
              {t('password.giveUp')}
            </Button>
          )}
        </Group>
      }
    >
      {password === undefined ? (
        <Text size="sm">{t('password.none')}</Text>
      ) : (
        <Text size="sm">
          {t('factor.made')} <Instant at={password.createdAt} form="short" />
        </Text>
      )}
      {changing && (
        <NewPassword hasApp={factors.some(({ kind }) => kind === 'totp')} onClose={() => setChanging(false)} />
      )}
    </Section>
  )
}

type App = Answer<'post', '/v1/people/me/app-options'>

function NewPassword({ hasApp, onClose }: { readonly hasApp: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('own')
  const queries = useQueryClient()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [wantsApp, setWantsApp] = useState(!hasApp)
  const app = useMutation<App, Problem>({ mutationFn: () => call('post', '/v1/people/me/app-options', {}) })
  const set = useMutation<unknown, Problem>({
    mutationFn: () =>
      call('post', '/v1/people/me/factors', {
        body: {
          kind: 'password',
          password,
          ...(wantsApp ? { app: { ceremony: app.data?.ceremony ?? '', code } } : {}),
        },
      }),
    onSuccess: () => {
      tell(t('password.changed'))
      onClose()
      return queries.invalidateQueries()
    },
    onError: (problem) => {
      setCode('')
      // A code that was tried ends its ceremony: another one begins, with another secret.
      if (problem.of('app.ceremony') !== undefined) app.mutate()
    },
  })
  const begin = (wanted: boolean): void => {
    setWantsApp(wanted)
    if (wanted && app.data === undefined) app.mutate()
  }
  return (
    <FormModal
      title={t('password.changeTitle')}
      act={t('password.save')}
      opened
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault()
        set.mutate()
      }}
      pending={set.isPending}
      problem={set.error}
    >
      <PasswordInput
        label={t('common:invitation.newPassword')}
        description={t('common:invitation.newPasswordHelp')}
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        autoComplete="new-password"
        maxLength={200}
        error={set.error?.of('password')}
        visibilityToggleButtonProps={{ 'aria-label': t('common:signIn.showPassword') }}
        data-autofocus
        required
      />
      {hasApp ? (
        <Switch
          label={t('password.otherApp')}
          checked={wantsApp}
          onChange={({ currentTarget }) => begin(currentTarget.checked)}
        />
      ) : (
        app.data === undefined && (
          <Button variant="light" onClick={() => begin(true)} loading={app.isPending}>
            {t('password.beginApp')}
          </Button>
        )
      )}
      {wantsApp && app.error !== null && <ProblemAlert problem={app.error} again={() => app.mutate()} />}
      {wantsApp && app.isPending && <Skeleton height={180} />}
      {wantsApp && app.data !== undefined && (
        <>
          <Text size="sm">{t('common:invitation.scan')}</Text>
          <QrCode text={app.data.uri} label={t('common:invitation.qr')} />
          <Group justify="center" gap={4}>
            <Text size="xs" className="mono">
              {app.data.secret}
            </Text>
            <CopyButton value={app.data.secret} what={t('common:invitation.secret')} />
          </Group>
          <CodeField value={code} onChange={setCode} error={set.error?.of('app.code')} />
        </>
      )}
    </FormModal>
  )
}
