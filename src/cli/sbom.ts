import { readFileSync } from 'node:fs'

/**
 * `npm run sbom`: what the hub is made of, as CycloneDX, without what only its makers use.
 *
 * npm's own `--omit dev` leaves out whatever a development package happens to use too (npm 11.19: ajv, semver, yaml and nine more), so the
 * whole list is read from standard input, and what the lockfile calls `dev` is dropped here.
 */

type Component = { readonly 'bom-ref': string; readonly purl: string }
type Bom = {
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[]
}
type Lock = { readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>> }

const bom: Bom = JSON.parse(readFileSync(0, 'utf8'))
const lock: Lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))

const needed = new Set<string>()
for (const [path, { version, dev }] of Object.entries(lock.packages)) {
  if (dev === true) continue
  needed.add(`pkg:npm/${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version ?? ''}`)
}
const components = bom.components.filter(({ purl }) => needed.has(decodeURIComponent(purl)))
const left = new Set(components.map((one) => one['bom-ref']))
const dependencies = bom.dependencies
  .filter(({ ref }) => left.has(ref) || !bom.components.some((one) => one['bom-ref'] === ref))
  .map((one) => ({ ...one, dependsOn: (one.dependsOn ?? []).filter((ref) => left.has(ref)) }))
process.stdout.write(`${JSON.stringify({ ...bom, components, dependencies }, null, 2)}\n`)
