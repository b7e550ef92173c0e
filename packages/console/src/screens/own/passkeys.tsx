import { Alert, Badge, Button, Group, List, Text, TextInput } from '@mantine/core'
import { browserSupportsWebAuthn, startRegistration } from '@simplewebauthn/browser'
import { IconFingerprint, IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.ts'
import { useChange } from '../../api/hooks.ts'
import { Problem } from '../../api/problem.ts'
import type { Answer } from '../../api/shapes.ts'
import { confirm } from '../../components/confirm.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { Instant } from '../../components/instant.tsx'
import { tell, tellProblem } from '../../components/problem-alert.tsx'
import { registrationOf } from '../../session/registration.ts'
import { Section } from './section.tsx'

export type Factors = Answer<'get', '/v1/people/me'>['factors']
type Factor = Factors[number]

/** One's passkeys: another one is made in this browser; one is removed, but not the last way in. */
export function Passkeys({ factors }: { readonly factors: Factors }) {
  const { t } = useTranslation('own')
  const [making, setMaking] = useState(false)
  const [renaming, setRenaming] = useState<Factor>()
  const touches = ['/v1/people/me', '/v1/sessions']
  const remove = useChange('delete', '/v1/people/me/factors/{id}', { touches })
  const passkeys = factors.filter(({ kind }) => kind === 'passkey')
  const drop = async (id: string, label: string): Promise<void> => {
    const title = t('passkey.removeTitle', { label })
    if (!(await confirm({ title, text: t('passkey.removeText'), act: t('passkey.remove'), danger: true }))) return
    remove.mutate(
      { params: { id } },
      { onSuccess: () => tell(t('passkey.removed')), onError: (problem) => tellProblem(t, problem) },
    )
  }
  return (
    <Section
      title={t('passkey.title')}
      about={t('passkey.about')}
      action={
        browserSupportsWebAuthn() && (
          <Button
            variant="light"
            size="compact-md"
            leftSection={<IconFingerprint size={16} />}
            onClick={() => setMaking(true)}
          >
            {t('passkey.add')}
          </Button>
        )
      }
    >
      {passkeys.length === 0 && <Text size="sm">{t('passkey.none')}</Text>}
      <List listStyleType="none" spacing="xs">
        {passkeys.map((one) => {
          const { id, label, synced, createdAt, lastUsedAt } = one
          return (
            <List.Item key={id}>
              <Group gap="xs">
                <Text span size="sm" fw={600}>
                  {label ?? t('passkey.unnamed')}
                </Text>
                <Badge variant="light" color="gray" radius="sm" tt="none">
                  {t(synced === true ? 'passkey.synced' : 'passkey.oneDevice')}
                </Badge>
                <Text span size="xs" c="dimmed">
                  {t('factor.made')} <Instant at={createdAt} form="short" />
                  {lastUsedAt !== null && (
                    <>
                      {' · '}
                      {t('factor.used')} <Instant at={lastUsedAt} form="short" />
                    </>
                  )}
                </Text>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  leftSection={<IconPencil size={14} />}
                  aria-label={t('passkey.renameOne', { label: label ?? t('passkey.unnamed') })}
                  onClick={() => setRenaming(one)}
                >
                  {t('passkey.rename')}
                </Button>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="red"
                  leftSection={<IconTrash size={14} />}
                  aria-label={t('passkey.removeOne', { label: label ?? t('passkey.unnamed') })}
                  onClick={() => void drop(id, label ?? t('passkey.unnamed'))}
                >
                  {t('passkey.remove')}
                </Button>
              </Group>
            </List.Item>
          )
        })}
      </List>
      {making && <NewPasskey onClose={() => setMaking(false)} />}
      {renaming !== undefined && <Rename passkey={renaming} onClose={() => setRenaming(undefined)} />}
    </Section>
  )
}

/** Calls a passkey something else. */
function Rename({ passkey, onClose }: { readonly passkey: Factor; readonly onClose: () => void }) {
  const { t } = useTranslation('own')
  const [label, setLabel] = useState(passkey.label ?? '')
  const rename = useChange('patch', '/v1/people/me/factors/{id}', { touches: ['/v1/people/me'] })
  return (
    <FormModal
      title={t('passkey.renameTitle')}
      act={t('passkey.rename')}
      opened
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault()
        rename.mutate(
          { params: { id: passkey.id }, body: { label: label.trim() } },
          {
            onSuccess: () => {
              tell(t('passkey.renamed'))
              onClose()
            },
          },
        )
      }}
      pending={rename.isPending}
      problem={rename.error}
    >
      <LabelField value={label} onChange={setLabel} error={rename.error?.of('label')} />
    </FormModal>
  )
}

function LabelField({
  value,
  onChange,
  error,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly error: string | undefined
}) {
  const { t } = useTranslation('own')
  return (
    <TextInput
      label={t('passkey.label')}
      description={t('passkey.labelHelp')}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      maxLength={50}
      error={error}
      data-autofocus
      withAsterisk
    />
  )
}

/** Asks what the passkey is called, then the browser for it. */
function NewPasskey({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('own')
  const queries = useQueryClient()
  const [label, setLabel] = useState('')
  const make = useMutation<unknown, Error>({
    mutationFn: async () => {
      const { ceremony, options } = await call('post', '/v1/people/me/passkey-options', {})
      const answer = await startRegistration({ optionsJSON: registrationOf.options(options) })
      return call('post', '/v1/people/me/factors', {
        body: { kind: 'passkey', ceremony, answer: registrationOf.answer(answer), label: label.trim() },
      })
    },
    onSuccess: () => {
      tell(t('passkey.added'))
      onClose()
      return queries.invalidateQueries()
    },
  })
  const problem = make.error instanceof Problem ? make.error : null
  return (
    <FormModal
      title={t('passkey.addTitle')}
      act={t('passkey.make')}
      opened
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault()
        make.mutate()
      }}
      pending={make.isPending}
      problem={problem}
    >
      <LabelField value={label} onChange={setLabel} error={problem?.of('label')} />
      {make.error !== null && problem === null && <Alert color="yellow">{t('passkey.notMade')}</Alert>}
    </FormModal>
  )
}
