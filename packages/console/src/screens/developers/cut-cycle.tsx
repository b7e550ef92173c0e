import { Alert, Anchor, Button, Group, NumberInput, SimpleGrid } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useChange } from '../../api/hooks.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { Card } from './card.tsx'

/** Mistakes that are worth seeing first; docs/guides/simulator.md has all. */
const mistakes = ['missing', 'wrongAmount', 'duplicate', 'late'] as const

/** Has the switch cut the cycle of now and hand its files in, as right or as wrong as is asked for. */
export function CutCycle() {
  const { t } = useTranslation('developers')
  const [wanted, setWanted] = useState<Partial<Record<(typeof mistakes)[number], number>>>({})
  const cut = useChange('post', '/sandbox/cycle', { touches: ['/v1/'] })
  const { cycle, counts } = Object(cut.data)
  const errors = Object.fromEntries(Object.entries(wanted).filter(([, count]) => count > 0))
  return (
    <Card title={t('cycle.title')} about={t('cycle.about')}>
      <SimpleGrid cols={2} spacing="sm">
        {mistakes.map((kind) => (
          <NumberInput
            key={kind}
            label={t(`cycle.mistake.${kind}`)}
            value={wanted[kind] ?? 0}
            onChange={(count) => setWanted({ ...wanted, [kind]: Number(count) })}
            min={0}
            max={100}
            allowDecimal={false}
            hideControls
          />
        ))}
      </SimpleGrid>
      {cut.error !== null && <ProblemAlert problem={cut.error} />}
      {cut.data !== undefined && (
        <Alert color="green" mt="sm" role="status">
          {t('cycle.done', { cycle, outward: counts?.outward, inward: counts?.inward, deemed: counts?.deemed })}{' '}
          <Anchor component={Link} to="/settlement" inherit>
            {t('cycle.look')}
          </Anchor>
        </Alert>
      )}
      <Group justify="flex-end" mt="sm">
        <Button
          loading={cut.isPending}
          onClick={() => cut.mutate({ body: Object.keys(errors).length === 0 ? {} : { errors } })}
        >
          {t('cycle.cut')}
        </Button>
      </Group>
    </Card>
  )
}
