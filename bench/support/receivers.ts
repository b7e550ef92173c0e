import { createServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer } from 'node:net'

/**
 * Receivers of webhooks in a process of their own: `node bench/support/receivers.ts <good> <slow> <dead>`. Says their URLs as one line of JSON,
 * then each half second what the good ones got: `[webhook-id, epoch ms]` pairs.
 */

const [good = 1, slow = 0, dead = 0] = process.argv.slice(2).map(Number)
const SLOW_MS = 5_000
let got: [string, number][] = []

const listen = (server: Server | ReturnType<typeof createTcpServer>): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/hook`)
    })
  })
const receiver = (answer: (response: ServerResponse) => void, keep: boolean) =>
  createServer((request, response) => {
    if (keep) got.push([String(request.headers['webhook-id']), Date.now()])
    request.resume()
    request.on('end', () => answer(response))
  })
const times = (count: number, make: () => Promise<string>) => Promise.all(Array.from({ length: count }, make))

const urls = {
  good: await times(good, () => listen(receiver((response) => response.writeHead(204).end(), true))),
  slow: await times(slow, () =>
    listen(receiver((response) => setTimeout(() => response.writeHead(204).end(), SLOW_MS), false)),
  ),
  // Half of the dead take the connection and say nothing, half refuse it.
  dead: (
    await times(dead, () => listen(createTcpServer((socket) => socket.on('error', () => undefined).resume())))
  ).map((url, i) => (i % 2 === 0 ? url : 'http://127.0.0.1:1/hook')),
}
process.stdout.write(`${JSON.stringify(urls)}\n`)
setInterval(() => {
  process.stdout.write(`${JSON.stringify(got)}\n`)
  got = []
}, 500)
process.on('disconnect', () => process.exit())
