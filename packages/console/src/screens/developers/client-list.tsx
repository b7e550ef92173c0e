import { Anchor, Badge, Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { StatusBadge } from '../../components/status-badge.tsx'
import { useRight } from '../../session/session.tsx'
import { NewClient } from './new-client.tsx'

type Client = Item<'/v1/clients'>

/** The programs that may act for the tenant. */
export function ClientList() {
  const { t } = useTranslation('developers')
  const list = useList('/v1/clients', {})
  const navigate = useNavigate()
  const mayMake = useRight('clients:write')
  const [making, dialog] = useDisclosure(false)
  const columns: readonly Column<Client>[] = [
    {
      id: 'name',
      header: t('client.name'),
      cell: ({ id, name }) => (
        <Anchor component={Link} to={`/developers/keys/${id}`} inherit>
          {name}
        </Anchor>
      ),
      text: ({ name }) => name,
    },
    {
      id: 'state',
      header: t('client.state'),
      cell: ({ disabledAt }) => <StatusBadge status={disabledAt === null ? 'active' : 'ended'} />,
      text: ({ disabledAt }) => (disabledAt === null ? 'active' : 'ended'),
    },
    {
      id: 'mode',
      header: t('client.keys'),
      cell: ({ live }) => <ModeOfKeys live={live} />,
      text: ({ live }) => (live ? 'live' : 'test'),
    },
    {
      id: 'rights',
      header: t('client.rights'),
      cell: ({ rights }) => (
        <Text span inherit title={rights.join(', ')}>
          {t('client.rightCount', { count: rights.length })}
        </Text>
      ),
      text: ({ rights }) => rights.join(' '),
    },
    {
      id: 'networks',
      header: t('client.networks'),
      cell: ({ networks }) => (networks.length === 0 ? t('client.anywhere') : networks.join(', ')),
      text: ({ networks }) => networks.join(' '),
    },
    {
      id: 'createdAt',
      header: t('client.createdAt'),
      cell: ({ createdAt }) => <Instant at={createdAt} form="short" />,
      text: ({ createdAt }) => createdAt,
    },
    {
      id: 'id',
      header: t('id'),
      cell: ({ id }) => <span className="mono">{id}</span>,
      text: ({ id }) => id,
      hidden: true,
    },
  ]
  const make = mayMake && (
    <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
      {t('client.new')}
    </Button>
  )
  return (
    <>
      <DataTable
        name="clients"
        label={t('part.keys')}
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        onOpen={({ id }) => navigate(`/developers/keys/${id}`)}
        tools={make}
        empty={<EmptyState icon={IconKey} title={t('client.none')} text={t('client.noneText')} />}
      />
      <NewClient opened={making} onClose={dialog.close} />
    </>
  )
}

/** Whether keys move real money. */
export function ModeOfKeys({ live }: { readonly live: boolean }) {
  const { t } = useTranslation('developers')
  return (
    <Badge variant="light" color={live ? 'green' : 'gray'} radius="sm" tt="none">
      {t(live ? 'client.live' : 'client.test')}
    </Badge>
  )
}
