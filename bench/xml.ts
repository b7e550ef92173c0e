import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHttps } from '../src/base/web-https.ts'
import { defaultProfile } from '../src/imps/profile.ts'
import { createXmlDialect } from '../src/imps/xml/dialect.ts'
import { openSigned, openSignedByLibrary, sign } from '../src/imps/xml/signature.ts'
import { loadKeys } from '../src/keys.ts'
import { makeSandboxKeys } from '../src/sandbox-keys.ts'
import { onTheWire, readXmlVectors } from '../test/vectors/xml/read.ts'
import { type Figure, passes, table } from './support/figures.ts'

/** What one message of the XML wire costs on one core: written, signed, carried, opened, read. */

const RUN_MS = 40
const RUNS = 25 // short ones: on a busy machine some still fall between the neighbours' turns

/** Microseconds per call: the least of several runs, which noise cannot lower. */
function measure(call: () => unknown): number {
  let kept: unknown
  for (const from = performance.now(); performance.now() - from < 200; ) kept = call()
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < RUNS; run += 1) {
    let calls = 0
    const from = performance.now()
    for (; performance.now() - from < RUN_MS; calls += 1) kept = call()
    least = Math.min(least, ((performance.now() - from) * 1000) / calls)
  }
  if (kept === undefined) throw new Error('nothing was measured')
  return least
}

/** Round trips per second over mutual TLS, both ends in this process. */
async function measureHttps(
  ours: ReturnType<typeof loadKeys>,
  theirs: ReturnType<typeof loadKeys>,
  body: string,
): Promise<number> {
  const maxBytes = defaultProfile.xml.maxBytes
  const [client, server] = [ours, theirs].map(({ tls }) => createHttps({ tls: () => tls, maxBytes }))
  const listener = await server!.serve({ host: '127.0.0.1', port: 0 }, async () => ({
    status: 200,
    body: '<Ack></Ack>',
  }))
  const url = `https://127.0.0.1:${listener.port}/imps/ReqPay/2.0`
  const load = async (ms: number): Promise<number> => {
    let done = 0
    const from = performance.now()
    const worker = async (): Promise<void> => {
      for (; performance.now() - from < ms; done += 1) await client!.post({ url, body, timeoutMs: 5_000 })
    }
    await Promise.all(Array.from({ length: 32 }, worker))
    return (done * 1000) / (performance.now() - from)
  }
  await load(500)
  const best = Math.max(await load(1_000), await load(1_000), await load(1_000))
  client!.close()
  await listener.close()
  return best
}

/** Measures on this machine: about ten seconds. */
export async function benchXml(): Promise<Figure[]> {
  const place = mkdtempSync(join(tmpdir(), 'turant-bench-xml-'))
  try {
    await makeSandboxKeys(join(place, 'keys'))
    const [hub, theSwitch] = [loadKeys(join(place, 'keys', 'hub')), loadKeys(join(place, 'keys', 'switch'))]
    const now = Date.now()
    const key = hub.ring.signingKey(now)!
    const { pinned } = theSwitch.ring
    const limits = { maxBytes: defaultProfile.xml.maxBytes, maxDepth: defaultProfile.xml.maxDepth }
    const dialect = createXmlDialect(defaultProfile)
    const document = onTheWire(readXmlVectors().find(({ name }) => name === 'req-pay-account')!.text)
    const message = dialect.read(document)
    const signed = sign(document, key)
    const bytes = Buffer.from(signed)
    const atMost = (value: number) => ({ kind: 'atMost', value }) as const
    const size = `ReqPay of ${Buffer.byteLength(document)} bytes`
    return [
      { what: `write a ${size}`, value: measure(() => dialect.write(message)), unit: 'µs', gate: atMost(60) },
      { what: 'sign it, RSA-2048', value: measure(() => sign(document, key)), unit: 'µs', gate: atMost(500) },
      {
        what: `open it signed, ${bytes.length} bytes, without a tree`,
        value: measure(() => openSigned(bytes, pinned, now, limits)),
        unit: 'µs',
        gate: atMost(150),
      },
      {
        what: 'the same by the library',
        value: measure(() => openSignedByLibrary(bytes, pinned, now, limits)),
        unit: 'µs',
      },
      { what: 'read it', value: measure(() => dialect.read(document)), unit: 'µs', gate: atMost(400) },
      {
        what: 'HTTPS, mutual TLS, both ends on one core',
        value: await measureHttps(hub, theSwitch, signed),
        unit: '/s',
        gate: { kind: 'atLeast', value: 2_000 },
      },
    ]
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const figures = await benchXml()
  console.log(table(figures))
  process.exitCode = figures.every(passes) ? 0 : 1
}
