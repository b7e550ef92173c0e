import { connect, createServer, type Socket } from 'node:net'

/** Where a connection is cut: after so many bytes of the request, or of the answer; infinite: not. */
export type Cut = { readonly request: number; readonly answer: number; readonly how: 'reset' | 'end' }

export const uncut: Cut = { request: Number.POSITIVE_INFINITY, answer: Number.POSITIVE_INFINITY, how: 'reset' }

/** A proxy that passes exactly as many bytes as it is told, and then cuts both sides. One request at a time. */
export async function startCuttingProxy(toPort: number) {
  const open = new Set<Socket>()
  const seen = { request: 0, answer: 0 }
  let cut = uncut
  const server = createServer((client) => {
    const hub = connect(toPort, '127.0.0.1')
    const both = [client, hub]
    for (const socket of both) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        for (const other of both) other.destroy()
      })
    }
    const sever = (): void => {
      hub.end() // what came before it arrives
      if (cut.how === 'reset') client.resetAndDestroy()
      else client.end()
    }
    const pass = (from: Socket, to: Socket, way: 'request' | 'answer'): void => {
      from.on('data', (bytes: Buffer) => {
        const left = cut[way] - seen[way]
        seen[way] += bytes.length
        const some = bytes.subarray(0, Math.max(0, left))
        if (some.length === bytes.length && left > bytes.length) to.write(some)
        else if (cut[way] === Number.POSITIVE_INFINITY) to.write(some)
        else if (some.length === 0) sever()
        else to.write(some, sever)
      })
    }
    pass(client, hub, 'request')
    pass(hub, client, 'answer')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: Number(Object(server.address()).port),
    /** Counts from here, and cuts there. */
    next(to: Cut): void {
      seen.request = 0
      seen.answer = 0
      cut = to
    },
    /** Bytes that have come from each side since `next`. */
    seen: (): Readonly<typeof seen> => ({ ...seen }),
    close(): void {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
