// Which screen is shown: by what stands behind the # of the address, so that back and forward work.
import { call, session } from './api.js'
import { alarm, button, h, t } from './dom.js'
import { homeScreen, receiveScreen, statementScreen } from './home.js'
import { payLinkScreen, payScreen } from './pay.js'
import { paymentScreen } from './payment.js'
import { settingsScreen } from './settings.js'
import { signInScreen } from './sign-in.js'

const main = document.getElementById('main')
const nav = document.getElementById('nav')
let leave
let shown = 0

/** Puts a screen in the place of the one before; what comes late from another one is not shown any more. */
const screen = () => {
  shown += 1
  const mine = shown
  return (title, ...parts) => {
    if (mine !== shown) return
    document.title = `${title} · ${t('wallet')}`
    const heading = h('h1', { tabindex: '-1' }, title)
    main.replaceChildren(heading, ...parts.flat().filter(Boolean))
    heading.focus({ preventScroll: true })
    scrollTo(0, 0)
  }
}

const signIn = (why) => {
  nav.hidden = true
  leave?.()
  leave = undefined
  signInScreen(screen(), route, why)
}

async function route() {
  const [name = '', id] = location.hash.slice(1).split('/')
  const link = new URLSearchParams(location.search).get('link')
  leave?.()
  leave = undefined
  const put = screen()
  const mine = shown
  let stop
  try {
    if (session.csrf === '') session.csrf = (await call('GET', 'sessions/current')).csrfToken
    session.me ??= await call('GET', 'me')
    nav.hidden = false
    for (const link of nav.querySelectorAll('a'))
      if (link.hash === `#${name || 'home'}`) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    if (name === 'payment') stop = await paymentScreen(put, id)
    else if (name === 'pay') payScreen(put)
    else if (name === 'receive') await receiveScreen(put)
    else if (name === 'statement') await statementScreen(put)
    else if (name === 'settings') await settingsScreen(put, signIn)
    else if (link !== null && name === '') await payLinkScreen(put, link)
    else stop = await homeScreen(put, route)
    // Whoever has gone on meanwhile follows nothing of this screen.
    if (mine === shown) leave = stop
    else stop?.()
  } catch (error) {
    if (error.status === 401) {
      const was = session.csrf !== ''
      session.csrf = ''
      session.me = undefined
      signIn(was ? t('session.over') : undefined)
    } else put(t('wallet'), alarm(error.message), button(t('again'), route))
  }
}

addEventListener('hashchange', route)
addEventListener('online', () => {
  if (main.querySelector('[role=alert]') !== null && session.csrf !== '' && location.hash.length < 2) route()
})
route()
if ('serviceWorker' in navigator)
  navigator.serviceWorker.register('/wallet/sw.js', { scope: '/wallet' }).catch(() => undefined)
