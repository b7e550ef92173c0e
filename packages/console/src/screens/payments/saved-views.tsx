import { Button, Menu, Text, TextInput } from '@mantine/core'
import { IconBookmark, IconCheck, IconDeviceFloppy, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useChange } from '../../api/hooks.ts'
import type { Body, Item } from '../../api/shapes.ts'
import { confirm } from '../../components/confirm.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { tell, tellProblem } from '../../components/problem-alert.tsx'
import { type Filters, filtersOfView, viewFiltersOf } from './filters.ts'

type View = Item<'/v1/people/me/views'>
type Column = NonNullable<Body<'post', '/v1/people/me/views'>['columns']>[number]

const path = '/v1/people/me/views'
const touches = [path]

/** The view of one's own that is used, while its id is in the address. */
export const useView = (id: string | null): View | undefined =>
  useApi(path, {}, { enabled: id !== null }).data?.data.find((one) => one.id === id)

/**
 * One's own views of the list, kept by the hub: used, saved, renamed, deleted.
 * @param columns  those that are shown now
 * @param onUse  a view was chosen or made: its filters, and its id; undefined: none is used any more
 */
export function SavedViews({
  filters,
  columns,
  used,
  onUse,
}: {
  readonly filters: Filters
  readonly columns: readonly string[]
  readonly used: View | undefined
  readonly onUse: (filters: Filters, view: string | undefined) => void
}) {
  const { t } = useTranslation('payments')
  const [opened, setOpened] = useState(false)
  const [naming, setNaming] = useState<'new' | 'rename'>()
  const found = useApi(path, {}, { enabled: opened || used !== undefined })
  const change = useChange('patch', '/v1/people/me/views/{id}', { touches })
  const remove = useChange('delete', '/v1/people/me/views/{id}', { touches })
  const views = found.data?.data ?? []

  const keep = (view: View): void =>
    change.mutate(
      {
        params: { id: view.id },
        body: { filters: viewFiltersOf(filters), columns: columns.filter(isColumn) },
      },
      { onSuccess: () => tell(t('view.kept')), onError: (problem) => tellProblem(t, problem) },
    )
  const drop = async (view: View): Promise<void> => {
    const title = t('view.deleteTitle', { name: view.name })
    if (!(await confirm({ title, text: t('view.deleteText'), act: t('view.delete'), danger: true }))) return
    remove.mutate(
      { params: { id: view.id } },
      {
        onSuccess: () => {
          tell(t('view.deleted'))
          onUse(filters, undefined)
        },
        onError: (problem) => tellProblem(t, problem),
      },
    )
  }
  return (
    <>
      <Menu position="bottom-end" width={280} opened={opened} onChange={setOpened}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} />}>
            {used?.name ?? t('view.label')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('view.own')}</Menu.Label>
          {found.error !== null && <Menu.Item disabled>{found.error.message}</Menu.Item>}
          {found.data !== undefined && views.length === 0 && (
            <Text size="sm" c="dimmed" px="sm" pb="xs">
              {t('view.none')}
            </Text>
          )}
          {views.map((view) => (
            <Menu.Item
              key={view.id}
              rightSection={view.id === used?.id ? <IconCheck size={14} /> : null}
              onClick={() => onUse(filtersOfView(view.filters), view.id)}
            >
              {view.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlus size={16} />} onClick={() => setNaming('new')}>
            {t('view.new')}
          </Menu.Item>
          {used !== undefined && (
            <>
              <Menu.Item leftSection={<IconDeviceFloppy size={16} />} onClick={() => keep(used)}>
                {t('view.keep', { name: used.name })}
              </Menu.Item>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setNaming('rename')}>
                {t('view.rename', { name: used.name })}
              </Menu.Item>
              <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => void drop(used)}>
                {t('view.deleteOne', { name: used.name })}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {naming !== undefined && (
        <NameForm
          view={naming === 'rename' ? used : undefined}
          filters={filters}
          columns={columns.filter(isColumn)}
          onClose={() => setNaming(undefined)}
          onSaved={(view) => onUse(filters, view)}
        />
      )}
    </>
  )
}

/** Asks for the name of a view. @param view  the one that is renamed; absent: a new one is saved */
function NameForm({
  view,
  filters,
  columns,
  onClose,
  onSaved,
}: {
  readonly view: View | undefined
  readonly filters: Filters
  readonly columns: Column[]
  readonly onClose: () => void
  readonly onSaved: (view: string) => void
}) {
  const { t } = useTranslation('payments')
  const [name, setName] = useState(view?.name ?? '')
  const make = useChange('post', path, { touches })
  const change = useChange('patch', '/v1/people/me/views/{id}', { touches })
  const { error, isPending } = view === undefined ? make : change
  const onSuccess = ({ id }: View): void => {
    tell(t(view === undefined ? 'view.saved' : 'view.renamed'))
    onClose()
    onSaved(id)
  }
  return (
    <FormModal
      title={t(view === undefined ? 'view.newTitle' : 'view.renameTitle')}
      act={t('view.save')}
      opened
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault()
        if (view === undefined) make.mutate({ body: { name, filters: viewFiltersOf(filters), columns } }, { onSuccess })
        else change.mutate({ params: { id: view.id }, body: { name } }, { onSuccess })
      }}
      pending={isPending}
      problem={error}
    >
      <TextInput
        label={t('view.name')}
        description={t('view.nameHelp')}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        maxLength={50}
        error={error?.of('name')}
        data-autofocus
        withAsterisk
      />
    </FormModal>
  )
}

const known: Readonly<Record<Column, true>> = {
  createdAt: true,
  amount: true,
  status: true,
  direction: true,
  with: true,
  rrn: true,
  reference: true,
  responseCode: true,
  channel: true,
  id: true,
}
const isColumn = (id: string): id is Column => Object.hasOwn(known, id)
