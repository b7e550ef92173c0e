import { Alert, Badge, Group, Modal, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconArrowsExchange } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks.ts'
import { Problem } from '../../api/problem.ts'
import type { Item } from '../../api/shapes.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Facts } from '../../components/facts.tsx'
import { Instant } from '../../components/instant.tsx'
import { ProblemAdvice, problemTitle } from '../../components/problem-alert.tsx'

type Asked = Item<'/v1/requests'>

/** How often it is looked at whether more was asked, milliseconds. */
const LOOK_MS = 3_000
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** What the API was asked lately, newest first, for whoever builds on it. */
export function RequestList() {
  const { t } = useTranslation('developers')
  const [failed, setFailed] = useState(false)
  const [method, setMethod] = useState<string | null>(null)
  const [opened, setOpened] = useState<Asked>()
  const query = { failed: failed || undefined, method: methods.find((one) => one === method), limit: 100 }
  const list = useList('/v1/requests', { query }, { everyMs: LOOK_MS })
  const columns: readonly Column<Asked>[] = [
    { id: 'at', header: t('request.at'), cell: ({ at }) => <Instant at={at} />, text: ({ at }) => at },
    {
      id: 'route',
      header: t('request.route'),
      cell: ({ method: how, route }) => (
        <span className="mono">
          {how} {route}
        </span>
      ),
      text: ({ method: how, route }) => `${how} ${route}`,
    },
    {
      id: 'status',
      header: t('request.status'),
      cell: (one) => <Status asked={one} />,
      text: ({ status }) => String(status),
    },
    {
      id: 'code',
      header: t('request.problem'),
      cell: ({ code }) => <span className="mono">{code ?? t('common:none')}</span>,
      text: ({ code }) => code ?? '',
    },
    {
      id: 'ms',
      header: t('request.took'),
      align: 'end',
      cell: ({ ms }) => t('attempt.ms', { ms }),
      text: ({ ms }) => String(ms),
    },
    {
      id: 'actor',
      header: t('request.by'),
      cell: ({ actor }) => (
        <span className="mono" title={actor}>
          {shortOf(actor)}
        </span>
      ),
      text: ({ actor }) => actor,
    },
    {
      id: 'id',
      header: t('request.id'),
      cell: ({ id }) => <span className="mono">{id}</span>,
      text: ({ id }) => id,
    },
  ]
  return (
    <>
      <DataTable
        name="requests"
        label={t('part.requests')}
        list={list}
        columns={columns}
        rowKey={({ id, at }) => `${id} ${at}`}
        onOpen={setOpened}
        tools={
          <Group gap="xs">
            <SegmentedControl
              aria-label={t('request.which')}
              value={failed ? 'failed' : 'all'}
              onChange={(value) => setFailed(value === 'failed')}
              data={[
                { value: 'all', label: t('request.all') },
                { value: 'failed', label: t('request.failed') },
              ]}
            />
            <Select
              aria-label={t('request.method')}
              placeholder={t('request.anyMethod')}
              data={[...methods]}
              value={method}
              onChange={setMethod}
              clearable
              clearButtonProps={{ 'aria-label': t('request.anyMethod') }}
              w={150}
            />
          </Group>
        }
        empty={<EmptyState icon={IconArrowsExchange} title={t('request.none')} text={t('request.noneText')} />}
      />
      <Text size="xs" c="dimmed" mt="xs">
        {t('request.kept')}
      </Text>
      <Modal
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        title={t('request.one')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {opened !== undefined && <OneRequest asked={opened} />}
      </Modal>
    </>
  )
}

const shortOf = (id: string): string => (id.length > 16 ? `${id.slice(0, 4)}…${id.slice(-8)}` : id)

function Status({ asked: { status } }: { readonly asked: Asked }) {
  const color = status < 400 ? 'green' : status < 500 ? 'yellow' : 'red'
  return (
    <Badge variant="light" color={color} radius="sm" tt="none">
      {status}
    </Badge>
  )
}

/** One request, and what its refusal asks of whoever made it. */
function OneRequest({ asked }: { readonly asked: Asked }) {
  const { t } = useTranslation('developers')
  const { id, at, method, route, status, code, ms, actor } = asked
  const problem = code === null ? undefined : new Problem({ code, title: code, status })
  return (
    <Stack gap="md">
      <Facts
        columns={2}
        items={[
          [
            t('request.route'),
            <span key="route" className="mono">
              {method} {route}
            </span>,
          ],
          [t('request.status'), <Status key="status" asked={asked} />],
          [t('request.at'), <Instant key="at" at={at} form="time" />],
          [t('request.took'), t('attempt.ms', { ms })],
          [
            t('request.by'),
            <span key="by" className="mono">
              {actor}
            </span>,
          ],
          [
            t('request.id'),
            <Group key="id" gap={4} wrap="nowrap">
              <span className="mono">{id}</span>
              <CopyButton value={id} what={t('request.id')} />
            </Group>,
          ],
        ]}
      />
      {problem === undefined ? (
        <Text size="sm">{t('request.done')}</Text>
      ) : (
        <Alert color="yellow" icon={<IconAlertTriangle />} title={problemTitle(t, problem)}>
          <Text size="sm">
            <ProblemAdvice problem={problem} otherwise={t('request.advice')} />
          </Text>
          <Text size="xs" mt={4}>
            {t('request.code')} <span className="mono">{code}</span>
          </Text>
        </Alert>
      )}
    </Stack>
  )
}
