/** A problem document of the hub (RFC 9457), or what stands for one when no hub answered. */
export type ProblemDocument = {
  readonly code: string
  readonly title: string
  readonly detail?: string
  readonly status: number
  readonly errors?: readonly { readonly field: string; readonly message: string }[]
  readonly requestId?: string
  /** By which code the detail can be said in another language. */
  readonly said?: {
    readonly code: string
    readonly values: Readonly<Record<string, string | number>>
    readonly text: string
  }
}

/** What a call of the API that was not done ends with. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly document: ProblemDocument

  constructor(document: ProblemDocument) {
    super(document.detail ?? document.title)
    this.document = document
  }

  get code(): string {
    return this.document.code
  }

  /** What is wrong with one field of what was sent, by its path; undefined: nothing. */
  of(field: string): string | undefined {
    return this.document.errors?.find((one) => one.field === field)?.message
  }
}

/** Codes that no hub gives: the network is away; something answered that is no hub. */
export type LocalCode = 'offline' | 'not_a_hub'

export const local = (code: LocalCode): Problem => new Problem({ code, title: code, status: 0 })

/** Reads the answer of a call that was refused. */
export async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text().catch(() => '')
  try {
    const given: unknown = JSON.parse(text)
    if (isDocument(given)) return new Problem(given)
  } catch {
    // A proxy's own page.
  }
  return local('not_a_hub')
}

const isDocument = (value: unknown): value is ProblemDocument =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && 'title' in value
