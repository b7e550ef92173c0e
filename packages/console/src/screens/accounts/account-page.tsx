import { Alert, Button, Group, Paper, SimpleGrid, Skeleton, Stack, Switch, Text, Title } from '@mantine/core'
import { IconLock, IconLockOpen } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { call } from '../../api/client.ts'
import { useApi, useChange } from '../../api/hooks.ts'
import { BackLink } from '../../components/back-link.tsx'
import { confirm } from '../../components/confirm.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Facts } from '../../components/facts.tsx'
import { Instant } from '../../components/instant.tsx'
import { Masked } from '../../components/masked.tsx'
import { rupees } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProblemAlert, tell, tellProblem } from '../../components/problem-alert.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { accountTones } from './account-list.tsx'
import { Liens } from './liens.tsx'
import { PaymentLinks } from './payment-links.tsx'
import { Statement } from './statement.tsx'

const EVERY_MS = 5_000
const touches = ['/v1/accounts']

/** One account: what is in it, what of it can be spent, its statement and liens. */
export function AccountPage() {
  const { t } = useTranslation('accounts')
  const { id = '' } = useParams()
  const mayFreeze = useRight('accounts:freeze')
  const mayWrite = useRight('accounts:write')
  const mayLinks = useRight('links:read')
  const found = useApi('/v1/accounts/{id}', { params: { id } }, { everyMs: EVERY_MS })
  const freeze = useChange('post', '/v1/accounts/{id}/freeze', { touches })
  const unfreeze = useChange('post', '/v1/accounts/{id}/unfreeze', { touches })
  const update = useChange('patch', '/v1/accounts/{id}', { touches })
  const mayKnow = useRight('customers:read')
  const customerId = found.data?.customer ?? null
  const customer = useApi(
    '/v1/customers/{id}',
    { params: { id: customerId ?? '' } },
    { enabled: mayKnow && customerId !== null, everyMs: EVERY_MS },
  )
  const stoppedAt = customerId === null ? null : (customer.data?.stoppedAt ?? null)
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton h={320} />
  const account = found.data
  const reveal = (field: 'name' | 'accountNumber' | 'mobile' | 'mmid') => async () =>
    (await call('get', '/v1/accounts/{id}', { params: { id }, query: { reveal: true } }))[field]
  const onProblem = { onError: (problem: Parameters<typeof tellProblem>[1]) => tellProblem(t, problem) }
  const turn = async (act: 'freeze' | 'unfreeze') => {
    const words = { title: t(`${act}.title`, { id }), text: t(`${act}.text`), act: t(`${act}.act`) }
    if (!(await confirm({ ...words, danger: act === 'freeze' }))) return
    const change = act === 'freeze' ? freeze : unfreeze
    change.mutate({ params: { id } }, { onSuccess: () => tell(t(`${act}.done`)), ...onProblem })
  }
  return (
    <Stack>
      <BackLink to="/accounts">{t('title')}</BackLink>
      <PageHeader
        title={id}
        actions={
          mayFreeze &&
          account.status !== 'closed' &&
          (account.status === 'frozen' ? (
            <Button
              leftSection={<IconLockOpen size={16} />}
              loading={unfreeze.isPending}
              onClick={() => void turn('unfreeze')}
            >
              {t('unfreeze.act')}
            </Button>
          ) : (
            <Button
              color="red"
              variant="outline"
              leftSection={<IconLock size={16} />}
              loading={freeze.isPending}
              onClick={() => void turn('freeze')}
            >
              {t('freeze.act')}
            </Button>
          ))
        }
      />
      {account.status === 'frozen' && (
        <Alert color="red" variant="light" title={t('frozen.title')}>
          {t('frozen.text')}
        </Alert>
      )}
      {stoppedAt !== null && (
        <Alert color="red" variant="light" title={t('stopped.title')}>
          {t(customer.data?.stoppedBy === 'operations' ? 'stopped.byUs' : 'stopped.byThem')}{' '}
          <Instant at={stoppedAt} form="short" />. {t('stopped.text')}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <StatCard label={t('available')} value={rupees(account.available)} hint={t('availableHint')} />
        <StatCard label={t('balance')} value={rupees(account.balance)} hint={t('balanceHint')} />
        <StatCard
          label={t('held')}
          value={rupees((BigInt(account.balance) - BigInt(account.available)).toString())}
          hint={t('heldHint')}
        />
      </SimpleGrid>
      <Paper withBorder p="md">
        <Facts
          items={[
            [t('name'), <Masked key="name" value={account.name} what={t('name')} read={reveal('name')} />],
            [
              t('number'),
              <Masked key="number" value={account.accountNumber} what={t('number')} read={reveal('accountNumber')} />,
            ],
            [
              t('ifsc'),
              <Group key="ifsc" gap={4}>
                <span className="mono">{account.ifsc}</span>
                <CopyButton value={account.ifsc} what={t('ifsc')} />
              </Group>,
            ],
            [t('mobile'), <Masked key="mobile" value={account.mobile} what={t('mobile')} read={reveal('mobile')} />],
            [t('mmid'), <Masked key="mmid" value={account.mmid} what={t('mmid')} read={reveal('mmid')} />],
            [
              t('status.label'),
              <StatusBadge key="status" status={t(`status.${account.status}`)} tone={accountTones[account.status]} />,
            ],
            [t('reference'), account.reference ?? t('common:none')],
            [t('customer'), account.customer ?? t('common:none')],
            [t('createdAt'), <Instant key="created" at={account.createdAt} />],
          ]}
        />
        {account.mobile !== null && (
          <Switch
            mt="md"
            label={t('consent.label')}
            description={t('consent.text')}
            checked={account.defaultForMobile}
            disabled={!mayWrite || update.isPending}
            onChange={({ currentTarget }) =>
              update.mutate(
                { params: { id }, body: { defaultForMobile: currentTarget.checked } },
                { onSuccess: () => tell(t('consent.done')), ...onProblem },
              )
            }
          />
        )}
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} size="h4">
          {t('statement.title')}
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          {t('statement.text')}
        </Text>
        <Statement id={id} />
      </Paper>
      <Liens id={id} />
      {mayLinks && <PaymentLinks id={id} />}
    </Stack>
  )
}
