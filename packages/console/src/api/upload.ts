import { addressOf, session } from './client.ts'
import { local, type Problem, readProblem } from './problem.ts'

/** Paths that take a file as it is. */
type FilePath = '/v1/settlement-files' | '/v1/disputes/{id}/evidence'

/**
 * Sends a file as the body of a request, and tells how far it is.
 * @param onProgress  percent of the bytes that have left
 * @returns the answer, read as JSON
 * @throws {Problem}
 */
export async function upload(
  path: FilePath,
  given: { readonly params?: object; readonly query: object; readonly file: Blob; readonly mediaType: string },
  onProgress: (percent: number) => void,
): Promise<unknown> {
  const response = await sent(addressOf(path, given.params, given.query), given.file, given.mediaType, onProgress)
  if (response.ok) return response.json()
  const problem = await readProblem(response)
  if (problem.code === 'reauthentication_required' && (await session.prove())) return upload(path, given, onProgress)
  if (problem.code === 'unauthorized') session.ended()
  throw problem
}

/** `fetch` does not tell of what has left; this does. */
function sent(
  address: string,
  file: Blob,
  mediaType: string,
  onProgress: (percent: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject: (problem: Problem) => void) => {
    const request = new XMLHttpRequest()
    request.open('POST', address)
    request.setRequestHeader('x-csrf-token', session.csrfToken)
    request.setRequestHeader('content-type', mediaType)
    request.responseType = 'text'
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      if (total > 0) onProgress(Math.floor((loaded * 100) / total))
    })
    request.addEventListener('load', () => resolve(new Response(request.responseText, { status: request.status })))
    request.addEventListener('error', () => reject(local('offline')))
    request.send(file)
  })
}
