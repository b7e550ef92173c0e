import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import jsQR from 'jsqr'
import { aCredit, aLink, linkIn, NOW } from '../../test/support/payer-link.ts'
import { readAccountQr } from '../imps/qr.ts'
import { languages } from './languages.ts'
import { type PageState, type PayerLink, pageStateOf, versionOf } from './link.ts'
import { busyPage, linkPage, unknownPage } from './page.ts'

const assets = { style: '/pay/assets/page.css', script: '/pay/assets/page.js', icon: '/pay/assets/icon.svg' }
const around = { now: NOW, walletUrl: '/wallet?link=x' }
const [english, hindi] = languages
assert.ok(english !== undefined && hindi !== undefined)
const pageOf = (link: PayerLink, language = english): string => linkPage(assets, link, language, around)
const textOf = (page: string): string =>
  page
    .replaceAll(/<svg[\s\S]*?<\/svg>|<head>[\s\S]*?<\/head>/g, '')
    .replaceAll(/<\/(?:dt|p|li|h1|h2)>/g, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')

// --- what a link is -------------------------------------------------------------------------------------------------

const rules: readonly (readonly [what: string, link: Partial<PayerLink>, state: PageState])[] = [
  ['nothing has come', {}, 'open'],
  ['less than asked', { credits: [aCredit(1n)] }, 'partPaid'],
  ['exactly', { status: 'paid', credits: [aCredit(12_345_600n)] }, 'paid'],
  ['in two parts', { status: 'paid', credits: [aCredit(12_345_599n), aCredit(1n)] }, 'paid'],
  ['a paisa more', { status: 'paid', credits: [aCredit(12_345_601n)] }, 'overPaid'],
  ['twice', { status: 'paid', credits: [aCredit(12_345_600n), aCredit(12_345_600n)] }, 'overPaid'],
  ['any amount', { amountPaise: null, status: 'paid', credits: [aCredit(1n)] }, 'paid'],
  ['nothing, in time', { status: 'expired' }, 'expired'],
  ['a part in time, the rest never', { status: 'expired', credits: [aCredit(1n)] }, 'expired'],
  ['all, too late', { status: 'expired', credits: [aCredit(12_345_600n, { isLate: true })] }, 'late'],
  ['all, after it was cancelled', { status: 'cancelled', credits: [aCredit(1n, { isLate: true })] }, 'late'],
  ['nothing, and it was cancelled', { status: 'cancelled' }, 'cancelled'],
  ['somebody, of many', { isForMany: true, credits: [aCredit(12_345_600n)] }, 'open'],
]
for (const [what, link, state] of rules) {
  test(`${what} came: ${state}`, () => assert.equal(pageStateOf(aLink(link)), state))
}

test('whatever makes the page say something else makes another version', () => {
  const all = Object.values(linkIn).map(versionOf)
  assert.equal(new Set(all).size, all.length)
})

// --- what the page says ---------------------------------------------------------------------------------------------

/** What must be read on the page of each state, and what must not. */
const said: Readonly<Record<PageState, { readonly has: readonly RegExp[]; readonly hasNot: readonly RegExp[] }>> = {
  open: {
    has: [
      /Pay Asha & Daughters Sarees ₹1,23,456\.00 One Lakh Twenty Three Thousand/,
      /turns green by itself/,
      /For Two sarees, and the sewing/,
      /Reference ORDER-2026-1017/,
      /Pay before 28 Nov 2026, 11:45 am IST/,
      /Send exactly ₹1,23,456\.00/,
      /Account number 99012345678901234/,
      /IFSC TRNT0000001/,
      /With less than this amount the order stays unpaid/,
      /Pay from your wallet/,
      /Do not pay again/,
      /Back to sarees\.example/,
    ],
    hasNot: [/Received/, /Print/],
  },
  partPaid: {
    has: [
      /₹50,000\.00 has arrived\. ₹73,456\.00 is still to pay/,
      /Send ₹73,456\.00, or a part of it/,
      /RRN 633211004217/,
    ],
    hasNot: [/Send exactly/],
  },
  paid: {
    has: [
      /Paid ₹1,23,456\.00/,
      /has your payment/,
      /RRN 633211004217/,
      /Time 28 Nov 2026, 11:31 am IST/,
      /Print/,
      /Back to/,
    ],
    hasNot: [/Account number/, /How to pay/, /wallet/, /not green/],
  },
  overPaid: { has: [/You paid ₹544\.00 more than was asked/, /RRN 633211004217/], hasNot: [/Account number/] },
  late: { has: [/came late/, /after this link had ended/, /RRN 633211004217/], hasNot: [/Account number/] },
  expired: { has: [/has expired/, /Do not send money/, /not green/], hasNot: [/Account number/, /990123/] },
  cancelled: { has: [/was cancelled/, /Do not send money/], hasNot: [/Account number/, /990123/] },
}
for (const [state, { has, hasNot }] of Object.entries(said)) {
  test(`the page of a link that is ${state} says what is known, and what to do`, () => {
    const text = textOf(pageOf(linkIn[state as PageState]))
    for (const one of has) assert.match(text, one)
    for (const one of [...hasNot, /fail/i, /error/i, /undefined|null|NaN|\{\w+\}/]) assert.doesNotMatch(text, one)
  })
}

test('whoever pays any amount is told so, and no amount is in the code', () => {
  const text = textOf(pageOf(aLink({ amountPaise: null })))
  assert.match(text, /You choose the amount/)
  assert.match(text, /Send the amount that you want to pay/)
  assert.doesNotMatch(text, /₹|With less/)
})

test('a link for many never shows what others paid, or their RRN', () => {
  const text = textOf(pageOf(aLink({ isForMany: true, credits: [aCredit(777n)] })))
  assert.doesNotMatch(text, /633211004217|7\.77/)
  assert.match(text, /Send exactly ₹1,23,456\.00/)
})

test('a page without a script looks again while there may be news, and only then', () => {
  for (const [state, link] of Object.entries(linkIn)) {
    const live = ['open', 'partPaid', 'expired', 'cancelled'].includes(state)
    assert.equal(/<noscript><meta http-equiv="refresh" content="15"><\/noscript>/.test(pageOf(link)), live, state)
  }
})

// --- what it is made of -----------------------------------------------------------------------------------------------

const all = languages.flatMap((language) => [
  ...Object.values(linkIn).map((link) => pageOf(link, language)),
  unknownPage(assets, language),
  busyPage(assets, language, 'QkV4bXBsZVRva2VuT2ZBTGluaw'),
])

test('nothing in any page runs or styles but what comes from the hub', () => {
  for (const page of all) {
    assert.doesNotMatch(page, /<script(?! type="module" src="\/pay\/assets\/page\.js"><\/script>)/)
    assert.doesNotMatch(page, /<[a-z][^>]*\s(?:on[a-z]+|style|srcdoc)=|<style|<iframe|<object|javascript:/i)
    assert.doesNotMatch(page, /\{\w+\}|undefined|\[object/)
  }
})

test('what a merchant writes is text, whatever it is', () => {
  const evil = '"><img src=x onerror=alert(1)>&{merchant}'
  const page = pageOf(aLink({ merchant: evil, description: evil, reference: evil }), hindi)
  assert.doesNotMatch(page, /<img/)
  assert.ok(page.includes('&lt;img src=x onerror=alert(1)&gt;&amp;{merchant}'))
})

test('a return address that is none of the web is not linked', () => {
  for (const returnUrl of ['javascript:alert(1)', 'data:text/html,x', '//x', 'no address', 'file:///etc'])
    assert.doesNotMatch(pageOf(aLink({ status: 'paid', credits: [aCredit(12_345_600n)], returnUrl })), /Back to/)
})

test('each page is a quarter of the first view’s 40 KB at most', () => {
  for (const page of all) {
    const { length } = brotliCompressSync(page)
    assert.ok(length < 10_240, `${length} bytes`)
  }
})

// --- the code ---------------------------------------------------------------------------------------------------------

/** The modules of the picture in a page, drawn four pixels wide, as a scanner would see them. */
function scanPicture(page: string): string {
  const [, side = '', path = ''] =
    /viewBox="0 0 (\d+) \1"[^>]*><path fill="#fff"[^>]*\/><path d="([^"]*)"/.exec(page) ?? []
  const [scale, size] = [4, Number(side) * 4]
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255)
  const fill = (x: number, y: number): void => {
    pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3)
  }
  for (const [, column, row, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g))
    for (let y = 0; y < scale; y += 1)
      for (let x = 0; x < Number(run) * scale; x += 1) fill(Number(column) * scale + x, Number(row) * scale + y)
  return jsQR.default(pixels, size, size)?.data ?? ''
}

test('the code in the page is read by a scanner: the account, the amount still to pay, the reference', () => {
  const read = (link: PayerLink) => readAccountQr(scanPicture(pageOf(link)))
  const { ifsc, accountNumber } = aLink().account
  const merchantName = 'Asha & Daughters Sarees'
  const reference = 'ORDER-2026-1017'
  assert.deepEqual(read(linkIn.open), { ifsc, accountNumber, merchantName, amountPaise: 12_345_600n, reference })
  assert.deepEqual(read(linkIn.partPaid), { ifsc, accountNumber, merchantName, amountPaise: 7_345_600n, reference })
  assert.deepEqual(read(aLink({ amountPaise: null, reference: null })), {
    ifsc,
    accountNumber,
    merchantName,
    amountPaise: null,
    reference: null,
  })
})
