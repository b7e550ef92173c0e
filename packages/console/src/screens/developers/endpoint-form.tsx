import { MultiSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { eventTypes } from '../../../../sdk/src/generated/event-types.ts'
import { useChange } from '../../api/hooks.ts'
import { FormModal } from '../../components/form-modal.tsx'
import { tell } from '../../components/problem-alert.tsx'
import type { Endpoint } from './endpoint-list.tsx'

/**
 * Has somebody told, or changes who is told of what.
 * @param endpoint  the one that is changed; absent: a new one is made, whose secret goes to `onSecret`
 */
export function EndpointForm({
  endpoint,
  opened,
  onClose,
  onSecret = () => undefined,
}: {
  readonly endpoint?: Endpoint
  readonly opened: boolean
  readonly onClose: () => void
  readonly onSecret?: (secret: string | null) => void
}) {
  const { t } = useTranslation('developers')
  const touches = ['/v1/webhook-endpoints']
  const make = useChange('post', '/v1/webhook-endpoints', { touches })
  const change = useChange('patch', '/v1/webhook-endpoints/{id}', { touches })
  const form = useForm<{ url: string; events: string[]; description: string }>({
    initialValues: {
      url: endpoint?.url ?? '',
      events: [...(endpoint?.events ?? [])],
      description: endpoint?.description ?? '',
    },
    validate: {
      url: (url) => (URL.canParse(url) ? null : t('endpoint.urlWrong')),
    },
  })
  const { error } = endpoint === undefined ? make : change
  const close = (): void => {
    make.reset()
    change.reset()
    onClose()
  }
  const done = (said: string): void => {
    tell(said)
    close()
  }
  const submit = form.onSubmit(({ url, events, description }) => {
    const chosen = eventTypes.filter((type) => events.includes(type))
    const types = chosen.length === 0 ? null : chosen
    const said = description.trim()
    if (endpoint === undefined) {
      const body = { url, events: types, ...(said === '' ? {} : { description: said }) }
      make.mutate(
        { body },
        {
          onSuccess: ({ secret }) => {
            form.reset()
            done(t('endpoint.made'))
            onSecret(secret)
          },
        },
      )
    } else {
      const body = { url, events: types, description: said === '' ? null : said }
      change.mutate({ params: { id: endpoint.id }, body }, { onSuccess: () => done(t('endpoint.changed')) })
    }
  })
  return (
    <FormModal
      title={t(endpoint === undefined ? 'endpoint.new' : 'endpoint.change')}
      act={t(endpoint === undefined ? 'endpoint.make' : 'endpoint.save')}
      opened={opened}
      onClose={close}
      onSubmit={submit}
      pending={make.isPending || change.isPending}
      problem={error}
      size="lg"
    >
      <TextInput
        label={t('endpoint.url')}
        description={t('endpoint.urlHelp')}
        type="url"
        maxLength={2_048}
        withAsterisk
        data-autofocus
        {...form.getInputProps('url')}
        error={form.errors.url ?? error?.of('url')}
      />
      <MultiSelect
        label={t('endpoint.events')}
        description={t('endpoint.eventsHelp')}
        data={[...eventTypes]}
        placeholder={form.values.events.length === 0 ? t('endpoint.allEvents') : ''}
        clearable
        clearButtonProps={{ 'aria-label': t('endpoint.eventsClear') }}
        {...form.getInputProps('events')}
      />
      <TextInput
        label={t('endpoint.description')}
        description={t('endpoint.descriptionHelp')}
        maxLength={200}
        {...form.getInputProps('description')}
      />
    </FormModal>
  )
}
