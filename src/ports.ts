import { createServer as createProbe } from 'node:net'
import { ConfigError } from './config.ts'

/** Ports that are free: looked for at once and told in one line, taken for good by whoever listens. */

/** How far from a default port that is taken another is looked for. */
const PORTS_TRIED = 100

/** The port to use. @throws {ConfigError} when it was asked for by name and is taken */
export async function choosePort(host: string, port: number, given: boolean, name: string): Promise<number> {
  for (let at = port; at < port + PORTS_TRIED && at <= 65_535; at += 1) {
    const failure = await tryPort(host, at)
    if (failure === undefined) return at
    if (failure !== 'EADDRINUSE') throw new ConfigError(`${name}: cannot listen on ${host}:${at} (${failure})`)
    if (given) throw new ConfigError(`${name}: port ${at} on ${host} is taken`)
  }
  throw new ConfigError(`${name}: no free port between ${port} and ${port + PORTS_TRIED - 1} on ${host}`)
}

/** How often a port that was free is tried again when somebody else takes it in between. */
const PORT_RACES = 5

/** Opens something on a free port: with two hubs starting at once, the port that was free a moment ago may be taken. */
export async function onFreePort<T>(
  host: string,
  port: number,
  given: boolean,
  name: string,
  use: (port: number) => Promise<T>,
): Promise<T> {
  for (let race = 1; ; race += 1) {
    const free = await choosePort(host, port, given, name)
    try {
      return await use(free)
    } catch (error) {
      if (race === PORT_RACES || !String(error).includes('EADDRINUSE')) throw error
    }
  }
}

/** A port that nobody has now. Only the simulated switch is told of it, so any will do. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createProbe()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const bound = probe.address()
      probe.close(() => resolve(bound !== null && typeof bound === 'object' ? bound.port : 0))
    })
  })
}

/** Why the port cannot be listened on; undefined when it can. */
function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createProbe()
    probe.once('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
}
