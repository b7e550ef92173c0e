/** HTML that is safe to write into a page: made by `html` only. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may stand between the tags: text is escaped, markup is not, lists are joined, nothing is nothing. */
export type Piece = string | number | Markup | undefined | readonly Piece[]

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as text, also between the quotes of an attribute. */
export const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (found) => escapes[found] ?? found)

const written = (piece: Piece): string => {
  if (piece === undefined) return ''
  if (piece instanceof Markup) return piece.text
  if (typeof piece === 'object') return piece.map(written).join('')
  return escapeMarkup(String(piece))
}

/** A template of HTML: whatever is put into it is escaped, unless it is markup itself. Attributes must stand in double quotes. */
export const html = (parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup =>
  new Markup(parts.reduce((whole, part, index) => whole + written(pieces[index - 1]) + part))

/** A sentence with `{name}` in it, each replaced by its piece; the sentence is text, escaped like any other. */
export const fill = (sentence: string, pieces: Readonly<Record<string, Piece>>): Markup =>
  new Markup(
    sentence
      .split(/\{(\w+)\}/)
      .map((part, index) => (index % 2 === 0 ? escapeMarkup(part) : written(pieces[part])))
      .join(''),
  )

/** The same for a place where there is no markup, such as a title: text in, text out, to be escaped where it is put. */
export const fillText = (sentence: string, texts: Readonly<Record<string, string>>): string =>
  sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => texts[name] ?? '')
