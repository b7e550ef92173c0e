import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** What each word of a state means for whoever looks: done, going on, stands out, failed, over. */
const tones = {
  good: 'green',
  going: 'blue',
  waiting: 'yellow',
  bad: 'red',
  over: 'gray',
} as const

const words: Readonly<Record<string, keyof typeof tones>> = {
  succeeded: 'good',
  processing: 'going',
  deemed: 'waiting',
  failed: 'bad',
  returned: 'over',
  cancelled: 'over',
  requires_approval: 'waiting',
  requires_authentication: 'waiting',
  approved: 'good',
  rejected: 'bad',
  pending: 'waiting',
  expired: 'over',
  open: 'waiting',
  active: 'good',
  frozen: 'bad',
  stopped: 'bad',
  locked: 'waiting',
  disabled: 'over',
  complete: 'good',
  accepted: 'good',
  refused: 'bad',
}

/** A state in a word with a colour; the text is `common:status.…`, or the word itself where there is none. */
export function StatusBadge({ status, tone }: { readonly status: string; readonly tone?: keyof typeof tones }) {
  const { t } = useTranslation()
  return (
    <Badge
      variant="light"
      color={tones[tone ?? words[status] ?? 'over']}
      radius="sm"
      tt="none"
      autoContrast
      miw="max-content"
    >
      {t(`status.${status}`, { defaultValue: status.replaceAll('_', ' ') })}
    </Badge>
  )
}
