/** What the elements of an IMPS message are called where people read it. @source ISO 8583:1987; protocol.md §1.4 and §1.5 */
export const elementNames: Readonly<Record<string, string>> = {
  'DE 2': 'Primary account number',
  'DE 3': 'Processing code',
  'DE 4': 'Amount, transaction, in paise',
  'DE 7': 'Transmission date and time, UTC',
  'DE 11': 'System trace audit number (STAN)',
  'DE 12': 'Time, local transaction',
  'DE 13': 'Date, local transaction',
  'DE 15': 'Date, settlement',
  'DE 18': 'Merchant type',
  'DE 22': 'Point of service entry mode',
  'DE 32': 'Acquiring institution: the remitter bank',
  'DE 37': 'Retrieval reference number (RRN)',
  'DE 38': 'Approval code',
  'DE 39': 'Response code',
  'DE 41': 'Card acceptor terminal',
  'DE 42': 'Card acceptor',
  'DE 43': 'Card acceptor name and location',
  'DE 49': 'Currency code',
  'DE 64': 'Message authentication code',
  'DE 102': 'Account 1: of the remitter',
  'DE 103': 'Account 2: of the beneficiary',
  'DE 120': 'IMPS data, in tags',
  'DE 128': 'Message authentication code',
  'tag 001': 'Transaction type',
  'tag 045': 'Name of the remitter',
  'tag 046': 'Name of the beneficiary',
  'tag 049': 'MMID of the beneficiary',
  'tag 050': 'MMID and mobile of the remitter',
  'tag 051': 'Remarks',
  'tag 059': 'IFSC of the beneficiary',
  'tag 062': 'Account of the beneficiary',
}

/** What the kinds of messages are for. @source protocol.md §1.3, §2 */
export const messageNames: Readonly<Record<string, string>> = {
  '0200': 'A financial request: pay this, or what became of that',
  '0210': 'The answer to a financial request',
  ReqPay: 'Pay this',
  RespPay: 'What became of it',
}

/** One element of a message as people read it. */
export type ReadElement = {
  /** `DE 39`, `tag 046`, or the path of an attribute. */
  readonly element: string
  readonly name: string
  readonly value: string
}

export type ReadMessage = {
  readonly type: string
  readonly name: string | null
  readonly elements: readonly ReadElement[]
}

/** A message as a dialect describes it, read into its parts. @param text  its type, then a line for each element */
export function readDescribed(text: string): ReadMessage {
  const [type = '', ...lines] = text.split('\n')
  return {
    type,
    name: messageNames[type] ?? null,
    elements: lines.flatMap((line): ReadElement[] => {
      const [first = '', second = '', ...rest] = line
        .trim()
        .split(' ')
        .filter((word) => word !== '')
      if (first === 'DE' || first === 'tag') {
        const [key = '', ...value] = rest
        const element = `${first} ${second}`
        return [{ element, name: elementNames[element] ?? key, value: value.join(' ') }]
      }
      if (!first.includes('@')) return []
      return [{ element: first, name: first.slice(first.lastIndexOf('/') + 1), value: [second, ...rest].join(' ') }]
    }),
  }
}
