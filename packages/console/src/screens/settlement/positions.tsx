import {
  Alert,
  Badge,
  Button,
  Card,
  Group,
  Progress,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconScale } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useChange } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { FormModal } from '../../components/form-modal.tsx'
import { Instant } from '../../components/instant.tsx'
import { Money, MoneyOrNone, paiseOf, rupees } from '../../components/money.tsx'
import { ProblemAlert, tell } from '../../components/problem-alert.tsx'
import { useRight } from '../../session/session.tsx'

type Position = Item<'/v1/positions'>

const EVERY_MS = 2_000
const whenFull = ['alert', 'hold', 'refuse'] as const
/** From these percents of the cap on it is said in another colour. */
const WARN = 70
const URGENT = 90
/** Banks that are shown at once; the others at a press. */
const MOST_SHOWN = 6

/** How much of its net debit cap each bank has used. */
export function Positions() {
  const { t } = useTranslation('settlement')
  const found = useApi('/v1/positions', {}, { everyMs: EVERY_MS })
  const [all, setAll] = useState(false)
  if (found.error !== null) return <ProblemAlert problem={found.error} again={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton h={200} />
  if (found.data.data.length === 0)
    return <EmptyState icon={IconScale} title={t('position.none.title')} text={t('position.none.text')} />
  const positions = found.data.data.toSorted(bySize)
  const telling = positions.filter(tells)
  const shown = all ? positions : telling.slice(0, MOST_SHOWN)
  const rest = positions.length - Math.min(telling.length, MOST_SHOWN)
  const more = telling.length === 0 ? 'position.each' : telling.length > MOST_SHOWN ? 'position.more' : 'position.rest'
  return (
    <Stack>
      {shown.length === 0 && <Text size="sm">{t('position.nothing')}</Text>}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {shown.map((position) => (
          <PositionCard key={position.institution} position={position} />
        ))}
      </SimpleGrid>
      {rest > 0 && (
        <Button variant="default" w="fit-content" maw="100%" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('position.fewer') : t(more, { count: rest })}
        </Button>
      )}
    </Stack>
  )
}

/** Whether there is something to see: a cap, or money that moved or is moving. */
const tells = (position: Position): boolean =>
  position.cap !== null || position.stopped !== null || position.inFlight !== '0' || moved(position) > 0n

/** Those with a cap first, then those with most money. */
const bySize = (a: Position, b: Position): number =>
  Number(b.cap !== null) - Number(a.cap !== null) || (moved(a) < moved(b) ? 1 : moved(a) > moved(b) ? -1 : 0)

const moved = ({ outward, inward }: Position): bigint => BigInt(outward) + BigInt(inward)

function PositionCard({ position }: { readonly position: Position }) {
  const { t } = useTranslation('settlement')
  const may = useRight('settlement:write')
  const [setting, setSetting] = useState(false)
  const { institution } = position
  const cap = useApi('/v1/positions/{institution}/cap', { params: { institution } }, { enabled: position.cap !== null })
  const percent = position.usedPercent ?? 0
  // A sandbox cuts a cycle before its end, and counts for the next one from that end on.
  const isEarly = position.refreshedAt > position.countedAt
  const color = percent >= URGENT ? 'red' : percent >= WARN ? 'yellow' : 'turant'
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {institution}
          </Title>
          {may && (
            <Button size="xs" variant="default" onClick={() => setSetting(true)}>
              {t('position.setCap')}
            </Button>
          )}
        </Group>
        {position.stopped !== null && (
          <Alert color="red" variant="light" title={t(`position.stopped.${position.stopped}`)}>
            {t('position.stoppedText')}
          </Alert>
        )}
        {position.cap === null ? (
          <Text size="sm">{t('position.noCap')}</Text>
        ) : (
          <>
            <Group justify="space-between">
              <Text size="sm">
                <Money paise={position.used} strong /> {t('position.of')} <Money paise={position.cap} />
              </Text>
              <Badge variant="light" color={color} tt="none">
                {percent.toLocaleString('en-IN', { maximumFractionDigits: 1 })} %
              </Badge>
            </Group>
            <Progress.Root size="xl">
              <Progress.Section
                value={Math.max(0, Math.min(100, percent))}
                color={color}
                aria-label={t('position.gauge', { bank: institution })}
              />
            </Progress.Root>
          </>
        )}
        <SimpleGrid component="dl" cols={2} m={0} spacing="xs">
          {(
            [
              ['outward', <Money key="outward" paise={position.outward} />],
              ['inward', <Money key="inward" paise={position.inward} />],
              ['inFlight', <Money key="inFlight" paise={position.inFlight} />],
              [isEarly ? 'from' : 'since', <Instant key="since" at={position.refreshedAt} form="short" />],
              ['onFull', t(`position.full.${position.onFull}`)],
              ['countedAt', <Instant key="counted" at={position.countedAt} form="short" />],
            ] as const
          ).map(([name, value]) => (
            <div key={name}>
              <Text component="dt" size="xs" c="dimmed">
                {t(`position.${name}`)}
              </Text>
              <Text component="dd" size="sm" m={0}>
                {value}
              </Text>
            </div>
          ))}
        </SimpleGrid>
        {isEarly && (
          <Text size="xs" c="dimmed">
            {t('position.early')}
          </Text>
        )}
        {cap.data !== undefined && cap.data.alerts.length > 0 && (
          <div>
            <Title order={3} size="h6">
              {t('position.alerts')}
            </Title>
            {cap.data.alerts.slice(0, 5).map(({ level, crossedAt, used, cap: of }) => (
              <Text key={`${level} ${crossedAt}`} size="sm">
                {level} % · {rupees(used)} {t('position.of')} {rupees(of)} · <Instant at={crossedAt} form="short" />
              </Text>
            ))}
          </div>
        )}
        {cap.data !== undefined && cap.data.data.length > 0 && (
          <div>
            <Title order={3} size="h6">
              {t('position.history')}
            </Title>
            {cap.data.data.slice(0, 5).map(({ id, cap: of, onFull, validFrom }) => (
              <Text key={id} size="sm">
                <MoneyOrNone paise={of} /> · {t(`position.full.${onFull}`)} · <Instant at={validFrom} form="short" />
              </Text>
            ))}
          </div>
        )}
      </Stack>
      {setting && <CapForm position={position} onClose={() => setSetting(false)} />}
    </Card>
  )
}

/** Says what the cap is from now on. */
function CapForm({ position, onClose }: { readonly position: Position; readonly onClose: () => void }) {
  const { t } = useTranslation('settlement')
  const set = useChange('post', '/v1/positions/{institution}/cap', { touches: ['/v1/positions'] })
  const form = useForm<{ none: boolean; amount: string; onFull: (typeof whenFull)[number] }>({
    initialValues: { none: false, amount: '', onFull: position.onFull },
    validate: {
      amount: (value, { none }) => (none || paiseOf(value) !== undefined ? null : t('amountWrong')),
    },
  })
  const submit = form.onSubmit(({ none, amount, onFull }) =>
    set.mutate(
      { params: { institution: position.institution }, body: { cap: none ? null : (paiseOf(amount) ?? null), onFull } },
      {
        onSuccess: () => {
          tell(t('position.capSet'))
          onClose()
        },
      },
    ),
  )
  return (
    <FormModal
      title={t('position.capTitle', { bank: position.institution })}
      act={t('position.setCap')}
      opened
      onClose={onClose}
      onSubmit={submit}
      pending={set.isPending}
      problem={set.error}
    >
      <Text size="sm">{t('position.capText')}</Text>
      <Switch label={t('position.without')} {...form.getInputProps('none', { type: 'checkbox' })} />
      <TextInput
        label={t('position.cap')}
        inputMode="decimal"
        leftSection="₹"
        disabled={form.values.none}
        withAsterisk
        {...form.getInputProps('amount')}
      />
      <Select
        label={t('position.onFull')}
        allowDeselect={false}
        data={whenFull.map((value) => ({ value, label: t(`position.full.${value}`) }))}
        {...form.getInputProps('onFull')}
      />
    </FormModal>
  )
}
