import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where `vite build` puts the console. */
export const builtFolder = fileURLToPath(new URL('../../packages/console/dist', import.meta.url))

type Asset = { readonly bytes: Buffer; readonly br: Buffer | undefined; readonly gz: Buffer | undefined }
/** The page, with `{{nonce}}` and `{{mode}}` where the answer says its own; and the files that it loads, by name. */
export type BuiltConsole = { readonly page: string; readonly assets: ReadonlyMap<string, Asset> }

/** All of it, into memory: two or three megabytes. Undefined: it was not built. */
export function readBuiltConsole(folder: string): BuiltConsole | undefined {
  const names = globSync('assets/*', { cwd: folder })
  if (names.length === 0) return undefined
  const read = (name: string): Buffer => readFileSync(join(folder, name))
  const has = new Set(names)
  const assets = names
    .filter((name) => !/\.(br|gz)$/.test(name))
    .map((name): [string, Asset] => [
      name.slice('assets/'.length),
      {
        bytes: read(name),
        br: has.has(`${name}.br`) ? read(`${name}.br`) : undefined,
        gz: has.has(`${name}.gz`) ? read(`${name}.gz`) : undefined,
      },
    ])
  return { page: read('index.html').toString('utf8'), assets: new Map(assets) }
}
