import { Badge, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconShieldCheck } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { IstField, instantOf } from '../../components/ist-field.tsx'
import { ActExport } from './act-export.tsx'
import { Verification } from './verification.tsx'

type Act = Item<'/v1/audit/acts'>

const detailOf = ({ detail }: Act): string =>
  Object.entries(detail)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ')

/** What can be looked for: each name of an act with its words, in the order of the words. @param names  the names that have words, by noun */
const nameable = (t: TFunction, names: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  Object.entries(names)
    .flatMap(([noun, verbs]) => Object.keys(verbs).map((verb) => `${noun}.${verb}`))
    .map((value) => ({ value, label: t(`acts:${value}`) }))
    .toSorted((a, b) => a.label.localeCompare(b.label))

/** What was done, by whom, newest first: each act is chained to the one before. */
export function ActList() {
  const { t, i18n } = useTranslation(['administration', 'acts'])
  const [typed, setTyped] = useState({ action: '', actor: '', subject: '', from: '', to: '' })
  const [asked] = useDebouncedValue(typed, 300)
  const filters = {
    action: asked.action,
    actor: asked.actor.trim(),
    subject: asked.subject.trim(),
    from: instantOf(asked.from),
    to: instantOf(asked.to),
  }
  const list = useList('/v1/audit/acts', { query: { ...filters, limit: 100 } })
  const columns: readonly Column<Act>[] = [
    { id: 'at', header: t('act.at'), cell: ({ at }) => <Instant at={at} />, text: ({ at }) => at },
    {
      id: 'action',
      header: t('act.action'),
      cell: ({ action }) => <span title={action}>{t(`acts:${action}`, { defaultValue: action })}</span>,
      text: ({ action }) => action,
    },
    {
      id: 'outcome',
      header: t('act.outcome'),
      cell: ({ outcome }) => (
        <Badge variant="light" color={outcome === 'done' ? 'green' : 'red'} radius="sm" tt="none">
          {t(`act.${outcome === 'done' ? 'done' : 'refused'}`)}
        </Badge>
      ),
      text: ({ outcome }) => outcome,
    },
    {
      id: 'actor',
      header: t('act.actor'),
      cell: ({ actor }) => (
        <span {...(actor.id === actor.kind ? {} : { title: actor.id })}>
          {t(`act.actorKind.${actor.kind}`, { defaultValue: actor.kind })}
          {actor.id !== actor.kind && (
            <span className="mono"> {actor.id.length > 16 ? `…${actor.id.slice(-8)}` : actor.id}</span>
          )}
        </span>
      ),
      text: ({ actor }) => actor.id,
    },
    {
      id: 'subject',
      header: t('act.subject'),
      cell: ({ subject }) => (
        <span className="mono" title={subject ?? ''}>
          {subject === null
            ? t('common:none')
            : subject.length > 20
              ? `${subject.slice(0, 4)}…${subject.slice(-8)}`
              : subject}
        </span>
      ),
      text: ({ subject }) => subject ?? '',
    },
    { id: 'detail', header: t('act.detail'), cell: (act) => <span lang="en">{detailOf(act)}</span>, text: detailOf },
    {
      id: 'address',
      header: t('act.address'),
      cell: ({ address }) => address ?? t('common:none'),
      text: ({ address }) => address ?? '',
      hidden: true,
    },
    {
      id: 'sequence',
      header: t('act.sequence'),
      align: 'end',
      cell: ({ sequence }) => sequence,
      text: ({ sequence }) => sequence,
      hidden: true,
    },
    {
      id: 'hash',
      header: t('act.hash'),
      cell: ({ hash }) => (
        <span className="mono" title={hash}>
          {hash.slice(0, 12)}…
        </span>
      ),
      text: ({ hash }) => hash,
      hidden: true,
    },
  ]
  return (
    <>
      <Verification />
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 5 }} spacing="xs" mb="sm" style={{ alignItems: 'end' }}>
        <Select
          label={t('act.action')}
          placeholder={t('act.anyAction')}
          data={nameable(t, Object(i18n.getResourceBundle('en', 'acts')))}
          value={typed.action || null}
          onChange={(action) => setTyped({ ...typed, action: action ?? '' })}
          searchable
          clearable
          limit={200}
        />
        {(['actor', 'subject'] as const).map((name) => (
          <TextInput
            key={name}
            label={t(`act.${name}`)}
            placeholder={t(`act.${name}Example`)}
            value={typed[name]}
            onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
            maxLength={100}
          />
        ))}
        {(['from', 'to'] as const).map((name) => (
          <IstField
            key={name}
            label={t(`act.${name}`)}
            value={typed[name]}
            onChange={(value) => setTyped({ ...typed, [name]: value })}
          />
        ))}
      </SimpleGrid>
      <DataTable
        name="audit"
        label={t('part.audit')}
        list={list}
        columns={columns}
        rowKey={({ sequence }) => sequence}
        tools={<ActExport filters={filters} />}
        empty={<EmptyState icon={IconShieldCheck} title={t('act.none')} text={t('act.noneText')} />}
      />
    </>
  )
}
