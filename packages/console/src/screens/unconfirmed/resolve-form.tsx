import { FileInput, Select, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import { Choices, EvidenceFields, evidenceOf } from '../../components/evidence-fields.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { Money } from '../../components/money.tsx'
import { tell } from '../../components/problem-alert.tsx'
import { isByFile, type OpenState, type Outcome, outcomesOf } from './ages.ts'

const sources = ['npci_settlement_file', 'npci_dispute_system', 'beneficiary_bank', 'remitter_bank_core'] as const

type Resolving = {
  readonly outcome: Outcome | ''
  readonly source: (typeof sources)[number]
  readonly reference: string
  readonly fileCode: string
  readonly note: string
}

/** What became of a payment, and what shows it. Nothing moves by it: somebody else must agree. */
export function ResolveForm({
  payment,
  opened,
  onClose,
}: {
  readonly payment: { readonly id: string; readonly state: OpenState; readonly amount: string }
  readonly opened: boolean
  readonly onClose: () => void
}) {
  const { t } = useTranslation('unconfirmed')
  const resolve = useChange('post', '/v1/payments/{id}/resolve', { touches: ['/v1/approvals', '/v1/payments'] })
  const [file, setFile] = useState<File | null>(null)
  const form = useForm<Resolving>({
    initialValues: { outcome: '', source: 'npci_settlement_file', reference: '', fileCode: '', note: '' },
    validate: {
      outcome: (value) => (value === '' ? t('resolve.outcomeMissing') : null),
      reference: (value) => (value.trim() === '' ? t('resolve.referenceMissing') : null),
      fileCode: (value, { outcome }) =>
        outcome !== '' && isByFile(outcome) && !/^([0-9A-Z]{2}|absent)$/.test(value)
          ? t('resolve.fileCodeMissing')
          : null,
    },
  })
  const { outcome } = form.values
  const byFile = outcome !== '' && isByFile(outcome)
  const choose = (chosen: Outcome): void => {
    form.setFieldValue('outcome', chosen)
    if (isByFile(chosen)) form.setFieldValue('source', 'npci_settlement_file')
    if (chosen === 'settled') form.setFieldValue('fileCode', '00')
  }
  const close = (): void => {
    form.reset()
    resolve.reset()
    setFile(null)
    onClose()
  }
  const submit = form.onSubmit(async ({ outcome: said, source, reference, fileCode, note }) => {
    if (said === '') return
    const sha256 = file === null ? undefined : await sha256Of(file)
    resolve.mutate(
      {
        params: { id: payment.id },
        body: {
          outcome: said,
          evidence: {
            source,
            ...evidenceOf({ reference, note }),
            ...(isByFile(said) ? { fileCode } : {}),
            ...(sha256 === undefined ? {} : { sha256 }),
          },
        },
      },
      {
        onSuccess: () => {
          tell(t('resolve.done'))
          close()
        },
      },
    )
  })
  return (
    <FormModal
      title={t('resolve.title')}
      act={t('resolve.submit')}
      opened={opened}
      onClose={close}
      onSubmit={submit}
      pending={resolve.isPending}
      problem={resolve.error}
      size="lg"
    >
      <Text size="sm">
        {t('resolve.text')} <Money paise={payment.amount} strong />
      </Text>
      <Choices
        label={t('resolve.outcome')}
        withAsterisk
        value={outcome}
        error={form.errors.outcome}
        onChange={choose}
        choices={outcomesOf[payment.state].map((value) => ({
          value,
          label: t(`outcome.${value}.label`),
          description: t(`outcome.${value}.${payment.state}`),
        }))}
      />
      <Select
        label={t('resolve.source')}
        allowDeselect={false}
        disabled={byFile}
        data={sources.map((value) => ({ value, label: t(`source.${value}`) }))}
        {...form.getInputProps('source')}
      />
      {byFile && (
        <TextInput
          label={t('resolve.fileCode')}
          description={t('resolve.fileCodeHelp')}
          withAsterisk
          maxLength={6}
          {...form.getInputProps('fileCode')}
        />
      )}
      <EvidenceFields
        words={{
          reference: t('resolve.reference'),
          referenceHelp: t('resolve.referenceHelp'),
          note: t('resolve.note'),
        }}
        reference={form.getInputProps('reference')}
        note={form.getInputProps('note')}
      />
      <FileInput
        label={t('resolve.file')}
        description={t('resolve.fileHelp')}
        placeholder={t('resolve.fileNone')}
        clearable
        clearButtonProps={{ 'aria-label': t('resolve.fileClear') }}
        value={file}
        onChange={setFile}
      />
    </FormModal>
  )
}

/** The SHA-256 of a file, in hex: it stays in the browser. */
async function sha256Of(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
