import { Ack, accountTypes, tables } from './messages.ts'
import { deviceTypes } from './parties.ts'
import type { Mask, Row, Rows, Table } from './table.ts'

const maskWords = { show: 'shown', hide: 'hidden', last4: 'last four' } as const satisfies Record<Mask, string>

const line = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function presenceOf(row: Exclude<Row, { always: string } | { each: Rows }>): string {
  if (row.unread) return 'written, never read'
  if (row.lenient) return 'optional; left out when it does not fit'
  return row.optional ? 'optional' : 'required'
}

function lines(rows: Rows, from = ''): string[] {
  return Object.values(rows).flatMap((row) => {
    const path = `\`${from}${row.path}\``
    if ('each' in row) return lines(row.each, row.path)
    if ('always' in row)
      return [
        line(path, `always \`${row.always}\``, row.checked ? 'nothing else is read' : 'written, never read', 'shown'),
      ]
    return [line(path, row.is.says, presenceOf(row), maskWords[row.mask ?? 'hide'])]
  })
}

const about = new Map(
  Object.entries({
    ReqPay:
      'An original: `Txn@type` PAY leaves the remitter bank, CREDIT reaches the beneficiary bank; with `Txn@subType` DR_REVERSAL the remitter bank gives the money of `Txn@orgRrn` back, and there are no Payees.',
    RespPay:
      'The answer. A beneficiary bank sends Ref PAYEE alone; NPCI adds Ref PAYER for the remitter bank. The answer to a reversal is Ref PAYER with `reversalRespCode`.',
    ReqChkTxn: 'Has this payment been credited? The verification of the ISO 8583 wire.',
    RespChkTxn: 'The answer to a check; only `00`, `91`, DEEMED and FAILURE with `M0` decide.',
    ReqValAdd: 'Name enquiry: who owns this account, or this mobile number and MMID?',
    RespValAdd: 'The registered name, as the beneficiary bank lets it be seen.',
    ReqComplaint:
      'UDIR: NPCI is to raise what a customer complains of, B 108 or FB 121 (NPCI OC 117). *Profile*: its attributes are not public; these are in the words of UPI’s. What became of it is asked with a ReqChkTxn of the same `Txn@id` and `Txn@subType` COMPLAINT.',
    RespComplaint:
      'Taken, with the reference of the dispute, or why not; a RespChkTxn of `Txn@subType` COMPLAINT says the same.',
    ReqHbt: 'Heartbeat, both ways. ALIVE has the value `NA`, EOD the day that ended.',
    RespHbt: 'The answer to a heartbeat.',
    ReqListAccPvd: 'Asks for the members of IMPS.',
    RespListAccPvd: 'The members of IMPS: any number of AccPvd.',
    Ack: 'The HTTP answer to every message, at once: received. With `err` it was not taken, and never will be. It has no Head and no signature.',
  } satisfies Record<keyof typeof tables | 'Ack', string>),
)

/** `docs/reference/xml-messages.md`, below the line that says where it comes from. */
export function xmlMessages(): string {
  return `# Messages on the XML wire

What the public knows of NPCI's XML messages, as this hub speaks them. One document per HTTPS POST; the HTTP answer is an Ack, and
the business answer comes later as a document of its own. \`@\` is an attribute; what stands in brackets is the \`name\` of a
Detail or Tag, or the \`type\` of a Ref.

- Elements stand in no namespace or in that of the root (*profile*: \`xml.namespace\`). Attributes and elements in no table are let
  be and never used; an empty attribute is an absent one; a known element twice is refused.
- A document is refused unread when it has a DOCTYPE, an entity, a comment, CDATA or a processing instruction in it, or is larger
  or deeper than the profile allows.
- What is written is in canonical form (C14N 1.0) as it stands.
- Names and remarks go out in US-ASCII, folded and cut as on the ISO 8583 wire; they are read in any script.
- \`Ac@addrType\` decides the address form: ACCOUNT needs ACNUM and IFSC, MOBILE needs MMID and MOBNUM. A payment to a mobile
  number goes out from one where the remitter has one.
- The remitter bank of a request is the first four digits of the payer's MMID, or the first four letters of the payer's IFSC.
- The Institution block is there with \`Txn@initiationMode\` 12 and only then.
- The response code is \`Ref[PAYEE]@respCode\`, else \`Resp@errCode\`, else what \`Resp@result\` says alone.

${[...Object.values(tables), Ack]
  .map(
    ({ root, rows }: Table) => `## ${root}

${about.get(root)}

| path | rule | presence | in the masked view |
|---|---|---|---|
${lines(rows).join('\n')}`,
  )
  .join('\n\n')}

## Channels

| channel | \`Tag[TYPE]\` |
|---|---|
${Object.entries(deviceTypes)
  .map(([channel, type]) => line(channel, type))
  .join('\n')}

Account types: ${accountTypes.join(', ')}. The hub writes DEFAULT.
`
}
