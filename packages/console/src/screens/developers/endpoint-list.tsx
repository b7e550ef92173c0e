import { Anchor, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus, IconWebhook } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { ShownOnce } from '../../components/shown-once.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { EndpointForm } from './endpoint-form.tsx'

export type Endpoint = Item<'/v1/webhook-endpoints'>

/** In which state an endpoint is: it is told, or it is not and why. */
export const stateOf = ({ enabled, disabledReason }: Endpoint): string =>
  enabled ? 'active' : disabledReason === 'gone' ? 'gone' : 'disabled'

/** Who is told of what becomes of payments. */
export function EndpointList() {
  const { t } = useTranslation('developers')
  const list = useList('/v1/webhook-endpoints', {})
  const navigate = useNavigate()
  const mayMake = useRight('webhooks:write')
  const [making, dialog] = useDisclosure(false)
  const [secret, setSecret] = useState<string | null>(null)
  const columns: readonly Column<Endpoint>[] = [
    {
      id: 'url',
      header: t('endpoint.url'),
      cell: ({ id, url }) => (
        <Anchor component={Link} to={`/developers/webhooks/${id}`} inherit className="mono">
          {url}
        </Anchor>
      ),
      text: ({ url }) => url,
    },
    {
      id: 'state',
      header: t('client.state'),
      cell: (endpoint) => <StatusBadge status={stateOf(endpoint)} />,
      text: stateOf,
    },
    {
      id: 'events',
      header: t('endpoint.events'),
      cell: ({ events }) =>
        events === null ? t('endpoint.allEvents') : t('endpoint.eventCount', { count: events.length }),
      text: ({ events }) => events?.join(' ') ?? '',
    },
    {
      id: 'description',
      header: t('endpoint.description'),
      cell: ({ description }) => (description === null ? t('common:none') : <span translate="no">{description}</span>),
      text: ({ description }) => description ?? '',
    },
    {
      id: 'createdAt',
      header: t('client.createdAt'),
      cell: ({ createdAt }) => <Instant at={createdAt} form="short" />,
      text: ({ createdAt }) => createdAt,
    },
  ]
  return (
    <>
      <DataTable
        name="webhook-endpoints"
        label={t('part.webhooks')}
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        onOpen={({ id }) => navigate(`/developers/webhooks/${id}`)}
        tools={
          mayMake && (
            <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
              {t('endpoint.new')}
            </Button>
          )
        }
        empty={<EmptyState icon={IconWebhook} title={t('endpoint.none')} text={t('endpoint.noneText')} />}
      />
      <EndpointForm opened={making} onClose={dialog.close} onSecret={setSecret} />
      <ShownOnce
        title={t('endpoint.secretTitle')}
        what={t('endpoint.secret')}
        text={t('endpoint.secretText')}
        value={secret}
        onClose={() => setSecret(null)}
      />
    </>
  )
}
