import { Checkbox, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { areCompatible, parseRole, roleNames } from '../../../../../src/identity/rights.ts'
import { useChange } from '../../api/hooks.ts'
import { FormModal } from '../../components/form-modal.tsx'
import { tellDone, waits } from '../../components/told.ts'
import type { Person } from './person-list.tsx'

/** Invites somebody, or gives somebody other roles. Whoever can pay decides about nothing, and gives nobody rights. */
export function PersonForm({
  person,
  opened,
  onClose,
  onLink,
}: {
  readonly person?: Person
  readonly opened: boolean
  readonly onClose: () => void
  readonly onLink: (link: string) => void
}) {
  const { t } = useTranslation('administration')
  const touches = { touches: ['/v1/people', '/v1/approvals'] }
  const invite = useChange('post', '/v1/people', touches)
  const change = useChange('patch', '/v1/people/{id}', touches)
  const rolesOf = (words: readonly string[]) => words.flatMap((word) => parseRole(word) ?? [])
  const form = useForm<{ name: string; login: string; roles: string[] }>({
    initialValues: { name: person?.name ?? '', login: person?.login ?? '', roles: [...(person?.roles ?? [])] },
    validate: {
      name: (name) => (name.trim() === '' ? t('person.nameMissing') : null),
      login: (login) => (/^[A-Za-z0-9._%+@-]{3,100}$/.test(login) ? null : t('person.loginWrong')),
      roles: (roles) =>
        roles.length === 0 ? t('person.rolesMissing') : areCompatible(rolesOf(roles)) ? null : t('person.rolesClash'),
    },
  })
  const close = (): void => {
    form.reset()
    invite.reset()
    change.reset()
    onClose()
  }
  const submit = form.onSubmit(({ name, login, roles: words }) => {
    const roles = rolesOf(words)
    if (person === undefined)
      invite.mutate(
        { body: { name: name.trim(), login, roles } },
        {
          onSuccess: (made) => {
            tellDone(t, made, t('person.invited'))
            close()
            if (!waits(made)) onLink(made.invitation.link)
          },
        },
      )
    else
      change.mutate(
        { params: { id: person.id }, body: { roles } },
        {
          onSuccess: (made) => {
            tellDone(t, made, t('person.rolesChanged'))
            close()
          },
        },
      )
  })
  const problem = invite.error ?? change.error
  return (
    <FormModal
      title={person === undefined ? t('person.invite') : t('person.rolesOf', { name: person.name })}
      act={t(person === undefined ? 'person.invite' : 'person.changeRoles')}
      opened={opened}
      onClose={close}
      onSubmit={submit}
      pending={invite.isPending || change.isPending}
      problem={problem}
      size="lg"
    >
      {person === undefined && (
        <>
          <TextInput
            label={t('person.name')}
            maxLength={100}
            withAsterisk
            data-autofocus
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('person.login')}
            description={t('person.loginHelp')}
            maxLength={100}
            autoCapitalize="none"
            withAsterisk
            {...form.getInputProps('login')}
          />
        </>
      )}
      <Checkbox.Group label={t('person.roles')} withAsterisk {...form.getInputProps('roles')}>
        <Stack gap="xs" mt="xs">
          {roleNames.map((role) => (
            <Checkbox key={role} value={role} label={t(`common:role.${role}`)} description={t(`roleHelp.${role}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
    </FormModal>
  )
}
