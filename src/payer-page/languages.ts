import { ToWords as InBengali } from 'to-words/bn-IN'
import { ToWords as InEnglish } from 'to-words/en-IN'
import { ToWords as InGujarati } from 'to-words/gu-IN'
import { ToWords as InHindi } from 'to-words/hi-IN'
import { ToWords as InKannada } from 'to-words/kn-IN'
import { ToWords as InMalayalam } from 'to-words/ml-IN'
import { ToWords as InMarathi } from 'to-words/mr-IN'
import { ToWords as InTamil } from 'to-words/ta-IN'
import { ToWords as InTelugu } from 'to-words/te-IN'
import { ToWords as InUrdu } from 'to-words/ur-PK'
import { formatRupees } from '../base/money.ts'
import { bengali } from './languages/bengali.ts'
import { english, type Words } from './languages/english.ts'
import { gujarati } from './languages/gujarati.ts'
import { hindi } from './languages/hindi.ts'
import { kannada } from './languages/kannada.ts'
import { malayalam } from './languages/malayalam.ts'
import { marathi } from './languages/marathi.ts'
import { tamil } from './languages/tamil.ts'
import { telugu } from './languages/telugu.ts'
import { urdu } from './languages/urdu.ts'

/** A language that the page speaks. */
export type Language = Readonly<{
  /** As in `lang` and `Accept-Language`. */
  code: string
  /** What it calls itself. */
  name: string
  direction: 'ltr' | 'rtl'
  words: Words
  /** An amount as it is spoken; rupees and paise, with a dot between. */
  spoken: (rupees: string) => string
}>

type Speaker = { readonly convert: (rupees: string, options: { readonly currency: true }) => string }

const language = (
  code: string,
  name: string,
  words: Words,
  speaker: Speaker,
  direction: 'ltr' | 'rtl' = 'ltr',
): Language => ({ code, name, direction, words, spoken: (rupees) => speaker.convert(rupees, { currency: true }) })

/** In the order in which they are offered. */
export const languages: readonly Language[] = [
  language('en', 'English', english, new InEnglish()),
  language('hi', 'हिन्दी', hindi, new InHindi()),
  language('bn', 'বাংলা', bengali, new InBengali()),
  language('mr', 'मराठी', marathi, new InMarathi()),
  language('te', 'తెలుగు', telugu, new InTelugu()),
  language('ta', 'தமிழ்', tamil, new InTamil()),
  language('gu', 'ગુજરાતી', gujarati, new InGujarati()),
  language('ur', 'اردو', urdu, new InUrdu(), 'rtl'),
  language('kn', 'ಕನ್ನಡ', kannada, new InKannada()),
  language('ml', 'മലയാളം', malayalam, new InMalayalam()),
]

/** The language that is spoken where nothing better is known. */
const [fallback] = languages
const byCode = new Map(languages.map((one) => [one.code, one]))

/** More languages than anybody reads. */
const MAX_ACCEPTED = 30

/**
 * What the reader chose, else the first of what their browser asks for, else English.
 * @param accepted  the `Accept-Language` of the request
 * @source RFC 9110 §12.5.4; a region is not looked at
 */
export function chooseLanguage(chosen: string | undefined, accepted: string | undefined): Language {
  const own = byCode.get(chosen ?? '')
  if (own !== undefined) return own
  const asked = (accepted ?? '')
    .split(',', MAX_ACCEPTED)
    .map((one) => {
      const [tag = '', ...more] = one.trim().toLowerCase().split(';')
      const weight = more.map((text) => /^\s*q=([01](?:\.[0-9]{1,3})?)\s*$/.exec(text)?.[1]).find((text) => text)
      return { code: tag.split('-', 1)[0] ?? '', weight: Number(weight ?? 1) }
    })
    .filter(({ code, weight }) => weight > 0 && byCode.has(code))
    .sort((a, b) => b.weight - a.weight)
  const found = byCode.get(asked[0]?.code ?? '') ?? fallback
  if (found === undefined) throw new Error('there is no language')
  return found
}

/** ₹1,23,456.00: the same digits in every language, since banks' apps have no others. */
export const rupees = (amountPaise: bigint): string => `₹${formatRupees(amountPaise)}`

/** The amount as it is spoken. */
export const inWords = (amountPaise: bigint, { spoken }: Language): string =>
  spoken(`${amountPaise / 100n}.${`${amountPaise % 100n}`.padStart(2, '0')}`)

/** The day of an instant in India, the month by its name. @param at  epoch milliseconds */
export const istDate = (at: number, { code }: Language): string =>
  new Intl.DateTimeFormat(`${code}-IN-u-nu-latn-ca-gregory`, { timeZone: 'Asia/Kolkata', dateStyle: 'medium' }).format(
    at,
  )

const clockTime = new Intl.DateTimeFormat('en-IN', { timeZone: 'Asia/Kolkata', hour: 'numeric', minute: '2-digit' })

/** The time of day in India, in Latin letters as banks' messages have it: `11:45 am IST`. @param at  epoch milliseconds */
export const istTime = (at: number): string => `${clockTime.format(at)} IST`
