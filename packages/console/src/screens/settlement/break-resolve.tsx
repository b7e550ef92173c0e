import { MultiSelect, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useChange, useList } from '../../api/hooks.ts'
import { Choices, EvidenceFields, evidenceOf } from '../../components/evidence-fields.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { rupees } from '../../components/money.tsx'
import { tell } from '../../components/problem-alert.tsx'
import type { Break } from './breaks.tsx'

const resolutions = ['corrected', 'accepted', 'forced'] as const

type Resolving = {
  readonly resolution: (typeof resolutions)[number]
  readonly others: string[]
  readonly reference: string
  readonly note: string
}

/** How a break is settled, and what shows it. Somebody else must agree, and no money moves by it. */
export function BreakResolve({
  one,
  opened,
  onClose,
}: {
  readonly one: Break
  readonly opened: boolean
  readonly onClose: () => void
}) {
  const { t } = useTranslation('settlement')
  const resolve = useChange('post', '/v1/breaks/{id}/resolve', { touches: ['/v1/breaks', '/v1/approvals'] })
  const form = useForm<Resolving>({
    initialValues: { resolution: 'corrected', others: [], reference: '', note: '' },
    validate: {
      reference: (value) => (value.trim() === '' ? t('break.resolve.referenceMissing') : null),
      others: (value, { resolution }) =>
        resolution === 'forced' && value.length === 0 ? t('break.resolve.othersMissing') : null,
    },
  })
  const isForced = form.values.resolution === 'forced'
  const query = {
    state: 'open' as const,
    limit: 100,
    ...(one.institution === null ? {} : { institution: one.institution }),
  }
  const open = useList('/v1/breaks', { query }, { enabled: opened && isForced })
  const close = (): void => {
    form.reset()
    resolve.reset()
    onClose()
  }
  const submit = form.onSubmit(({ resolution, others, reference, note }) =>
    resolve.mutate(
      {
        params: { id: one.id },
        body: {
          resolution,
          ...(resolution === 'forced' ? { with: others } : {}),
          evidence: evidenceOf({ reference, note }),
        },
      },
      {
        onSuccess: () => {
          tell(t('break.resolve.done'))
          close()
        },
      },
    ),
  )
  return (
    <FormModal
      title={t('break.resolve.title')}
      act={t('break.resolve.submit')}
      opened={opened}
      onClose={close}
      onSubmit={submit}
      pending={resolve.isPending}
      problem={resolve.error}
      size="lg"
    >
      <Text size="sm">{t('break.resolve.text')}</Text>
      <Choices
        label={t('break.resolve.how')}
        choices={resolutions.map((value) => ({
          value,
          label: t(`break.resolve.${value}.label`),
          description: t(`break.resolve.${value}.text`),
        }))}
        {...form.getInputProps('resolution')}
      />
      {isForced && (
        <MultiSelect
          label={t('break.resolve.others')}
          searchable
          data={open.rows
            .filter(({ id, direction }) => id !== one.id && direction === one.direction)
            .map(({ id, type, rrn, amount }) => ({
              value: id,
              label: [type, rrn, amount === null ? '' : rupees(amount)].join(' '),
            }))}
          {...form.getInputProps('others')}
        />
      )}
      <EvidenceFields
        words={{
          reference: t('break.resolve.reference'),
          referenceHelp: t('break.resolve.referenceHelp'),
          note: t('break.resolve.note'),
        }}
        reference={form.getInputProps('reference')}
        note={form.getInputProps('note')}
      />
    </FormModal>
  )
}
