import type { Address } from './network.ts'

/** HTTP as the rail needs it: one document goes, one comes back. Over HTTPS with mutual TLS, or over a network that a test made up. */

export type WebRequest = {
  readonly url: string
  readonly body: string | Uint8Array
  readonly timeoutMs: number
}
export type WebResponse = { readonly status: number; readonly body: string }

/**
 * Posts one document.
 * @throws {PostFault} when no whole answer came: refused, broken, too slow, too long. Whether the other side took it is not known
 */
export type Post = (request: WebRequest) => Promise<WebResponse>

export class PostFault extends Error {}

/** What a server does with a document; `path` is the path of its URL. */
export type Answering = (request: { readonly path: string; readonly body: Uint8Array }) => Promise<WebResponse>

export interface WebListener {
  readonly port: number
  close(): Promise<void>
}

/** Listens for documents; port 0 takes a free one. */
export type Serve = (address: Address, answering: Answering) => Promise<WebListener>
