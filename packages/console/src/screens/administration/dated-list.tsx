import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import type { ComponentProps, ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange, type useList } from '../../api/hooks.ts'
import { confirm } from '../../components/confirm.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { tellProblem } from '../../components/problem-alert.tsx'
import { tellDone } from '../../components/told.ts'
import { useRight } from '../../session/session.tsx'

type Dated = { readonly id: string; readonly validFrom: string; readonly validUntil: string | null }
type List<Row> = Omit<ReturnType<typeof useList<'/v1/limits'>>, 'rows'> & { readonly rows: readonly Row[] }

/** A list of what holds from one instant until another: more is made, one is ended, at once or when others have agreed. */
export function DatedList<Row extends Dated>({
  kind,
  path,
  list,
  columns,
  icon,
  Form,
}: {
  /** Its texts: `limit.new`, `limit.endTitle`, `part.limits`. */
  readonly kind: 'limit' | 'rule'
  readonly path: '/v1/limits' | '/v1/approval-rules'
  readonly list: List<Row>
  readonly columns: readonly Column<Row>[]
  readonly icon: ComponentProps<typeof EmptyState>['icon']
  readonly Form: ComponentType<{ readonly opened: boolean; readonly onClose: () => void }>
}) {
  const { t } = useTranslation('administration')
  const mayChange = useRight('limits:write')
  const [making, dialog] = useDisclosure(false)
  const end = useChange('delete', `${path}/{id}`, { touches: [path, '/v1/approvals'] })
  const endIt = async ({ id }: Row): Promise<void> => {
    const words = { title: t(`${kind}.endTitle`), text: t(`${kind}.endText`), act: t(`${kind}.end`), danger: true }
    if (!(await confirm(words))) return
    end.mutate(
      { params: { id } },
      {
        onSuccess: (answer) => tellDone(t, answer, t(`${kind}.ended`)),
        onError: (problem) => tellProblem(t, problem),
      },
    )
  }
  const dated: readonly Column<Row>[] = [
    ...columns,
    {
      id: 'from',
      header: t('validFrom'),
      cell: ({ validFrom }) => <Instant at={validFrom} form="short" />,
      text: ({ validFrom }) => validFrom,
    },
    {
      id: 'until',
      header: t('validUntil'),
      cell: ({ validUntil }) => (validUntil === null ? t('noEnd') : <Instant at={validUntil} form="short" />),
      text: ({ validUntil }) => validUntil ?? '',
    },
    ...(mayChange
      ? [
          {
            id: 'actions',
            header: t('actions'),
            cell: (row: Row) => (
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => void endIt(row)}>
                {t(`${kind}.end`)}
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <DataTable
        name={path.replace('/v1/', '')}
        label={t(`part.${kind}s`)}
        list={list}
        columns={dated}
        rowKey={({ id }) => id}
        tools={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
              {t(`${kind}.new`)}
            </Button>
          )
        }
        empty={<EmptyState icon={icon} title={t(`${kind}.none`)} text={t(`${kind}.noneText`)} />}
      />
      <Form opened={making} onClose={dialog.close} />
    </>
  )
}
