import { mkdirSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from './base/clock.ts'
import type { SimulatorClient } from './http/sandbox.ts'
import { sealPgp } from './imps/files/pgp.ts'
import type { AskAnswers, FileAnswer } from './settlement/books/upload-answer.ts'
import type { Deliver } from './settlement/books/upload-leave.ts'
import type { PgpKeys } from './settlement/intake/arrival.ts'

/**
 * Puts files for NPCI into a folder, from where whoever has the way to NPCI takes them: encrypted for NPCI where its OpenPGP key is known.
 * A file is there whole or not at all.
 * @source NPCI OC 67, OC 91: uploads are encrypted
 */
export function deliverToFolder(folder: string, clock: Clock, pgp: PgpKeys | undefined): Deliver {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return async (name, bytes) => {
    const sealed = pgp === undefined || pgp.from.length === 0 ? undefined : await encrypted(bytes, pgp, clock.now())
    const path = join(folder, sealed === undefined ? name : `${name}.pgp`)
    const file = await open(`${path}.part`, 'w', 0o600)
    try {
      await file.writeFile(sealed ?? bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.part`, path)
    return { kind: 'sent' }
  }
}

async function encrypted(bytes: Uint8Array, { keys: [signWith], from }: PgpKeys, at: number): Promise<Uint8Array> {
  const sealed = await sealPgp(bytes, { to: from, ...(signWith === undefined ? {} : { signWith }), at })
  if (sealed.kind === 'refused') throw new Error(`a file for NPCI cannot be encrypted: ${sealed.fault}`)
  return sealed.bytes
}

/** In the sandbox: to the simulated switch, which says at once what it thinks of the file. */
export const deliverToSimulator =
  (simulator: Pick<SimulatorClient, 'post'>): Deliver =>
  async (name, bytes) => {
    const { status, body } = await simulator.post('/uploads', { name, content: Buffer.from(bytes).toString('utf8') })
    if (status < 300) return { kind: 'accepted' }
    if (status >= 500) throw new Error(`the simulated switch answered ${status}`)
    // A file has a name of its own: NPCI has it from before a stop, after which nobody knew whether it had left. @source NPCI OC 129
    if (Object(body).code === 'name_seen') return { kind: 'sent', answer: 'NPCI has a file of this name' }
    const detail: unknown = Object(body).detail
    return { kind: 'refused', answer: typeof detail === 'string' ? detail : `status ${status}` }
  }

/** In the sandbox: what the simulated switch made of the rows of files, which it judges when it cuts its next cycle. */
export const askSimulator =
  (simulator: Pick<SimulatorClient, 'get'>): AskAnswers =>
  async (names) => {
    const { status, body } = await simulator.get('/uploads')
    if (status !== 200) throw new Error(`the simulated switch answered ${status}`)
    const wanted = new Set<unknown>(names)
    const files: unknown = Object(body).data
    if (!Array.isArray(files)) return new Map()
    return new Map(
      files.map(Object).flatMap(({ name, rows }) => (wanted.has(name) ? [[String(name), answerOf(rows)]] : [])),
    )
  }

function answerOf(rows: unknown): FileAnswer {
  const all = Array.isArray(rows) ? rows.map(Object) : []
  return {
    refused: all.flatMap(({ reference, state, refusal }) =>
      state === 'refused' && typeof reference === 'string' && /^[0-9a-f]{32}$/.test(reference)
        ? [{ reference, why: String(refusal) }]
        : [],
    ),
    open: all.filter(({ state }) => state === 'waiting').length,
  }
}
