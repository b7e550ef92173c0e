import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/hooks.ts'
import { Instant } from '../../components/instant.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { Card } from './card.tsx'

const LOOK_MS = 5_000

/** Messages to customers, which reach no phone in a sandbox. */
export function MessageBox() {
  const { t } = useTranslation('developers')
  const found = useApi('/sandbox/messages', { query: { limit: 10 } }, { everyMs: LOOK_MS })
  const messages = found.data?.data ?? []
  return (
    <Card title={t('message.title')} about={t('message.about')}>
      {found.error !== null && <ProblemAlert problem={found.error} again={() => void found.refetch()} />}
      {found.data !== undefined && messages.length === 0 && <Text size="sm">{t('message.none')}</Text>}
      <List listStyleType="none" spacing="xs">
        {messages.map(({ at, mobile, language, text }) => (
          <List.Item key={`${at} ${mobile} ${text}`}>
            <Text size="xs" c="dimmed">
              <Instant at={at} /> · <span className="mono">{mobile}</span>
            </Text>
            <Text size="sm" lang={language}>
              {text}
            </Text>
          </List.Item>
        ))}
      </List>
    </Card>
  )
}
