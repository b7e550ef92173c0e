import { Card, Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../session/session.tsx'
import { Messages } from './messages.tsx'
import type { Payment } from './payment-page.tsx'
import { Postings } from './postings.tsx'
import { Settlement } from './settlement.tsx'
import { Story } from './story.tsx'
import { Webhooks } from './webhooks.tsx'

/** What is written down about a payment, part by part; each is asked for when it is opened. */
export function Parts({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments')
  const { id, rrn, updatedAt } = payment
  const maySettle = useRight('settlement:read')
  return (
    <Card withBorder component="section" aria-label={t('section.parts')}>
      <Tabs defaultValue="messages" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="messages">{t('tab.messages')}</Tabs.Tab>
          <Tabs.Tab value="postings">{t('tab.postings')}</Tabs.Tab>
          {maySettle && <Tabs.Tab value="settlement">{t('tab.settlement')}</Tabs.Tab>}
          <Tabs.Tab value="webhooks">{t('tab.webhooks')}</Tabs.Tab>
          {maySettle && rrn !== null && <Tabs.Tab value="story">{t('tab.story')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="messages">
          <Messages id={id} stamp={updatedAt} />
        </Tabs.Panel>
        <Tabs.Panel value="postings">
          <Postings id={id} stamp={updatedAt} />
        </Tabs.Panel>
        <Tabs.Panel value="settlement">
          <Settlement id={id} stamp={updatedAt} />
        </Tabs.Panel>
        <Tabs.Panel value="webhooks">
          <Webhooks id={id} />
        </Tabs.Panel>
        {rrn !== null && (
          <Tabs.Panel value="story">
            <Story rrn={rrn} payment={id} stamp={updatedAt} />
          </Tabs.Panel>
        )}
      </Tabs>
    </Card>
  )
}
