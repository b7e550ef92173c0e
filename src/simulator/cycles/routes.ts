import { describeRefusal } from '../../imps/files/refusal.ts'
import type { Office } from './office.ts'
import { readCut, readDispute, readUpload } from './read-orders.ts'

/** What a route says: a status, and a body or why not. */
export type Said =
  | { readonly status: 200 | 202; readonly body: unknown }
  | { readonly status: 404 | 409 | 422 | 503; readonly code: string; readonly detail: string; readonly field?: string }

const cutRefusals = {
  no_such_cycle: [422, 'That day has no cycle of this number.', 'cycle'],
  cut_already: [409, 'This cycle, or a later one, was cut already.', 'cycle'],
  cutting: [409, 'A cycle is being cut.', undefined],
  no_pgp: [422, 'This switch has no OpenPGP keys.', 'pgp'],
} as const

const disputeRefusals = {
  unknown_flag: [422, 'No bank raises such a flag.', 'flag'],
  unknown_payment: [404, 'No payment with this RRN was settled.', 'rrn'],
  not_the_other_bank: [422, 'The bank that may raise this is one of the hub’s: it uploads.', 'flag'],
} as const

const refused = (
  [status, detail, field]: readonly [404 | 409 | 422, string, string | undefined],
  code: string,
): Said => ({
  status,
  code,
  detail,
  ...(field === undefined ? {} : { field }),
})

/** `POST /cycle` */
export async function cutRoute(office: Office, body: unknown): Promise<Said> {
  const order = readCut(body)
  const answer = await office.cut(order).catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    return { failed: `The files cannot be written now (${why}); ask again.` }
  })
  if (typeof answer === 'object' && 'failed' in answer) {
    return { status: 503, code: 'not_written', detail: answer.failed }
  }
  return typeof answer === 'string' ? refused(cutRefusals[answer], answer) : { status: 200, body: answer }
}

/** `POST /disputes` */
export function disputeRoute(office: Office, body: unknown): Said {
  const answer = office.dispute(readDispute(body))
  return typeof answer === 'string' ? refused(disputeRefusals[answer], answer) : { status: 202, body: answer }
}

/** `POST /uploads` */
export async function uploadRoute(office: Office, body: unknown): Promise<Said> {
  const { name, bytes } = readUpload(body)
  const answer = await office.upload(name, bytes)
  if (!('kind' in answer)) return { status: 202, body: answer }
  switch (answer.kind) {
    case 'name_seen':
      return refused([409, 'A file of this name was uploaded already.', 'name'], answer.kind)
    case 'not_an_upload':
      return refused([422, 'Members do not upload files of this kind.', 'name'], answer.kind)
    case 'bad_file':
      return refused([422, describeRefusal(answer.refusal), 'content'], answer.kind)
    default:
      return answer satisfies never
  }
}
