/** Letters that Unicode does not take apart, and the marks that people's keyboards make of plain ones. */
const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '₹': 'Rs',
  '\u00a0': ' ',
}

const plain = /^[\x20-\x7e]*$/

/**
 * A name or remark as the wire can carry it: printable US-ASCII, at most `most` characters. Accents are dropped, a few
 * letters spelled out, every other character becomes one `?`. The same text always gives the same result, and a result
 * gives itself. @source protocol.md §1.1, charset
 */
export function toWireText(text: string, most: number): string {
  if (plain.test(text)) return text.length <= most ? text : text.slice(0, most)
  let folded = ''
  for (const character of text.normalize('NFD')) {
    if (folded.length >= most) break
    if (plain.test(character)) folded += character
    else if (!/^\p{Mn}$/u.test(character) || !endsInLetter(folded)) folded += spelled[character] ?? '?'
  }
  return folded.slice(0, most)
}

/** An accent is dropped after the letter it stood on; the vowel signs of Indian scripts stand on a `?` and stay one. */
const endsInLetter = (text: string): boolean => /[A-Za-z]$/.test(text)
