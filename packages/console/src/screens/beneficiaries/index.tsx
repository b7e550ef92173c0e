import { Alert, Anchor, Button, Stack } from '@mantine/core'
import { IconPlus, IconUsers } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { call } from '../../api/client.ts'
import { useChange, useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { instantColumn, wordColumn } from '../../components/columns.tsx'
import { confirm } from '../../components/confirm.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Masked } from '../../components/masked.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { tell, tellProblem } from '../../components/problem-alert.tsx'
import { useRight } from '../../session/session.tsx'
import { NewBeneficiary } from './new-beneficiary.tsx'

type Beneficiary = Item<'/v1/beneficiaries'>

/** Whom this organisation pays. */
export function Screen() {
  const { t } = useTranslation('beneficiaries')
  const may = useRight('beneficiaries:write')
  const [adding, setAdding] = useState(false)
  const list = useList('/v1/beneficiaries', { query: { limit: 100 } })
  const waiting = useList('/v1/approvals', { query: { limit: 100 } }, { enabled: useRight('approvals:read') })
  const asked = waiting.rows.filter(({ subject }) => subject.kind === 'beneficiary')
  const remove = useChange('delete', '/v1/beneficiaries/{id}', { touches: ['/v1/beneficiaries'] })
  const end = async ({ id, label, to }: Beneficiary) => {
    const name = label ?? to.name ?? id
    const words = { title: t('end.title', { name }), text: t('end.text'), act: t('end.act'), danger: true }
    if (await confirm(words))
      remove.mutate(
        { params: { id } },
        { onSuccess: () => tell(t('end.done')), onError: (problem) => tellProblem(t, problem) },
      )
  }
  return (
    <Stack>
      <PageHeader
        title={t('title')}
        about={t('about')}
        actions={
          may && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {t('new.act')}
            </Button>
          )
        }
      />
      {asked.map(({ id }) => (
        <Alert key={id} variant="light" color="yellow" title={t('waiting.title')}>
          {t('waiting.text')}{' '}
          <Anchor component={Link} to={`/approvals/${id}`} underline="always" inherit>
            {t('waiting.link')}
          </Anchor>
        </Alert>
      ))}
      <DataTable
        name="beneficiaries"
        label={t('title')}
        list={list}
        columns={columnsOf(t, may ? end : undefined)}
        rowKey={({ id }) => id}
        empty={<EmptyState icon={IconUsers} title={t('none.title')} text={t('none.text')} />}
      />
      {adding && <NewBeneficiary onClose={() => setAdding(false)} />}
    </Stack>
  )
}

const numberOf = ({ to }: Beneficiary): string => (to.kind === 'account' ? to.account : to.mobile)

/** Where it leads besides the number: an IFSC, an MMID or a bank. */
const placeOf = ({ to }: Beneficiary): string =>
  to.kind === 'account' ? to.ifsc : to.kind === 'mmid' ? to.mmid : to.bank

const revealed = (id: string) => async () => {
  const { to } = await call('get', '/v1/beneficiaries/{id}', { params: { id }, query: { reveal: true } })
  return to.kind === 'account' ? to.account : to.mobile
}

const columnsOf = (
  t: TFunction,
  end: ((row: Beneficiary) => Promise<void>) | undefined,
): readonly Column<Beneficiary>[] => [
  wordColumn('label', t('label'), ({ label }) => label),
  wordColumn('name', t('name'), ({ to }) => to.name),
  wordColumn('kind', t('kind.label'), ({ to }) => t(`kind.${to.kind}`)),
  wordColumn('number', t('number'), numberOf, {
    show: (row) => <Masked value={numberOf(row)} what={t('number')} read={revealed(row.id)} />,
  }),
  wordColumn('place', t('place'), placeOf, { show: (row) => <span className="mono">{placeOf(row)}</span> }),
  instantColumn('createdAt', t('createdAt'), ({ createdAt }) => createdAt),
  wordColumn('id', t('id'), ({ id }) => id, { hidden: true }),
  ...(end === undefined
    ? []
    : [
        {
          id: 'end',
          header: t('act'),
          cell: (row: Beneficiary) => (
            <Button size="compact-xs" variant="default" onClick={() => void end(row)}>
              {t('end.act')}
            </Button>
          ),
        },
      ]),
]
