import { Alert, Button, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useApi, useChange } from '../../api/hooks.ts'
import type { Body } from '../../api/shapes.ts'
import { FormModal } from '../../components/form-modal.tsx'
import { ProblemAlert, tell } from '../../components/problem-alert.tsx'
import { useRight } from '../../session/session.tsx'

const kinds = ['account', 'mmid', 'mobile'] as const
type To = NonNullable<Body<'post', '/v1/beneficiaries'>>['to']
type Given = {
  readonly kind: (typeof kinds)[number]
  readonly ifsc: string
  readonly account: string
  readonly mobile: string
  readonly mmid: string
  readonly bank: string
  readonly name: string
  readonly label: string
}

const ifscForm = /^[A-Z]{4}0[A-Z0-9]{6}$/

/** Where it leads, as the API wants it. */
function toOf({ kind, ifsc, account, mobile, mmid, bank, name }: Given): To {
  const named = name.trim() === '' ? {} : { name: name.trim() }
  switch (kind) {
    case 'account':
      return { kind, ifsc: ifsc.toUpperCase(), account, ...named }
    case 'mmid':
      return { kind, mobile, mmid, ...named }
    case 'mobile':
      return { kind, mobile, bank: bank.toUpperCase(), ...named }
  }
}

/** Registers a beneficiary; its bank can be asked first whose account it is. */
export function NewBeneficiary({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('beneficiaries')
  const mayAsk = useRight('names:ask')
  const create = useChange('post', '/v1/beneficiaries', { touches: ['/v1/beneficiaries', '/v1/approvals'] })
  const enquire = useChange('post', '/v1/name-enquiries')
  const form = useForm<Given>({
    initialValues: { kind: 'account', ifsc: '', account: '', mobile: '', mmid: '', bank: '', name: '', label: '' },
    validate: {
      ifsc: (value, { kind }) => (kind !== 'account' || ifscForm.test(value.toUpperCase()) ? null : t('new.ifscWrong')),
      account: (value, { kind }) =>
        kind !== 'account' || /^[A-Za-z0-9]{1,30}$/.test(value) ? null : t('new.accountWrong'),
      mobile: (value, { kind }) => (kind === 'account' || /^[6-9][0-9]{9}$/.test(value) ? null : t('new.mobileWrong')),
      mmid: (value, { kind }) => (kind !== 'mmid' || /^[0-9]{7}$/.test(value) ? null : t('new.mmidWrong')),
      bank: (value, { kind }) => (kind !== 'mobile' || /^[A-Za-z]{4}$/.test(value) ? null : t('new.bankWrong')),
    },
  })
  const { kind, ifsc } = form.values
  const code = ifsc.toUpperCase()
  const branch = useApi('/v1/ifsc/{code}', { params: { code } }, { enabled: kind === 'account' && ifscForm.test(code) })
  const submit = form.onSubmit((given) =>
    create.mutate(
      { body: { to: toOf(given), ...(given.label.trim() === '' ? {} : { label: given.label.trim() }) } },
      {
        onSuccess: (made) => {
          tell(t('digest' in made ? 'new.waits' : 'new.done'))
          onClose()
        },
      },
    ),
  )
  const ask = () => {
    if (form.validate().hasErrors) return
    const { name } = form.values
    enquire.mutate({ body: { to: toOf(form.values), ...(name.trim() === '' ? {} : { name: name.trim() }) } })
  }
  const said = enquire.data
  return (
    <FormModal
      title={t('new.act')}
      act={t('new.submit')}
      opened
      onClose={onClose}
      onSubmit={submit}
      pending={create.isPending}
      problem={create.error}
    >
      <Select
        label={t('kind.label')}
        allowDeselect={false}
        data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        {...form.getInputProps('kind')}
      />
      {kind === 'account' ? (
        <>
          <TextInput
            label={t('new.ifsc')}
            description={branch.data === undefined ? t('new.ifscHelp') : t('new.branch', branchWords(branch.data))}
            withAsterisk
            maxLength={11}
            {...form.getInputProps('ifsc')}
          />
          <TextInput
            label={t('new.account')}
            withAsterisk
            maxLength={30}
            autoComplete="off"
            {...form.getInputProps('account')}
          />
        </>
      ) : (
        <TextInput
          label={t('new.mobile')}
          withAsterisk
          maxLength={10}
          inputMode="numeric"
          autoComplete="off"
          {...form.getInputProps('mobile')}
        />
      )}
      {kind === 'mmid' && (
        <TextInput
          label={t('new.mmid')}
          withAsterisk
          maxLength={7}
          inputMode="numeric"
          {...form.getInputProps('mmid')}
        />
      )}
      {kind === 'mobile' && (
        <TextInput
          label={t('new.bank')}
          description={t('new.bankHelp')}
          withAsterisk
          maxLength={4}
          {...form.getInputProps('bank')}
        />
      )}
      <TextInput label={t('name')} description={t('new.nameHelp')} maxLength={50} {...form.getInputProps('name')} />
      {mayAsk && (
        <Stack gap="xs">
          <Button variant="default" w="fit-content" loading={enquire.isPending} onClick={ask}>
            {t('new.ask')}
          </Button>
          {enquire.error !== null && <ProblemAlert problem={enquire.error} />}
          {said !== undefined && (
            <Alert
              variant="light"
              role="status"
              color={said.nameMatch?.verdict === 'mismatch' || said.status === 'refused' ? 'red' : 'green'}
              title={said.registeredName ?? t('new.noName')}
            >
              {said.nameMatch === null
                ? (said.reason?.message ?? t('new.noMatch'))
                : t(`match.${said.nameMatch.verdict}`, { ...said.nameMatch })}
            </Alert>
          )}
        </Stack>
      )}
      <TextInput label={t('label')} description={t('new.labelHelp')} maxLength={50} {...form.getInputProps('label')} />
      <Text size="xs" c="dimmed">
        {t('new.cooling')}
      </Text>
    </FormModal>
  )
}

const branchWords = ({
  bank,
  branch,
}: {
  readonly bank: { readonly name: string | null }
  readonly branch: string
}) => ({
  bank: bank.name ?? '',
  branch,
})
