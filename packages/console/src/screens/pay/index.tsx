import { Alert, Anchor, Button, Card, Fieldset, Grid, Group, List, Stack, Text } from '@mantine/core'
import { IconCopyCheck, IconSend } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useChange } from '../../api/hooks.ts'
import { amountInWords } from '../../components/amount-words.ts'
import { confirm } from '../../components/confirm.tsx'
import { Instant } from '../../components/instant.tsx'
import { paiseOf, rupees } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { StopBanner, useStopped } from '../../components/stop-banner.tsx'
import { AmountFields } from './amount-fields.tsx'
import { FromField } from './from-field.tsx'
import { NameCheck } from './name-check.tsx'
import { Progress } from './progress.tsx'
import { ToFields } from './to-fields.tsx'
import { useAlike } from './use-alike.ts'
import { addressed, faultsOf, noWish, requestOf, type Wish } from './wish.ts'

/** Nobody said what became of the request: it may have been taken, so it goes out again as it was, under its own key. */
const unanswered = new Set([
  'offline',
  'not_a_hub',
  'database_unavailable',
  'request_timeout',
  'internal_error',
  'too_busy',
])

/** Pay: what is wished, checked and confirmed, sent once, and followed to its end. */
export function Screen() {
  const { t, i18n } = useTranslation('pay')
  const [wish, setWish] = useState(noWish)
  const [key, setKey] = useState(() => crypto.randomUUID())
  const [asked, setAsked] = useState(false)
  const stoppedAt = useStopped()
  const pay = useChange('post', '/v1/payments', { touches: ['/v1/payments', '/v1/accounts', '/v1/overview'] })
  const faults = faultsOf(wish)
  const alike = useAlike(wish)
  const isUnanswered = pay.error !== null && unanswered.has(pay.error.code)

  const change = (part: Partial<Wish>) => {
    setWish((before) => ({ ...before, ...part }))
    if (pay.error !== null) pay.reset()
  }
  const send = () =>
    pay.mutate(
      { body: requestOf(wish), idempotencyKey: key },
      // A refusal answers its key for good: what is sent next is another wish.
      { onError: (problem) => !unanswered.has(problem.code) && setKey(crypto.randomUUID()) },
    )
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (Object.keys(faults).length > 0) return
    const amount = rupees(paiseOf(wish.amount) ?? '')
    const sure = await confirm({
      title: t('confirm.title'),
      text: <Summary wish={wish} alike={alike.length} language={i18n.language} />,
      act: t('confirm.act', { amount }),
    })
    if (sure) send()
  }
  const another = () => {
    pay.reset()
    setKey(crypto.randomUUID())
    setAsked(false)
    setWish({ ...noWish, from: wish.from })
  }

  if (pay.data !== undefined) return <Progress id={pay.data.id} onAnother={another} />
  const error = (field: keyof Wish): string | undefined => {
    const fault = asked ? faults[field] : undefined
    return fault === undefined ? undefined : t(fault)
  }
  const common = { wish, change, error }
  return (
    <>
      <PageHeader title={t('title')} about={t('about')} />
      <StopBanner stoppedAt={stoppedAt} mb="md" />
      {isUnanswered && pay.error !== null && (
        <>
          <ProblemAlert problem={pay.error} />
          <Alert color="yellow" title={t('unanswered.title')}>
            <Text size="sm">{t('unanswered.text')}</Text>
            <Group mt="sm">
              <Button onClick={send} loading={pay.isPending}>
                {t('unanswered.again')}
              </Button>
            </Group>
          </Alert>
        </>
      )}
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Fieldset variant="unstyled" disabled={pay.isPending || isUnanswered}>
          <Grid>
            <Grid.Col span={{ base: 12, md: 7 }}>
              <Card withBorder>
                <Stack>
                  <FromField {...common} />
                  <ToFields {...common} />
                  <AmountFields {...common} />
                </Stack>
              </Card>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Stack>
                <NameCheck
                  wish={wish}
                  change={change}
                  ready={Object.keys(faults).every((one) => one === 'amount' || one === 'name' || one === 'from')}
                />
                {alike.length > 0 && (
                  <Alert color="yellow" icon={<IconCopyCheck />} title={t('alike.title')} role="status">
                    <Text size="sm">{t('alike.text')}</Text>
                    <List size="sm" mt="xs">
                      {alike.map(({ id, createdAt, status }) => (
                        <List.Item key={id}>
                          <Anchor component={Link} to={`/payments/${id}`} size="sm">
                            <Instant at={createdAt} form="short" />
                          </Anchor>{' '}
                          <StatusBadge status={status} />
                        </List.Item>
                      ))}
                    </List>
                  </Alert>
                )}
                {pay.error !== null && !isUnanswered && <ProblemAlert problem={pay.error} />}
                <Button type="submit" size="md" leftSection={<IconSend size={18} />} loading={pay.isPending}>
                  {t('review')}
                </Button>
                <Text size="xs" c="dimmed">
                  {t('reviewHelp')}
                </Text>
              </Stack>
            </Grid.Col>
          </Grid>
        </Fieldset>
      </form>
    </>
  )
}

/** What is about to be sent, as somebody reads it a last time. */
function Summary({
  wish,
  alike,
  language,
}: {
  readonly wish: Wish
  readonly alike: number
  readonly language: string
}) {
  const { t } = useTranslation('pay')
  const paise = paiseOf(wish.amount) ?? ''
  const to = addressed(wish)
  return (
    <Stack gap="xs">
      <Text size="xl" fw={700} className="tabular">
        {rupees(paise)}
      </Text>
      <Text size="sm">{amountInWords(paise, language)}</Text>
      <Text size="sm">
        {t('confirm.to')} <b>{wish.name.trim() === '' ? t('confirm.noName') : wish.name}</b>
        {', '}
        <span className="mono">
          {to.kind === 'account'
            ? `${to.account} · ${to.ifsc}`
            : to.kind === 'mmid'
              ? `${to.mobile} · ${to.mmid}`
              : `${wish.mobile} · ${wish.bank}`}
        </span>
      </Text>
      {alike > 0 && (
        <Text size="sm" fw={600} c="var(--mantine-color-yellow-light-color)">
          {t('confirm.alike')}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {t('confirm.text')}
      </Text>
    </Stack>
  )
}
