import { wordsOf } from './assets.ts'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** The shell of the wallet: no money, no name, nothing of anybody in it. The script fills it. @param urls  where its files are, by name */
export function walletPage(urls: Readonly<Record<string, string>>, language: string): string {
  const words = wordsOf(language)
  const t = (name: string): string => escaped(words[name] ?? name)
  const links = ['home', 'pay', 'receive', 'statement', 'settings']
    .map((name) => `<li><a href="#${name}">${t(name)}</a></li>`)
    .join('')
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#0b5c8a">
<title>${t('wallet')}</title>
<link rel="stylesheet" href="${urls['wallet.css']}">
<link rel="icon" href="${urls['icon.svg']}" type="image/svg+xml">
<link rel="apple-touch-icon" href="${urls['icon-180.png']}">
<link rel="manifest" href="/wallet/manifest.webmanifest">
<script type="module" src="${urls[`wallet-${language}.js`]}"></script>
</head>
<body>
<a class="skip" href="#main">${t('skip')}</a>
<header>${t('wallet')}</header>
<main id="main"><noscript><p>${t('noscript')}</p></noscript></main>
<nav id="nav" aria-label="${t('menu')}" hidden><ul>${links}</ul></nav>
</body>
</html>
`
}

/** What a phone needs to put the wallet beside its other apps. */
export const walletManifest = (urls: Readonly<Record<string, string>>, language: string): object => ({
  id: '/wallet',
  name: wordsOf(language).wallet ?? 'Wallet',
  short_name: wordsOf(language).wallet ?? 'Wallet',
  lang: language,
  start_url: '/wallet',
  scope: '/wallet',
  display: 'standalone',
  background_color: '#f5f7fa',
  theme_color: '#0b5c8a',
  icons: [
    { src: urls['icon.svg'], sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
    { src: urls['icon-192.png'], sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: urls['icon-512.png'], sizes: '512x512', type: 'image/png', purpose: 'any' },
    // The same: it is filled to its edges, and the sign stays inside of the circle that is never cut off.
    { src: urls['icon-512.png'], sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
})
