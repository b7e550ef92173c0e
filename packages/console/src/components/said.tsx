import { List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../api/shapes.ts'
import { Instant } from './instant.tsx'

type Standing = Pick<Answer<'get', '/v1/payments/{id}/settlement'>, 'meaning' | 'next'>
type Sentence = Standing['meaning'][number]

/** A sentence of the hub in the reader's language where its code is known, else in the hub's own words. */
export function Said({ said: { code, values, text } }: { readonly said: Sentence }) {
  const { t, i18n } = useTranslation(['story', 'settlement', 'reasons'])
  const key = values.count === undefined ? `said.${code}` : `said.${code}_other`
  if (!i18n.exists(key, { ns: 'story' })) return <span lang="en">{text}</span>
  const { family, type, reason } = values
  const named = {
    ...(family === undefined ? {} : { family: t(`settlement:dispute.family.${family}`) }),
    ...(type === undefined ? {} : { type: `${type} ${t(`settlement:break.name.${type}`)}` }),
    ...(reason === undefined
      ? {}
      : { reason: reason === '' ? t('story:noLink') : t(`reasons:${reason}`, { defaultValue: String(reason) }) }),
  }
  return t(`story:said.${code}`, { ...values, ...named })
}

/** What it means now, sentence after sentence. */
export function Meaning({ meaning }: Pick<Standing, 'meaning'>) {
  return meaning.map((one, i) => (
    <span key={one.code}>
      {i > 0 && ' '}
      <Said said={one} />
    </span>
  ))
}

/** What comes next, and until when. */
export function NextSteps({ next }: Pick<Standing, 'next'>) {
  const { t } = useTranslation('story')
  return (
    <List size="sm">
      {next.map(({ by, ...said }) => (
        <List.Item key={said.text}>
          <Said said={said} />
          {by !== null && (
            <>
              {' '}
              {t('by')} <Instant at={by} form="short" />
            </>
          )}
        </List.Item>
      ))}
    </List>
  )
}
