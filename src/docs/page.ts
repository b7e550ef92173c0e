import { contents } from './contents.ts'
import type { Library, Page } from './library.ts'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** A whole page: no script in it, no style in it, and all of it there when no script runs. */
export function pageOf(library: Library, page: Page): string {
  const link = (path: string): string => {
    const { title } = library.pages.get(path) ?? { title: path }
    return `<li><a href="/docs/${path}"${path === page.path ? ' aria-current="page"' : ''}>${escaped(title)}</a></li>`
  }
  const sections = contents.map(
    ({ title, pages }) =>
      `<h2>${title}</h2><ul>${pages
        .filter((path) => library.pages.has(path))
        .map(link)
        .join('')}${title === 'Reference' ? '<li><a href="/docs/api/">API</a></li>' : ''}</ul>`,
  )
  const parts = page.parts.map(({ id, title }) => `<li><a href="#${id}">${escaped(title)}</a></li>`).join('')
  const order = contents.flatMap(({ pages }) => pages.filter((path) => library.pages.has(path)))
  const at = order.indexOf(page.path)
  const beside = (path: string | undefined, word: string): string =>
    path === undefined || at === -1
      ? '<span></span>'
      : `<a href="/docs/${path}">${word.replace('·', escaped(library.pages.get(path)?.title ?? path))}</a>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(page.title)} · Turant</title>
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/assets/site.css">
<link rel="alternate" type="text/markdown" href="/docs/${page.path}.md">
<script type="module" src="/docs/assets/site.js"></script>
</head>
<body>
<a class="skip" href="#main">To the text</a>
<header>
<a class="name" href="/docs/index">Turant</a>
<div class="search" role="search" hidden><input type="search" id="search" placeholder="Search" aria-label="Search the documents" autocomplete="off"><ol id="found" aria-live="polite" hidden></ol></div>
<a class="to-contents" href="#contents">Contents</a>
<a href="/docs/api/">API</a>
</header>
<div class="columns">
<main id="main">${page.html}<div class="beside">${beside(order[at - 1], '← ·')}${beside(order[at + 1], '· →')}</div></main>
${parts === '' ? '' : `<aside aria-label="On this page"><ul>${parts}</ul></aside>`}
<nav id="contents" aria-label="Contents">${sections.join('')}</nav>
</div>
</body>
</html>
`
}
