import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, Socket } from 'node:net'
import { test } from 'node:test'
import { overSocket } from '../../src/base/network.ts'

// A switch that turns a hub without a certificate away does so right behind the handshake (TLS 1.3): the alert can come in the segment that
// ends it. The socket may be closed before the link that dialled it has asked to be told; or it tells of the error and of the end and is never
// closed. The link then believed in it for good.

test('whoever asks about the end of a connection that is over already is told so, once', async (t) => {
  const server = createServer((socket) => socket.destroy())
  t.after(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const socket = connect(address.port, '127.0.0.1')
  const connection = overSocket(socket)
  socket.resume()
  await once(socket, 'close')
  const told: string[] = []
  await new Promise<void>((resolve) => {
    connection.onClose((reason) => {
      told.push(reason)
      resolve()
    })
  })
  assert.equal(told.length, 1)
})

test('a connection that had an error is over, whether or not its socket closes by itself', async () => {
  const socket = new Socket()
  const connection = overSocket(socket)
  const reason = new Promise((resolve) => connection.onClose(resolve))
  socket.emit('error', Object.assign(new Error('alert'), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }))
  assert.match(String(await reason), /CERTIFICATE_REQUIRED/)
  assert.ok(socket.destroyed)
})
