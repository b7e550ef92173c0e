import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAdjustmentsDollar, IconPlus } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
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
import { LimitForm } from './limit-form.tsx'

type Limit = Item<'/v1/limits'>

/** The rules of a limit, each in words. */
function rulesInWords(t: TFunction, { rules }: Limit): string[] {
  const { velocity, cooling, lag } = rules
  const sums = (['perPayment', 'day', 'week', 'month', 'reviewOver'] as const).flatMap((name) => {
    const paise = rules[name]
    return paise === undefined ? [] : [t(`limit.words.${name}`, { amount: rupees(paise) })]
  })
  const counts = (['dayCount', 'weekCount', 'monthCount'] as const).flatMap((name) => {
    const count = rules[name]
    return count === undefined ? [] : [t(`limit.words.${name}`, { count })]
  })
  return [
    ...sums,
    ...counts,
    ...(velocity === undefined
      ? []
      : [t('limit.words.velocity', { count: velocity.count, minutes: velocity.minutes })]),
    ...(cooling === undefined
      ? []
      : [t('limit.words.cooling', { amount: rupees(cooling.amount), hours: cooling.hours })]),
    ...(lag === undefined ? [] : [t('limit.words.lag', { amount: rupees(lag.over), seconds: lag.seconds })]),
    ...(rules.registeredOnly === undefined ? [] : [t('limit.words.registeredOnly')]),
  ]
}

/** What payments must keep to, besides NPCI's own limits. */
export function LimitList() {
  const { t } = useTranslation('administration')
  const list = useList('/v1/limits', {})
  const mayChange = useRight('limits:write')
  const [making, dialog] = useDisclosure(false)
  const end = useChange('delete', '/v1/limits/{id}', { touches: ['/v1/limits', '/v1/approvals'] })
  const whom = ({ account, customer, channel }: Limit): string =>
    [
      customer === 'each' ? t('limit.eachCustomer') : (customer ?? account ?? t('limit.eachAccount')),
      ...(channel === null ? [] : [t(`channel.${channel}`)]),
    ].join(' · ')
  const endIt = async (limit: Limit): Promise<void> => {
    if (!(await confirm({ title: t('limit.endTitle'), text: t('limit.endText'), act: t('limit.end'), danger: true })))
      return
    end.mutate(
      { params: { id: limit.id } },
      { onSuccess: (answer) => tellDone(t, answer, t('limit.ended')), onError: (problem) => tellProblem(t, problem) },
    )
  }
  const columns: readonly Column<Limit>[] = [
    { id: 'whom', header: t('limit.whom'), cell: whom, text: whom },
    {
      id: 'rules',
      header: t('limit.rules'),
      cell: (limit) => rulesInWords(t, limit).join(' · '),
      text: (limit) => rulesInWords(t, limit).join('; '),
    },
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
            cell: (limit: Limit) => (
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => void endIt(limit)}>
                {t('limit.end')}
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <Text size="sm" mb="sm">
        {t('limit.npci')}
      </Text>
      <DataTable
        name="limits"
        label={t('part.limits')}
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        tools={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
              {t('limit.new')}
            </Button>
          )
        }
        empty={<EmptyState icon={IconAdjustmentsDollar} title={t('limit.none')} text={t('limit.noneText')} />}
      />
      <LimitForm opened={making} onClose={dialog.close} />
    </>
  )
}
