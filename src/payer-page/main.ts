import { toRfc3339 } from '../base/clock.ts'
import { fill, fillText, html, type Markup, type Piece } from '../base/markup.ts'
import { formatRupees, paise } from '../base/money.ts'
import { writeAccountQr } from '../imps/qr.ts'
import { inWords, istDate, istTime, type Language, rupees } from './languages.ts'
import { type LinkCredit, type PageState, type PayerLink, pageStateOf, versionOf } from './link.ts'
import { qrPicture } from './qr-picture.ts'

/** What the page needs besides the link. */
export type Around = Readonly<{
  /** Epoch milliseconds. */
  now: number
  /** Where a customer of this hub pays the link from the wallet; undefined where there is no wallet. */
  walletUrl: string | undefined
}>

/** Left to right also where the language is not: digits, names and codes in Latin letters. */
const latin = (text: string): Markup => html`<bdi dir="ltr">${text}</bdi>`
/** A name as its owner writes it, whatever the direction around it. */
const named = (text: string): Markup => html`<bdi>${text}</bdi>`
const money = (amountPaise: bigint): Markup => latin(rupees(amountPaise))

/** In fours, to compare by eye; what is copied by hand has no spaces. */
const inFours = (text: string): Markup =>
  html`<bdi dir="ltr" class="code-word">${(text.match(/.{1,4}/g) ?? []).map((four) => html`<span>${four}</span>`)}</bdi>`

const instant = (at: number, language: Language): Markup =>
  html`<time datetime="${toRfc3339(at)}" title="${toRfc3339(at).slice(0, 16).replace('T', ' ')} UTC">${istDate(at, language)}, ${latin(istTime(at))}</time>`

const fact = (name: string, value: Piece): Markup => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

/** A value with a button that copies it; the button is for scripts, and there only with one. */
const copied = (name: string, shown: Markup, value: string, { words }: Language): Markup =>
  fact(
    name,
    html`${shown}<button type="button" class="copy" hidden data-copy="${value}" data-copied="${words.copied}" aria-label="${words.copy}: ${name}">${words.copy}</button>`,
  )

/** What a state does to the page: whether it waits for more money, and for news. */
const states: Readonly<Record<PageState, { readonly pays: boolean; readonly isLive: boolean }>> = {
  open: { pays: true, isLive: true },
  partPaid: { pays: true, isLive: true },
  paid: { pays: false, isLive: false },
  overPaid: { pays: false, isLive: false },
  late: { pays: false, isLive: false },
  expired: { pays: false, isLive: true }, //   what was sent before may still arrive
  cancelled: { pays: false, isLive: true },
}

/** Whether the page may still have news. */
export const isLive = (link: PayerLink): boolean => states[pageStateOf(link)].isLive

const headline = (link: PayerLink, state: PageState, { words }: Language): Markup =>
  state === 'open' ? fill(words.pay, { merchant: named(link.merchant) }) : html`${words[state]}`

/** What the headline means, in a sentence. */
function hintOf(link: PayerLink, state: PageState, { words }: Language): Markup {
  const merchant = named(link.merchant)
  const { receivedPaise: received } = link
  const asked = link.amountPaise ?? 0n
  switch (state) {
    case 'open':
      return html`${words.openHint}`
    case 'partPaid':
      return fill(words.partHint, { received: money(received), remaining: money(asked - received) })
    case 'paid':
      return fill(words.paidHint, { merchant })
    case 'overPaid':
      return fill(words.overHint, { merchant, excess: money(received - asked) })
    case 'late':
      return fill(words.lateHint, { merchant })
    case 'expired':
      return fill(words.expiredHint, { merchant })
    case 'cancelled':
      return fill(words.cancelledHint, { merchant })
  }
}

/** What is still to pay; undefined where the payer chooses. */
const toPay = (link: PayerLink): bigint | undefined =>
  link.amountPaise === null ? undefined : link.isForMany ? link.amountPaise : link.amountPaise - link.receivedPaise

/** The three steps, the account to copy, and what to mind. */
function howToPay(link: PayerLink, language: Language): Markup {
  const { words } = language
  const { ifsc, accountNumber, name } = link.account
  const amount = toPay(link)
  const step =
    amount === undefined
      ? html`${words.stepAny}`
      : fill(link.takesParts ? words.stepPart : words.stepExact, { amount: html`<strong>${money(amount)}</strong>` })
  return html`<section class="card" aria-labelledby="how"><h2 id="how">${words.howTo}</h2>
<ol><li>${words.step1}</li><li>${words.step2}</li><li>${step}</li></ol>
<dl class="account">
${copied(words.account, inFours(accountNumber), accountNumber, language)}
${copied(words.ifsc, latin(ifsc), ifsc, language)}
${copied(words.name, named(name), name, language)}
${amount === undefined ? undefined : copied(words.amount, money(amount), formatRupees(amount).replaceAll(',', ''), language)}
</dl>
${amount === undefined || link.takesParts ? undefined : html`<p class="mind">${fill(words.exactOnly, { merchant: named(link.merchant) })}</p>`}
</section>`
}

function scan(link: PayerLink, { words }: Language): Markup | undefined {
  const amount = toPay(link)
  const text = writeAccountQr({
    ifsc: link.account.ifsc,
    accountNumber: link.account.accountNumber,
    merchantName: link.account.name,
    amountPaise: amount === undefined ? null : paise(amount),
    reference: link.reference,
  })
  if (text === undefined) return undefined
  const label = html`Bharat QR: ${words.account}, ${words.ifsc}`
  return html`<section class="card scan" aria-labelledby="scan"><h2 id="scan">${words.scan}</h2>
${qrPicture(text, label)}<p>${words.scanHint}</p></section>`
}

const receipt = ({ amountPaise, rrn, at }: LinkCredit, language: Language): Markup => {
  const { words } = language
  return html`<dl class="account">
${fact(words.received, html`<strong>${money(amountPaise)}</strong>`)}
${copied(words.rrn, inFours(rrn), rrn, language)}
${fact(words.time, instant(at, language))}
</dl>`
}

/** What the link is about, and until when. */
function factsOf(link: PayerLink, state: PageState, language: Language, now: number): Markup | undefined {
  const { words } = language
  const { description, reference, expiresAt } = link
  const ends = states[state].pays && expiresAt !== null ? expiresAt : undefined
  const facts = [
    description === null ? undefined : fact(words.purpose, named(description)),
    reference === null ? undefined : fact(words.reference, named(reference)),
    ends === undefined ? undefined : fact(words.payBefore, instant(ends, language)),
    ends === undefined
      ? undefined
      : html`<div hidden class="countdown" data-left="${Math.max(0, ends - now)}"><dt>${words.timeLeft}</dt><dd><span role="timer" aria-live="off"></span></dd></div>`,
  ].filter((one) => one !== undefined)
  return facts.length === 0 ? undefined : html`<dl class="facts">${facts}</dl>`
}

const tick = html`<svg class="tick" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 13l4.5 4.5L19 8"/></svg>`

/** The amount that matters now: what is still to pay, or what came. */
function amountOf(link: PayerLink, state: PageState, language: Language): Markup {
  const amount = states[state].pays
    ? toPay(link)
    : state === 'expired' || state === 'cancelled'
      ? link.amountPaise
      : link.receivedPaise
  if (amount === undefined || amount === null) return html`<p class="amount any">${language.words.anyAmount}</p>`
  return html`<p class="amount">${money(amount)}</p><p class="spoken">${inWords(amount, language)}</p>`
}

/** What a screen reader is told when the page changes: the headline, and of each credit its amount and RRN. */
const saidOf = (link: PayerLink, state: PageState, language: Language): Markup =>
  html`${headline(link, state, language)}. ${hintOf(link, state, language)} ${
    link.isForMany ? undefined : link.credits.map(({ rrn }) => html`${language.words.rrn} ${rrn}. `)
  }`

/** Of a link that many pay: somebody has. Its payer knows their own RRN, and nobody else's is shown whole. Text, not markup. */
export const arrivedSentence = ({ amountPaise, rrn }: LinkCredit, { words }: Language): string =>
  fillText(words.justArrived, { amount: rupees(amountPaise), digits: rrn.slice(-4) })

/** The title of the window: the state first, which is what a narrow tab shows. Text, not markup. */
export function titleOf(link: PayerLink, { words }: Language): string {
  const state = pageStateOf(link)
  const { merchant } = link
  if (state === 'open') return fillText(words.pay, { merchant })
  return `${state === 'paid' || state === 'overPaid' ? '✓ ' : ''}${words[state]} · ${merchant}`
}

/**
 * The part of the page that changes; the script puts a new one in the place of the old.
 * @returns markup whose `data-` attributes tell the script what to say and what it shows
 */
export function mainOf(link: PayerLink, language: Language, { now, walletUrl }: Around): Markup {
  const { words } = language
  const state = pageStateOf(link)
  const { pays, isLive: live } = states[state]
  const isPaid = state === 'paid' || state === 'overPaid'
  const credits = link.isForMany ? [] : link.credits
  const host = link.returnUrl === null ? undefined : hostOf(link.returnUrl)
  return html`<main id="main" tabindex="-1" data-state="${state}" data-version="${versionOf(link)}" data-live="${live ? 'yes' : 'no'}">
<div class="card first">
<div class="head">${isPaid ? tick : undefined}<h1>${headline(link, state, language)}</h1></div>
${amountOf(link, state, language)}
<p class="hint">${hintOf(link, state, language)}</p>
${live ? html`<noscript><p class="hint">${words.openHintPlain} <a href="?lang=${language.code}">${words.lookNow}</a></p></noscript>` : undefined}
${factsOf(link, state, language, now)}
${credits.map((credit) => receipt(credit, language))}
${credits.length === 0 ? undefined : html`<button type="button" class="print" hidden>${words.print}</button>`}
${host === undefined || pays ? undefined : html`<a class="button" rel="noreferrer" href="${link.returnUrl ?? ''}">${fill(words.back, { host: latin(host) })}</a>`}
</div>
${pays ? html`${howToPay(link, language)}${scan(link, language)}` : undefined}
${pays && walletUrl !== undefined ? html`<a class="button" href="${walletUrl}">${words.wallet}</a>` : undefined}
${live ? html`<section class="card" aria-labelledby="calm"><h2 id="calm">${words.notGreen}</h2><p>${words.notGreenHint}</p></section>` : undefined}
${host === undefined || !pays ? undefined : html`<a class="quiet" rel="noreferrer" href="${link.returnUrl ?? ''}">${fill(words.back, { host: latin(host) })}</a>`}
<p class="say" hidden>${saidOf(link, state, language)}</p>
<p class="title" hidden>${titleOf(link, language)}</p>
</main>`
}

/** The host of an address on the web; undefined for anything a page must not link to. */
const hostOf = (url: string): string | undefined => {
  const { protocol, host } = URL.parse(url) ?? { protocol: '', host: '' }
  return protocol === 'https:' || protocol === 'http:' ? host : undefined
}
