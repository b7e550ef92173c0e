import { Alert, Button, Card, Checkbox, Stack, Text } from '@mantine/core'
import { IconUserCheck } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { addressed, fieldsOf, type Wish } from './wish.ts'

const colours = { match: 'green', close: 'yellow', mismatch: 'red' } as const

/** Whose account it is, asked of the beneficiary's bank before any money goes. */
export function NameCheck({
  wish,
  change,
  ready,
}: {
  readonly wish: Wish
  readonly change: (part: Partial<Wish>) => void
  readonly ready: boolean
}) {
  const { t } = useTranslation('pay')
  const ask = useChange('post', '/v1/name-enquiries')
  const about = [wish.kind, ...fieldsOf[wish.kind].map((field) => wish[field]), wish.name].join(' ')
  const { reset } = ask
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer is about what was asked
  useEffect(() => reset(), [about])

  const found = ask.data
  const verdict = found?.nameMatch?.verdict
  const colour = found?.status === 'refused' ? 'red' : verdict === undefined ? 'blue' : colours[verdict]
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Text size="sm">{t('name.about')}</Text>
        <Button
          variant="light"
          leftSection={<IconUserCheck size={18} />}
          disabled={!ready}
          loading={ask.isPending}
          onClick={() =>
            ask.mutate({ body: { to: addressed(wish), ...(wish.from === '' ? {} : { from: wish.from }) } })
          }
        >
          {t('name.ask')}
        </Button>
        {ask.error?.code === 'name_enquiry_not_available' ? (
          <Alert color="blue" title={t('name.notAvailable')}>
            {t('name.notAvailableText')}
          </Alert>
        ) : (
          ask.error !== null && <ProblemAlert problem={ask.error} />
        )}
        {found !== undefined && (
          <Alert color={colour} title={found.registeredName ?? t('name.refused')} role="status">
            {found.status === 'refused'
              ? (found.reason?.message ?? t('name.refusedText'))
              : verdict === undefined
                ? t('name.compare')
                : t(`name.${verdict}`, { score: found.nameMatch?.score ?? 0 })}
          </Alert>
        )}
        <Checkbox
          label={t('name.verify')}
          description={t('name.verifyHelp')}
          checked={wish.verifyName}
          onChange={({ currentTarget }) => change({ verifyName: currentTarget.checked })}
        />
      </Stack>
    </Card>
  )
}
