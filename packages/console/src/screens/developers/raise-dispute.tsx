import { Button, Group, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import { ProblemAlert, tell } from '../../components/problem-alert.tsx'
import { Card } from './card.tsx'

/** What starts a dispute, by NPCI's flag. */
const flags = ['FC', 'WP', 'RGGC', 'B', 'C', 'BGGC'] as const

/** A bank behind the switch raises something about a settled payment, in the cycle that is cut next. */
export function RaiseDispute() {
  const { t } = useTranslation('developers')
  const raise = useChange('post', '/sandbox/disputes', { touches: ['/v1/disputes'] })
  const form = useForm({
    initialValues: { rrn: '', flag: 'FC' },
    validate: { rrn: (rrn) => (/^[0-9]{12}$/.test(rrn.trim()) ? null : t('dispute.rrnWrong')) },
  })
  const submit = form.onSubmit(({ rrn, flag }) =>
    raise.mutate(
      { body: { paymentRrn: rrn.trim(), flag } },
      {
        onSuccess: () => {
          tell(t('dispute.done'))
          form.reset()
        },
      },
    ),
  )
  return (
    <Card title={t('dispute.title')} about={t('dispute.about')}>
      <form onSubmit={submit} noValidate>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput
            label="RRN"
            description={t('dispute.rrnHelp')}
            inputMode="numeric"
            maxLength={12}
            {...form.getInputProps('rrn')}
          />
          <Select
            label={t('dispute.flag')}
            description={t('dispute.flagHelp')}
            data={flags.map((value) => ({ value, label: `${value} · ${t(`dispute.by.${value}`)}` }))}
            allowDeselect={false}
            {...form.getInputProps('flag')}
          />
        </SimpleGrid>
        {raise.error !== null && <ProblemAlert problem={raise.error} />}
        <Group justify="flex-end" mt="sm">
          <Button type="submit" loading={raise.isPending}>
            {t('dispute.raise')}
          </Button>
        </Group>
      </form>
    </Card>
  )
}
