import { Code, Skeleton, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks.ts'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'

/** The events that were told of a payment; each goes to every endpoint that wants its type. */
export function Webhooks({ id }: { readonly id: string }) {
  const { t } = useTranslation('payments')
  const found = useList('/v1/events', { query: { payment: id, limit: 100 } })
  if (found.problem !== null) return <ProblemAlert problem={found.problem} again={found.again} />
  if (found.isLoading) return <Skeleton height={120} />
  if (found.rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('webhooks.none')}
      </Text>
    )
  return (
    <Table.ScrollContainer
      minWidth={440}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('tab.webhooks') } }}
    >
      <Table fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('story.at')}</Table.Th>
            <Table.Th>{t('webhooks.type')}</Table.Th>
            <Table.Th>{t('webhooks.id')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.rows.map(({ id: event, type, timestamp }) => (
            <Table.Tr key={event}>
              <Table.Td>
                <Instant at={timestamp} form="time" />
              </Table.Td>
              <Table.Td>
                <Code>{type}</Code>
              </Table.Td>
              <Table.Td className="mono">{event}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
