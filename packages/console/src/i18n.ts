import i18next, { type FormatterModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { counted } from './components/counted.ts'
import { languagesOf } from './languages.ts'

const files = import.meta.glob<{ readonly default: Record<string, unknown> }>('./locales/*/*.json')
const KEPT = 'turant.language'

/** The languages of the console, by their own names; another is one more folder beside `locales/en`. */
export const languages = languagesOf(Object.keys(files))

/** A number that a text takes is grouped; whatever else it takes stands as it is. */
const numbers: FormatterModule = {
  type: 'formatter',
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value) => (typeof value === 'number' ? counted(value) : value),
}

/** Begins to speak the language that was chosen last, else the browser's, else English. Texts come as screens ask for them. */
export async function startSpeaking(): Promise<void> {
  const chosen = localStorage.getItem(KEPT) ?? navigator.language.slice(0, 2)
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  await i18next
    .use({
      type: 'backend',
      async read(language: string, namespace: string) {
        const load = files[`./locales/${language}/${namespace}.json`]
        if (load === undefined) throw new Error(`no texts ${language}/${namespace}`)
        return (await load()).default
      },
    })
    .use(numbers)
    .use(initReactI18next)
    .init({
      lng: languages.has(chosen) ? chosen : 'en',
      fallbackLng: 'en',
      supportedLngs: [...languages.keys()],
      ns: ['common'],
      defaultNS: 'common',
      interpolation: { escapeValue: false, alwaysFormat: true }, // React escapes
    })
}

export async function speak(language: string): Promise<void> {
  localStorage.setItem(KEPT, language)
  await i18next.changeLanguage(language)
}
