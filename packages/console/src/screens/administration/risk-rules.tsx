import { Badge, Button, Group, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAdjustments, IconRadar2 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/hooks.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { ScrollTable } from '../../components/scroll-table.tsx'
import { useRight } from '../../session/session.tsx'
import { inWords, type RuleSet, type RuleSets } from './risk-fields.ts'
import { RiskForm } from './risk-form.tsx'

type Held = RuleSets['data'][number]

/** What makes a payment look wrong: the rules that hold, and those that held, which payments name. */
export function RiskRules() {
  const { t } = useTranslation('administration')
  const found = useApi('/v1/risk/rules', {})
  const mayChange = useRight('limits:write')
  const [changing, dialog] = useDisclosure(false)
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton h={320} />
  const { current, data, suggested } = found.data
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <Text size="sm" maw="80ch">
          {t('risk.about')}
        </Text>
        {mayChange && (
          <Button leftSection={<IconAdjustments size={16} />} onClick={dialog.open}>
            {t('risk.change')}
          </Button>
        )}
      </Group>
      {current === null || Object.keys(current.rules).length === 0 ? (
        <EmptyState icon={IconRadar2} title={t('risk.none')} text={t('risk.noneText')} />
      ) : (
        <Paper withBorder p="md">
          <Title order={2} size="h4" mb="sm">
            {t('risk.holds', { version: String(current.version) })}
          </Title>
          <Rules set={current.rules} />
        </Paper>
      )}
      {data.length > 0 && <Versions data={data} current={current} />}
      {changing && <RiskForm held={current?.rules ?? {}} suggested={suggested} onClose={dialog.close} />}
    </Stack>
  )
}

function Rules({ set }: { readonly set: RuleSet }) {
  const { t } = useTranslation('administration')
  return (
    <ScrollTable label={t('part.risk')} minWidth={480} head={[t('risk.rule'), t('risk.fires'), t('risk.then')]}>
      {inWords(t, set).map(([rule, words, action]) => (
        <Table.Tr key={rule}>
          <Table.Td fw={600}>{t(`risk.name.${rule}`)}</Table.Td>
          <Table.Td>{words}</Table.Td>
          <Table.Td>
            <Badge variant="light" color={action === 'refuse' ? 'red' : 'yellow'} radius="sm" tt="none">
              {t(`risk.action.${action}`)}
            </Badge>
          </Table.Td>
        </Table.Tr>
      ))}
    </ScrollTable>
  )
}

/** Sets are never changed: each stays readable under the name that the payments it judged have. */
function Versions({ data, current }: { readonly data: readonly Held[]; readonly current: Held | null }) {
  const { t } = useTranslation('administration')
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h4" mb={4}>
        {t('risk.versions')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('risk.versionsAbout')}
      </Text>
      <ScrollTable
        label={t('risk.versions')}
        minWidth={640}
        head={[t('risk.version'), t('validFrom'), t('risk.by'), t('risk.rule')]}
      >
        {data.map((one) => (
          <Table.Tr key={one.version}>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>
              <Text span inherit className="mono">
                rules/{one.version}
              </Text>{' '}
              {one.version === current?.version && (
                <Badge size="sm" variant="light" color="green" tt="none">
                  {t('risk.now')}
                </Badge>
              )}
            </Table.Td>
            <Table.Td>
              <Instant at={one.validFrom} form="short" />
            </Table.Td>
            <Table.Td className="mono">{one.createdBy}</Table.Td>
            <Table.Td>
              {inWords(t, one.rules)
                .map(([rule]) => t(`risk.name.${rule}`))
                .join(' · ') || t('risk.nothing')}
            </Table.Td>
          </Table.Tr>
        ))}
      </ScrollTable>
    </Paper>
  )
}
