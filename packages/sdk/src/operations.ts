import { List, type Page } from './list.ts'
import { type Call, type RequestOptions, send, type Transport } from './transport.ts'

/**
 * Every operation of the hub, made from one table: `payments.cancel=POST /v1/payments/{id}/cancel k`. A method takes the parameters of its path
 * in their order, then the body or the query if there is one, then options.
 *
 * Flags: `b` takes a JSON body, `f` a file and a query, `q` a query, `k` knows an idempotency key, `l` is a list, `r` gives the answer unread.
 */

type Method = (...given: unknown[]) => unknown
type Tree = { [name: string]: Method | Tree }

/** The tree of methods that a table describes. */
export function growTree(table: string, transport: Transport): Tree {
  const root: Tree = {}
  for (const line of table.split('\n')) {
    const [name = '', method = '', path = '', flags = ''] = line.split(/[= ]/)
    const names = name.split('.')
    const last = names.pop() ?? ''
    let at = root
    for (const one of names) {
      const next = at[one] ?? {}
      at[one] = next
      if (typeof next === 'object') at = next
    }
    at[last] = methodOf(transport, method, path, flags)
  }
  return root
}

function methodOf(transport: Transport, method: string, path: string, flags: string): Method {
  const has = (flag: string): boolean => flags.includes(flag)
  return (...given) => {
    const rest = [...given]
    const filled = path.replace(/\{(\w+)\}/g, (_all, name) => segment(name, rest.shift()))
    const body = has('b') ? JSON.stringify(rest.shift() ?? {}) : has('f') ? fileOf(rest.shift()) : undefined
    const query = has('q') ? Object(rest.shift()) : {}
    const options: RequestOptions = Object(rest.shift())
    const call = (more: object = {}): Call => ({
      method,
      path: filled + search({ ...query, ...more }),
      body,
      keyed: has('k'),
      options,
      ...(has('r') ? { accept: '*/*' } : {}),
    })
    if (has('l'))
      return new List((cursor) =>
        send<Page<unknown>>(transport, call(cursor === undefined ? {} : { cursor }), readJson),
      )
    return send(transport, call(), has('r') ? async (answer) => answer : readJson)
  }
}

/** A part of a path. An empty one would be another resource. */
function segment(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${name} must be a text that is not empty`)
  return encodeURIComponent(value)
}

function fileOf(file: unknown): Uint8Array<ArrayBuffer> {
  if (!(file instanceof Uint8Array)) throw new TypeError('the file must be a Uint8Array')
  return new Uint8Array(file)
}

function search(query: object): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}

/** What an answer holds; undefined when it holds nothing. @throws {SyntaxError} when it is no JSON */
export async function readJson<T>(answer: Response): Promise<T> {
  const text = await answer.text()
  const value = text === '' ? undefined : JSON.parse(text)
  return value
}
