import { html, type Markup, type Piece } from '../base/markup.ts'
import { type Language, languages } from './languages.ts'
import type { PayerLink } from './link.ts'
import { type Around, isLive, mainOf, titleOf } from './main.ts'

/** Where the page finds what it loads. */
export type PageAssets = Readonly<{ style: string; script: string; icon: string }>

/** How often a page without a script looks again, in seconds. */
const REFRESH_S = 15

const choice = (chosen: Language): Markup =>
  html`<details class="languages"><summary><span class="unseen">${chosen.words.language}: </span>${chosen.name}</summary><ul>${languages.map(
    ({ code, name }) =>
      html`<li><a href="?lang=${code}" lang="${code}" hreflang="${code}"${code === chosen.code ? html` aria-current="true"` : undefined}>${name}</a></li>`,
  )}</ul></details>`

type Shell = {
  readonly title: string
  readonly merchant: string
  readonly head: Piece
  readonly main: Markup
  /** Told to the script; undefined where the page has none. */
  readonly live: string | undefined
}

const shell = (assets: PageAssets, language: Language, { title, merchant, head, main, live }: Shell): string =>
  `<!doctype html>\n${
    html`<html lang="${language.code}" dir="${language.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="${assets.style}">
<link rel="icon" href="${assets.icon}">
${live === undefined ? undefined : html`<script type="module" src="${assets.script}"></script>`}
${head}
</head>
<body${live === undefined ? undefined : html` data-events="${live}"`}>
<header><p class="merchant"><bdi>${merchant}</bdi></p>${choice(language)}</header>
${main}
<p id="said" role="status" class="unseen"></p>
<p id="offline" class="offline" role="alert"><span hidden>${language.words.offline}</span></p>
</body>
</html>
`.text
  }`

const refresh = (seconds: number): Markup => html`<meta http-equiv="refresh" content="${seconds}">`

const eventsOf = (token: string, { code }: Language): string => `/pay/${encodeURIComponent(token)}/events?lang=${code}`

/** The whole page of a link: nothing in it runs that is not the hub's own, and all of it is there when no script runs. */
export function linkPage(assets: PageAssets, link: PayerLink, language: Language, around: Around): string {
  return shell(assets, language, {
    title: titleOf(link, language),
    merchant: link.merchant,
    head: isLive(link) ? html`<noscript>${refresh(REFRESH_S)}</noscript>` : undefined,
    main: mainOf(link, language, around),
    live: eventsOf(link.token, language),
  })
}

type Said = { readonly key: 'unknown' | 'busy'; readonly head?: Piece; readonly live?: string }

const words = (assets: PageAssets, language: Language, { key, head, live }: Said): string => {
  const title = language.words[key]
  const main = html`<main id="main" data-state="${key}" data-version="${key}"${
    live === undefined ? undefined : html` data-live="yes"`
  }><div class="card first"><div class="head"><h1>${title}</h1></div><p class="hint">${
    language.words[`${key}Hint`]
  }</p></div></main>`
  return shell(assets, language, { title, merchant: '', head, main, live })
}

/** No link has this address. */
export const unknownPage = (assets: PageAssets, language: Language): string =>
  words(assets, language, { key: 'unknown' })

/**
 * The hub cannot say anything about the link now. The page asks for its news until there are some; only one without a script is loaded again and
 * again, which whoever has it read to them hears from the beginning each time.
 */
export const busyPage = (assets: PageAssets, language: Language, token: string): string =>
  words(assets, language, {
    key: 'busy',
    head: html`<noscript>${refresh(REFRESH_S)}</noscript>`,
    live: eventsOf(token, language),
  })
