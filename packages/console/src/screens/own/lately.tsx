import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../api/shapes.ts'
import { Instant } from '../../components/instant.tsx'
import { Section } from './section.tsx'

/** What happened to one's account lately: somebody else at it is seen here. */
export function Lately({ events }: { readonly events: Answer<'get', '/v1/people/me'>['securityEvents'] }) {
  const { t } = useTranslation(['own', 'acts'])
  return (
    <Section title={t('lately.title')} about={t('lately.about')}>
      <List listStyleType="none" spacing={6} size="sm">
        {events.map(({ at, action, outcome, by, address }) => (
          <List.Item key={`${at} ${action}`}>
            <Instant at={at} form="short" />{' '}
            <Text span size="sm" fw={outcome === 'done' ? 400 : 600}>
              {t(`acts:${action}`, { defaultValue: action })}
              {outcome !== 'done' && ` (${t('lately.refused')})`}
            </Text>{' '}
            <Text span size="xs" c="dimmed">
              {t(by === 'you' ? 'lately.you' : by === 'the hub' ? 'lately.hub' : 'lately.other')}
              {address !== null && <span className="mono"> {address}</span>}
            </Text>
          </List.Item>
        ))}
      </List>
    </Section>
  )
}
