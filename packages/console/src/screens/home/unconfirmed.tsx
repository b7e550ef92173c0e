import { Anchor, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Instant } from '../../components/instant.tsx'
import { Money } from '../../components/money.tsx'
import type { Overview } from './index.tsx'

/** How many payments nobody knows the end of, how much is in them, and which waits longest. */
export function Unconfirmed({ unconfirmed }: { readonly unconfirmed: Overview['unconfirmed'] }) {
  const { t } = useTranslation('home')
  const { payments, amount, oldest } = unconfirmed
  if (payments === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('unconfirmed.none')}
      </Text>
    )
  return (
    <Stack gap={6}>
      <Text size="xl" fw={700}>
        {t('payments', { count: payments })} · <Money paise={amount} />
      </Text>
      {oldest !== null && (
        <Text size="sm">
          {t('unconfirmed.oldest')}{' '}
          <Anchor component={Link} to={`/payments/${oldest.id}`} size="sm">
            <Instant at={oldest.createdAt} form="short" />
          </Anchor>
          {', '}
          {t('unconfirmed.resolvesBy')} <Instant at={oldest.resolvesBy} form="short" />
        </Text>
      )}
      <Anchor component={Link} to="/unconfirmed" size="sm">
        {t('unconfirmed.open')}
      </Anchor>
    </Stack>
  )
}
