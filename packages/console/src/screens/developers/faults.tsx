import { Alert, Button, Group, Select, SimpleGrid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.ts'
import { useChange } from '../../api/hooks.ts'
import type { Problem } from '../../api/problem.ts'
import { ProblemAlert, tell } from '../../components/problem-alert.tsx'
import { Card } from './card.tsx'

const dials = ['drop', 'delay', 'duplicate', 'reorder', 'corrupt', 'disconnect'] as const
/** In percent of the frames. */
const steps = ['0', '1', '5', '10', '25', '50', '100'] as const

/** Faults on the wire between the hub and the switch: dials that stay as they are until somebody turns them. */
export function Faults() {
  const { t } = useTranslation('developers')
  const read = useQuery<object, Problem>({
    queryKey: ['/sandbox/faults'],
    // With no dial in it the call changes nothing, and answers how all stand.
    queryFn: () => call('post', '/sandbox/faults', { body: {} }),
  })
  const turn = useChange('post', '/sandbox/faults', { touches: ['/sandbox/faults'] })
  const stands = new Map(Object.entries(Object(read.data)).map(([name, value]) => [name, Number(value)]))
  const percentOf = (dial: string): string => String(Math.round((stands.get(`${dial}In`) ?? 0) * 100))
  const refusing = (stands.get('refuseLogOn') ?? 0) !== 0
  const isQuiet = !refusing && dials.every((dial) => percentOf(dial) === '0')
  const problem = read.error ?? turn.error
  return (
    <Card title={t('fault.title')} about={t('fault.about')}>
      {!isQuiet && (
        <Alert color="yellow" mb="sm">
          {t('fault.on')}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="sm">
        {dials.map((dial) => (
          <Select
            key={dial}
            label={t(`fault.dial.${dial}`)}
            data={[...new Set([...steps, percentOf(dial)])].map((value) => ({ value, label: `${value} %` }))}
            value={percentOf(dial)}
            onChange={(percent) =>
              turn.mutate({ body: { [dial]: Number(percent) / 100 } }, { onSuccess: () => tell(t('fault.turned')) })
            }
            allowDeselect={false}
            disabled={read.data === undefined}
          />
        ))}
      </SimpleGrid>
      {problem !== null && <ProblemAlert problem={problem} />}
      <Group justify="flex-end" mt="sm">
        <Button
          variant="default"
          disabled={isQuiet}
          loading={turn.isPending}
          onClick={() =>
            turn.mutate(
              { body: { ...Object.fromEntries(dials.map((dial) => [dial, 0])), refuseLogOn: 0 } },
              { onSuccess: () => tell(t('fault.off')) },
            )
          }
        >
          {t('fault.allOff')}
        </Button>
      </Group>
    </Card>
  )
}
