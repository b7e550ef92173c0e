import type { Element, Message, Rows } from '@turant/iso8583'
import { channels } from '../base/party.ts'
import { networkCodes } from './iso8583/dialect.ts'
import {
  impsTags,
  NetworkRequest,
  NetworkResponse,
  ReceivedRequest,
  Response,
  SentRequest,
} from './iso8583/messages.ts'
import { defaultProfile } from './profile.ts'
import { originals, type ResponseRow, responseClasses, verifications } from './response-codes.ts'
import { xmlMessages } from './xml/print-reference.ts'

const generated = '<!-- Printed from the tables in src/imps by `node test/docs/imps-reference.ts`. -->'

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

const tableOf = (heads: readonly string[], rows: readonly string[]): string =>
  [row(...heads), `|${'---|'.repeat(heads.length)}`, ...rows].join('\n')

/** An element in the notation of the standard: `n 12`, `ans ..28 LLVAR`. */
function formatOf({ kind, characters, min, max, prefix }: Element<unknown>): string {
  const attribute = kind === 'bytes' || kind === 'hex' ? 'b' : characters
  if (prefix === 0) return `${attribute} ${max}`
  const length = min > 1 ? `${min}..${max}` : `..${max}`
  return `${kind === 'tags' ? 'tags' : attribute} ${length} ${'L'.repeat(prefix)}VAR`
}

/** A tag's own three digits of length stand in for the prefix of its element. */
function tagFormatOf({ characters, min, max }: Element<unknown>): string {
  return min === max ? `${characters} ${max}` : `${characters} ${min > 1 ? min : ''}..${max}`
}

const maskWords = { show: 'shown', hide: 'hidden', last4: 'last four' } as const

const byNumber = (rows: Rows) => Object.entries(rows).sort(([, a], [, b]) => a.de - b.de)

const elements = ({ rows }: Message): string =>
  tableOf(
    ['DE', 'name', 'format', 'presence'],
    byNumber(rows).map(([name, { de, is, optional }]) =>
      row(de, `\`${name}\``, formatOf(is), optional ? 'optional' : 'required'),
    ),
  )

const onlyIn = (rows: Rows, other: Rows): string =>
  byNumber(rows)
    .filter(([name]) => !(name in other))
    .map(([name, { de, is }]) => row(de, `\`${name}\``, formatOf(is)))
    .join('\n')

/** `docs/reference/messages.md` */
export function messagesPage(): string {
  const { iso, channelMap } = defaultProfile
  const tags: Readonly<
    Record<string, { tag: string; is: Element<unknown>; optional?: true; mask?: keyof typeof maskWords }>
  > = impsTags
  return `${generated}

# Messages on the ISO 8583 wire

The other wire has a [page of its own](xml-messages.md).

ISO 8583:1987. What the public knows of the IMPS dialect, as this hub speaks it; numbers in a table marked *profile* come
from the wire profile and are the sandbox's here. An element or a message that is in no table below is answered with response
code 30 or 12.

## 0200: original or verification, as sent

DE 120 tag 001 says which of the four it is.

${elements(SentRequest)}

DE 102 is required when the payment is to an account.

### Also read, and echoed, when another bank sends them

| DE | name | format |
|---|---|---|
${onlyIn(ReceivedRequest.rows, SentRequest.rows)}

## 0210: answer

Built from the request: everything is echoed but DE ${iso.stripFromResponse.join(', ')} (*profile*) and MACs; DE 39 is set,
DE 38 and DE 120 tag 046 when the answer has them, DE 103 to the account.

${elements(Response)}

## DE 120: tags

Three digits of tag, three of length, then the value. Any order; a tag twice, or a length that does not fit, is a format
error; unknown tags are kept and come back untouched.

${tableOf(
  ['tag', 'name', 'format', 'presence', 'in the masked view'],
  Object.entries(tags).map(([name, { tag, is, optional, mask }]) =>
    row(tag, `\`${name}\``, tagFormatOf(is), optional ? 'optional' : 'required', maskWords[mask ?? 'hide']),
  ),
)}

| tag 001 (*profile*) | means |
|---|---|
${row(iso.types.p2a, 'original to an account (P2A)')}
${row(iso.types.p2p, 'original to a mobile number and MMID (P2P)')}
${row(iso.types.verifyP2a, 'verification of a P2A original')}
${row(iso.types.verifyP2p, 'verification of a P2P original')}

## 0800 and 0810: network management

${elements(NetworkRequest)}

${elements(NetworkResponse)}

${tableOf(
  ['DE 70', 'means'],
  Object.entries(networkCodes).map(([name, code]) => row(code, `\`${name}\``)),
)}

## Channels

${tableOf(
  ['channel', 'DE 18 (*profile*)', 'DE 22 (*profile*)'],
  channels.map((name) => row(name, channelMap[name].merchantType, channelMap[name].entryMode)),
)}
`
}

const actionWords = {
  keep: 'debit stands',
  reverse: 'debit is given back',
  ask: 'kept, and asked about',
} as const satisfies Record<ResponseRow['action'], string>

const sourceWords = {
  npci: 'NPCI',
  beneficiary_bank: 'beneficiary bank',
  remitter_bank: 'remitter bank',
} as const satisfies Record<ResponseRow['source'], string>

const codes = (rows: readonly ResponseRow[]): string =>
  tableOf(
    ['code', 'meaning', 'class', 'what the hub does', 'said by', 'API reason', 'new payment may work'],
    rows.map((entry) =>
      row(
        entry.code,
        entry.meaning,
        responseClasses[entry.class].words,
        actionWords[entry.action],
        sourceWords[entry.source],
        `\`${entry.name}\``,
        entry.retryable ? 'later' : 'no',
      ),
    ),
  )

/** `docs/reference/xml-messages.md` */
export const xmlMessagesPage = (): string => `${generated}\n\n${xmlMessages()}`

/** `docs/reference/response-codes.md` */
export function responseCodesPage(): string {
  return `${generated}

# Response codes (DE 39, Ref@respCode)

Codes and meanings are from public lists; classes, what the hub does, and who is taken to have said it, are this project's
own reading, chosen so that an answer which may hide a credit is asked about before any money moves back. A bank overrides
rows, from a day on, in its wire profile (\`responseCodes\`). A code in no table is *unknown*: kept, and asked about.

The XML wire says twice what happened, as code and as \`Resp@result\`, and both must agree: DEEMED is deemed approved whatever the code;
a decline reverses only with FAILURE; SUCCESS with a decline, FAILURE with an approval, and anything else unclear is asked about.

## Answers to an original

${codes(originals)}

## Answers to a verification

Only these decide. Whatever else comes back speaks of the verification, not of the original.

${codes(verifications)}
`
}
