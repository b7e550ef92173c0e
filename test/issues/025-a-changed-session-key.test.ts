import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKey } from 'openpgp'
import { systemClock } from '../../src/base/clock.ts'
import { openPgpStream, PgpError, sealPgp } from '../../src/imps/files/pgp.ts'

// A bit of the session key turned over on the way made what was decrypted begin, once in some hundred times, like something that goes on for ever:
// the file had ended, and whoever took it in waited for good, with all files behind it.

test('a file whose session key was changed on the way is refused, each time', async () => {
  const at = Date.parse('2026-11-28T10:00:00+05:30')
  const key = await generateKey({ type: 'curve25519', userIDs: [{ name: 'bank' }], date: new Date(at - 86_400_000) })
  const text = Buffer.from('Bank Code,RRN\nTRN,633109000001\n')
  const sealed = await sealPgp(text, { to: [key.publicKey], at })
  assert.ok(sealed.kind === 'sealed')
  const options = {
    keys: [{ armored: key.privateKey }],
    at,
    maxBytes: 1_000_000,
    clock: { after: (_ms: number, fn: () => void) => systemClock.after(300, fn) },
  }
  for (let byte = 92; byte < 124; byte += 1)
    for (const bit of [1, 4, 16, 64]) {
      const changed = Uint8Array.from(sealed.bytes)
      changed[byte] = (changed[byte] ?? 0) ^ bit
      async function* whole() {
        yield changed
      }
      const opened = await openPgpStream(whole(), options)
      // Some begin like something, and are found out where they end.
      const read = opened.kind === 'refused' ? Promise.reject(new PgpError(opened.fault)) : drain(opened.chunks)
      await assert.rejects(read, { fault: 'tampered' }, `bit ${bit} of byte ${byte}`)
    }
})

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}
