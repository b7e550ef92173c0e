import { ActionIcon, Button, Menu, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDots, IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange, useList } from '../../api/hooks.ts'
import type { Problem } from '../../api/problem.ts'
import type { Item } from '../../api/shapes.ts'
import { confirm } from '../../components/confirm.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { tellProblem } from '../../components/problem-alert.tsx'
import { ShownOnce } from '../../components/shown-once.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { tellDone } from '../../components/told.ts'
import { useRight, useSession } from '../../session/session.tsx'
import { PersonForm } from './person-form.tsx'

export type Person = Item<'/v1/people'>

const stateOf = ({ disabledAt, factors }: Person): 'disabled' | 'invited' | 'active' =>
  disabledAt !== null ? 'disabled' : factors.length === 0 ? 'invited' : 'active'

/** Who may act for the tenant, and as what. Nobody changes themselves. */
export function PersonList() {
  const { t } = useTranslation('administration')
  const { person: own } = useSession()
  const list = useList('/v1/people', {})
  const mayChange = useRight('people:write')
  const [editing, setEditing] = useState<Person>()
  const [inviting, dialog] = useDisclosure(false)
  const [link, setLink] = useState<string | null>(null)
  const columns: readonly Column<Person>[] = [
    { id: 'name', header: t('person.name'), cell: ({ name }) => name, text: ({ name }) => name },
    { id: 'login', header: t('person.login'), cell: ({ login }) => login, text: ({ login }) => login },
    {
      id: 'roles',
      header: t('person.roles'),
      cell: ({ roles }) => roles.map((role) => t(`common:role.${role}`)).join(', '),
      text: ({ roles }) => roles.join(' '),
    },
    {
      id: 'state',
      header: t('state'),
      cell: (one) => <StatusBadge status={stateOf(one)} />,
      text: stateOf,
    },
    {
      id: 'factors',
      header: t('person.factors'),
      cell: ({ factors }) =>
        factors.length === 0 ? t('common:none') : factors.map((kind) => t(`factor.${kind}`)).join(', '),
      text: ({ factors }) => factors.join(' '),
    },
    {
      id: 'createdAt',
      header: t('since'),
      cell: ({ createdAt }) => <Instant at={createdAt} form="day" />,
      text: ({ createdAt }) => createdAt,
    },
    ...(mayChange
      ? [
          {
            id: 'actions',
            header: t('actions'),
            cell: (one: Person) =>
              one.id === own.id ? (
                <Text span inherit c="dimmed">
                  {t('person.you')}
                </Text>
              ) : (
                <Doing person={one} onRoles={() => setEditing(one)} onLink={setLink} />
              ),
          },
        ]
      : []),
  ]
  return (
    <>
      <DataTable
        name="people"
        label={t('part.people')}
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        tools={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
              {t('person.invite')}
            </Button>
          )
        }
        empty={<EmptyState icon={IconUsersGroup} title={t('person.none')} text={t('person.noneText')} />}
      />
      <PersonForm opened={inviting} onClose={dialog.close} onLink={setLink} />
      {editing !== undefined && (
        <PersonForm key={editing.id} person={editing} opened onClose={() => setEditing(undefined)} onLink={setLink} />
      )}
      <ShownOnce
        title={t('person.linkTitle')}
        what={t('person.link')}
        text={t('person.linkText')}
        value={link}
        onClose={() => setLink(null)}
      />
    </>
  )
}

/** What an administrator can do about somebody else. */
function Doing({
  person,
  onRoles,
  onLink,
}: {
  readonly person: Person
  readonly onRoles: () => void
  readonly onLink: (link: string) => void
}) {
  const { t } = useTranslation('administration')
  const touches = { touches: ['/v1/people', '/v1/approvals'] }
  const disable = useChange('post', '/v1/people/{id}/disable', touches)
  const enable = useChange('post', '/v1/people/{id}/enable', touches)
  const reset = useChange('post', '/v1/people/{id}/reset', touches)
  const signOut = useChange('post', '/v1/people/{id}/sign-out', touches)
  const invite = useChange('post', '/v1/people/{id}/invitation', touches)
  const params = { id: person.id }
  const ends = (said: string) => ({
    onSuccess: (answer: unknown) => tellDone(t, answer, said),
    onError: (problem: Problem) => tellProblem(t, problem),
  })
  const { name } = person
  const state = stateOf(person)
  const ask = (what: 'disable' | 'reset' | 'signOut'): Promise<boolean> =>
    confirm({
      title: t(`person.${what}Title`, { name }),
      text: t(`person.${what}Text`),
      act: t(`person.${what}`),
      danger: what !== 'signOut',
    })
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('person.actionsOf', { name })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onRoles}>{t('person.changeRoles')}</Menu.Item>
        {state === 'invited' && (
          <Menu.Item
            onClick={() =>
              invite.mutate(
                { params },
                { onSuccess: (made) => onLink(made.link), onError: (one) => tellProblem(t, one) },
              )
            }
          >
            {t('person.inviteAgain')}
          </Menu.Item>
        )}
        {state === 'active' && (
          <>
            <Menu.Item
              onClick={async () => (await ask('signOut')) && signOut.mutate({ params }, ends(t('person.signedOut')))}
            >
              {t('person.signOut')}
            </Menu.Item>
            <Menu.Item
              onClick={async () => (await ask('reset')) && reset.mutate({ params }, ends(t('person.resetDone')))}
            >
              {t('person.reset')}
            </Menu.Item>
          </>
        )}
        {state === 'disabled' ? (
          <Menu.Item onClick={() => enable.mutate({ params }, ends(t('person.enabled')))}>
            {t('person.enable')}
          </Menu.Item>
        ) : (
          <Menu.Item
            color="red"
            onClick={async () => (await ask('disable')) && disable.mutate({ params }, ends(t('person.disabled')))}
          >
            {t('person.disable')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
