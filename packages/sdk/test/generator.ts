import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'

/** What the SDK has from the hub's own OpenAPI document: the types, the table of operations, and the names of its methods. */

type Schema = Readonly<Record<string, unknown>>
type Content = Readonly<Record<string, { readonly schema?: Schema }>>
type Operation = {
  readonly summary?: string
  readonly description?: string
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema?: Schema }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}
export type Document = {
  readonly openapi: string
  readonly info: object
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** Files, by their name under `src/generated`. */
export type Generated = Readonly<Record<'openapi.ts' | 'operations.ts' | 'resources.ts' | 'event-types.ts', string>>

/** What is for balancers, for Prometheus and for clients of OAuth, and what is written by hand. */
const left = /^\/(oauth|\.well-known|metrics|healthz|readyz)|^\/v1\/payments\/\{id\}\/events$/

/** Bodies that are files: the document does not describe them, since no schema could. */
const files: ReadonlySet<string> = new Set(['post /v1/settlement-files', 'post /v1/disputes/{id}/evidence'])

/** Schemas with a name: what a path answers, wherever the same stands. */
const named: Readonly<Record<string, string>> = {
  Payment: '/v1/payments/{id}',
  Account: '/v1/accounts/{id}',
  NameEnquiry: '/v1/name-enquiries/{id}',
  Approval: '/v1/approvals/{id}',
  Beneficiary: '/v1/beneficiaries/{id}',
  Client: '/v1/clients/{id}',
  Customer: '/v1/customers/{id}',
  Person: '/v1/people/{id}',
  Dispute: '/v1/disputes/{id}',
  Break: '/v1/breaks/{id}',
  Event: '/v1/events/{id}',
}

const camel = (text: string): string => text.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase())

type Named = { readonly names: readonly string[]; readonly flags: string; readonly operation: Operation }

/** How a program calls an operation: the rule, and no list of exceptions. */
function nameOf(paths: Document['paths'], method: string, path: string): Named | undefined {
  const operation = paths[path]?.[method]
  if (operation === undefined || left.test(path)) return undefined
  const parts = path.replace(/^\/v1/, '').split('/').slice(1)
  const last = parts.at(-1) ?? ''
  const literals = parts.filter((part) => !part.startsWith('{')).map(camel)
  const answer = contentOf(operation)
  const json = answer?.['application/json']?.schema
  const fields = Object(json?.properties)
  const hasChild = Object.keys(paths).some((other) => other.startsWith(`${path}/{`))
  const isPlural = /[^s]s$/.test(last)
  const isCollection = hasChild || isPlural || paths[path]?.get !== undefined
  const isList = 'hasMore' in fields || ('data' in fields && (hasChild || isPlural))
  const verb = verbOf(method, last.startsWith('{'), isList, isCollection)
  const isFile = files.has(`${method} ${path}`)
  const has = (where: string, name?: string): boolean =>
    operation.parameters?.some((one) => one.in === where && (name === undefined || one.name === name)) === true
  const flags = [
    isFile ? 'f' : operation.requestBody === undefined ? '' : 'b',
    has('query') ? 'q' : '',
    has('header', 'Idempotency-Key') ? 'k' : '',
    verb === 'list' ? 'l' : '',
    answer !== undefined && (json === undefined || Object.keys(answer).length > 1) ? 'r' : '',
  ].join('')
  return { names: verb === '' ? literals : [...literals, verb], flags, operation }
}

function verbOf(method: string, isOne: boolean, isList: boolean, isCollection: boolean): string {
  if (method === 'get') return isOne || !isList ? 'get' : 'list'
  if (method === 'post') return isOne || isCollection ? 'create' : '' // `cancel` is a verb already
  return { patch: 'update', put: 'replace', delete: 'delete' }[method] ?? method
}

/** What a success holds, by media type. */
const contentOf = ({ responses }: Operation): Content | undefined =>
  Object.entries(responses).find(([status, one]) => status.startsWith('2') && one.content !== undefined)?.[1].content

/** @throws {Error} when two operations would have one name */
export async function generate(document: Document): Promise<Generated> {
  const slim = nameSchemas(slimOf(document))
  const table: string[] = []
  const tree: Tree = {}
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods)) {
      const found = nameOf(document.paths, method, path)
      if (found === undefined) continue
      const { names, flags } = found
      table.push(`${names.join('.')}=${method.toUpperCase()} ${path}${flags === '' ? '' : ` ${flags}`}`)
      plant(tree, names, signatureOf(found, method, path))
    }
  }
  const head = '// Made from the OpenAPI document of the hub by `npm run sdk`; a test says when it is not current.\n'
  const ast = await openapiTS(JSON.parse(JSON.stringify(slim)) satisfies OpenAPI3, { immutable: true, silent: true })
  return {
    'openapi.ts': head + astToString(ast),
    'event-types.ts': `${head}/** Every type of event, as docs/reference/events.md has them. */\nexport const eventTypes = [\n${eventTypesOf(document)}] as const\n`,
    'operations.ts': `${head}export const table = \`${table.sort().join('\n')}\`\n`,
    'resources.ts': `${head}${resourcesHead}\n/** Every operation, by the path that it has. */\nexport type Resources = ${printTree(tree, '')}\n`,
  }
}

/** The types that `GET /v1/events` takes, a line each. */
function eventTypesOf({ paths }: Document): string {
  const type = paths['/v1/events']?.get?.parameters?.find(({ name }) => name === 'type')
  return [Object(type?.schema).enum]
    .flat()
    .map((name) => `  '${name}',\n`)
    .join('')
}

const resourcesHead = [
  "import type { List } from '../list.ts'",
  "import type { RequestOptions } from '../transport.ts'",
  "import type { Answer, Body, Item, Query } from '../types.ts'",
  "import type { components } from './openapi.ts'",
  '',
  ...Object.keys(named).map((name) => `export type ${name} = components['schemas']['${name}']`),
  '',
].join('\n')

/** Without what the types do not need: failures, which are all one problem, and what is left out. */
function slimOf(document: Document): Document {
  const paths = Object.fromEntries(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      left.test(path)
        ? []
        : [
            [
              path,
              Object.fromEntries(
                Object.entries(methods).map(([method, operation]) => [
                  method,
                  {
                    ...operation,
                    responses: Object.fromEntries(
                      Object.entries(operation.responses).filter(([status]) => status.startsWith('2')),
                    ),
                  },
                ]),
              ),
            ],
          ],
    ),
  )
  return { openapi: document.openapi, info: document.info, paths }
}

/** Puts the schemas that have a name in one place, and the name wherever the same schema stands. */
function nameSchemas(document: Document): object {
  const names = new Map<string, string>()
  const schemas: Record<string, Schema> = {}
  for (const [name, path] of Object.entries(named)) {
    const get = document.paths[path]?.get
    const schema = get && contentOf(get)?.['application/json']?.schema
    if (schema === undefined) throw new Error(`${path} has no schema to be called ${name}`)
    names.set(JSON.stringify(schema), name)
    schemas[name] = schema
  }
  const visit = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const name = names.get(JSON.stringify(value))
    if (name !== undefined) return { $ref: `#/components/schemas/${name}` }
    if (Array.isArray(value)) return value.map(visit)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]))
  }
  return { ...Object(visit(document)), components: { schemas } }
}

type Tree = { [name: string]: string | Tree }

function plant(tree: Tree, names: readonly string[], signature: string): void {
  const [name = '', ...rest] = names
  const there = tree[name]
  if (rest.length === 0) {
    if (there !== undefined) throw new Error(`two operations are called ${name}: ${signature}`)
    tree[name] = signature
    return
  }
  if (typeof there === 'string') throw new Error(`${name} is an operation and has some`)
  const inner = there ?? {}
  tree[name] = inner
  plant(inner, rest, signature)
}

function signatureOf({ flags, operation }: Named, method: string, path: string): string {
  const has = (flag: string): boolean => flags.includes(flag)
  const at = `'${path}', '${method}'`
  const required = (operation.requestBody as { readonly required?: boolean } | undefined)?.required === true
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map((found) => `${found[1]}: string`),
    ...(has('b') ? [`body${required ? '' : '?'}: Body<${at}>`] : []),
    ...(has('f') ? ['file: Uint8Array'] : []),
    ...(has('q') ? [`query${has('f') ? '' : '?'}: Query<${at}>`] : []),
    'options?: RequestOptions',
  ]
  const result = has('l') ? `List<Item<${at}>>` : `Promise<${has('r') ? 'Response' : `Answer<${at}>`}>`
  return `/** ${operation.summary}. \`${method.toUpperCase()} ${path}\` */\n(${parameters.join(', ')}) => ${result}`
}

function printTree(tree: Tree, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(tree)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      if (typeof value !== 'string') return `${inner}readonly ${name}: ${printTree(value, inner)}\n`
      const [comment = '', type = ''] = value.split('\n')
      return `${inner}${comment}\n${inner}readonly ${name}: ${type}\n`
    })
  return `{\n${lines.join('')}${indent}}`
}
