import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcp, type Server, type Socket } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { request as plainRequest } from 'undici'
import { createOutbound, type Outbound, OutboundRefused, type Resolve } from '../../src/base/outbound.ts'

// Every way that is known to us of writing "your own machine" or "your own network" so that a guard does not see it, against listeners
// that are really there. The claim is not that the client says no, but that nothing was dialled.

/** Listens on all addresses of this machine, IPv4 and IPv6, and counts whoever comes. */
const dialled: string[] = []
const sockets = new Set<Socket>()
const counting = (): Server =>
  createTcp((socket) => {
    dialled.push(`${socket.localAddress}:${socket.localPort}`)
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
  })
const listeners = [counting(), counting()]
let port = 0
let otherPort = 0
const portOf = (server: Server): number => {
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return address.port
}
const listen = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '::', resolve)
  })
let outbound: Outbound
before(async () => {
  await Promise.all(listeners.map(listen))
  ;[port = 0, otherPort = 0] = listeners.map(portOf)
  outbound = guarded(async () => [{ address: '127.0.0.1', family: 4 }]) // every name is this machine
})
beforeEach(() => {
  dialled.length = 0
})
after(async () => {
  await outbound.close()
  for (const socket of sockets) socket.destroy()
  for (const server of listeners) server.close()
})

/** As in production, but with the port of the listener among those that may be called: the address alone must decide. */
const guarded = (resolve?: Resolve, networks: readonly string[] = []): Outbound =>
  createOutbound({ ports: [443, port], networks, timeoutMs: 2_000, ...(resolve === undefined ? {} : { resolve }) })

/** `{p}` is the port of a listener. */
const local: readonly string[] = [
  // literal addresses, and all their spellings
  'https://127.0.0.1:{p}/',
  'https://127.0.0.2:{p}/',
  'https://127.127.127.127:{p}/',
  'https://127.255.255.254:{p}/',
  'https://127.1:{p}/',
  'https://127.0.1:{p}/',
  'https://127.000.000.001:{p}/',
  'https://0127.0.0.1:{p}/x',
  'https://0177.0.0.1:{p}/',
  'https://0177.0.0.01:{p}/',
  'https://0177.00.00.01:{p}/',
  'https://00000177.0.0.1:{p}/',
  'https://0x7f.0.0.1:{p}/',
  'https://0x7f.0x0.0x0.0x1:{p}/',
  'https://0x7F.1:{p}/',
  'https://0X7F.0.1:{p}/',
  'https://0x7f.1:{p}/',
  'https://0x7f000001:{p}/',
  'https://0x0007f000001:{p}/',
  'https://2130706433:{p}/',
  'https://017700000001:{p}/',
  'https://0000017700000001:{p}/',
  'https://127.0x1:{p}/',
  'https://127.0.0x1:{p}/',
  'https://0177.0x0.1:{p}/',
  'https://0x7f.0.1:{p}/',
  'https://0x7f.0:{p}/',
  'https://0.0.0.0:{p}/',
  'https://0:{p}/',
  'https://0x0:{p}/',
  'https://00:{p}/',
  'https://0.0:{p}/',
  'https://0.0.0:{p}/',
  // a dot at the end, escapes, other alphabets
  'https://127.0.0.1.:{p}/',
  'https://127.1.:{p}/',
  'https://2130706433.:{p}/',
  'https://0x7f000001.:{p}/',
  'https://%31%32%37.0.0.1:{p}/',
  'https://127%2e0%2e0%2e1:{p}/',
  'https://127.0.0.%31:{p}/',
  'https://%30x7f.1:{p}/',
  'https://①②⑦.⓪.⓪.①:{p}/',
  'https://１２７.０.０.１:{p}/',
  'https://127。0。0。1:{p}/',
  'https://127．0．0．1:{p}/',
  'https://127｡0｡0｡1:{p}/',
  'https://𝟏𝟐𝟕.𝟎.𝟎.𝟏:{p}/',
  'https://¹²⁷.⁰.⁰.¹:{p}/',
  'https://₁₂₇.₀.₀.₁:{p}/',
  'https://0𝘅7f.1:{p}/',
  'https://２１３０７０６４３３:{p}/',
  'https://127.0.0.1\u00ad:{p}/',
  'https://127.0.\u200b0.1:{p}/',
  // IPv6
  'https://[::1]:{p}/',
  'https://[0:0:0:0:0:0:0:1]:{p}/',
  'https://[0000:0000:0000:0000:0000:0000:0000:0001]:{p}/',
  'https://[::0001]:{p}/',
  'https://[0::1]:{p}/',
  'https://[::]:{p}/',
  'https://[0:0:0:0:0:0:0:0]:{p}/',
  'https://[::ffff:127.0.0.1]:{p}/',
  'https://[::FFFF:127.0.0.1]:{p}/',
  'https://[::ffff:7f00:1]:{p}/',
  'https://[::ffff:7f00:0001]:{p}/',
  'https://[0:0:0:0:0:ffff:127.0.0.1]:{p}/',
  'https://[::ffff:0.0.0.0]:{p}/',
  'https://[::ffff:0:0]:{p}/',
  // names
  'https://localhost:{p}/',
  'https://LOCALHOST:{p}/',
  'https://LocalHost:{p}/',
  'https://localhost.:{p}/',
  'https://ip6-localhost:{p}/',
  'https://a.localhost:{p}/',
  'https://local%68ost:{p}/',
  'https://%6c%6f%63%61%6c%68%6f%73%74:{p}/',
  'https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{p}/',
  'https://ｌｏｃａｌｈｏｓｔ:{p}/',
  'https://𝓁𝓸𝓬𝓪𝓵𝓱𝓸𝓼𝓽:{p}/',
  'https://loc\u00adalhost:{p}/',
  // two readers of one text
  'https://example.com@127.0.0.1:{p}/',
  'https://example.com:443@127.0.0.1:{p}/',
  'https://example.com%40127.0.0.1:{p}/',
  'https://user:password@127.0.0.1:{p}/',
  'https://:@127.0.0.1:{p}/',
  'https://@127.0.0.1:{p}/',
  'https://a@b@127.0.0.1:{p}/',
  'https://127.0.0.1:{p}\\@example.com/',
  'https://127.0.0.1:{p}\\.example.com/',
  'https://127.0.0.1:{p}#@example.com/',
  'https://127.0.0.1:{p}?@example.com/',
  'https://127.0.0.1:{p}/?@example.com/',
  'https://127.0.0.1:{p};@example.com/',
  'https:127.0.0.1:{p}/',
  'https:/127.0.0.1:{p}/',
  'https:///127.0.0.1:{p}/',
  'https:////127.0.0.1:{p}/',
  'https:\\\\127.0.0.1:{p}\\',
  'https:/\\127.0.0.1:{p}/',
  '//127.0.0.1:{p}/',
  ' https://127.0.0.1:{p}/',
  '\thttps://127.0.0.1:{p}/',
  '\u0000https://127.0.0.1:{p}/',
  'https://127.0.0.1:{p}/ ',
  'https://127.0.0.1:{p}/\r\nhost: example.com',
  'ht\ttps://127.0.0.1:{p}/',
  'https://127.0.\n0.1:{p}/',
  'https://127.0.0.1\t:{p}/',
  'HTTPS://127.0.0.1:{p}/',
  'https://127.0.0.1:0{p}/',
  'https://127.0.0.1:000{p}/',
  // without TLS
  'http://127.0.0.1:{p}/',
  'http://localhost:{p}/',
  'http://[::1]:{p}/',
  'http://2130706433:{p}/',
  'HTTP://127.0.0.1:{p}/',
]

/** Not of this machine, or nothing that HTTP can be spoken to: still never dialled. */
const elsewhere: readonly string[] = [
  'https://10.0.0.1/',
  'https://10.255.255.255/',
  'https://167772161/', // 10.0.0.1
  'https://0xa.0.0.1/',
  'https://012.0.0.1/',
  'https://172.16.0.1/',
  'https://172.31.255.254/',
  'https://0xac.0x10.0.1/',
  'https://192.168.0.1/',
  'https://192.168.1/',
  'https://3232235777/', // 192.168.1.1
  'https://169.254.169.254/latest/meta-data/',
  'https://169.254.169.254.:443/',
  'https://2852039166/', // 169.254.169.254
  'https://0xa9fea9fe/',
  'https://0251.0376.0251.0376/',
  'https://169.16689662/',
  'https://[::ffff:169.254.169.254]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[fd00:ec2::254]/',
  'https://168.63.129.16/', // what Azure tells its machines
  'https://100.100.100.200/', // what Alibaba tells its machines
  'https://192.0.0.192/', // what Oracle tells its machines
  'https://100.64.0.1/',
  'https://198.18.0.1/',
  'https://192.0.2.1/',
  'https://198.51.100.7/',
  'https://203.0.113.7/',
  'https://192.88.99.1/',
  'https://224.0.0.1/',
  'https://239.255.255.250/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://[64:ff9b::127.0.0.1]/', //       NAT64 of loopback
  'https://[64:ff9b::a00:1]/', //           NAT64 of 10.0.0.1
  'https://[64:ff9b:1::a00:1]/', //         NAT64 of one's own, RFC 8215
  'https://[2002:7f00:1::]/', //            6to4 of loopback
  'https://[2002:a00:1::1]/', //            6to4 of 10.0.0.1
  'https://[2001:0:7f00:1::1]/', //         Teredo
  'https://[2001::7f00:1]/',
  'https://[::127.0.0.1]/', //              IPv4-compatible
  'https://[::7f00:1]/',
  'https://[::ffff:0:127.0.0.1]/', //       IPv4-translated
  'https://[::ffff:0:7f00:1]/',
  'https://[fc00::1]/',
  'https://[fd12:3456:789a::1]/',
  'https://[fe80::1]/',
  'https://[fe80::1%25lo]/',
  'https://[fe80::1%lo]/',
  'https://[::1%25lo]/',
  'https://[::1%lo]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[100::1]/',
  'https://[2001:db8::1]/',
  'https://[3fff::1]/',
  'https://[5f00::1]/',
  'https://[4000::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://metadata.google.internal/', // no such name here; a private address where there is
  'https://example.com:22/',
  'https://example.com:80/',
  'https://example.com:6379/',
  'https://example.com:0/',
  'https://example.com:65536/',
  'https://example.com:-1/',
  'https://example.com:443:22/',
  'https://example.com:4 43/',
  'http://example.com/',
  'http://example.com:443/',
  'ftp://127.0.0.1/',
  'file:///etc/passwd',
  'file://127.0.0.1/etc/passwd',
  'gopher://127.0.0.1:6379/_FLUSHALL',
  'dict://127.0.0.1:11211/stats',
  'ldap://127.0.0.1/',
  'unix:/var/run/docker.sock',
  'http+unix://%2Fvar%2Frun%2Fdocker.sock/containers/json',
  'data:text/plain,x',
  'blob:https://127.0.0.1/x',
  'javascript:alert(1)',
  'jar:https://127.0.0.1!/',
  'ws://127.0.0.1/',
  'wss://127.0.0.1/',
  'https:',
  'https://',
  'https:///',
  'https://?',
  'https://#',
  'https://./',
  'https://../',
  'https://-/',
  'https://a..b/',
  'https://.example.com/',
  'https://example.com./',
  'https://exämple.com/',
  'https://example。com/',
  'https://ex ample.com/',
  'https://example.com%00.evil.example/',
  'https://[::1/',
  'https://::1/',
  'https://[127.0.0.1]/',
  'https://[::g]/',
  'https://1.2.3.4.5/',
  'https://256.256.256.256/',
  'https://127.0.0.1.1/',
  'https://4294967296/',
  'https://0x100000000/',
  'https://1.2.3.08/',
  `https://example.com/${'x'.repeat(2_048)}`,
  `https://${'a'.repeat(64)}.example/`,
  `https://${'a.'.repeat(200)}example/`,
  'https://example.com/\\..\\',
  'https://example.com/ x',
  'https://example.com/x#fragment',
  'https://example.com/\u202ex',
  'https://example.com:443\u0000/',
  'example.com',
  '/v1/payments',
  '',
]

const withPort = (form: string): string => form.replaceAll('{p}', `${port}`)

// ASVS 1.3.6, 13.2.5
test('no form of an address of this machine is dialled', async () => {
  const forms = local.map(withPort)
  assert.equal(new Set(forms).size, forms.length)
  for (const url of forms) {
    await assert.rejects(outbound.send({ method: 'POST', url, body: 'x' }), OutboundRefused, JSON.stringify(url))
  }
  assert.deepEqual(dialled, [])
})

// ASVS 1.2.2
test('nothing private, local, reserved or of another scheme is dialled', async () => {
  assert.equal(new Set(elsewhere).size, elsewhere.length)
  const inside = guarded(async () => [{ address: '169.254.169.254', family: 4 }])
  for (const url of elsewhere) {
    if (!url.includes('metadata')) assert.throws(() => inside.check(url), OutboundRefused, JSON.stringify(url))
    await assert.rejects(inside.send({ method: 'GET', url }), OutboundRefused, JSON.stringify(url))
  }
  await inside.close()
  assert.deepEqual(dialled, [])
  assert.ok(local.length + elsewhere.length >= 235, `${local.length + elsewhere.length} forms`)
})

test('the table is not empty talk: a client that does not look reaches a listener with most of its forms', async () => {
  let reached = 0
  for (const form of local) {
    const before = dialled.length
    const url = withPort(form)
    try {
      await plainRequest(url, { headersTimeout: 1_000 }).then(({ body }) => body.dump())
    } catch {
      // no TLS there, or no URL even to this client: what counts is who came
    }
    if (dialled.length > before) reached += 1
  }
  assert.ok(reached >= 50, `${reached} of ${local.length}`)
})

test('a reason is told, and it is a word and no address', async () => {
  const reasons: readonly (readonly [url: string, reason: string])[] = [
    ['nothing', 'not_a_url'],
    ['http://example.com/', 'not_https'],
    ['https://a:b@example.com/', 'userinfo'],
    ['https://example.com:22/', 'port'],
    ['https://2130706433/', 'host_form'],
    ['https://192.168.0.1/', 'address'],
    [`https://localhost:${port}/`, 'resolved'],
  ]
  for (const [url, reason] of reasons) {
    await assert.rejects(outbound.send({ method: 'GET', url }), (error: OutboundRefused) => {
      assert.equal(error.reason, reason, url)
      assert.doesNotMatch(error.message, /[0-9]|example/)
      return true
    })
  }
})

const fine = [
  'https://example.com',
  'https://example.com/',
  'https://EXAMPLE.com/hook',
  'https://example.com:443/hook',
  'https://hooks.example.co.in/turant?a=1&b=%20x',
  'https://xn--exmple-cua.com/',
  'https://a-b.example/path/to/it/',
  'https://_dmarc.example.com/',
  'https://gateway/', // a name of one's own network; what it resolves to decides
  'https://1.example.com/',
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]/',
  'https://example.com/~user/@x:1;y=(2)',
]
for (const url of fine)
  test(`${url} passes the check`, () => assert.equal(typeof outbound.check(url).hostname, 'string'))

test('a name is judged when it is dialled, by all that it resolves to, and what was judged is what is dialled', async () => {
  // 127.0.0.2 stands for a public address: it is allowed; 127.0.0.1 is not.
  const good = { address: '127.0.0.2', family: 4 }
  const bad = { address: '127.0.0.1', family: 4 }
  const bad6 = { address: '::1', family: 6 }
  const tables: readonly (readonly (typeof good)[])[] = [
    [good, bad],
    [bad, good],
    [good, bad6],
    [bad6, good],
    [bad],
    [bad6],
    [],
  ]
  for (const answer of tables) {
    const client = guarded(async () => answer, ['127.0.0.2/32'])
    await assert.rejects(client.send({ method: 'GET', url: `https://pair.example:${port}/` }), OutboundRefused)
    await client.close()
  }
  assert.deepEqual(dialled, [])

  let asked = 0
  const rebinding = guarded(async () => (++asked === 1 ? [good] : [bad]), ['127.0.0.2/32'])
  const url = `https://rebinding.example:${port}/`
  rebinding.check(url)
  assert.equal(asked, 0) // writing it down asks nobody: an answer of then says nothing about now
  await assert.rejects(rebinding.send({ method: 'GET', url })) // the listener speaks no TLS
  assert.deepEqual([asked, dialled.length], [1, 1])
  assert.match(dialled[0] ?? '', /127\.0\.0\.2/)
  dialled.length = 0
  await assert.rejects(rebinding.send({ method: 'GET', url }), OutboundRefused)
  assert.deepEqual([asked, dialled.length], [2, 0])
  await rebinding.close()
})

// ASVS 15.3.2
test('a redirect is an answer, not an order: nobody goes where it points', async () => {
  const targets = [
    `http://127.0.0.1:${otherPort}/`,
    `http://localhost:${otherPort}/`,
    `//127.0.0.1:${otherPort}/`,
    'file:///etc/passwd',
  ]
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const [, status, target] = (request.url ?? '').split('/')
    response.writeHead(Number(status), {
      location: targets[Number(target)] ?? '',
      refresh: `0; url=${targets[Number(target)]}`,
      link: `<${targets[Number(target)]}>; rel=preload`,
    })
    response.end()
  }
  const redirecting = createServer(answer)
  await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve))
  const client = createOutbound({ loopback: true })
  for (const status of [300, 301, 302, 303, 305, 307, 308]) {
    for (const target of targets.keys()) {
      const got = await client.send({
        method: 'POST',
        url: `http://127.0.0.1:${portOf(redirecting)}/${status}/${target}`,
        body: 'x',
      })
      assert.equal(got.status, status)
    }
  }
  assert.deepEqual(dialled, [])
  await client.close()
  redirecting.close()
})

test('a sandbox may call this machine, and nothing else that is not public', async () => {
  const sandbox = createOutbound({ loopback: true })
  const { status } = await sandbox.send({ method: 'GET', url: `http://127.0.0.1:${port}/` })
  assert.deepEqual([status, dialled.length], [200, 1])
  dialled.length = 0
  for (const url of [
    'http://localhost:1/',
    'https://10.0.0.1/',
    'http://169.254.169.254/',
    'http://0.0.0.0:1/',
    'http://2130706433:1/',
  ]) {
    await assert.rejects(sandbox.send({ method: 'GET', url }), OutboundRefused, url)
  }
  await sandbox.close()
})

test('networks of the bank are called when a setting says so, and only those', () => {
  const bank = createOutbound({ networks: ['10.20.0.0/16', 'fd00:1::/32'] })
  for (const url of ['https://10.20.3.4/', 'https://[fd00:1::7]/']) assert.ok(bank.check(url))
  for (const url of [
    'https://10.21.0.1/',
    'https://[fd00:2::7]/',
    'https://127.0.0.1/',
    'http://10.20.3.4/',
    'https://10.20.3.4:8443/',
  ])
    assert.throws(() => bank.check(url), OutboundRefused, url)
})
