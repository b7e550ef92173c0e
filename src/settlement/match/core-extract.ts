import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cycle } from '../../imps/cycles.ts'
import type { PlainInput } from './execute.ts'
import { FilesMissing } from './match-cycle.ts'

/**
 * What a core banking system brings of a cycle: `<bank>-<date>-<number>.csv` in a folder, in the plain form (`plainHeads`).
 * @throws {FilesMissing} when it is not there: without it every payment would be missing in the core
 */
export const coreExtractIn =
  (folder: string) =>
  async (institution: string, { settlementDate, number }: Cycle): Promise<PlainInput> => {
    const name = `${institution}-${settlementDate}-${number}.csv`
    const path = join(folder, name)
    await access(path).catch(() => {
      throw new FilesMissing(`the core's file ${name}`)
    })
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk)
    return { path, input: { what: 'core', fileId: null, name, sha256: hash.digest('hex'), rows: 0 } }
  }
