import { Alert, Anchor, Chip, Group, SegmentedControl, SimpleGrid, Text } from '@mantine/core'
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { now } from '../../clock.ts'
import { counted } from '../../components/counted.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { durationOf, Instant } from '../../components/instant.tsx'
import { Money, rupees } from '../../components/money.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { type Age, ageOf, ages, type OpenState } from './ages.ts'

type Payment = Item<'/v1/payments'>

/** Looked at again every so often. */
const EVERY_MS = 10_000
/** The most that are read: an operator who has more open has another problem than this page. */
const MOST = 2_000
const statusOf = { unconfirmed: 'processing', deemed: 'deemed' } as const

export const ageMs = ({ createdAt }: Pick<Payment, 'createdAt'>): number => now() - Date.parse(createdAt)

/** Payments whose outcome is open, the oldest first. */
export function Queue() {
  const { t } = useTranslation('unconfirmed')
  const navigate = useNavigate()
  const [state, setState] = useState<OpenState>('unconfirmed')
  const [age, setAge] = useState<Age | ''>('')
  const list = useList('/v1/payments', { query: { status: statusOf[state], limit: 100 } }, { everyMs: EVERY_MS })
  const { hasMore, isLoadingMore, more } = list
  const isWhole = !hasMore || list.rows.length >= MOST
  useEffect(() => {
    if (!isWhole && !isLoadingMore) more()
  }, [isWhole, isLoadingMore, more])

  const open = list.rows.filter((one) => one.state === state).toReversed()
  const shown = open.filter((one) => age === '' || ageOf(ageMs(one)) === age)
  const value = open.reduce((sum, { amount }) => sum + BigInt(amount), 0n).toString()
  const [oldest] = open
  return (
    <>
      <PageHeader title={t('title')} about={t('about')} />
      <SegmentedControl
        mb="md"
        aria-label={t('which')}
        value={state}
        onChange={setState}
        data={[
          { value: 'unconfirmed', label: t('unconfirmed') },
          { value: 'deemed', label: t('deemed') },
        ]}
      />
      <Alert variant="light" icon={<IconInfoCircle />} title={t(`why.${state}.title`)} mb="md">
        {t(`why.${state}.text`)}
      </Alert>
      <SimpleGrid cols={{ base: 1, xs: 3 }} mb="md">
        <StatCard label={t('count')} value={`${counted(open.length)}${isWhole ? '' : '+'}`} />
        <StatCard label={t('value')} value={rupees(value)} />
        <StatCard label={t('oldest')} value={oldest === undefined ? t('common:none') : durationOf(ageMs(oldest))} />
      </SimpleGrid>
      <DataTable
        name="unconfirmed"
        label={t('title')}
        list={{ ...list, rows: shown, hasMore: false, isLoading: list.isLoading || !isWhole }}
        columns={columnsOf(t, state)}
        rowKey={({ id }) => id}
        onOpen={({ id }) => navigate(id)}
        tools={
          <Chip.Group
            multiple={false}
            value={age}
            onChange={(chosen) => setAge(ages.find(({ name }) => name === chosen)?.name ?? '')}
          >
            <Group gap="xs" role="group" aria-label={t('byAge')}>
              <Chip value="" size="xs" variant="outline">
                {t('allAges')}
              </Chip>
              {ages.map(({ name }) => (
                <Chip key={name} value={name} size="xs" variant="outline">
                  {t(`age.${name}`, { count: open.filter((one) => ageOf(ageMs(one)) === name).length })}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        }
        empty={
          <EmptyState
            icon={IconCircleCheck}
            title={t(`empty.${state}.title`)}
            text={age === '' ? t(`empty.${state}.text`) : t('empty.age')}
          />
        }
      />
    </>
  )
}

type T = ReturnType<typeof useTranslation>['t']

const columnsOf = (t: T, state: OpenState): readonly Column<Payment>[] => [
  {
    id: 'age',
    header: t('column.age'),
    cell: (row) => (
      <Anchor component={Link} to={row.id} size="sm" className="tabular">
        {durationOf(ageMs(row))}
      </Anchor>
    ),
    text: (row) => durationOf(ageMs(row)),
  },
  {
    id: 'amount',
    header: t('column.amount'),
    align: 'end',
    cell: ({ amount }) => <Money paise={amount} strong />,
    text: ({ amount }) => rupees(amount),
  },
  {
    id: 'rrn',
    header: t('column.rrn'),
    cell: ({ rrn }) => <span className="mono">{rrn}</span>,
    text: ({ rrn }) => rrn ?? '',
  },
  { id: 'to', header: t('column.to'), cell: ({ to }) => <ToWords to={to} />, text: ({ to }) => toWords(to) },
  {
    id: 'said',
    header: t('column.said'),
    cell: ({ responseCode }) =>
      responseCode === null ? (
        <Text size="sm" c="dimmed">
          {t('nothingSaid')}
        </Text>
      ) : (
        t('code', { code: responseCode })
      ),
    text: ({ responseCode }) => responseCode ?? '',
  },
  {
    id: 'resolvesBy',
    header: t(`column.resolvesBy.${state}`),
    cell: ({ resolvesBy }) => <Instant at={resolvesBy} form="short" />,
    text: ({ resolvesBy }) => resolvesBy ?? '',
  },
  {
    id: 'createdAt',
    header: t('column.createdAt'),
    cell: ({ createdAt }) => <Instant at={createdAt} form="short" />,
    text: ({ createdAt }) => createdAt,
    hidden: true,
  },
  {
    id: 'from',
    header: t('column.from'),
    cell: ({ from }) => from ?? t('common:none'),
    text: ({ from }) => from ?? '',
    hidden: true,
  },
  {
    id: 'reference',
    header: t('column.reference'),
    cell: ({ reference }) => reference ?? t('common:none'),
    text: ({ reference }) => reference ?? '',
    hidden: true,
  },
]

/** Where the money goes, in one line. */
export function toWords(to: Payment['to']): string {
  switch (to.kind) {
    case 'account':
      return `${to.account} · ${to.ifsc}`
    case 'mmid':
      return `${to.mobile} · ${to.mmid}`
    case 'mobile':
      return `${to.mobile} · ${to.bank}`
  }
}

const ToWords = ({ to }: Pick<Payment, 'to'>) => <span className="mono">{toWords(to)}</span>
