import { Anchor, List, Skeleton, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useList } from '../../api/hooks.ts'
import { Money } from '../../components/money.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'

/** The disputes about a payment. */
export function Disputes({ payment }: { readonly payment: string }) {
  const { t } = useTranslation(['payments', 'settlement'])
  const found = useList('/v1/disputes', { query: { payment } })
  if (found.problem !== null) return <ProblemAlert problem={found.problem} again={found.again} />
  if (found.isLoading) return <Skeleton height={40} />
  if (found.rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('disputes.none')}
      </Text>
    )
  return (
    <List size="sm">
      {found.rows.map(({ id, flag, state, amount }) => (
        <List.Item key={id}>
          <Anchor component={Link} to={`/settlement/disputes/${id}`} size="sm">
            {flag}
          </Anchor>{' '}
          <Money paise={amount} /> <StatusBadge status={t(`settlement:dispute.state.${state}`)} />
        </List.Item>
      ))}
    </List>
  )
}
