import { SimpleGrid } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api/problem.ts'
import { IstField, instantOf } from '../../components/ist-field.tsx'

/** From when until when something holds, as it is typed; nothing: at once, and without an end. */
export type Period = { from: string; until: string }
export const always: Period = { from: '', until: '' }

/** The instants of a period, as the API takes them. */
export function periodOf({ from, until }: Period): { readonly validFrom?: string; readonly validUntil?: string } {
  const validFrom = instantOf(from)
  const validUntil = instantOf(until)
  return { ...(validFrom === undefined ? {} : { validFrom }), ...(validUntil === undefined ? {} : { validUntil }) }
}

/** The two instants beside each other; what the hub refuses of one of them stands below it. */
export function PeriodFields({
  period,
  onChange,
  problem,
}: {
  readonly period: Period
  readonly onChange: (end: keyof Period, typed: string) => void
  readonly problem: Problem | null
}) {
  const { t } = useTranslation('administration')
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {(['from', 'until'] as const).map((end) => {
        const name = end === 'from' ? 'validFrom' : 'validUntil'
        return (
          <IstField
            key={end}
            label={t(name)}
            description={t(`${name}Help`)}
            value={period[end]}
            onChange={(typed) => onChange(end, typed)}
            error={problem?.of(name)}
          />
        )
      })}
    </SimpleGrid>
  )
}
