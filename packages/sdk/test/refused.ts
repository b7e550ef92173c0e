import { createServer } from 'node:net'

/** An address that nobody listens on. */
export async function refusedAddress(): Promise<string> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const port = Number(Object(probe.address()).port)
  await new Promise((resolve) => probe.close(resolve))
  return `http://127.0.0.1:${port}`
}
