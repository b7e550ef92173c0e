import { Text, Tooltip } from '@mantine/core'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

const ist = { timeZone: 'Asia/Kolkata', hour12: false } as const
const forms = {
  full: {
    ...ist,
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  },
  short: { ...ist, day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' },
  time: { ...ist, hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  hour: { ...ist, hour: '2-digit', minute: '2-digit' },
  day: { timeZone: 'Asia/Kolkata', day: '2-digit', month: 'short', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

/** Made once for each form and language: to make one takes longer than to draw a row of a list. */
const made = new Map<string, Intl.DateTimeFormat>()

function formatOf(form: keyof typeof forms, language: string): Intl.DateTimeFormat {
  const key = `${form} ${language}`
  const found = made.get(key)
  if (found !== undefined) return found
  const format = new Intl.DateTimeFormat(`${language}-IN-u-nu-latn`, forms[form])
  made.set(key, format)
  return format
}

/** An instant of the API in words of India's time; without a mark of the zone. */
export const inIst = (at: string, form: keyof typeof forms = 'full', language = 'en'): string =>
  formatOf(form, language).format(new Date(at))

/** An instant in India's time; its title says it in UTC. */
export function Instant({
  at,
  form = 'full',
}: {
  readonly at: string | null | undefined
  readonly form?: keyof typeof forms
}) {
  const { t, i18n } = useTranslation()
  if (at === null || at === undefined) return t('none')
  return (
    <Tooltip label={`${at.replace('T', ' ').replace('Z', '')} UTC`} events={{ hover: true, focus: true, touch: true }}>
      <Text span inherit component="time" dateTime={at} className="instant">
        {inIst(at, form, i18n.language)}
        {form !== 'day' && <span className="zone"> IST</span>}
      </Text>
    </Tooltip>
  )
}

/** How long, in the largest two units and in the language that is spoken: `3 days 4 hr`. @param ms  milliseconds */
export function durationOf(ms: number): string {
  const inUnit = (count: number, unit: string): string =>
    new Intl.NumberFormat(`${i18next.language}-IN-u-nu-latn`, { style: 'unit', unit, unitDisplay: 'short' }).format(
      count,
    )
  const seconds = Math.max(0, Math.round(ms / 1_000))
  const parts = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3_600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  if (first === -1) return inUnit(0, 'second')
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => inUnit(count, unit))
    .join(' ')
}
