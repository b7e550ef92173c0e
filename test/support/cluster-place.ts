import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const mark = createHash('sha256').update(checkout).digest('hex').slice(0, 12)

/** Where the shared PostgreSQL of the tests lives: one per user and checkout. */
export const clusterFolder: string = join(tmpdir(), `turant-test-${process.getuid?.() ?? 'user'}-${mark}`)
/** Its URL, while it runs. */
export const clusterFile: string = join(clusterFolder, 'url')
