import { Skeleton, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/hooks.ts'
import { Instant } from '../../components/instant.tsx'
import { bookedWords } from '../../components/line-text.tsx'
import { Money } from '../../components/money.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'

/** What was booked for a payment, in order; each with its debit and its credit. */
export function Postings({ id, stamp }: { readonly id: string; readonly stamp: string }) {
  const { t } = useTranslation(['payments', 'story'])
  const found = useApi('/v1/payments/{id}/postings', { params: { id } }, { stamp })
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton height={120} />
  if (found.data.data.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('postings.none')}
      </Text>
    )
  return (
    <Table.ScrollContainer
      minWidth={460}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('tab.postings') } }}
    >
      <Table fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('story.at')}</Table.Th>
            <Table.Th>{t('postings.what')}</Table.Th>
            <Table.Th>{t('postings.account')}</Table.Th>
            <Table.Th ta="end">{t('postings.debit')}</Table.Th>
            <Table.Th ta="end">{t('postings.credit')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.data.data.flatMap(({ at, kind, legs }) =>
            legs.map(({ account, name, side, amount }, i) => (
              <Table.Tr key={`${at} ${kind} ${account} ${side}`}>
                <Table.Td>{i === 0 && <Instant at={at} form="time" />}</Table.Td>
                <Table.Td>{i === 0 && t(`posting.${kind}`, { defaultValue: bookedWords(t, kind) })}</Table.Td>
                <Table.Td title={account}>{t(`accountName.${account}`, { defaultValue: name })}</Table.Td>
                <Table.Td ta="end">{side === 'debit' && <Money paise={amount} />}</Table.Td>
                <Table.Td ta="end">{side === 'credit' && <Money paise={amount} />}</Table.Td>
              </Table.Tr>
            )),
          )}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
