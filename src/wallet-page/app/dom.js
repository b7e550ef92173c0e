// What every screen is made of: elements, words, amounts and times. No markup is ever put together from text.

/** The words of this language: `words.json` as the server put it before this script. */
export const words = globalThis.walletWords
export const language = document.documentElement.lang

/** A word, with what stands for its {places}. A word that is missing shows its name, and a test finds it. */
export const t = (name, places = {}) =>
  (words[name] ?? name).replaceAll(/\{(\w+)\}/g, (_, place) => String(places[place] ?? ''))

/** An element. `on…` are listeners; `undefined` and `false` are left out. */
export const h = (tag, props = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== false && child !== null))
  return element
}

/** Paise as rupees: 12345600 is ₹1,23,456.00. */
export const rupees = (paise) => {
  const value = BigInt(paise)
  const size = value < 0n ? -value : value
  const whole = new Intl.NumberFormat('en-IN').format(size / 100n)
  return `${value < 0n ? '−' : ''}₹${whole}.${String(size % 100n).padStart(2, '0')}`
}

/** What somebody typed as rupees, in paise as text; undefined when it is no amount. */
export const paiseOf = (text) => {
  const found = /^₹?\s*([0-9,]{1,13})(?:\.([0-9]{1,2}))?$/.exec(text.trim())
  if (found === null) return undefined
  const paise = BigInt(found[1].replaceAll(',', '') || '0') * 100n + BigInt((found[2] ?? '').padEnd(2, '0') || '0')
  return paise > 0n && paise < 1_000_000_000_000n ? String(paise) : undefined
}

const ist = new Intl.DateTimeFormat(language === 'en' ? 'en-IN' : `${language}-IN-u-nu-latn`, {
  timeZone: 'Asia/Kolkata',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

/** An instant in Indian time; UTC when it is pointed at. */
export const time = (at) =>
  h('time', { datetime: at, title: `${at.slice(0, 19)} UTC` }, `${ist.format(new Date(at))} IST`)
export const timeText = (at) => `${ist.format(new Date(at))} IST`

/** For a field into which digits go. */
export const digits = { inputmode: 'numeric' }

/** A field with its label, and what is wrong with it below. */
export const field = (name, label, props = {}, hint) => {
  const input = h('input', { id: name, name, required: true, autocomplete: 'off', ...props })
  const error = h('p', { class: 'error', id: `${name}-error`, hidden: true })
  input.setAttribute('aria-describedby', hint === undefined ? error.id : `${name}-hint ${error.id}`)
  const parts = [
    h('label', { for: name }, label),
    hint && h('p', { class: 'hint', id: `${name}-hint` }, hint),
    input,
    error,
  ]
  return h('div', { class: 'field' }, ...parts)
}

/** Says at a field what is wrong with it, and goes there; without a message, that nothing is. */
export const complain = (form, name, message) => {
  const input = form.elements[name]
  const error = document.getElementById(`${name}-error`)
  input.toggleAttribute('aria-invalid', message !== undefined)
  error.hidden = message === undefined
  error.textContent = message ?? ''
  if (message !== undefined) input.focus()
}

/** A message that a screen reader says at once. */
export const alarm = (text, kind = 'bad') => h('div', { class: `note ${kind}`, role: 'alert' }, h('p', {}, text))

/** A button that works once at a time: pressed twice, it is pressed once. */
export const button = (label, act, props = {}) => {
  const made = h('button', { type: 'button', ...props }, label)
  made.addEventListener('click', async () => {
    if (made.getAttribute('aria-busy') === 'true') return
    made.setAttribute('aria-busy', 'true')
    try {
      await act(made)
    } finally {
      made.removeAttribute('aria-busy')
    }
  })
  return made
}

/** A form that is sent once at a time; what goes wrong is said above its button. */
export const form = (parts, send, label, extra = []) => {
  const problem = h('div', { 'aria-live': 'polite' })
  const submit = h('button', { class: 'main' }, label)
  const made = h('form', { novalidate: true }, ...parts, problem, h('div', { class: 'row' }, submit, ...extra))
  made.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (submit.getAttribute('aria-busy') === 'true') return
    submit.setAttribute('aria-busy', 'true')
    problem.replaceChildren()
    try {
      await send(made)
    } catch (error) {
      problem.replaceChildren(alarm(error.message))
    } finally {
      submit.removeAttribute('aria-busy')
    }
  })
  return made
}

/** A fact under its name. */
export const facts = (pairs) =>
  h('dl', {}, ...pairs.filter(Boolean).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]))

/** Text that is copied with a press. */
export const copied = (text) =>
  h(
    'span',
    { class: 'copied' },
    h('code', {}, text),
    button(t('copy'), async (made) => {
      await navigator.clipboard.writeText(text)
      made.textContent = t('copied')
    }),
  )
