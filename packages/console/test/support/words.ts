import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

/**
 * Latin words that a page in Hindi has: names that have no other form in India. Whatever is in capitals is an abbreviation or a code
 * (RRN, NPCI, B11, HDFC0000123).
 */
const known = new Set(
  'Turant English IFSC OAuth Ed25519 webhook Dr Cr ms kB MB MiB GiB Node raw private_key_jwt Payroll Ravi Kumar invoice'.split(
    ' ',
  ),
)
/** Ids, file names, logins, masked names, rights, events, acts and links: code, wherever it stands. */
const code =
  /\b[a-z_]+\.[a-z_]+\b|\b[a-z]{2,5}_[0-9a-zA-Z…]+|\S+\.(csv|xlsx|sta|txt|pdf|json)\b|\S+@\S+|\S*\*\*\S*|\b[a-z]+:[a-z]+\b|https?:\S+|rules\/\d+|\bX{4,}\w*|\bnpci-[a-z]+|\bv\d\b/g

const seen = `(() => {
  const found = []
  const skipped = 'code, pre, script, style, noscript, .mono, [lang="en"], [translate="no"], [aria-hidden="true"]'
  const add = (text, element) => found.push([text, element.closest(skipped) !== null])
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
    if (node.parentElement !== null) add(node.data, node.parentElement)
  for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
    for (const element of document.body.querySelectorAll('[' + name + ']')) add(element.getAttribute(name) ?? '', element)
  for (const field of document.body.querySelectorAll('input:not([type=hidden], [type=radio], [type=checkbox]), textarea'))
    add(field.value, field)
  return found
})()`

/** All that a page says, and of each piece whether it is code (ids, file names) or marked as being in English. */
async function textsOf(page: Page): Promise<readonly (readonly [text: string, skipped: boolean])[]> {
  const texts: unknown = await page.evaluate(seen)
  assert.ok(Array.isArray(texts))
  return texts
}

/** What a page in Hindi says in English, but for known words, names, code, and what is marked as being in English. */
export async function leftOf(page: Page, names: readonly string[]): Promise<readonly string[]> {
  const left = (await textsOf(page)).flatMap(([text, skipped]) => {
    const words = text.replaceAll(code, '').match(/[A-Za-z][A-Za-z0-9_]+/g) ?? []
    return !skipped && words.some((word) => !/^[A-Z0-9]+$/.test(word) && !known.has(word) && !names.includes(word))
      ? [text.trim()]
      : []
  })
  return [...new Set(left)]
}

/** A page in Hindi has no English left in it. */
export async function checkWords(page: Page, names: readonly string[], what: string): Promise<void> {
  assert.deepEqual(await leftOf(page, names), [], `${what} has English under Hindi`)
}

/** Nothing personal stands on a page in full. What it was is not said: logs have no such numbers. */
export async function checkMasked(page: Page, personal: readonly string[], what: string): Promise<void> {
  const texts = (await textsOf(page)).map(([text]) => text)
  const shown = personal.filter((one) => texts.some((text) => text.includes(one)))
  assert.equal(shown.length, 0, `${what} shows ${shown.map((one) => `…${one.slice(-4)}`).join(', ')} in full`)
}
