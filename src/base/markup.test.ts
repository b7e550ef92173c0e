import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fill, fillText, html } from './markup.ts'

test('text is escaped, markup is not, lists are joined and nothing is nothing', () => {
  const inner = html`<b>${'a & b'}</b>`
  assert.equal(
    html`<p title="${'"x"'}">${[inner, undefined, 7]}</p>`.text,
    '<p title="&quot;x&quot;"><b>a &amp; b</b>7</p>',
  )
})

test('a sentence takes its pieces by name, and its own signs are text', () => {
  assert.equal(fill('1 < {n}, {who}', { n: 2, who: html`<i>you</i>` }).text, '1 &lt; 2, <i>you</i>')
  assert.equal(fill('{nobody}.', {}).text, '.')
  assert.equal(fillText('1 < {n}, {who}{nobody}', { n: '2', who: '{n} & co' }), '1 < 2, {n} & co')
})

test('no text can open a tag or leave its quotes', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.doesNotMatch(html`${text}`.text, /[<>"']/)
      assert.doesNotMatch(fill('{text}', { text }).text, /[<>"']/)
    }),
  )
})
