// The payer's page comes alive: copies, counts down, and takes the hub's news. Without this script everything is there, and looked for again.

const SECOND = 1000
/** When the stream ends for good (too many readers, an old proxy), it is asked for again after so long, never all at once. */
const AGAIN = 10 * SECOND

const main = () => document.getElementById('main')
const said = document.getElementById('said')
const offline = document.querySelector('#offline span')
const { events } = document.body.dataset

// --- copy, print ------------------------------------------------------------------------------------------------------

/** Where the clipboard is not given to pages (plain http), the old way. */
const copyByHand = (text) => {
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'unseen'
  document.body.append(field)
  field.select()
  document.execCommand('copy')
  field.remove()
}

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('button')
  if (button === null) return
  if (button.classList.contains('print')) print()
  const { copy, copied } = button.dataset
  if (copy === undefined) return
  try {
    await navigator.clipboard.writeText(copy)
  } catch {
    copyByHand(copy)
    button.focus()
  }
  const before = button.textContent
  if (before === copied) return
  button.textContent = copied
  said.textContent = `${copied}: ${button.closest('div').querySelector('dt').textContent}`
  setTimeout(() => {
    button.textContent = before
    said.textContent = ''
  }, 2 * SECOND)
})

// --- countdown --------------------------------------------------------------------------------------------------------

let counting

const two = (number) => String(number).padStart(2, '0')

const leftInWords = (ms) => {
  const seconds = Math.ceil(ms / SECOND)
  const clock = `${Math.floor(seconds / 3600) % 24}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  const days = Math.floor(seconds / 86_400)
  if (days === 0) return clock
  const { lang } = document.documentElement
  const format = new Intl.NumberFormat(`${lang}-u-nu-latn`, { style: 'unit', unit: 'day', unitDisplay: 'long' })
  return `${format.format(days)} ${clock}`
}

/** By how long the hub says is left, whatever the clock of this device shows. */
const countDown = () => {
  clearInterval(counting)
  const row = document.querySelector('.countdown')
  if (row === null) return
  const end = performance.now() + Number(row.dataset.left)
  const show = () => {
    const left = end - performance.now()
    row.querySelector('[role="timer"]').textContent = leftInWords(Math.max(0, left))
    if (left > 0) return
    clearInterval(counting)
    listen() // the hub says what has become of the link
  }
  row.hidden = false
  counting = setInterval(show, SECOND)
  show()
}

// --- news -------------------------------------------------------------------------------------------------------------

let stream
let again

const wake = () => {
  for (const button of document.querySelectorAll('main button')) button.hidden = false
  countDown()
}

/** Puts the new page in the place of the old: seen, and said by a screen reader. */
const show = (text) => {
  const next = new DOMParser().parseFromString(text, 'text/html').querySelector('main')
  const before = main()
  if (next.dataset.version === before.dataset.version) return
  // The page knew nothing of its link, not even whose it is.
  if (before.dataset.state === 'busy') return location.reload()
  const hadFocus = before.contains(document.activeElement)
  before.replaceWith(document.adoptNode(next))
  wake()
  if (hadFocus) next.focus()
  document.title = next.querySelector('.title').textContent
  said.textContent = next.querySelector('.say').textContent
  scrollTo(0, 0)
}

function listen() {
  clearTimeout(again)
  stream?.close()
  if (main().dataset.live !== 'yes') return
  stream = new EventSource(`${events}&seen=${main().dataset.version}`)
  stream.onopen = () => {
    offline.hidden = true
  }
  stream.onmessage = ({ data }) => {
    show(JSON.parse(data))
    if (main().dataset.live !== 'yes') stream.close()
  }
  stream.addEventListener('arrived', ({ data }) => {
    said.textContent = JSON.parse(data)
    said.className = 'arrived'
  })
  stream.onerror = () => {
    offline.hidden = navigator.onLine
    if (stream.readyState === EventSource.CLOSED) again = setTimeout(listen, AGAIN * (1 + Math.random()))
  }
}

addEventListener('offline', () => {
  offline.hidden = false
})
addEventListener('online', listen)
// A phone that slept has lost its stream without knowing.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') listen()
})
// Back in the history: the page may be old.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) listen()
})

wake()
listen()
