import { Checkbox, ScrollArea, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { clientRights } from '../../../../../src/identity/rights.ts'
import { useChange } from '../../api/hooks.ts'
import { isSandbox } from '../../app/brand.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { tellDone, waits } from '../../components/told.ts'

/** What most programs that pay need. */
const usual: string[] = ['payments:read', 'payments:create', 'names:ask', 'accounts:read']

/** A program that may act for the tenant: with these rights and no others, from these networks and no others. */
export function NewClient({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('developers')
  const navigate = useNavigate()
  const make = useChange('post', '/v1/clients', { touches: ['/v1/clients', '/v1/approvals'] })
  const form = useForm({
    initialValues: { name: '', rights: usual, networks: '', live: !isSandbox },
    validate: {
      name: (name) => (name.trim() === '' ? t('client.nameMissing') : null),
      rights: (rights) => (rights.length === 0 ? t('client.rightsMissing') : null),
    },
  })
  const close = (): void => {
    form.reset()
    make.reset()
    onClose()
  }
  const submit = form.onSubmit(({ name, rights, networks, live }) => {
    const chosen = clientRights.filter((right) => rights.includes(right))
    const listed = networks.split(/[\s,]+/).filter((one) => one !== '')
    make.mutate(
      { body: { name: name.trim(), rights: chosen, networks: listed, live } },
      {
        onSuccess: (made) => {
          tellDone(t, made, t('client.made'))
          close()
          if (!waits(made)) void navigate(`/developers/keys/${made.id}`)
        },
      },
    )
  })
  return (
    <FormModal
      title={t('client.new')}
      act={t('client.make')}
      opened={opened}
      onClose={close}
      onSubmit={submit}
      pending={make.isPending}
      problem={make.error}
      size="xl"
    >
      <TextInput
        label={t('client.name')}
        description={t('client.nameHelp')}
        maxLength={100}
        withAsterisk
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Checkbox.Group
        label={t('client.rights')}
        description={t('client.rightsHelp')}
        withAsterisk
        {...form.getInputProps('rights')}
      >
        <ScrollArea.Autosize mah={280} mt="xs" type="auto">
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing="xs">
            {clientRights.map((right) => (
              <Checkbox key={right} value={right} label={right} description={t(`right.${right.replace(':', '_')}`)} />
            ))}
          </SimpleGrid>
        </ScrollArea.Autosize>
      </Checkbox.Group>
      <Textarea
        label={t('client.networks')}
        description={t('client.networksHelp')}
        placeholder="203.0.113.0/24"
        autosize
        minRows={1}
        {...form.getInputProps('networks')}
      />
      {!isSandbox && (
        <Checkbox
          label={t('client.live')}
          description={t('client.liveHelp')}
          {...form.getInputProps('live', { type: 'checkbox' })}
        />
      )}
    </FormModal>
  )
}
