// Keeps the shell of the wallet, so that it opens without a connection and says so. What is about money is never kept: this looks at
// nothing outside /wallet, and there is no money in there.
const CACHE = 'wallet-shell-SHELL'
const shell = () => new Request('/wallet', { credentials: 'same-origin' })

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([shell()]))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name.startsWith('wallet-shell-') && name !== CACHE)
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (pathname.startsWith('/wallet/assets/')) {
    event.respondWith(
      caches.open(CACHE).then(async (cache) => {
        const kept = await cache.match(request)
        if (kept !== undefined) return kept
        const fresh = await fetch(request)
        if (fresh.ok) await cache.put(request, fresh.clone())
        return fresh
      }),
    )
  } else if (pathname === '/wallet' && request.mode === 'navigate') {
    event.respondWith(
      fetch(request)
        .then(async (fresh) => {
          if (fresh.ok) await (await caches.open(CACHE)).put(shell(), fresh.clone())
          return fresh
        })
        .catch(async () => (await (await caches.open(CACHE)).match(shell())) ?? Response.error()),
    )
  }
})
