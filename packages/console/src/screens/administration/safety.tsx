import { Button, Group, Paper, Radio, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconHandStop, IconPlayerPlay } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../api/hooks.ts'
import type { Problem } from '../../api/problem.ts'
import { confirm } from '../../components/confirm.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { useStopped } from '../../components/stop-banner.tsx'
import { useRight } from '../../session/session.tsx'

/** What stops payments at once: all of them, or those of one account number or mobile. */
export function Safety() {
  const mayStop = useRight('accounts:freeze')
  const mayResume = useRight('limits:write')
  const mayBlock = useRight('risk:write')
  return (
    <Stack gap="md">
      {(mayStop || mayResume) && <KillSwitch mayStop={mayStop} mayResume={mayResume} />}
      {mayBlock && <Blocks />}
    </Stack>
  )
}

function Part({
  title,
  about,
  children,
}: {
  readonly title: string
  readonly about: string
  readonly children: ReactNode
}) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="md" maw="80ch">
        {about}
      </Text>
      {children}
    </Paper>
  )
}

function KillSwitch({ mayStop, mayResume }: { readonly mayStop: boolean; readonly mayResume: boolean }) {
  const { t } = useTranslation('administration')
  const touches = { touches: ['/v1/stopped', '/v1/overview'] }
  const stop = useChange('post', '/v1/stop', touches)
  const resume = useChange('post', '/v1/resume', touches)
  const stoppedAt = useStopped()
  const onError = (problem: Problem) => tellProblem(t, problem)
  const stopAll = async (): Promise<void> => {
    const words = { title: t('safety.stopTitle'), text: t('safety.stopText'), act: t('safety.stop'), danger: true }
    if (await confirm(words)) stop.mutate({}, { onSuccess: () => tell(t('safety.stopped')), onError })
  }
  const resumeAll = async (): Promise<void> => {
    const words = { title: t('safety.resumeTitle'), text: t('safety.resumeText'), act: t('safety.resume') }
    if (await confirm(words)) resume.mutate({}, { onSuccess: () => tell(t('safety.resumed')), onError })
  }
  return (
    <Part title={t('safety.title')} about={t('safety.about')}>
      {stoppedAt === null && (
        <Text size="sm" mb="sm">
          {t('safety.going')}
        </Text>
      )}
      {typeof stoppedAt === 'string' && !mayResume && (
        <Text size="sm" mb="sm">
          {t('safety.resumeElsewhere')}
        </Text>
      )}
      <Group>
        {mayStop && typeof stoppedAt !== 'string' && (
          <Button
            color="red"
            leftSection={<IconHandStop size={18} />}
            loading={stop.isPending}
            onClick={() => void stopAll()}
          >
            {t('safety.stop')}
          </Button>
        )}
        {mayResume && stoppedAt !== null && (
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={18} />}
            loading={resume.isPending}
            onClick={() => void resumeAll()}
          >
            {t('safety.resume')}
          </Button>
        )}
      </Group>
    </Part>
  )
}

function Blocks() {
  const { t } = useTranslation('administration')
  const block = useChange('post', '/v1/risk/block')
  const unblock = useChange('post', '/v1/risk/unblock')
  const form = useForm<{ verb: string; kind: string; value: string; reason: string }>({
    initialValues: { verb: 'block', kind: 'account', value: '', reason: '' },
    validate: {
      value: (value) => (value.trim() === '' ? t('block.valueMissing') : null),
      reason: (reason) => (reason.trim() === '' ? t('block.reasonMissing') : null),
    },
  })
  const submit = form.onSubmit(({ verb, kind, value, reason }) => {
    const whom = kind === 'account' ? { account: value.trim() } : { mobile: value.trim() }
    const body = { ...whom, reason: reason.trim() }
    const done = (said: string) => ({
      onSuccess: () => {
        tell(said)
        form.reset()
      },
    })
    if (verb === 'block') block.mutate({ body }, done(t('block.blocked')))
    else unblock.mutate({ body }, done(t('block.unblocked')))
  })
  const { verb, kind } = form.values
  const problem = verb === 'block' ? block.error : unblock.error
  return (
    <Part title={t('block.title')} about={t('block.about')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm" maw={520}>
          <Radio.Group label={t('block.what')} {...form.getInputProps('verb')}>
            <Group mt={4}>
              <Radio value="block" label={t('block.block')} />
              <Radio value="unblock" label={t('block.unblock')} />
            </Group>
          </Radio.Group>
          <Radio.Group label={t('block.whom')} {...form.getInputProps('kind')}>
            <Group mt={4}>
              <Radio value="account" label={t('block.account')} />
              <Radio value="mobile" label={t('block.mobile')} />
            </Group>
          </Radio.Group>
          <TextInput
            label={t(kind === 'account' ? 'block.account' : 'block.mobile')}
            maxLength={60}
            withAsterisk
            {...form.getInputProps('value')}
          />
          <TextInput
            label={t('block.reason')}
            description={t('block.reasonHelp')}
            maxLength={100}
            withAsterisk
            {...form.getInputProps('reason')}
          />
          {problem !== null && <ProblemAlert problem={problem} />}
          <Group justify="flex-end">
            <Button
              type="submit"
              color={verb === 'block' ? 'red' : 'turant'}
              loading={block.isPending || unblock.isPending}
            >
              {t(verb === 'block' ? 'block.block' : 'block.unblock')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Part>
  )
}
