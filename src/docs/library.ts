import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import markdownIt from 'markdown-it'
import MiniSearch from 'minisearch'
import { contents } from './contents.ts'

const FOLDER = fileURLToPath(new URL('../../docs', import.meta.url))

export type Page = {
  /** Below `/docs/`, without an ending: `guides/send`. */
  readonly path: string
  readonly title: string
  readonly html: string
  /** As it lies in the folder. */
  readonly markdown: string
  /** Titles of its parts, to be jumped to. */
  readonly parts: readonly { readonly id: string; readonly title: string }[]
}

export type Library = {
  readonly pages: ReadonlyMap<string, Page>
  /** The index for searching, as JSON: MiniSearch over title, parts and text. */
  readonly index: string
  /** What programs that read are given first. @source llmstxt.org */
  readonly llms: string
}

/** What search is told on both sides. */
export const searchOptions = { fields: ['title', 'text'], storeFields: ['title', 'page'] }

/** A heading as an address: `Put one back` is `put-one-back`. */
export const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

// HTML in a document is text: nothing but Markdown makes an element.
const markdown = markdownIt({ html: false, linkify: false, typographer: false })

/** Reads and renders all documents: some hundred milliseconds, for whoever looks first. */
export function openLibrary(folder: string = FOLDER): Library {
  const files = globSync('**/*.md', { cwd: folder }).map((file) => file.replaceAll('\\', '/'))
  const known = new Set(files.map((file) => file.replace(/\.md$/, '')))
  const pages = new Map<string, Page>()
  const search = new MiniSearch<{ id: string; title: string; text: string; page: string }>(searchOptions)
  for (const path of [...known].sort()) {
    const text = readFileSync(join(folder, `${path}.md`), 'utf8')
    const { page, sections } = render(path, text, known)
    pages.set(path, page)
    search.addAll(sections)
  }
  return { pages, index: JSON.stringify(search), llms: llmsOf(pages, folder) }
}

type Section = { readonly id: string; readonly title: string; readonly text: string; readonly page: string }

function render(path: string, text: string, known: ReadonlySet<string>): { page: Page; sections: Section[] } {
  const tokens = markdown.parse(text, {})
  let title = path
  const parts: { id: string; title: string }[] = []
  const sections: { id: string; title: string; text: string; page: string }[] = []
  let section = { id: path, title: '', text: '', page: '' }
  tokens.forEach((token, i) => {
    const inline = tokens[i + 1]
    if (token.type === 'heading_open' && inline !== undefined) {
      const heading = plainOf(inline)
      if (token.tag === 'h1') {
        title = heading
        section = { id: path, title: heading, text: '', page: heading }
        sections.push(section)
        return
      }
      const id = slugOf(heading)
      token.attrSet('id', id)
      if (token.tag === 'h2') parts.push({ id, title: heading })
      section = { id: `${path}#${id}`, title: heading, text: '', page: title }
      if (!sections.some((one) => one.id === section.id)) sections.push(section)
      return
    }
    if (token.type === 'inline') section.text += `${plainOf(token)} `
    if (token.type === 'fence') section.text += `${token.content} `
    for (const child of token.children ?? []) if (child.type === 'link_open') relink(child, path, known)
  })
  // A table is wider than a phone: it moves in a box of its own.
  const html = markdown.renderer
    .render(tokens, markdown.options, {})
    .replaceAll('<table>', '<div class="wide"><table>')
    .replaceAll('</table>', '</table></div>')
  return { page: { path, title, html, markdown: text, parts }, sections }
}

type Token = ReturnType<typeof markdown.parse>[number]

const plainOf = (inline: Token): string =>
  (inline.children ?? [])
    .map((child) => (child.type === 'text' || child.type === 'code_inline' ? child.content : ' '))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** Links of documents go to files; those of pages go to pages. What is not a document is in the repository and not here. */
function relink(token: Token, path: string, known: ReadonlySet<string>): void {
  const href = token.attrGet('href') ?? ''
  if (/^(?:https?:|mailto:|#)/.test(href)) return
  const [file = '', part] = href.split('#')
  const target = posix
    .normalize(posix.join(dirname(path), file))
    .replace(/\.md$/, '')
    .replace(/^\.\.\/docs\//, '')
  const there = known.has(target) ? `/docs/${target}` : '/docs/index'
  token.attrSet('href', `${there}${part === undefined ? '' : `#${part}`}`)
}

function llmsOf(pages: ReadonlyMap<string, Page>, folder: string): string {
  const lines = contents.flatMap((section) => [
    '',
    `## ${section.title}`,
    '',
    ...section.pages.flatMap((path) => {
      const page = pages.get(path)
      return page === undefined ? [] : [`- [${page.title}](/docs/${path}.md)${summaryOf(folder, path)}`]
    }),
  ])
  return [
    '# Turant',
    '',
    '> An open, self-hosted IMPS hub. It never sends a payment twice: what may have left is asked about. Amounts are strings of paise; `processing` means that the outcome is open.',
    '',
    'The OpenAPI 3.1 document is at /openapi.json. Each page below is Markdown.',
    ...lines,
    '',
  ].join('\n')
}

/** The first sentence of a page. */
function summaryOf(folder: string, path: string): string {
  const text = readFileSync(join(folder, `${path}.md`), 'utf8')
  const [paragraph = ''] = text.split('\n\n').filter((one) => /^[A-Z`]/.test(one))
  const [sentence = ''] = paragraph.replaceAll('\n', ' ').split(/(?<=\.)\s/)
  return sentence === '' ? '' : `: ${sentence}`
}
