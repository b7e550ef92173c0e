import { Group, Input, Loader, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { IconBuildingBank, IconInfoCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useApi, useList } from '../../api/hooks.ts'
import { problemTitle } from '../../components/problem-alert.tsx'
import type { Fields } from './from-field.tsx'
import type { Wish } from './wish.ts'

const kinds = ['account', 'mmid', 'mobile'] as const

/** To whom: by account and IFSC, by mobile and MMID, or by mobile and bank. */
export function ToFields({ wish, change, error }: Fields) {
  const { t } = useTranslation('pay')
  const text = (field: 'account' | 'ifsc' | 'mobile' | 'mmid' | 'name', max: number, digits = false) => ({
    label: t(`to.${field}`),
    value: wish[field],
    maxLength: max,
    error: error(field),
    autoComplete: 'off',
    ...(digits ? { inputMode: 'numeric' as const } : {}),
  })
  return (
    <Stack gap="sm">
      <Input.Wrapper label={t('to.label')} labelElement="div">
        <SegmentedControl
          fullWidth
          aria-label={t('to.label')}
          data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={wish.kind}
          onChange={(kind) => change({ kind: kinds.find((one) => one === kind) ?? 'account' })}
        />
      </Input.Wrapper>
      {wish.kind === 'account' && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
          <TextInput
            {...text('account', 30)}
            onChange={({ currentTarget }) => change({ account: currentTarget.value.replaceAll(/\s/g, '') })}
            required
          />
          <TextInput
            {...text('ifsc', 11)}
            onChange={({ currentTarget }) => change({ ifsc: currentTarget.value.toUpperCase().replaceAll(/\s/g, '') })}
            placeholder="HDFC0000123"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            description={<BehindIfsc ifsc={wish.ifsc} />}
            descriptionProps={{ component: 'div' }}
            required
          />
        </SimpleGrid>
      )}
      {wish.kind !== 'account' && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
          <TextInput
            {...text('mobile', 10, true)}
            onChange={({ currentTarget }) => change({ mobile: currentTarget.value.replaceAll(/\D/g, '') })}
            required
          />
          {wish.kind === 'mmid' ? (
            <TextInput
              {...text('mmid', 7, true)}
              onChange={({ currentTarget }) => change({ mmid: currentTarget.value.replaceAll(/\D/g, '') })}
              description={t('to.mmidHelp')}
              required
            />
          ) : (
            <BankField wish={wish} change={change} error={error} />
          )}
        </SimpleGrid>
      )}
      <TextInput
        {...text('name', 50)}
        description={t('to.nameHelp')}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        required={wish.verifyName}
      />
    </Stack>
  )
}

/** The bank and branch behind an IFSC, as soon as it is one. */
function BehindIfsc({ ifsc }: { readonly ifsc: Wish['ifsc'] }) {
  const { t } = useTranslation('pay')
  const isWhole = /^[A-Z]{4}0[0-9A-Z]{6}$/.test(ifsc)
  const found = useApi('/v1/ifsc/{code}', { params: { code: ifsc } }, { enabled: isWhole })
  if (!isWhole) return t('to.ifscHelp')
  if (found.error !== null) return <Line icon="info">{problemTitle(t, found.error)}</Line>
  if (found.data === undefined || found.data.ifsc !== ifsc) return <Loader size={12} />
  const { bank, behind, branch, listed, takesImps } = found.data
  return (
    <Line icon={takesImps === false || listed === false ? 'info' : 'bank'}>
      {behind?.name ?? bank.name}, {t('to.branch', { branch })}
      {listed === false ? ` · ${t('to.notListed')}` : ''}
      {takesImps === false ? ` · ${t('to.noImps')}` : ''}
    </Line>
  )
}

function Line({ icon, children }: { readonly icon: 'bank' | 'info'; readonly children: React.ReactNode }) {
  const Icon = icon === 'bank' ? IconBuildingBank : IconInfoCircle
  return (
    <Group gap={4} wrap="nowrap" role="status">
      <Icon size={14} aria-hidden="true" />
      <Text span size="xs">
        {children}
      </Text>
    </Group>
  )
}

function BankField({ wish, change, error }: Fields) {
  const { t } = useTranslation('pay')
  const banks = useList('/v1/banks', { query: { limit: 100 } })
  return (
    <Select
      label={t('to.bank')}
      data={banks.rows.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))}
      value={wish.bank === '' ? null : wish.bank}
      onChange={(bank) => change({ bank: bank ?? '' })}
      onDropdownOpen={() => banks.hasMore && banks.more()}
      error={error('bank')}
      limit={50}
      searchable
      required
    />
  )
}
