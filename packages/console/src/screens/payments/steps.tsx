import { Text, Timeline } from '@mantine/core'
import { IconCheck, IconClock, IconQuestionMark, IconSend, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Instant } from '../../components/instant.tsx'
import type { Payment } from './payment-page.tsx'

const icons = {
  held: IconClock,
  sent: IconSend,
  unconfirmed: IconQuestionMark,
  deemed: IconQuestionMark,
  succeeded: IconCheck,
  declined: IconX,
  refused: IconX,
  returned: IconX,
  cancelled: IconX,
} as const

/** The states that a payment went through, with their moments to the millisecond. */
export function Steps({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments')
  return (
    <Timeline active={payment.timeline.length - 1} bulletSize={22} lineWidth={2}>
      {payment.timeline.map(({ at, state, responseCode }) => {
        const Icon = icons[state]
        return (
          <Timeline.Item key={`${at} ${state}`} bullet={<Icon size={12} />} title={t(`state.${state}`)}>
            <Text size="xs" c="dimmed">
              <Instant at={at} form="time" />
              {responseCode === undefined ? '' : ` · RC ${responseCode}`}
            </Text>
          </Timeline.Item>
        )
      })}
    </Timeline>
  )
}
