import { Button, Group, Stack, Text } from '@mantine/core'
import { IconUserHeart } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useChange, useList } from '../../api/hooks.ts'
import type { Problem } from '../../api/problem.ts'
import type { Item } from '../../api/shapes.ts'
import { confirm } from '../../components/confirm.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { Masked } from '../../components/masked.tsx'
import { tell, tellProblem } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'

type Customer = Item<'/v1/customers'>

const stateOf = ({ stoppedAt, lockedUntil }: Customer): 'stopped' | 'locked' | 'active' =>
  stoppedAt !== null ? 'stopped' : lockedUntil !== null ? 'locked' : 'active'

/** The people whose accounts these are: stopped at their wish or ours, and their factors begun again. */
export function CustomerList() {
  const { t } = useTranslation('administration')
  const list = useList('/v1/customers', { query: { limit: 100 } })
  const mayChange = useRight('customers:write')
  const columns: readonly Column<Customer>[] = [
    {
      id: 'name',
      header: t('person.name'),
      cell: ({ name }) => <Masked value={name} what={t('person.name')} />,
      text: ({ name }) => name,
    },
    {
      id: 'mobile',
      header: t('customer.mobile'),
      cell: ({ mobile }) => <Masked value={mobile} what={t('customer.mobile')} />,
      text: ({ mobile }) => mobile ?? '',
    },
    {
      id: 'state',
      header: t('state'),
      cell: (one) => (
        <Stack gap={2} align="flex-start">
          <StatusBadge status={stateOf(one)} />
          {one.stoppedAt !== null && (
            <Text size="xs" c="dimmed">
              {t(one.stoppedBy === 'operations' ? 'customer.byUs' : 'customer.byThem')}{' '}
              <Instant at={one.stoppedAt} form="short" />
            </Text>
          )}
        </Stack>
      ),
      text: stateOf,
    },
    {
      id: 'reference',
      header: t('customer.reference'),
      cell: ({ reference }) => reference ?? t('common:none'),
      text: ({ reference }) => reference ?? '',
    },
    {
      id: 'createdAt',
      header: t('since'),
      cell: ({ createdAt }) => <Instant at={createdAt} form="day" />,
      text: ({ createdAt }) => createdAt,
    },
    ...(mayChange ? [{ id: 'actions', header: t('actions'), cell: (one: Customer) => <Doing customer={one} /> }] : []),
  ]
  return (
    <DataTable
      name="customers"
      label={t('part.customers')}
      list={list}
      columns={columns}
      rowKey={({ id }) => id}
      empty={<EmptyState icon={IconUserHeart} title={t('customer.none')} text={t('customer.noneText')} />}
    />
  )
}

function Doing({ customer }: { readonly customer: Customer }) {
  const { t } = useTranslation('administration')
  const touches = { touches: ['/v1/customers'] }
  const stop = useChange('post', '/v1/customers/{id}/stop', touches)
  const resume = useChange('post', '/v1/customers/{id}/resume', touches)
  const reset = useChange('post', '/v1/customers/{id}/factors/reset', touches)
  const params = { id: customer.id }
  const ends = (said: string) => ({
    onSuccess: () => tell(said),
    onError: (problem: Problem) => tellProblem(t, problem),
  })
  const ask = (what: 'stop' | 'reset'): Promise<boolean> =>
    confirm({
      title: t(`customer.${what}Title`),
      text: t(`customer.${what}Text`),
      act: t(`customer.${what}`),
      danger: true,
    })
  return (
    <Group gap="xs" wrap="nowrap">
      {customer.stoppedAt === null ? (
        <Button
          size="compact-sm"
          variant="light"
          color="red"
          onClick={async () => (await ask('stop')) && stop.mutate({ params, body: {} }, ends(t('customer.stopped')))}
        >
          {t('customer.stop')}
        </Button>
      ) : (
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => resume.mutate({ params, body: {} }, ends(t('customer.resumed')))}
        >
          {t('customer.resume')}
        </Button>
      )}
      <Button
        size="compact-sm"
        variant="default"
        onClick={async () => (await ask('reset')) && reset.mutate({ params }, ends(t('customer.resetDone')))}
      >
        {t('customer.reset')}
      </Button>
    </Group>
  )
}
