import { IconChecks } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks.ts'
import type { Item } from '../../api/shapes.ts'
import type { Column } from '../../components/data-table.tsx'
import { rupees } from '../../components/money.tsx'
import { DatedList } from './dated-list.tsx'
import { RuleForm } from './rule-form.tsx'

type Rule = Item<'/v1/approval-rules'>

/** When something needs the agreement of others, and whose. */
export function RuleList() {
  const { t } = useTranslation('administration')
  const list = useList('/v1/approval-rules', {})
  const inWords = ({ steps }: Rule): string =>
    steps
      .map(({ anyOf }) =>
        anyOf.map(({ role, count }) => `${count} × ${t(`common:role.${role}`)}`).join(` ${t('rule.or')} `),
      )
      .join(` ${t('rule.then')} `)
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
  ]
  return (
    <DatedList kind="rule" path="/v1/approval-rules" list={list} columns={columns} icon={IconChecks} Form={RuleForm} />
  )
}
