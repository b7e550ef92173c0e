import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChecks, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useChange, useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import { confirm } from '../../components/confirm.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Instant } from '../../components/instant.tsx'
import { rupees } from '../../components/money.tsx'
import { tellProblem } from '../../components/problem-alert.tsx'
import { tellDone } from '../../components/told.ts'
import { useRight } from '../../session/session.tsx'
import { RuleForm } from './rule-form.tsx'

type Rule = Item<'/v1/approval-rules'>

/** When something needs the agreement of others, and whose. */
export function RuleList() {
  const { t } = useTranslation('administration')
  const list = useList('/v1/approval-rules', {})
  const mayChange = useRight('limits:write')
  const [making, dialog] = useDisclosure(false)
  const end = useChange('delete', '/v1/approval-rules/{id}', { touches: ['/v1/approval-rules', '/v1/approvals'] })
  const inWords = ({ steps }: Rule): string =>
    steps
      .map(({ anyOf }) =>
        anyOf.map(({ role, count }) => `${count} × ${t(`common:role.${role}`)}`).join(` ${t('rule.or')} `),
      )
      .join(` ${t('rule.then')} `)
  const endIt = async (rule: Rule): Promise<void> => {
    if (!(await confirm({ title: t('rule.endTitle'), text: t('rule.endText'), act: t('rule.end'), danger: true })))
      return
    end.mutate(
      { params: { id: rule.id } },
      { onSuccess: (answer) => tellDone(t, answer, t('rule.ended')), onError: (problem) => tellProblem(t, problem) },
    )
  }
  const columns: readonly Column<Rule>[] = [
    {
      id: 'subject',
      header: t('rule.subject'),
      cell: ({ subject }) => t(`subject.${subject}`),
      text: ({ subject }) => subject,
    },
    {
      id: 'over',
      header: t('rule.over'),
      align: 'end',
      cell: ({ overAmount }) => (overAmount === null ? t('rule.each') : rupees(overAmount)),
      text: ({ overAmount }) => overAmount ?? '',
    },
    { id: 'steps', header: t('rule.steps'), cell: inWords, text: inWords },
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
            cell: (rule: Rule) => (
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => void endIt(rule)}>
                {t('rule.end')}
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <DataTable
        name="approval-rules"
        label={t('part.rules')}
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        tools={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
              {t('rule.new')}
            </Button>
          )
        }
        empty={<EmptyState icon={IconChecks} title={t('rule.none')} text={t('rule.noneText')} />}
      />
      <RuleForm opened={making} onClose={dialog.close} />
    </>
  )
}
