import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the sandbox that runs in this folder says of itself, in `sandbox.json` or `customers.json`. */
type Said = {
  readonly baseUrl: string
  readonly apiKey: string
  readonly accounts?: { readonly remitter: string; readonly merchant: string }
}

/** The hub of `TURANT_BASE_URL` and `TURANT_API_KEY`, or the sandbox that `npm start` has started in this folder. */
export function findHub(file: 'sandbox.json' | 'customers.json'): Said {
  const { TURANT_BASE_URL: baseUrl, TURANT_API_KEY: apiKey, TURANT_DATA_DIR: folder = '.turant' } = process.env
  if (baseUrl !== undefined && apiKey !== undefined) return { baseUrl, apiKey }
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8'))
  } catch {
    throw new Error(`no sandbox is running here (${join(folder, file)}); start one with npm start`)
  }
}
