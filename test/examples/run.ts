import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inherited } from '../support/hub-process.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export type Ran = { readonly code: number | null; readonly said: string }

/** Runs a program of `examples/` to its end, as `npm run` would. @param env  which hub, and what else differs */
export async function runExample(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const child = spawn(process.execPath, [`examples/${program}`, ...args], {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
  const [code] = await once(child, 'close')
  return { code, said }
}
