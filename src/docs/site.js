// Search, in the reader's browser: the index comes when the first letter is typed. Without this script everything else works.
import MiniSearch from '/docs/assets/minisearch.js'

const input = document.getElementById('search')
const list = document.getElementById('found')
input.parentElement.hidden = false

let index
const load = async () => {
  const response = await fetch('/docs/assets/search.json')
  const { options, index: text } = await response.json()
  return MiniSearch.loadJSON(text, options)
}

const show = (found) => {
  list.replaceChildren(
    ...found.map(({ id, title, page }) => {
      const item = document.createElement('li')
      const link = document.createElement('a')
      const where = document.createElement('small')
      link.href = `/docs/${id}`
      link.textContent = title
      where.textContent = page
      link.append(where)
      item.append(link)
      return item
    }),
  )
  if (found.length === 0) list.textContent = 'nothing'
  list.hidden = false
}

input.addEventListener('input', async () => {
  index ??= load()
  const ready = await index
  const words = input.value.trim()
  if (words === '') {
    list.hidden = true
    return
  }
  show(ready.search(words, { prefix: true, fuzzy: 0.2, boost: { title: 3 } }).slice(0, 12))
})

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') list.hidden = true
  if (event.key === '/' && document.activeElement !== input) {
    event.preventDefault()
    input.focus()
  }
})
