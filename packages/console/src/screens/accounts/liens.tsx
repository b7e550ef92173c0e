import { Button, Group, Paper, Skeleton, Table, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useChange } from '../../api/hooks.ts'
import { confirm } from '../../components/confirm.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { Instant } from '../../components/instant.tsx'
import { Money, paiseOf, rupees } from '../../components/money.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { useRight } from '../../session/session.tsx'

const touches = ['/v1/accounts']

/** What of an account is disputed and must stay in it. */
export function Liens({ id }: { readonly id: string }) {
  const { t } = useTranslation('accounts')
  const may = useRight('accounts:freeze')
  const [placing, setPlacing] = useState(false)
  const found = useApi('/v1/accounts/{id}/liens', { params: { id } })
  const release = useChange('delete', '/v1/accounts/{id}/liens/{lienId}', { touches })
  const letGo = async (lienId: string, amount: string) => {
    const words = {
      title: t('lien.release.title'),
      text: t('lien.release.text', { amount: rupees(amount) }),
      act: t('lien.release.act'),
    }
    if (await confirm(words))
      release.mutate(
        { params: { id, lienId } },
        { onSuccess: () => tell(t('lien.release.done')), onError: (problem) => tellProblem(t, problem) },
      )
  }
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t('lien.title')}
        </Title>
        {may && (
          <Button size="xs" variant="default" onClick={() => setPlacing(true)}>
            {t('lien.place.act')}
          </Button>
        )}
      </Group>
      {found.error !== null && <ProblemAlert problem={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Skeleton h={80} />}
      {found.data?.data.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('lien.none')}
        </Text>
      )}
      {found.data !== undefined && found.data.data.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th ta="end">{t('lien.amount')}</Table.Th>
                <Table.Th>{t('reference')}</Table.Th>
                <Table.Th>{t('lien.placedAt')}</Table.Th>
                <Table.Th>{t('lien.releasedAt')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.data.data.map((lien) => (
                <Table.Tr key={lien.id}>
                  <Table.Td ta="end">
                    <Money paise={lien.amount} />
                  </Table.Td>
                  <Table.Td>{lien.reference}</Table.Td>
                  <Table.Td>
                    <Instant at={lien.placedAt} form="short" />
                  </Table.Td>
                  <Table.Td>
                    {lien.releasedAt === null && may ? (
                      <Button size="compact-xs" variant="default" onClick={() => void letGo(lien.id, lien.amount)}>
                        {t('lien.release.act')}
                      </Button>
                    ) : (
                      <Instant at={lien.releasedAt} form="short" />
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {placing && <PlaceLien id={id} onClose={() => setPlacing(false)} />}
    </Paper>
  )
}

/** Puts an amount under lien; it may be more than there is. */
function PlaceLien({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { t } = useTranslation('accounts')
  const place = useChange('post', '/v1/accounts/{id}/liens', { touches })
  const form = useForm({
    initialValues: { amount: '', reference: '' },
    validate: {
      amount: (value: string) => (paiseOf(value) === undefined ? t('amountWrong') : null),
      reference: (value: string) => (value.trim() === '' ? t('lien.place.referenceMissing') : null),
    },
  })
  const submit = form.onSubmit(({ amount, reference }) =>
    place.mutate(
      { params: { id }, body: { amount: paiseOf(amount) ?? '', reference: reference.trim() } },
      {
        onSuccess: () => {
          tell(t('lien.place.done'))
          onClose()
        },
      },
    ),
  )
  return (
    <FormModal
      title={t('lien.place.act')}
      act={t('lien.place.act')}
      opened
      onClose={onClose}
      onSubmit={submit}
      pending={place.isPending}
      problem={place.error}
    >
      <Text size="sm">{t('lien.place.text')}</Text>
      <TextInput
        label={t('lien.amount')}
        withAsterisk
        inputMode="decimal"
        leftSection="₹"
        {...form.getInputProps('amount')}
      />
      <TextInput
        label={t('reference')}
        description={t('lien.place.referenceHelp')}
        withAsterisk
        maxLength={100}
        {...form.getInputProps('reference')}
      />
    </FormModal>
  )
}
