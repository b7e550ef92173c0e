/** One page, as the hub sends it. Lists that have no pages come as one. */
export type Page<T> = {
  readonly data: readonly T[]
  readonly hasMore?: boolean
  readonly nextCursor?: string | null
}

/** A list that is asked for page by page, and only as far as it is read. */
export class List<T> implements AsyncIterable<T> {
  readonly #read: (cursor: string | undefined) => Promise<Page<T>>

  constructor(read: (cursor: string | undefined) => Promise<Page<T>>) {
    this.#read = read
  }

  /** One page; the first without a cursor. */
  page(cursor?: string): Promise<Page<T>> {
    return this.#read(cursor)
  }

  /** What is there, at most so many. */
  async toArray(most: number): Promise<T[]> {
    const found: T[] = []
    if (most < 1) return found
    for await (const one of this) if (found.push(one) >= most) break
    return found
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    let cursor: string | undefined
    do {
      const page: Page<T> = await this.#read(cursor)
      yield* page.data
      cursor = page.hasMore === true ? (page.nextCursor ?? undefined) : undefined
    } while (cursor !== undefined)
  }
}
