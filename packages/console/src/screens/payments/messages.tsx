import { Accordion, Badge, Group, Skeleton, Table, Text } from '@mantine/core'
import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/hooks.ts'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { ReasonText } from '../../components/reason-text.tsx'

/** What was on the wire, each message opened element by element; the hub masks what is personal. */
export function Messages({ id, stamp }: { readonly id: string; readonly stamp: string }) {
  const { t } = useTranslation('payments')
  const found = useApi('/v1/payments/{id}/messages', { params: { id } }, { stamp })
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton height={120} />
  if (found.data.data.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('messages.none')}
      </Text>
    )
  return (
    <Accordion variant="separated" multiple>
      {found.data.data.map(({ at, way, kind, type, name, wire, source, elements }) => {
        const Icon = way === 'sent' ? IconArrowUpRight : IconArrowDownLeft
        return (
          <Accordion.Item key={`${at} ${way}`} value={`${at} ${way}`}>
            <Accordion.Control icon={<Icon size={18} aria-label={t(`messages.${way}`)} />}>
              <Group gap="xs">
                <Text size="sm" fw={600}>
                  {type ?? t(`messages.kind.${kind}`)}{' '}
                  {type !== null && t(`messageName.${type}`, { defaultValue: name ?? '' })}
                </Text>
                {wire !== null && (
                  <Badge variant="light" color="gray" tt="none" radius="sm">
                    {wire === 'xml' ? 'XML' : 'ISO 8583'}
                  </Badge>
                )}
                <Text size="xs" c="dimmed">
                  <Instant at={at} form="time" />
                </Text>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Text size="xs" c="dimmed" mb="xs">
                {t(`messages.source.${source}`)}
              </Text>
              {elements.length > 0 && (
                <Table.ScrollContainer
                  minWidth={440}
                  scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('messages.elements') } }}
                >
                  <Table fz="xs" verticalSpacing={3}>
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th>{t('messages.element')}</Table.Th>
                        <Table.Th>{t('messages.name')}</Table.Th>
                        <Table.Th>{t('messages.value')}</Table.Th>
                        <Table.Th>{t('messages.meaning')}</Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {elements.map(({ element, name: called, value, meaning, meaningCode }) => (
                        <Table.Tr key={`${element} ${called}`}>
                          <Table.Td className="mono">{element}</Table.Td>
                          <Table.Td>{t(`elementName.${element}`, { defaultValue: called })}</Table.Td>
                          <Table.Td className="mono">{value}</Table.Td>
                          <Table.Td>
                            {meaning !== null && <ReasonText reason={{ code: meaningCode ?? '', message: meaning }} />}
                          </Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
              )}
            </Accordion.Panel>
          </Accordion.Item>
        )
      })}
    </Accordion>
  )
}
