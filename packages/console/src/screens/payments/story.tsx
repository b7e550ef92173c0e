import { Badge, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/hooks.ts'
import { Instant } from '../../components/instant.tsx'
import { LineText } from '../../components/line-text.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { Meaning, NextSteps } from '../../components/said.tsx'

/** Everything that is written down about a payment, in order: messages, postings, lines of files, decisions; and what comes next. */
export function Story({
  rrn,
  payment,
  stamp,
}: {
  readonly rrn: string
  readonly payment: string
  /** Another one: there may be more to tell. */
  readonly stamp: string
}) {
  const { t } = useTranslation('payments')
  const found = useApi('/v1/explanations/{rrn}', { params: { rrn } }, { everyMs: 10_000, stamp })
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton height={120} />
  const own = found.data.data.find((one) => one.payment === payment)
  if (own === undefined) return <Text size="sm">{t('story.none')}</Text>
  return (
    <Stack gap="sm">
      <Text size="sm">
        <Meaning meaning={own.meaning} />
      </Text>
      {own.next.length > 0 && <NextSteps next={own.next} />}
      <Table.ScrollContainer
        minWidth={460}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('tab.story') } }}
      >
        <Table verticalSpacing={4} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('story.at')}</Table.Th>
              <Table.Th>{t('story.kind')}</Table.Th>
              <Table.Th>{t('story.text')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {own.story.map(({ at, kind, parts }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name, and stay where they are
              <Table.Tr key={i}>
                <Table.Td>
                  <Instant at={at} form="time" />
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" color="gray" tt="none" radius="sm">
                    {t(`kind.${kind}`, { defaultValue: kind })}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <LineText parts={parts} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  )
}
